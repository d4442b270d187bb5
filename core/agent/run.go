package agent

import (
	"context"
	"errors"
	"fmt"
	"iter"

	chatkit "github.com/gochatkit/chatkit/core"
	"github.com/gochatkit/chatkit/core/run"
)

// Run shows all events of a source and ends the run. A source that fails, a response that failed and a
// context that ended are its errors; what was said until then stays on the screen.
func (b *Bridge) Run(ctx context.Context, src iter.Seq2[Event, error]) (*Outcome, error) {
	err := b.drain(ctx, src, nil)
	if err != nil && !errors.Is(err, ErrTooLong) {
		return b.Fail(err), err
	}
	return b.Close()
}

// drain shows all events of a source. see gets them too, if it is not nil.
func (b *Bridge) drain(ctx context.Context, src iter.Seq2[Event, error], see func(Event)) error {
	defer phase(ctx, run.PhaseModel)()
	for e, err := range src {
		// A source whose request was cancelled reports what the transport makes of that.
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if err != nil {
			return err
		}
		if err := b.Handle(ctx, e); err != nil {
			return err
		}
		if see != nil {
			see(e)
		}
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return b.ending()
}

// phase tells the turn that ctx belongs to, if there is one, what it is occupied with until end is called.
func phase(ctx context.Context, what string) (end func()) {
	if t, ok := chatkit.TurnFrom(ctx); ok {
		return t.Phase(what)
	}
	return func() {}
}

// ending returns the error that the last response ended with.
func (b *Bridge) ending() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch o := &b.outcome; {
	case b.opts.parity && o.Reason != ReasonFailed:
		return nil
	case o.Reason == ReasonFailed:
		if o.Err == nil {
			o.Err = &Error{Message: "response failed"}
		}
		return fmt.Errorf("response %s: %w", orNone(o.ResponseID), o.Err)
	case o.Reason == ReasonCancelled:
		return fmt.Errorf("response %s: %w", orNone(o.ResponseID), errCancelled)
	case b.opts.incompleteErr && (o.Reason == ReasonLength || o.Reason == ReasonContentFilter):
		return incompleteError(o.Reason)
	}
	return nil
}

// errCancelled says that somebody stopped a response at the provider.
var errCancelled = errors.New("response was cancelled at the provider")

func orNone(id string) string {
	if id == "" {
		return "without an id"
	}
	return id
}
