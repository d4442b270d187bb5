package agent

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
)

// A Guard looks at the input of a run and returns an error to refuse it. It has to end when ctx does.
type Guard func(ctx context.Context, input []json.RawMessage) error

// GuardError is the refusal of a guard. It is [ErrGuard], and whatever the guard returned.
type GuardError struct{ Err error }

// Error says what the guard said.
func (e *GuardError) Error() string { return fmt.Sprintf("%v: %v", ErrGuard, e.Err) }

// Unwrap returns ErrGuard and the guard's own error.
func (e *GuardError) Unwrap() []error { return []error{ErrGuard, e.Err} }

// guards run beside the model.
type guards struct {
	wg      sync.WaitGroup
	mu      sync.Mutex
	refusal error
}

// start runs all guards. The first that refuses ends the run.
func (g *guards) start(ctx context.Context, all []Guard, input []json.RawMessage, cancel context.CancelCauseFunc) {
	for _, guard := range all {
		g.wg.Go(func() {
			if err := guarded(ctx, guard, input); err != nil {
				g.mu.Lock()
				if g.refusal == nil && ctx.Err() == nil {
					g.refusal = &GuardError{err}
				}
				refusal := g.refusal
				g.mu.Unlock()
				if refusal != nil {
					cancel(refusal)
				}
			}
		})
	}
}

// guarded calls a guard. One that panics refuses.
func guarded(ctx context.Context, guard Guard, input []json.RawMessage) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("guard panicked: %v", v)
		}
	}()
	return guard(ctx, input)
}

// wait returns the refusal, if any, once all guards have ended.
func (g *guards) wait() error {
	g.wg.Wait()
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.refusal
}
