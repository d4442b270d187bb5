package chatkittest_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"testing"

	chatkit "github.com/gochatkit/chatkit/core"
	"github.com/gochatkit/chatkit/core/chatkittest"
	"github.com/gochatkit/chatkit/core/memstore"
	"github.com/gochatkit/chatkit/core/run"
	"github.com/gochatkit/chatkit/core/widget"
)

// story says how far it is, begins, and then writes until its turn is ended.
func story(ctx context.Context, t *chatkit.Turn) error {
	if err := t.Progress("", "Thinking"); err != nil {
		return err
	}
	m := t.Message()
	if _, err := m.WriteString("Once upon a time"); err != nil {
		return err
	}
	<-ctx.Done()
	return context.Cause(ctx)
}

func quiet(respond chatkit.RespondFunc, opts chatkit.Options) *chatkit.Server {
	opts.Logger = silent
	return chatkit.NewServer(memstore.New(), respond, &opts)
}

// kinds are the types of items, for comparisons.
func kinds(items []chatkit.Item) string {
	var s []string
	for _, it := range items {
		s = append(s, it.ItemType())
	}
	return fmt.Sprint(s)
}

func TestAChatRemembersItsThread(t *testing.T) {
	chat := chatkittest.NewChat(t, quiet(func(_ context.Context, turn *chatkit.Turn) error {
		return turn.Text("You said " + turn.Input.Text())
	}, chatkit.Options{}))
	chat.Send("one").AssertText(t, "You said one")
	first := chat.ThreadID
	chat.Send("two").AssertText(t, "You said two")
	chat.Retry().AssertText(t, "You said two")
	if chat.ThreadID != first || chat.Busy() {
		t.Errorf("thread = %s, busy %v, want %s and no turn", chat.ThreadID, chat.Busy(), first)
	}
	if got, want := kinds(chat.Items()), "[user_message assistant_message user_message assistant_message]"; got != want {
		t.Errorf("items = %s, want %s", got, want)
	}
}

func TestAStopEndsTheTurnAndKeepsWhatWasSeen(t *testing.T) {
	causes := make(chan error, 1)
	chat := chatkittest.NewChat(t, quiet(story, chatkit.Options{
		OnCancel: func(ctx context.Context, c *chatkit.Cancellation) error {
			causes <- c.Cause
			return c.SavePartial(ctx)
		},
	}))
	live := chat.Begin("A story, please")
	live.UntilEvent("progress_update")
	live.Until("upon")
	got := live.Stop()
	got.AssertOK(t)
	if cause := <-causes; !errors.Is(cause, chatkit.ErrStopped) {
		t.Errorf("cause = %v, want %v", cause, chatkit.ErrStopped)
	}
	if got, want := kinds(chat.Items()), "[user_message assistant_message]"; got != want {
		t.Errorf("items after the stop = %s, want %s", got, want)
	}
	if got, want := kinds(chat.Stored()), "[user_message assistant_message sdk_hidden_context]"; got != want {
		t.Errorf("stored after the stop = %s, want %s", got, want)
	}
}

func TestLeavingIsAStopForAPlainClientOnly(t *testing.T) {
	for _, resumes := range []bool{false, true} {
		t.Run(fmt.Sprintf("resumes %v", resumes), func(t *testing.T) {
			ends := make(chan run.End, 1)
			chat := chatkittest.NewChat(t, quiet(story, chatkit.Options{Run: run.Config{OnEnd: func(e run.End) { ends <- e }}}))
			chat.Resumes = resumes
			live := chat.Begin("A story, please")
			live.Until("Once")
			live.Leave()
			if chat.Busy() != resumes {
				t.Fatalf("a turn is in progress after the client left: %v, want %v", chat.Busy(), resumes)
			}
			want := chatkit.ErrDisconnected
			if resumes {
				want = chatkit.ErrStopped
				again := chat.Rejoin()
				again.Until("Once upon a time")
				again.Stop()
			}
			if end := <-ends; !errors.Is(end.Cause, want) {
				t.Errorf("cause = %v, want %v", end.Cause, want)
			}
		})
	}
}

