package stopbutton

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"slices"
	"testing"

	chatkit "github.com/gochatkit/chatkit/core"
	"github.com/gochatkit/chatkit/core/chatkittest"
	"github.com/gochatkit/chatkit/core/memstore"
	"github.com/gochatkit/chatkit/core/run"
)

// buttons are the states of the Stop button in the course of an answer.
func buttons(tr *chatkittest.Transcript) (on []bool) {
	for _, e := range chatkittest.EventsOf[*chatkit.StreamOptionsEvent](tr) {
		on = append(on, e.StreamOptions.AllowCancel)
	}
	return on
}

// newChat returns a conversation with a server that tells the ends of its turns.
func newChat(t *testing.T, respond chatkit.RespondFunc, opts *chatkit.Options) (*chatkittest.Chat, <-chan run.End) {
	if opts == nil {
		opts = &chatkit.Options{}
	}
	ends := make(chan run.End, 10)
	opts.Logger = slog.New(slog.DiscardHandler)
	opts.Run.OnEnd = func(e run.End) { ends <- e }
	return chatkittest.NewChat(t, chatkit.NewServer(memstore.New(), respond, opts)), ends
}

func TestTheButtonPerServerAndPerThread(t *testing.T) {
	payment := chatkittest.Change(func(th *chatkit.Thread) { th.Metadata = map[string]any{"kind": "payment"} })
	for name, tt := range map[string]struct {
		opts  *chatkit.Options
		first bool // of the first turn, in which the thread becomes one of payments
		next  bool
	}{
		"default":    {nil, true, true},
		"never":      {Never(), false, false},
		"per thread": {PerThread(), true, false},
	} {
		t.Run(name, func(t *testing.T) {
			chat, _ := newChat(t, chatkittest.Script(payment), tt.opts)
			for _, want := range []bool{tt.first, tt.next} {
				if got := buttons(chat.Send("Hi")); !slices.Equal(got, []bool{want}) {
					t.Errorf("button = %v, want %v", got, want)
				}
			}
		})
	}
}

func TestTheButtonIsOffWhileTheShopBuys(t *testing.T) {
	shop := &Shop{
		Search: func(_ context.Context, what string) (string, error) { return what + " for 5", nil },
		Buy:    func(context.Context, string) error { return nil },
	}
	chat, _ := newChat(t, shop.Respond, nil)
	got := chat.Send("a ticket")
	got.AssertText(t, "Bought: a ticket for 5")
	if b := buttons(got); !slices.Equal(b, []bool{true, false, true}) {
		t.Errorf("button = %v, want on, off, on", b)
	}
}

func TestAClosedTabEndsATurnWithoutAButton(t *testing.T) {
	chat, ends := newChat(t, chatkittest.Script(chatkittest.AwaitEnd()), Never())
	live := chat.Begin("Hi")
	live.UntilEvent("stream_options")
	live.Leave()
	if end := <-ends; !errors.Is(end.Cause, chatkit.ErrDisconnected) {
		t.Errorf("end = %v, want %v: the button is only a button", end.Cause, chatkit.ErrDisconnected)
	}
}

func TestWhatHasBegunIsBroughtToItsEnd(t *testing.T) {
	buying, goOn := make(chan struct{}), make(chan struct{})
	bought := make(chan error, 1)
	shop := &Shop{
		Search: func(_ context.Context, what string) (string, error) { return what, nil },
		Buy: func(ctx context.Context, _ string) error {
			close(buying)
			<-goOn
			bought <- ctx.Err()
			return ctx.Err()
		},
	}
	chat, ends := newChat(t, shop.RespondWhole, nil)
	live := chat.Begin("a ticket")
	<-buying
	live.Close()
	close(goOn)
	if err := <-bought; err != nil {
		t.Errorf("the purchase ended with %v, want none", err)
	}
	if end := <-ends; !errors.Is(end.Cause, chatkit.ErrDisconnected) || end.Abandoned {
		t.Errorf("end = %v, left behind %v, want %v", end.Cause, end.Abandoned, chatkit.ErrDisconnected)
	}
}

func TestNothingStopsAnUnstoppableTurn(t *testing.T) {
	goOn := make(chan struct{})
	srv := chatkit.NewServer(memstore.New(), chatkittest.Script(chatkittest.Await(goOn), chatkittest.Say("Done.")), Unstoppable())
	chat := chatkittest.NewChat(t, srv)
	live := chat.Begin("Hi")
	live.UntilEvent("stream_options")
	live.Leave()

	cancel := map[string]any{"type": "runs.cancel", "params": map[string]any{"thread_id": chat.ThreadID}}
	var answer struct {
		Run string `json:"run_id"`
	}
	chatkittest.Fetch(t.Context(), t, srv, cancel, &answer)
	if answer.Run != "" || !chat.Busy() {
		t.Errorf("runs.cancel ended the turn %q, busy %v, want it to go on", answer.Run, chat.Busy())
	}
	if status, _ := chat.Refused("And now?"); status != http.StatusConflict {
		t.Errorf("a second message got %d, want 409", status)
	}
	again := chat.Rejoin()
	close(goOn)
	again.Finish().AssertText(t, "Done.")
}
