package chatkit_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	chatkit "github.com/gochatkit/chatkit/core"
)

// waiting stores n client tool calls without a result behind a message, and then the given items.
func (r *rig) waiting(n int, at time.Time, behind ...chatkit.Item) (thread string) {
	r.t.Helper()
	thread = r.thread()
	items := []chatkit.Item{&chatkit.UserMessageItem{
		ItemMeta: chatkit.ItemMeta{ID: "msg_1"}, Content: []chatkit.UserMessageContent{&chatkit.InputText{Text: "Where am I?"}},
	}}
	for i := range n {
		items = append(items, &chatkit.ClientToolCallItem{
			ItemMeta: chatkit.ItemMeta{ID: fmt.Sprintf("tc_%d", i+1)}, Status: chatkit.ClientToolCallPending,
			CallID: fmt.Sprintf("call_%d", i+1), Name: "get_location", Arguments: []byte("{}"),
		})
	}
	for _, it := range append(items, behind...) {
		it.Meta().ThreadID, it.Meta().CreatedAt = thread, at
		if err := r.store.PutItem(r.t.Context(), "", thread, it); err != nil {
			r.t.Fatal(err)
		}
	}
	return thread
}

// calls tells the client tool calls of a thread in short: "tc_1=pending tc_2=7".
func (r *rig) calls(thread string) string {
	r.t.Helper()
	page, err := r.store.Items(r.t.Context(), "", thread, chatkit.PageQuery{Limit: 1000, Hidden: true})
	if err != nil {
		r.t.Fatal(err)
	}
	var out []string
	for _, it := range page.Data {
		if call, ok := it.(*chatkit.ClientToolCallItem); ok {
			state := string(call.Output)
			if call.Status == chatkit.ClientToolCallPending {
				state = "pending"
			}
			out = append(out, call.ID+"="+state)
		}
	}
	return strings.Join(out, " ")
}

func output(thread, result string) string {
	return `{"type":"threads.add_client_tool_output","params":{"thread_id":"` + thread + `","result":` + result + `}}`
}

const superseded = `{"error":"the user sent a new message before there was a result"}`

func TestAMessageLeavesNoToolCallWithoutAResult(t *testing.T) {
	for _, tt := range []struct {
		name   string
		policy chatkit.DanglingToolCalls
		want   string
	}{
		{"completed, so that the model knows", chatkit.CompleteDangling, "tc_1=" + superseded + " tc_2=" + superseded},
		{"deleted", chatkit.DeleteDangling, ""},
		{"kept, as the Python server does", chatkit.KeepDangling, "tc_1=pending tc_2=pending"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var seen string
			var r *rig
			r = newRig(t, func(_ context.Context, turn *chatkit.Turn) error {
				seen = r.calls(turn.Thread.ID)
				return turn.Text("ok")
			}, func(o *chatkit.Options) { o.DanglingToolCalls = tt.policy })
			thread := r.waiting(2, time.Now())
			r.ask(message(thread, "never mind"))
			if seen != tt.want {
				t.Errorf("calls when Respond begins = %s, want %s", seen, tt.want)
			}
			if _, err := r.process(output(thread, "7")); err == nil {
				t.Error("a result that comes too late was taken, want 409")
			}
		})
	}
}

func TestAResultFindsItsCallBehindWhateverWasStoredAfterIt(t *testing.T) {
	var behind []chatkit.Item
	for i := range 250 { // more than any page has
		behind = append(behind, &chatkit.SDKHiddenContextItem{ItemMeta: chatkit.ItemMeta{ID: fmt.Sprintf("shcx_%d", i)}, Content: "note"})
	}
	answered := 0
	r := newRig(t, func(_ context.Context, t *chatkit.Turn) error { answered++; return t.Text("There.") })
	thread := r.waiting(1, time.Now(), behind...)
	r.ask(output(thread, `"here"`))
	if got := r.calls(thread); got != `tc_1="here"` || answered != 1 {
		t.Errorf("calls = %s and %d answers, want the result and one answer", got, answered)
	}
}

func TestResultsInOrderCompleteTheOldestCallFirst(t *testing.T) {
	answered := 0
	r := newRig(t, func(_ context.Context, t *chatkit.Turn) error { answered++; return t.Text("Thanks.") },
		func(o *chatkit.Options) { o.ClientToolsInOrder = true })
	thread := r.waiting(3, time.Now())
	for i, want := range []string{"tc_1=10 tc_2=pending tc_3=pending", "tc_1=10 tc_2=20 tc_3=pending", "tc_1=10 tc_2=20 tc_3=30"} {
		r.ask(output(thread, fmt.Sprint((i+1)*10)))
		if got := r.calls(thread); got != want {
			t.Errorf("calls after result %d = %s, want %s", i+1, got, want)
		}
		if want := i / 2; answered != want {
			t.Errorf("answers after result %d = %d, want %d", i+1, answered, want)
		}
	}
	if _, err := r.process(output(thread, "40")); err == nil {
		t.Error("a fourth result was taken, want 409")
	}
	if lines := linesWith(r.log.String(), "level=WARN"); lines != "" {
		t.Errorf("warnings:\n%s", lines)
	}
}

func TestATabThatWasClosedAnswersNoMore(t *testing.T) {
	const late = `tc_1={"error":"there was no result in time"}`
	requests := map[string]func(thread string) string{
		"load": func(thread string) string {
			return `{"type":"threads.get_by_id","params":{"thread_id":"` + thread + `"}}`
		},
		"action": func(thread string) string {
			return `{"type":"threads.custom_action","params":{"thread_id":"` + thread + `","action":{"type":"go"}}}`
		},
		"late result": func(thread string) string { return output(thread, "7") },
	}
	for name, body := range requests {
		for age, want := range map[time.Duration]string{2 * time.Hour: late, time.Second: "tc_1=pending"} {
			t.Run(fmt.Sprint(name, " after ", age), func(t *testing.T) {
				r := newRig(t, func(_ context.Context, t *chatkit.Turn) error { return t.Text("ok") }, func(o *chatkit.Options) {
					o.ClientToolTimeout = time.Hour
					o.Action = func(_ context.Context, t *chatkit.Turn, _ *chatkit.Action) error { return t.Text("done") }
				})
				thread := r.waiting(1, time.Now().Add(-age))
				res, err := r.process(body(thread))
				if err == nil {
					defer res.Close()
					if res.Streaming() {
						read(t, res)
					}
				}
				if name == "late result" {
					if (err == nil) != (age == time.Second) {
						t.Errorf("a result after %s: %v", age, err)
					}
					if age == time.Second {
						want = "tc_1=7"
					}
				}
				if got := r.calls(thread); got != want {
					t.Errorf("calls = %s, want %s", got, want)
				}
			})
		}
	}
}