func TestToolsFormsAndActionsAreAnswered(t *testing.T) {
	respond := func(_ context.Context, turn *chatkit.Turn) error {
		switch {
		case turn.ToolCall != nil:
			return turn.Text("It is " + string(turn.ToolCall.Output))
		case turn.Form != nil:
			return turn.Text("Table for " + turn.Form.Inputs[0].Meta().Answer.Values[0])
		case turn.Input.Text() == "time":
			return turn.CallClientTool("clock", map[string]any{"utc": true})
		case turn.Input.Text() == "widget":
			return turn.Widget(&widget.Card{Children: []widget.Component{&widget.Text{Value: "Yes?"}}}, "")
		}
		return turn.Emit(&chatkit.ThreadItemDoneEvent{Item: &chatkit.StructuredInputItem{
			ItemMeta: turn.NewItemMeta(chatkit.IDMessage),
			Inputs: []chatkit.StructuredInput{&chatkit.FreeformInput{
				StructuredInputMeta: chatkit.StructuredInputMeta{ID: "size", Question: "How many?"},
			}},
		}})
	}
	chat := chatkittest.NewChat(t, quiet(respond, chatkit.Options{
		Action: func(_ context.Context, turn *chatkit.Turn, a *chatkit.Action) error {
			return turn.Text(a.Type + " of " + a.Sender.ID + " with " + string(a.Payload))
		},
	}))

	args := chat.Send("time").AssertToolCall(t, "clock")
	if string(args) != `{"utc":true}` {
		t.Errorf("arguments = %s, want utc", args)
	}
	chat.ToolOutput("noon").AssertText(t, `It is "noon"`)

	form := chatkittest.LastItem[*chatkit.StructuredInputItem](t, chat.Send("table"))
	answer := chat.Answer(form, map[string][]string{"size": {"4"}})
	answer.AssertText(t, "Table for 4")

	card := chatkittest.LastItem[*chatkit.WidgetItem](t, chat.Send("widget"))
	chat.Action(card, "seat.add", map[string]any{"n": 1}).AssertText(t, "seat.add of "+card.ID+` with {"n":1}`)
}

func TestOthersAreRefused(t *testing.T) {
	type userKey struct{}
	chat := chatkittest.NewChat(t, quiet(chatkittest.Script(chatkittest.Say("Hello.")), chatkit.Options{
		Owner: func(ctx context.Context) (string, error) {
			user, _ := ctx.Value(userKey{}).(string)
			if user == "" {
				return "", chatkit.ErrUnauthorized
			}
			return user, nil
		},
	}))
	if status, message := chat.Refused("Hi"); status != 401 || message != "You are not signed in." {
		t.Errorf("a stranger got %d %q, want 401", status, message)
	}
	chat.Context, chat.Owner = context.WithValue(t.Context(), userKey{}, "alice"), "alice"
	chat.Send("Hi").AssertText(t, "Hello.")
	if n := len(chat.Stored()); n != 2 {
		t.Errorf("items of alice = %d, want 2", n)
	}
	chat.Context = context.WithValue(t.Context(), userKey{}, "bob")
	if status, _ := chat.Refused("Hi"); status != 404 {
		t.Errorf("bob got %d for a thread of alice, want 404", status)
	}
}

func TestWhatDoesNotComeEndsTheTest(t *testing.T) {
	for name, wait := range map[string]func(t testing.TB, srv *chatkit.Server){
		"a text": func(t testing.TB, srv *chatkit.Server) {
			chatkittest.NewChat(t, srv).Begin("Hi").Until("never said")
		},
		"an event": func(t testing.TB, srv *chatkit.Server) {
			chatkittest.NewChat(t, srv).Begin("Hi").UntilEvent("notice")
		},
		"an item": func(t testing.TB, srv *chatkit.Server) {
			chatkittest.LastItem[*chatkit.WidgetItem](t, chatkittest.NewChat(t, srv).Send("Hi"))
		},
		"a refusal": func(t testing.TB, srv *chatkit.Server) { chatkittest.NewChat(t, srv).Refused("Hi") },
		"a turn":    func(t testing.TB, srv *chatkit.Server) { chatkittest.NewChat(t, srv).Rejoin() },
	} {
		t.Run(name, func(t *testing.T) {
			fake := &fatal{recorder: recorder{TB: t}}
			done := make(chan struct{})
			go func() {
				defer close(done)
				wait(fake, server(chatkittest.Script(chatkittest.Say("Hello."))))
			}()
			<-done
			if !fake.ended {
				t.Error("the test went on")
			}
		})
	}
}

// fatal notes that a test was ended.
type fatal struct {
	recorder
	ended bool
}

func (f *fatal) Fatalf(string, ...any) {
	f.ended = true
	runtime.Goexit()
}

func TestAssertionsOnToolsAndFailuresFail(t *testing.T) {
	got := chatkittest.Ask(t, server(chatkittest.Script(chatkittest.Say("Hello."))), "Hi")
	fake := recorder{TB: t}
	got.AssertToolCall(&fake, "clock")
	got.AssertFailure(&fake, "Out of credits")
	failed := chatkittest.Ask(t, server(chatkittest.Script(chatkittest.Fail(errors.New("secret")))), "Hi")
	failed.AssertFailure(&fake, "Out of credits")
	failed.AssertFailure(t, "")
	if fake.errors != 3 {
		t.Errorf("assertions made %d errors, want 3", fake.errors)
	}
}
