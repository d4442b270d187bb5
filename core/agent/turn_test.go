package agent_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"reflect"
	"strings"
	"testing"

	chatkit "github.com/gochatkit/chatkit/core"
	"github.com/gochatkit/chatkit/core/agent"
	"github.com/gochatkit/chatkit/core/agent/agenttest"
	"github.com/gochatkit/chatkit/core/memstore"
)

// chat is a server and its conversation.
type chat struct {
	t      *testing.T
	srv    *chatkit.Server
	thread string
}

func newChat(t *testing.T, respond chatkit.RespondFunc) *chat {
	t.Helper()
	srv := chatkit.NewServer(memstore.New(), respond, nil)
	t.Cleanup(func() {
		if err := srv.Shutdown(context.Background()); err != nil {
			t.Errorf("Shutdown() = %v", err)
		}
	})
	return &chat{t: t, srv: srv}
}

// send sends a request and returns the events of its turn, in short form.
func (c *chat) send(typ, params string) string {
	c.t.Helper()
	res, err := c.srv.Process(c.t.Context(), &chatkit.Request{Body: []byte(`{"type":"` + typ + `","params":` + params + `,"metadata":{}}`)})
	if err != nil {
		c.t.Fatal(err)
	}
	defer res.Close()
	var b strings.Builder
	for e, err := range res.Events(c.t.Context()) {
		if err != nil {
			c.t.Fatal(err)
		}
		switch e := e.(type) {
		case *chatkit.ThreadCreatedEvent:
			c.thread = e.Thread.ID
		case *chatkit.StreamOptionsEvent:
		case *chatkit.ErrorEvent:
			fmt.Fprintf(&b, "error %s %q retry=%v\n", e.Code, e.Message, e.AllowRetry)
		default:
			if done, ok := e.(*chatkit.ThreadItemDoneEvent); ok {
				if _, ok := done.Item.(*chatkit.UserMessageItem); ok {
					continue
				}
			}
			if r, ok := e.(*chatkit.ThreadItemReplacedEvent); ok {
				b.WriteString("replaced " + r.Item.ItemType() + "\n")
				continue
			}
			b.WriteString(short(e) + "\n")
		}
	}
	return b.String()
}

const input = `{"content":[{"type":"input_text","text":"hi"}],"attachments":[],"inference_options":{}}`

func (c *chat) say() string {
	c.t.Helper()
	if c.thread == "" {
		return c.send("threads.create", `{"input":`+input+`}`)
	}
	return c.send("threads.add_user_message", `{"thread_id":"`+c.thread+`","input":`+input+`}`)
}

// stored returns the thread's items in short form.
func (c *chat) stored() []string {
	c.t.Helper()
	page, err := c.srv.Store().Items(c.t.Context(), "", c.thread, chatkit.PageQuery{Limit: 100, Order: chatkit.OrderAsc})
	if err != nil {
		c.t.Fatal(err)
	}
	var out []string
	for _, it := range page.Data {
		out = append(out, it.ItemType())
	}
	return out
}

func TestStreamWritesIntoATurn(t *testing.T) {
	c := newChat(t, func(ctx context.Context, turn *chatkit.Turn) error {
		tokens := func(yield func(string, error) bool) { _ = yield("Hello ", nil) && yield("there", nil) }
		return agent.Stream(ctx, turn, agent.Text(tokens))
	})
	got := c.say()
	if !strings.Contains(got, `/0 "there"`) || !strings.HasSuffix(got, "\"Hello there\"+0\n") {
		t.Errorf("got:\n%s", got)
	}
	if got := strings.Join(c.stored(), " "); got != "user_message assistant_message" {
		t.Errorf("stored %s", got)
	}
}

func TestStreamTellsTheUserOfAFailure(t *testing.T) {
	for name, tt := range map[string]struct {
		err  error
		want string
	}{
		"busy":         {&agent.Error{Status: 429, Message: "org-secret"}, "error custom \"The assistant is busy. Please try again in a moment.\" retry=true\n"},
		"bad request":  {&agent.Error{Status: 400, Message: "secret"}, "error stream.error \"\" retry=false\n"},
		"truncated":    {agent.ErrTruncated, "error stream.error \"\" retry=true\n"},
		"the author's": {&chatkit.StreamError{Message: "Sorry."}, "error custom \"Sorry.\" retry=false\n"},
	} {
		t.Run(name, func(t *testing.T) {
			c := newChat(t, func(ctx context.Context, turn *chatkit.Turn) error {
				return agent.Stream(ctx, turn, func(yield func(agent.Event, error) bool) {
					_ = yield(&agent.TextDelta{Text: "so far"}, nil) && yield(nil, tt.err)
				})
			})
			if got := c.say(); !strings.HasSuffix(got, tt.want) {
				t.Errorf("got:\n%s\nwant at the end: %s", got, tt.want)
			}
		})
	}
}

