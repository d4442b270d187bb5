package interruptions

import (
	"context"
	"errors"
	"log/slog"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	nethttpchatkit "github.com/gochatkit/chatkit/adapters/nethttp"
	chatkit "github.com/gochatkit/chatkit/core"
	"github.com/gochatkit/chatkit/core/chatkittest"
	"github.com/gochatkit/chatkit/core/client"
	"github.com/gochatkit/chatkit/core/memstore"
	"github.com/gochatkit/chatkit/core/run"
)

func newServer(respond chatkit.RespondFunc, opts *chatkit.Options) *chatkit.Server {
	opts.Logger = slog.New(slog.DiscardHandler)
	return chatkit.NewServer(memstore.New(), respond, opts)
}

// half says a half and waits for its end.
func half(ctx context.Context, t *chatkit.Turn) error {
	if _, err := t.Message().WriteString("The first half"); err != nil {
		return err
	}
	<-ctx.Done()
	return context.Cause(ctx)
}

// read returns what the items of a thread say, the user's excepted.
func read(items []chatkit.Item) (texts []string) {
	for _, it := range items {
		switch it := it.(type) {
		case *chatkit.AssistantMessageItem:
			texts = append(texts, it.Text())
		case *chatkit.SDKHiddenContextItem:
			texts = append(texts, "note: "+it.Content)
		default:
		}
	}
	return texts
}

const usualNote = "note: The user cancelled the stream. Stop responding to the prior request."

func TestWhatAStopLeaves(t *testing.T) {
	var audited []error
	for name, tt := range map[string]struct {
		opts *chatkit.Options
		want []string
	}{
		"default":   {&chatkit.Options{}, []string{"The first half", usualNote}},
		"audited":   {Audited(func(_ context.Context, _ string, cause error) { audited = append(audited, cause) }), []string{"The first half", usualNote}},
		"noted":     {Noted(), []string{"The first half", "note: The user stopped this answer. Do not go on with it unless asked to."}},
		"forgetful": {Forgetful(), nil},
	} {
		t.Run(name, func(t *testing.T) {
			chat := chatkittest.NewChat(t, newServer(half, tt.opts))
			live := chat.Begin("Hi")
			live.Until("half")
			live.Stop()
			if got := read(chat.Stored()); !slices.Equal(got, tt.want) {
				t.Errorf("stored = %q, want %q", got, tt.want)
			}
		})
	}
	if len(audited) != 1 || !errors.Is(audited[0], chatkit.ErrStopped) {
		t.Errorf("audited = %v, want the stop", audited)
	}
}

func TestASeatIsReleasedAtEveryEnd(t *testing.T) {
	for name, tt := range map[string]struct {
		ask  func(ctx context.Context) (string, error)
		stop bool
	}{
		"done":     {func(context.Context) (string, error) { return "Row 7.", nil }, false},
		"failed":   {func(context.Context) (string, error) { return "", errors.New("no model") }, false},
		"panicked": {func(context.Context) (string, error) { panic("no model") }, false},
		"stopped": {func(ctx context.Context) (string, error) {
			<-ctx.Done()
			return "", context.Cause(ctx)
		}, true},
	} {
		t.Run(name, func(t *testing.T) {
			asked := make(chan struct{})
			released := make(chan error, 1)
			h := &Hall{
				Hold: func(context.Context) (string, error) { return "7A", nil },
				Release: func(ctx context.Context, _ string) error {
					released <- ctx.Err()
					return nil
				},
				Ask: func(ctx context.Context, _ string) (string, error) {
					close(asked)
					return tt.ask(ctx)
				},
			}
			live := chatkittest.NewChat(t, newServer(h.Respond, &chatkit.Options{})).Begin("A seat")
			<-asked
			if tt.stop {
				live.Stop()
			}
			live.Finish()
			if err := <-released; err != nil {
				t.Errorf("the seat was released on a context that has ended: %v", err)
			}
		})
	}
}

