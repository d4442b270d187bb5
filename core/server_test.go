package chatkit_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	chatkit "github.com/gochatkit/chatkit/core"
	"github.com/gochatkit/chatkit/core/memstore"
	"github.com/gochatkit/chatkit/core/run"
	"github.com/gochatkit/chatkit/core/widget"
)

// A rig is a server with a store and a log to look into.
type rig struct {
	*chatkit.Server
	t     *testing.T
	store chatkit.Store
	log   *bytes.Buffer
}

func newRig(t *testing.T, respond chatkit.RespondFunc, change ...func(*chatkit.Options)) *rig {
	t.Helper()
	log := &bytes.Buffer{}
	opts := &chatkit.Options{
		Logger: slog.New(slog.NewTextHandler(log, nil)),
		Run:    run.Config{NoEventIDs: true},
	}
	for _, c := range change {
		c(opts)
	}
	store := memstore.New()
	return &rig{Server: chatkit.NewServer(store, respond, opts), t: t, store: store, log: log}
}

func (r *rig) logger() *slog.Logger { return slog.New(slog.NewTextHandler(r.log, nil)) }

func (r *rig) process(body string) (*chatkit.Result, error) {
	return r.Process(r.t.Context(), &chatkit.Request{Body: []byte(body)})
}

// begin starts a streaming request.
func (r *rig) begin(body string) *chatkit.Result {
	r.t.Helper()
	res, err := r.process(body)
	if err != nil {
		r.t.Fatalf("Process(%.80s): %v", body, err)
	}
	return res
}

// ask processes a request to its end and returns its events, or its body.
func (r *rig) ask(body string) string {
	r.t.Helper()
	res := r.begin(body)
	defer res.Close()
	if !res.Streaming() {
		return string(res.JSON())
	}
	return read(r.t, res)
}

// read returns the events of a stream to its end, one a line.
func read(t *testing.T, res *chatkit.Result) string {
	t.Helper()
	var out []byte
	for {
		var err error
		out, err = res.Next(t.Context(), out)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatalf("Next: %v", err)
		}
	}
	text := strings.ReplaceAll(string(out), "\n\n", "\n")
	return strings.ReplaceAll(text, "data: ", "")
}

// history tells a thread's items in short: u:Hi a:Hello note.
func (r *rig) history(thread string) string {
	r.t.Helper()
	page, err := r.store.Items(r.t.Context(), "", thread, chatkit.PageQuery{Limit: 1000, Order: chatkit.OrderAsc, Hidden: true})
	if err != nil {
		r.t.Fatalf("Items: %v", err)
	}
	var out []string
	for _, it := range page.Data {
		switch it := it.(type) {
		case *chatkit.UserMessageItem:
			out = append(out, "u:"+it.Content[0].(*chatkit.InputText).Text)
		case *chatkit.AssistantMessageItem:
			out = append(out, "a:"+it.Content[0].Text)
		case *chatkit.SDKHiddenContextItem:
			out = append(out, "note")
		default:
			out = append(out, it.ItemType())
		}
	}
	return strings.Join(out, " ")
}

func message(thread, text string) string {
	input := fmt.Sprintf(`{"content":[{"type":"input_text","text":%q}],"attachments":[],"inference_options":{}}`, text)
	if thread == "" {
		return `{"type":"threads.create","params":{"input":` + input + `}}`
	}
	return `{"type":"threads.add_user_message","params":{"thread_id":"` + thread + `","input":` + input + `}}`
}

// thread makes a thread with one answered message and returns its id.
func (r *rig) thread() string {
	r.t.Helper()
	id := chatkit.NewID(chatkit.IDThread)
	if err := r.store.PutThread(r.t.Context(), "", &chatkit.Thread{ID: id, CreatedAt: time.Now()}); err != nil {
		r.t.Fatal(err)
	}
	return id
}

// types returns the types of events, one a line.
func types(t *testing.T, events string) string {
	t.Helper()
	var out []string
	for line := range strings.Lines(events) {
		var e struct {
			Type   string
			Update struct{ Type string }
		}
		if err := json.Unmarshal([]byte(line), &e); err != nil {
			t.Fatalf("event %q: %v", line, err)
		}
		if e.Update.Type != "" {
			e.Type = e.Update.Type
		}
		out = append(out, e.Type)
	}
	return strings.Join(out, "\n")
}