func TestARunWithAClientToolGoesOnInTheNextTurn(t *testing.T) {
	m := agenttest.NewModel(
		answer{Thoughts: []string{"I need the page."}, Calls: []agent.ToolCall{{CallID: "call_1", Name: "page", Arguments: `{"n":1}`}}},
		answer{Thoughts: []string{"Got it."}, Text: "It is page 1."},
	)
	a := &agent.Agent{Model: m, Tools: []agent.Tool{agent.ClientTool[struct {
		N int `json:"n"`
	}]("page", "The page.")}}
	c := newChat(t, func(ctx context.Context, turn *chatkit.Turn) error {
		_, err := agent.Run(ctx, turn, a)
		return err
	})
	first := c.say()
	if !strings.Contains(first, "added workflow") || strings.Contains(first, "done workflow") || !strings.Contains(first, "call_1 page {\"n\":1}\n") {
		t.Errorf("first turn:\n%s", first)
	}
	if got := strings.Join(c.stored(), " "); got != "user_message workflow client_tool_call" {
		t.Errorf("stored %s", got)
	}
	second := c.send("threads.add_client_tool_output", `{"thread_id":"`+c.thread+`","result":{"title":"T"}}`)
	if strings.Contains(second, "added workflow") || !strings.Contains(second, `/1 "Got it."`) || !strings.Contains(second, `done workflow`) {
		t.Errorf("second turn:\n%s", second)
	}
	if got := strings.Join(c.stored(), " "); got != "user_message workflow client_tool_call assistant_message" {
		t.Errorf("stored %s", got)
	}
	in := m.Requests()[1].Input
	sameLines(t, texts(in[len(in)-2:]), []string{
		`{"type":"function_call","call_id":"call_1","name":"page","arguments":"{\"n\": 1}"}`,
		`{"type":"function_call_output","call_id":"call_1","output":"{\"title\": \"T\"}"}`,
	})
}

func TestRunReportsAThreadThatItCannotConvert(t *testing.T) {
	c := newChat(t, func(ctx context.Context, turn *chatkit.Turn) error {
		o, err := agent.Run(ctx, turn, &agent.Agent{Model: agenttest.NewModel()}, agent.Convert(&agent.Converter{
			Item: func(context.Context, chatkit.Item) ([]json.RawMessage, bool, error) {
				return nil, true, agent.ErrNoHook
			},
		}))
		if o == nil || err == nil {
			t.Errorf("Run() = %v, %v", o, err)
		}
		return err
	})
	if got := c.say(); !strings.HasPrefix(got, "error stream.error") {
		t.Errorf("got:\n%s", got)
	}
}

func TestStreamEndsWithTheTurn(t *testing.T) {
	began, ended := make(chan struct{}), make(chan error, 1)
	c := newChat(t, func(ctx context.Context, turn *chatkit.Turn) error {
		err := agent.Stream(ctx, turn, iter.Seq2[agent.Event, error](func(yield func(agent.Event, error) bool) {
			yield(&agent.TextDelta{Text: "x"}, nil)
			close(began)
			<-ctx.Done()
			yield(nil, ctx.Err())
		}))
		ended <- err
		return err
	})
	res, err := c.srv.Process(t.Context(), &chatkit.Request{Body: []byte(`{"type":"threads.create","params":{"input":` + input + `},"metadata":{}}`)})
	if err != nil {
		t.Fatal(err)
	}
	<-began
	res.Close() // the client leaves
	if err := <-ended; err == nil || err == context.Canceled {
		t.Errorf("Stream() = %v, want why the turn ended", err)
	}
}

