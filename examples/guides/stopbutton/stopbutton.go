// Package stopbutton shows how to take the Stop button away, and what that does not do. The guide is
// docs/stop-button.md.
package stopbutton

import (
	"context"
	"errors"
	"time"

	chatkit "github.com/gochatkit/chatkit/core"
	"github.com/gochatkit/chatkit/core/run"
)

// Never is for a server whose answers are not to be stopped.
func Never() *chatkit.Options {
	return &chatkit.Options{
		StreamOptions: func(context.Context, *chatkit.Thread) chatkit.StreamOptions {
			return chatkit.StreamOptions{AllowCancel: false}
		},
	}
}

// PerThread decides by what is known of the thread.
func PerThread() *chatkit.Options {
	return &chatkit.Options{
		StreamOptions: func(_ context.Context, th *chatkit.Thread) chatkit.StreamOptions {
			return chatkit.StreamOptions{AllowCancel: th.Metadata["kind"] != "payment"}
		},
	}
}

// A Shop sells tickets.
type Shop struct {
	Search func(ctx context.Context, what string) (offer string, err error)
	Buy    func(ctx context.Context, offer string) error
}

// Respond has the button on while it searches, and off while it buys.
func (s *Shop) Respond(ctx context.Context, t *chatkit.Turn) error {
	offer, err := s.Search(ctx, t.Input.Text())
	if err != nil {
		return err
	}
	if err := allowStop(t, false); err != nil {
		return err
	}
	if err := s.Buy(ctx, offer); err != nil {
		return err
	}
	if err := allowStop(t, true); err != nil {
		return err
	}
	return t.Text("Bought: " + offer)
}

// allowStop switches the Stop button on or off for the rest of the turn.
func allowStop(t *chatkit.Turn, on bool) error {
	return t.Emit(&chatkit.StreamOptionsEvent{StreamOptions: chatkit.StreamOptions{AllowCancel: on}})
}

// RespondWhole buys also if the user is gone by then: what has begun is brought to its end.
func (s *Shop) RespondWhole(ctx context.Context, t *chatkit.Turn) error {
	offer, err := s.Search(ctx, t.Input.Text())
	if err != nil {
		return err
	}
	whole, cancel := context.WithTimeout(context.WithoutCancel(ctx), 4*time.Second) // less than Run.StopTimeout, 5 s
	defer cancel()
	if err := s.Buy(whole, offer); err != nil {
		return err
	}
	return t.Text("Bought: " + offer) // refused if the turn is over
}

// Unstoppable is for turns that end when they are done, whatever the user does.
func Unstoppable() *chatkit.Options {
	return &chatkit.Options{
		StreamOptions: func(context.Context, *chatkit.Thread) chatkit.StreamOptions {
			return chatkit.StreamOptions{AllowCancel: false} // no button
		},
		Disconnect: run.Keep(0), // a closed tab ends nothing
		TurnPolicy: func(_ context.Context, _ chatkit.TurnRequest, p *chatkit.TurnPolicy) {
			p.Thread = run.Reject // a second message is refused with 409 meanwhile
		},
		Authorize: func(_ context.Context, a chatkit.Access) error {
			if a.Verb == chatkit.VerbCancel {
				return errNoStop // nor does runs.cancel
			}
			return nil
		},
	}
}

var errNoStop = errors.New("these turns are not to be stopped")