func TestAnAnswerIsStreamedTokenByToken(t *testing.T) {
	r := newRig(t, func(_ context.Context, t *chatkit.Turn) error {
		m := t.Message()
		for _, word := range []string{"Hel", "lo ", "\xf0\x9f", "\x98\x80 <b>"} {
			if _, err := m.WriteString(word); err != nil {
				return err
			}
		}
		return m.Close()
	})
	events := r.ask(message(r.thread(), "Hi"))
	want := strings.Join([]string{
		"thread.item.done", "stream_options", "thread.item.added",
		"assistant_message.content_part.added",
		"assistant_message.content_part.text_delta", "assistant_message.content_part.text_delta",
		"assistant_message.content_part.text_delta",
		"assistant_message.content_part.done", "thread.item.done",
	}, "\n")
	if got := types(t, events); got != want {
		t.Errorf("events =\n%s\nwant\n%s", got, want)
	}
	if !strings.Contains(events, `"delta":"😀 <b>"`) {
		t.Errorf("a character split over two writes is not whole in %s", events)
	}
}

func TestStopKeepsWhatWasSeenAndLeavesOneNote(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var cause error
		r := newRig(t, func(ctx context.Context, t *chatkit.Turn) error {
			m := t.Message()
			_, _ = m.WriteString("I think")
			<-ctx.Done()
			cause = context.Cause(ctx)
			_, err := m.WriteString(" never shown")
			return err
		})
		id := r.thread()
		res := r.begin(message(id, "Hi"))
		synctest.Wait()
		began := time.Now()
		res.Close()
		synctest.Wait()
		if !errors.Is(cause, chatkit.ErrDisconnected) || time.Since(began) != 0 {
			t.Errorf("Respond's context ended with %v after %v, want disconnected at once", cause, time.Since(began))
		}
		if got := r.history(id); got != "u:Hi a:I think note" {
			t.Errorf("history = %q", got)
		}
	})
}

func TestANewMessageEndsTheOldAnswerFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, func(ctx context.Context, t *chatkit.Turn) error {
			m := t.Message()
			_, _ = m.WriteString("re " + t.Input.Content[0].(*chatkit.InputText).Text)
			select {
			case <-ctx.Done():
				return context.Cause(ctx)
			case <-time.After(time.Minute):
			}
			return m.Close()
		})
		id := r.thread()
		first := r.begin(message(id, "one"))
		defer first.Close()
		synctest.Wait()
		r.ask(message(id, "two"))
		if got := r.history(id); got != "u:one a:re one note u:two a:re two" {
			t.Errorf("history = %q", got)
		}
		if got := types(t, read(t, first)); strings.Contains(got, "error") {
			t.Errorf("the old stream ended with an error: %s", got)
		}
	})
}