func TestToolsMayUseTheTurnsOwnMethods(t *testing.T) {
	show := agent.Func("show", "", func(ctx context.Context, _ none) (string, error) {
		turn, ok := chatkit.TurnFrom(ctx)
		if !ok {
			return "", errors.New("no turn")
		}
		w := turn.Workflow(chatkit.WorkflowCustom)
		i, err := w.Add(&chatkit.CustomTask{Title: "look", StatusIndicator: chatkit.StatusLoading})
		if err != nil {
			return "", err
		}
		if err := turn.Text("In between."); err != nil { // shown below the workflow, which ends it
			return "", err
		}
		if err := w.Update(i, &chatkit.CustomTask{Title: "looked", StatusIndicator: chatkit.StatusLoading}); err != nil {
			return "", err
		}
		return "ok", w.Close(&chatkit.CustomSummary{Title: "Looked"}, false)
	})
	m := agenttest.NewModel(answer{Thoughts: []string{"h"}, Calls: []agent.ToolCall{{Name: "show", Arguments: "{}"}}}, answer{Text: "x"})
	c := newChat(t, func(ctx context.Context, turn *chatkit.Turn) error {
		_, err := agent.Run(ctx, turn, &agent.Agent{Model: m, Tools: []agent.Tool{show}})
		if err == nil {
			err = turn.Text("Behind the run.")
		}
		return err
	})
	var kinds []string
	for _, line := range strings.Split(strings.TrimSpace(c.say()), "\n") {
		what, rest, _ := strings.Cut(line, " ")
		kind, rest, _ := strings.Cut(rest, " ")
		if kind == "workflow" {
			_, rest, _ = strings.Cut(rest, " ")
			kind += " " + rest
		}
		if what == "added" || what == "done" || what == "replaced" {
			kinds = append(kinds, what+" "+kind)
		}
	}
	want := []string{
		"added workflow reasoning", `done workflow reasoning ["h"]`, "added workflow custom [look  loading]", "done workflow custom [look  complete]",
		"done assistant_message", "replaced workflow ", "added assistant_message", "done assistant_message", "done assistant_message",
	}
	if !reflect.DeepEqual(kinds, want) {
		t.Errorf("got  %q\nwant %q", kinds, want)
	}
	if got := strings.Join(c.stored(), " "); got != "user_message workflow workflow assistant_message assistant_message assistant_message" {
		t.Errorf("stored %s", got)
	}
}

func TestEightToolsAndAModelWriteIntoOneTurn(t *testing.T) {
	const tools, emits = 8, 200
	f := agent.Func("f", "", func(ctx context.Context, in struct{ N int }) (string, error) {
		turn, _ := chatkit.TurnFrom(ctx)
		b, _ := agent.BridgeFrom(ctx)
		for i := range emits {
			text := fmt.Sprintf("%d/%d", in.N, i)
			var err error
			if i%2 == 0 {
				err = turn.Progress("", text)
			} else {
				err = b.Emit(&chatkit.ProgressUpdateEvent{Text: text})
			}
			if err != nil {
				return "", err
			}
		}
		task := agent.Task(ctx, fmt.Sprint("task ", in.N))
		return "ok", task.Done()
	})
	var a answer
	for n := range tools {
		a.Calls = append(a.Calls, agent.ToolCall{Name: "f", Arguments: fmt.Sprintf(`{"N":%d}`, n)})
	}
	c := newChat(t, func(ctx context.Context, turn *chatkit.Turn) error {
		_, err := agent.Run(ctx, turn, &agent.Agent{Model: agenttest.NewModel(a, answer{Text: "x"}), Tools: []agent.Tool{f}})
		return err
	})
	got := c.say()
	if strings.Contains(got, "error") {
		t.Fatalf("the turn failed:\n%.500s", got)
	}
	next := map[string]int{}
	for _, line := range strings.Split(got, "\n") {
		if text, ok := strings.CutPrefix(line, "progress "); ok {
			n, i, _ := strings.Cut(strings.Trim(text, `"`), "/")
			if i != fmt.Sprint(next[n]) {
				t.Fatalf("tool %s: %s comes out of order, want %d", n, i, next[n])
			}
			next[n]++
		}
	}
	for n, i := range next {
		if i != emits {
			t.Errorf("tool %s: %d events, want %d", n, i, emits)
		}
	}
	if !strings.Contains(got, "done workflow") || len(next) != tools {
		t.Errorf("got:\n%.500s", got)
	}
}