func TestEveryEndIsCounted(t *testing.T) {
	statuses := make(chan run.Status, 2)
	opts := Counted(func(_ time.Duration, status run.Status, _ error) { statuses <- status })
	chat := chatkittest.NewChat(t, newServer(half, opts))
	live := chat.Begin("Hi")
	live.Until("half")
	live.Stop()
	if got := <-statuses; got != run.Cancelled {
		t.Errorf("status = %s, want %s", got, run.Cancelled)
	}
}

// A client that can resume reads a half and leaves; the turn writes the other half to nobody, and is stopped.
func TestOfAnAnswerThatNobodySawNothingIsKept(t *testing.T) {
	for name, tt := range map[string]struct {
		opts *chatkit.Options
		want string
	}{
		"default":   {&chatkit.Options{}, "one two"},
		"only seen": {OnlySeen(), "one "},
	} {
		t.Run(name, func(t *testing.T) {
			left, written := make(chan struct{}), make(chan struct{})
			srv := newServer(func(ctx context.Context, turn *chatkit.Turn) error {
				m := turn.Message()
				if _, err := m.WriteString("one "); err != nil {
					return err
				}
				<-left
				if _, err := m.WriteString("two"); err != nil {
					return err
				}
				close(written)
				<-ctx.Done()
				return context.Cause(ctx)
			}, tt.opts)
			gone := make(chan struct{})
			handler := nethttpchatkit.Handler(srv)
			web := httptest.NewServer(afterFirst(handler, func() { close(gone) }))
			defer web.Close()
			c := client.New(web.URL, client.WithResume())
			stream, err := c.CreateThread(t.Context(), client.Text("Count"))
			if err != nil {
				t.Fatal(err)
			}
			thread := ""
			for {
				e, err := stream.Next()
				if err != nil {
					t.Fatal(err)
				}
				if created, ok := e.Event.(*chatkit.ThreadCreatedEvent); ok {
					thread = created.Thread.ID
				}
				if u, ok := e.Event.(*chatkit.ThreadItemUpdatedEvent); ok {
					if d, ok := u.Update.(*chatkit.AssistantMessageContentPartTextDelta); ok && d.Delta == "one " {
						break
					}
				}
			}
			stream.Close()
			<-gone // the server knows it
			close(left)
			<-written
			if _, err := c.Cancel(t.Context(), thread, "", true); err != nil {
				t.Fatal(err)
			}
			page, err := c.Items(t.Context(), thread, client.Page{Order: chatkit.OrderAsc})
			if err != nil {
				t.Fatal(err)
			}
			if got := read(page.Data); !slices.Equal(got, []string{tt.want}) {
				t.Errorf("stored = %q, want %q", got, tt.want)
			}
		})
	}
}

func TestAButtonIsRefusedWhileAnAnswerIsInProgress(t *testing.T) {
	opts := Busy()
	opts.Action = func(_ context.Context, turn *chatkit.Turn, _ *chatkit.Action) error { return turn.Text("Pressed.") }
	srv := newServer(half, opts)
	chat := chatkittest.NewChat(t, srv)
	live := chat.Begin("Hi")
	live.Until("half")
	_, err := srv.Process(t.Context(), &chatkit.Request{Body: []byte(
		`{"type":"threads.custom_action","params":{"thread_id":"` + chat.ThreadID + `","action":{"type":"press","payload":{}}}}`)})
	if status, _ := chatkit.HTTPStatus(err); err == nil || status != 409 {
		t.Errorf("the button got %d, want 409", status)
	}
	live.Stop()
}

func TestAServerWithAnEngineAnswersAndShutsDown(t *testing.T) {
	srv, err := Recovering(t.Context(), memstore.New(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	web := httptest.NewServer(nethttpchatkit.Handler(srv))
	defer web.Close()
	chatkittest.Ask(t, srv, "Why?").AssertText(t, "You asked: Why? ")
	if err := ShutDown(srv, web.Config); err != nil {
		t.Errorf("ShutDown() = %v, want none", err)
	}
	if status, _ := chatkittest.NewChat(t, srv).Refused("And now?"); status != 503 {
		t.Errorf("a message after the shutdown got %d, want 503", status)
	}
}