func TestRespondErrors(t *testing.T) {
	secret := errors.New("password=hunter2")
	tests := []struct {
		name string
		err  func() error
		want string
	}{
		{"an internal error", func() error { return secret }, `{"type":"error","code":"stream.error","allow_retry":true}`},
		{"a panic", func() error { panic("password=hunter2") }, `{"type":"error","code":"stream.error","allow_retry":true}`},
		{
			"an error for the user", func() error { return fmt.Errorf("x: %w", &chatkit.StreamError{Message: "No <credits>", Err: secret}) },
			`{"type":"error","code":"custom","message":"No <credits>","allow_retry":false}`,
		},
		{"a code", func() error { return &chatkit.StreamError{AllowRetry: true} }, `{"type":"error","code":"stream.error","allow_retry":true}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := newRig(t, func(_ context.Context, t *chatkit.Turn) error {
				_, _ = t.Message().WriteString("so far")
				return tt.err()
			})
			id := r.thread()
			events := r.ask(message(id, "Hi"))
			lines := strings.Split(strings.TrimSpace(events), "\n")
			if got := lines[len(lines)-1]; got != tt.want {
				t.Errorf("last event = %s, want %s", got, tt.want)
			}
			if strings.Contains(events, "hunter2") {
				t.Error("the error's text reached the browser")
			}
			if got := r.history(id); got != "u:Hi a:so far note" {
				t.Errorf("history = %q", got)
			}
			if tt.name != "a code" && !strings.Contains(r.log.String(), "hunter2") {
				t.Error("the error's text is not in the log")
			}
		})
	}
}

func TestItemsLeftOpenAreFinishedAndLogged(t *testing.T) {
	r := newRig(t, func(_ context.Context, t *chatkit.Turn) error {
		_, _ = t.Message().WriteString("forgot to close")
		w := t.Workflow(chatkit.WorkflowCustom)
		_, _ = w.Add(&chatkit.CustomTask{Title: "task"})
		return t.Emit(&chatkit.ThreadItemAddedEvent{Item: &chatkit.AssistantMessageItem{ItemMeta: chatkit.ItemMeta{ID: "empty", ThreadID: "t", CreatedAt: time.Now()}}})
	})
	id := r.thread()
	events := r.ask(message(id, "Hi"))
	if got := r.history(id); got != "u:Hi a:forgot to close workflow" {
		t.Errorf("history = %q", got)
	}
	if !strings.HasSuffix(types(t, events), "thread.item.done\nthread.item.done\nthread.item.removed") {
		t.Errorf("events =\n%s", types(t, events))
	}
	if n := strings.Count(r.log.String(), "never done"); n != 3 || !strings.Contains(r.log.String(), "item=empty") {
		t.Errorf("log names %d items: %s", n, r.log)
	}
}

func TestHiddenItemsNeverReachAClient(t *testing.T) {
	r := newRig(t, func(_ context.Context, t *chatkit.Turn) error {
		hidden := &chatkit.HiddenContextItem{ItemMeta: t.NewItemMeta(chatkit.IDMessage), Content: json.RawMessage(`"secret"`)}
		for _, e := range []chatkit.Event{
			&chatkit.ThreadItemAddedEvent{Item: hidden},
			&chatkit.ThreadItemDoneEvent{Item: hidden},
			&chatkit.ThreadItemReplacedEvent{Item: hidden},
		} {
			if err := t.Emit(e); err != nil {
				return err
			}
		}
		return t.Text("done")
	})
	id := r.thread()
	all := r.ask(message(id, "Hi"))
	all += r.ask(`{"type":"threads.get_by_id","params":{"thread_id":"` + id + `"}}`)
	all += r.ask(`{"type":"items.list","params":{"thread_id":"` + id + `"}}`)
	if strings.Contains(all, "hidden") || strings.Contains(all, "secret") {
		t.Errorf("a hidden item is in %s", all)
	}
	if got := r.history(id); got != "u:Hi hidden_context_item a:done" {
		t.Errorf("history = %q", got)
	}
}

func TestEmitFromManyGoroutines(t *testing.T) {
	r := newRig(t, func(_ context.Context, t *chatkit.Turn) error {
		m := t.Message()
		errs := make(chan error, 8)
		for i := range 8 {
			go func() {
				var err error
				for n := range 50 {
					if i == 0 {
						_, err = m.WriteString("x")
					} else {
						err = errors.Join(err, t.Progress("", fmt.Sprint(n)))
					}
				}
				errs <- err
			}()
		}
		for range 8 {
			if err := <-errs; err != nil {
				return err
			}
		}
		return m.Close()
	})
	id := r.thread()
	events := r.ask(message(id, "Hi"))
	if n := strings.Count(events, "progress_update"); n != 350 {
		t.Errorf("%d progress events, want 350", n)
	}
	if got := r.history(id); got != "u:Hi a:"+strings.Repeat("x", 50) {
		t.Errorf("history = %q", got)
	}
}

func TestUpdateThreadKeepsARenameMadeMeanwhile(t *testing.T) {
	var r *rig
	var id string
	r = newRig(t, func(_ context.Context, t *chatkit.Turn) error {
		r.ask(`{"type":"threads.update","params":{"thread_id":"` + id + `","title":"Mine"}}`)
		return t.UpdateThread(func(th *chatkit.Thread) { th.Metadata = map[string]any{"k": "v"} })
	})
	id = r.thread()
	events := r.ask(message(id, "Hi"))
	th, err := r.store.Thread(t.Context(), "", id)
	if err != nil || th.Title == nil || *th.Title != "Mine" || th.Metadata["k"] != "v" {
		t.Errorf("thread = %+v, %v", th, err)
	}
	if !strings.Contains(events, `"title":"Mine"`) || strings.Contains(events, `"k"`) {
		t.Errorf("events = %s", events)
	}
}

func TestTurnFromAContext(t *testing.T) {
	r := newRig(t, func(ctx context.Context, t *chatkit.Turn) error {
		tool := func(ctx context.Context) error {
			t, ok := chatkit.TurnFrom(ctx)
			if !ok {
				return errors.New("no turn")
			}
			return t.Progress(chatkit.Icon("search"), "in a tool")
		}
		return tool(ctx)
	})
	if events := r.ask(message(r.thread(), "Hi")); !strings.Contains(events, "in a tool") {
		t.Errorf("events = %s", events)
	}
	if _, ok := chatkit.TurnFrom(t.Context()); ok {
		t.Error("a turn outside of Respond")
	}
}

func TestRespondThatIgnoresItsContextCannotWriteLater(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var late error
		r := newRig(t, func(_ context.Context, t *chatkit.Turn) error {
			m := t.Message()
			_, _ = m.WriteString("seen")
			time.Sleep(time.Minute)
			late = t.Text("too late")
			return late
		})
		id := r.thread()
		res := r.begin(message(id, "Hi"))
		synctest.Wait()
		res.Close()
		time.Sleep(5*time.Second + time.Millisecond)
		synctest.Wait()
		want := "u:Hi a:seen note"
		if got := r.history(id); got != want || r.Runs().Leaked() != 1 {
			t.Errorf("after StopTimeout: history = %q, left behind %d", got, r.Runs().Leaked())
		}
		time.Sleep(2 * time.Minute)
		synctest.Wait()
		if got := r.history(id); got != want || !errors.Is(late, chatkit.ErrDisconnected) {
			t.Errorf("later: history = %q, late write: %v", got, late)
		}
	})
}

func TestAFailedCreateLeavesNothing(t *testing.T) {
	r := newRig(t, func(context.Context, *chatkit.Turn) error { return nil })
	body := `{"type":"threads.create","params":{"input":{"content":[],"attachments":["atc_none"],"inference_options":{}}}}`
	_, err := r.process(body)
	if status, text := chatkit.HTTPStatus(err); status != 404 || text != "The attachment does not exist." {
		t.Errorf("status = %d %q", status, text)
	}
	if got := r.ask(`{"type":"threads.list","params":{}}`); got != `{"data":[],"has_more":false}` {
		t.Errorf("threads = %s", got)
	}
}

func TestOwnersDoNotMeet(t *testing.T) {
	type userKey struct{}
	r := newRig(t, func(_ context.Context, t *chatkit.Turn) error { return t.Text("for " + t.Owner()) }, func(o *chatkit.Options) {
		o.Owner = func(ctx context.Context) (string, error) {
			user, _ := ctx.Value(userKey{}).(string)
			return user, nil
		}
	})
	as := func(user, body string) (string, error) {
		res, err := r.Process(context.WithValue(t.Context(), userKey{}, user), &chatkit.Request{Body: []byte(body)})
		if err != nil {
			return "", err
		}
		defer res.Close()
		if !res.Streaming() {
			return string(res.JSON()), nil
		}
		return read(t, res), nil
	}
	events, err := as("ann", message("", "Hi"))
	if err != nil {
		t.Fatal(err)
	}
	var created struct{ Thread struct{ ID string } }
	_ = json.Unmarshal([]byte(strings.SplitN(events, "\n", 2)[0]), &created)
	id := created.Thread.ID
	for _, body := range []string{
		message(id, "mine"),
		`{"type":"threads.get_by_id","params":{"thread_id":"` + id + `"}}`,
		`{"type":"items.list","params":{"thread_id":"` + id + `"}}`,
		`{"type":"threads.update","params":{"thread_id":"` + id + `","title":"x"}}`,
		`{"type":"items.feedback","params":{"thread_id":"` + id + `","item_ids":[],"kind":"positive"}}`,
	} {
		_, err := as("bob", body)
		if status, _ := chatkit.HTTPStatus(err); status != 404 {
			t.Errorf("bob's %.40s: %v, want 404", body, err)
		}
	}
	if _, err := as("bob", `{"type":"threads.delete","params":{"thread_id":"`+id+`"}}`); err != nil {
		t.Errorf("deleting nothing: %v", err)
	}
	if _, err := as("ann", `{"type":"threads.get_by_id","params":{"thread_id":"`+id+`"}}`); err != nil {
		t.Errorf("ann's thread: %v", err)
	}
	_, err = as("", message("", "Hi"))
	if status, _ := chatkit.HTTPStatus(err); status != 401 {
		t.Errorf("nobody: %v, want 401", err)
	}
}

func TestEveryCutPointLeavesAPrefixAndOneNote(t *testing.T) {
	words := strings.Fields(strings.Repeat("the quick brown fox jumps over it ", 6))
	full := strings.Join(words, " ")
	for cut := range 1000 {
		r := newRig(t, func(ctx context.Context, t *chatkit.Turn) error {
			m := t.Message()
			for i, w := range words {
				if i > 0 {
					w = " " + w
				}
				if _, err := m.WriteString(w); err != nil {
					return err
				}
			}
			<-ctx.Done()
			return context.Cause(ctx)
		})
		id := r.thread()
		res := r.begin(message(id, "Hi"))
		var seen []byte
		for len(seen) < cut*20 {
			var err error
			if seen, err = res.Next(t.Context(), seen); err != nil {
				t.Fatal(err)
			}
			if len(seen) > 6000 {
				break
			}
		}
		active := r.Runs().Active("", id)
		res.Close()
		<-active.Done()
		history := r.history(id)
		text, ok := strings.CutSuffix(strings.TrimPrefix(history, "u:Hi "), "note")
		text = strings.TrimSuffix(strings.TrimPrefix(text, "a:"), " ")
		if !ok || !strings.HasPrefix(full, text) || strings.Count(history, "note") != 1 {
			t.Fatalf("cut %d: history = %q", cut, history)
		}
	}
}

func TestShutdownTellsClients(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, func(ctx context.Context, t *chatkit.Turn) error {
			_, _ = t.Message().WriteString("part")
			<-ctx.Done()
			return context.Cause(ctx)
		}, func(o *chatkit.Options) { o.Run.Drain = -1 })
		id := r.thread()
		res := r.begin(message(id, "Hi"))
		defer res.Close()
		synctest.Wait()
		if err := r.Shutdown(t.Context()); err != nil {
			t.Fatal(err)
		}
		events := strings.Split(strings.TrimSpace(read(t, res)), "\n")
		if got := events[len(events)-1]; got != `{"type":"error","code":"stream.error","allow_retry":true}` {
			t.Errorf("last event = %s", got)
		}
		if got := r.history(id); got != "u:Hi a:part note" {
			t.Errorf("history = %q", got)
		}
		_, err := r.process(message(id, "again"))
		if status, _ := chatkit.HTTPStatus(err); status != 503 {
			t.Errorf("after Shutdown: %v, want 503", err)
		}
	})
}

func TestDeleteEndsTheTurnAndStaysDeleted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, func(ctx context.Context, t *chatkit.Turn) error {
			_, _ = t.Message().WriteString("part")
			<-ctx.Done()
			return context.Cause(ctx)
		})
		id := r.thread()
		res := r.begin(message(id, "Hi"))
		defer res.Close()
		synctest.Wait()
		if got := r.ask(`{"type":"threads.delete","params":{"thread_id":"` + id + `"}}`); got != "{}" {
			t.Errorf("delete = %s", got)
		}
		if !strings.HasSuffix(types(t, read(t, res)), "error") {
			t.Error("the stream was not told")
		}
		if got := r.history(id); got != "" {
			t.Errorf("history = %q, want nothing", got)
		}
	})
}

func TestRetryDropsTheOldAnswerAndItsRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var inputs []string
		r := newRig(t, func(ctx context.Context, t *chatkit.Turn) error {
			inputs = append(inputs, t.Input.ID)
			if len(inputs) == 1 {
				_, _ = t.Message().WriteString("bad")
				<-ctx.Done()
				return context.Cause(ctx)
			}
			return t.Text("good")
		})
		id := r.thread()
		first := r.begin(message(id, "Hi"))
		defer first.Close()
		synctest.Wait()
		r.ask(`{"type":"threads.retry_after_item","params":{"thread_id":"` + id + `","item_id":"` + inputs[0] + `"}}`)
		if got := r.history(id); got != "u:Hi a:good" || !slices.Equal(inputs, []string{inputs[0], inputs[0]}) {
			t.Errorf("history = %q, inputs = %v", got, inputs)
		}
	})
}

func TestARefusedRequestEndsNoTurn(t *testing.T) {
	tests := []struct {
		name, kind, params string
		status             int
	}{
		{"a message with a file that does not exist", "threads.add_user_message", `"input":{"content":[],"attachments":["nope"],"inference_options":{}}`, 404},
		{"answers to a form that does not exist", "threads.add_structured_input", `"item_id":"nope","input":{"answers":{}}`, 404},
		{"a retry of what does not exist", "threads.retry_after_item", `"item_id":"nope"`, 404},
		{"a result that nobody waits for", "threads.add_client_tool_output", `"result":1`, 409},
		{"an action of a widget that does not exist", "threads.custom_action", `"item_id":"nope","action":{"type":"a"}`, 404},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := newRig(t, slow(5), func(o *chatkit.Options) {
					o.Action = func(context.Context, *chatkit.Turn, *chatkit.Action) error { return nil }
					o.TurnPolicy = func(_ context.Context, _ chatkit.TurnRequest, p *chatkit.TurnPolicy) { p.Thread = run.Supersede }
				})
				id := r.thread()
				res := r.begin(message(id, "one"))
				defer res.Close()
				time.Sleep(1500 * time.Millisecond)
				_, err := r.process(`{"type":"` + tt.kind + `","params":{"thread_id":"` + id + `",` + tt.params + `}}`)
				if status, _ := chatkit.HTTPStatus(err); err == nil || status != tt.status {
					t.Errorf("refused with %v, want status %d", err, tt.status)
				}
				read(t, res)
				if got, want := r.history(id), "u:one a:"+words(5); got != want {
					t.Errorf("history = %q, want %q", got, want)
				}
			})
		})
	}
}

func TestAWidgetLeftOpenIsFinishedAsItWasSeen(t *testing.T) {
	r := newRig(t, func(_ context.Context, t *chatkit.Turn) error {
		meta := t.NewItemMeta(chatkit.IDMessage)
		root := `{"type":"Card","children":[{"type":"Text","id":"t","value":"He","streaming":true}]}`
		return errors.Join(
			t.Emit(&chatkit.ThreadItemAddedEvent{Item: &chatkit.WidgetItem{ItemMeta: meta, Widget: json.RawMessage(root)}}),
			t.Emit(&chatkit.ThreadItemUpdatedEvent{ItemID: meta.ID, Update: &chatkit.WidgetStreamingTextValueDelta{ComponentID: "t", Delta: "llo "}}),
			t.Emit(&chatkit.ThreadItemUpdatedEvent{ItemID: meta.ID, Update: &chatkit.WidgetStreamingTextValueDelta{ComponentID: "t", Delta: "you"}}),
		)
	})
	if events := r.ask(message(r.thread(), "Hi")); !strings.Contains(events, `"type":"thread.item.done"`) || !strings.Contains(events, `"value":"Hello you"`) {
		t.Errorf("events = %s", events)
	}
}

func TestATurnKnowsWhatItAnswers(t *testing.T) {
	var seen []string
	r := newRig(t, func(_ context.Context, t *chatkit.Turn) error {
		switch {
		case t.ToolCall != nil:
			seen = append(seen, "tool "+t.ToolCall.Name+" "+string(t.ToolCall.Output))
			return t.Emit(&chatkit.ThreadItemDoneEvent{Item: &chatkit.StructuredInputItem{
				ItemMeta: chatkit.ItemMeta{ID: "form", ThreadID: t.Thread.ID, CreatedAt: time.Now()},
				Inputs:   []chatkit.StructuredInput{&chatkit.FreeformInput{StructuredInputMeta: chatkit.StructuredInputMeta{ID: "q", Question: "Why?"}}},
			}})
		case t.Form != nil:
			seen = append(seen, "form "+t.Form.Inputs[0].Meta().Answer.Values[0])
			return nil
		default:
			seen = append(seen, "message "+t.Input.Text())
			return t.CallClientTool("clock", nil)
		}
	})
	id := r.thread()
	r.ask(message(id, "Hi"))
	r.ask(`{"type":"threads.add_client_tool_output","params":{"thread_id":"` + id + `","result":{"h":7}}}`)
	r.ask(`{"type":"threads.add_structured_input","params":{"thread_id":"` + id + `","item_id":"form","input":{"answers":{"q":{"values":["so"]}}}}}`)
	if want := []string{"message Hi", `tool clock {"h":7}`, "form so"}; !slices.Equal(seen, want) {
		t.Errorf("turns saw %q, want %q", seen, want)
	}
}

func TestOnCancelIsCalledForEachWayToEndATurn(t *testing.T) {
	for _, end := range []string{"runs.cancel", "threads.delete"} {
		synctest.Test(t, func(t *testing.T) {
			calls := 0
			r := newRig(t, func(ctx context.Context, t *chatkit.Turn) error {
				_, _ = t.Message().WriteString("part")
				<-ctx.Done()
				return context.Cause(ctx)
			}, func(o *chatkit.Options) {
				o.OnCancel = func(ctx context.Context, c *chatkit.Cancellation) error { calls++; return c.SavePartial(ctx) }
			})
			id := r.thread()
			res := r.begin(message(id, "Hi"))
			defer res.Close()
			synctest.Wait()
			r.ask(`{"type":"` + end + `","params":{"thread_id":"` + id + `"}}`)
			synctest.Wait()
			if want := map[string]string{"runs.cancel": "u:Hi a:part note", "threads.delete": ""}[end]; calls != 1 || r.history(id) != want {
				t.Errorf("%s: OnCancel called %d times, history = %q, want once, %q", end, calls, r.history(id), want)
			}
		})
	}
}

func TestAWidgetGrowsByItsTexts(t *testing.T) {
	root := widget.Raw(`{"type":"Card","children":[{"type":"Text","id":"t","value":"","streaming":true}]}`)
	r := newRig(t, func(_ context.Context, t *chatkit.Turn) error {
		w, err := t.OpenWidget(root, "")
		if err != nil {
			return err
		}
		for _, word := range []string{"one ", "two"} {
			if err := w.AppendText("t", word); err != nil {
				return err
			}
		}
		if err := w.AppendText("nothing", "x"); err == nil {
			return errors.New("a text that does not exist grew")
		}
		return w.Close()
	})
	events := r.ask(message(r.thread(), "Hi"))
	want := "thread.item.done\nstream_options\nthread.item.added\nwidget.streaming_text.value_delta\nwidget.streaming_text.value_delta\nthread.item.done"
	if got := types(t, events); got != want || !strings.Contains(events, `"value":"one two"`) {
		t.Errorf("events = %s\n%s", got, events)
	}
}

// What an interceptor passes on of a message is what there is of it.
func TestAnInterceptorMayKeepAMessageFromEverybody(t *testing.T) {
	tests := []struct {
		name   string
		passes func(e chatkit.Event) bool
		events string // behind the message of the user
		want   string // history
	}{
		{"nothing", func(chatkit.Event) bool { return false }, "", "u:Hi"},
		{
			"the whole message only", func(e chatkit.Event) bool { _, ok := e.(*chatkit.ThreadItemDoneEvent); return ok },
			"thread.item.done", "u:Hi a:Hello",
		},
		{
			"no content parts", func(e chatkit.Event) bool { _, ok := e.(*chatkit.ThreadItemUpdatedEvent); return !ok },
			"thread.item.added assistant_message.content_part.text_delta thread.item.done", "u:Hi a:Hello",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := newRig(t, func(_ context.Context, turn *chatkit.Turn) error {
				turn.Intercept(func(e chatkit.Event, emit func(chatkit.Event) error) error {
					if tt.passes(e) {
						return emit(e)
					}
					return nil
				})
				m := turn.Message()
				source := &chatkit.URLSource{URL: "https://example.org"}
				if err := m.Annotate(chatkit.Annotation{Source: source}); err != nil {
					return err
				}
				if _, err := m.WriteString("Hello"); err != nil {
					return err
				}
				return m.Close()
			})
			id := r.thread()
			events := r.ask(message(id, "Hi"))
			got := strings.TrimPrefix(strings.ReplaceAll(types(t, events), "\n", " "), "thread.item.done stream_options")
			if got = strings.TrimSpace(got); got != tt.events {
				t.Errorf("events = %q, want %q", got, tt.events)
			}
			if got := r.history(id); got != tt.want {
				t.Errorf("history = %q, want %q", got, tt.want)
			}
		})
	}
}
