package bot

import (
	"context"
	"errors"
	"iter"
	"log/slog"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	nethttpchatkit "github.com/gochatkit/chatkit/adapters/nethttp"
	chatkit "github.com/gochatkit/chatkit/core"
	"github.com/gochatkit/chatkit/core/chatkittest"
	"github.com/gochatkit/chatkit/core/client"
	"github.com/gochatkit/chatkit/core/memstore"
	"github.com/gochatkit/chatkit/core/run"
)

// newBot returns a server with a bot that says words, and then fails with err, or waits for the end if err is
// errForEver.
func newBot(err error, words ...string) *chatkit.Server {
	b := &Bot{Stream: func(ctx context.Context, _ string) iter.Seq2[string, error] {
		return func(yield func(string, error) bool) {
			for _, w := range words {
				if !yield(w, nil) {
					return
				}
			}
			switch {
			case errors.Is(err, errForEver):
				<-ctx.Done()
				yield("", context.Cause(ctx))
			case err != nil:
				yield("", err)
			}
		}
	}}
	return chatkit.NewServer(memstore.New(), b.Respond, &chatkit.Options{
		Action: b.Act, Logger: slog.New(slog.DiscardHandler), NewID: chatkittest.IDs(), Now: chatkittest.Clock(time.Time{}),
	})
}

var errForEver = errors.New("never ends")

func TestAnswers(t *testing.T) {
	got := chatkittest.Ask(t, newBot(nil, "Because ", "it is."), "Why?")
	got.AssertText(t, "Because it is.")
	got.AssertProgress(t, "Thinking…")
	got.AssertItems(t, "assistant_message")
}

func TestTellsAboutTheBudget(t *testing.T) {
	got := chatkittest.Ask(t, newBot(errQuota, "Because "), "Why?")
	got.AssertFailure(t, "Your budget for today is used up.")
}

func TestStops(t *testing.T) {
	chat := chatkittest.NewChat(t, newBot(errForEver, "Once ", "upon "))
	live := chat.Begin("A story")
	live.Until("Once upon") // it is on the screen
	live.Stop()
	if items := chat.Stored(); len(items) != 3 { // question, partial answer, note for the model
		t.Errorf("items = %d, want 3", len(items))
	}
}

func TestSurvivesAReload(t *testing.T) {
	chat := chatkittest.NewChat(t, newBot(errForEver, "Once ", "upon "))
	chat.Resumes = true // as with the page's script; without it, leaving is a stop
	live := chat.Begin("A story")
	live.Until("Once")
	live.Leave()
	again := chat.Rejoin()
	again.Until("Once upon")
	again.Stop()
}

func TestAsksThePageForTheTime(t *testing.T) {
	chat := chatkittest.NewChat(t, newBot(nil))
	args := chat.Send("What time is it?").AssertToolCall(t, "get_time")
	if string(args) != `{"seconds":false}` {
		t.Errorf("arguments = %s, want no seconds", args)
	}
	chat.ToolOutput("12:04").AssertText(t, `It is "12:04".`)
}

func TestBooksASecondSeat(t *testing.T) {
	chat := chatkittest.NewChat(t, newBot(nil))
	card := chatkittest.LastItem[*chatkit.WidgetItem](t, chat.Send("Book a seat"))
	got := chat.Action(card, "seats.add", nil)
	now := chatkittest.LastItem[*chatkit.WidgetItem](t, got)
	if !strings.Contains(string(now.Widget), "2 reserved") {
		t.Errorf("widget = %s, want two seats", now.Widget)
	}
}

func TestSurvivesABrokenDisk(t *testing.T) {
	var faults chatkittest.Faults
	b := &Bot{Stream: func(context.Context, string) iter.Seq2[string, error] {
		return func(yield func(string, error) bool) { yield("Because.", nil) }
	}}
	srv := chatkit.NewServer(faults.Wrap(memstore.New()), b.Respond, &chatkit.Options{Logger: slog.New(slog.DiscardHandler)})
	faults.Add(chatkittest.Fault{Call: "PutItem", Nth: 2, Err: errors.New("disk is full")}) // the first is the question
	chatkittest.Ask(t, srv, "Why?").AssertFailure(t, "")
}

func TestAStalledModelIsGivenUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ends := make(chan run.End, 1)
		b := &Bot{Stream: func(ctx context.Context, _ string) iter.Seq2[string, error] {
			return func(yield func(string, error) bool) {
				<-ctx.Done()
				yield("", context.Cause(ctx))
			}
		}}
		srv := chatkit.NewServer(memstore.New(), b.Respond, &chatkit.Options{
			Logger: slog.New(slog.DiscardHandler),
			Run:    run.Config{OnEnd: func(e run.End) { ends <- e }},
		})
		chatkittest.Ask(t, srv, "Why?").AssertFailure(t, "") // takes two minutes of a clock that is not real
		if end := <-ends; !errors.Is(end.Cause, chatkit.ErrStalled) {
			t.Errorf("end = %v, want %v", end.Cause, chatkit.ErrStalled)
		}
	})
}

func TestOverHTTP(t *testing.T) {
	web := httptest.NewServer(nethttpchatkit.Handler(newBot(nil, "Because ", "it is.")))
	defer web.Close()
	stream, err := client.New(web.URL).CreateThread(t.Context(), client.Text("Why?"))
	if err != nil {
		t.Fatal(err)
	}
	var got chatkittest.Transcript
	for e, err := range stream.Events() {
		if err != nil {
			t.Fatal(err)
		}
		got.Events = append(got.Events, e.Event)
	}
	got.AssertText(t, "Because it is.")
}

type userKey struct{}

func TestKeepsUsersApart(t *testing.T) {
	srv := chatkit.NewServer(memstore.New(), chatkittest.Script(chatkittest.Say("Hello.")), &chatkit.Options{
		Owner: func(ctx context.Context) (string, error) {
			user, _ := ctx.Value(userKey{}).(string)
			return user, nil
		},
	})
	chat := chatkittest.NewChat(t, srv)
	chat.Context = context.WithValue(t.Context(), userKey{}, "alice")
	chat.Send("Hi").AssertText(t, "Hello.")

	chat.Context = context.WithValue(t.Context(), userKey{}, "bob")
	if status, _ := chat.Refused("Hi"); status != 404 {
		t.Errorf("bob in a thread of alice got %d, want 404", status)
	}
}

func TestRequestsOfYourOwnMaking(t *testing.T) {
	srv := newBot(nil, "Because.")
	thread := chatkittest.Ask(t, srv, "Why?").ThreadID()
	var answer struct {
		Data []struct{ Type string }
	}
	chatkittest.Fetch(t.Context(), t, srv, map[string]any{
		"type": "items.list", "params": map[string]any{"thread_id": thread},
	}, &answer)
	if len(answer.Data) != 2 || answer.Data[0].Type != "assistant_message" {
		t.Errorf("items = %v, want the answer first", answer.Data)
	}
}
