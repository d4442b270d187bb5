package run

import (
	"context"
	"errors"
	"time"
)

// errUnanswered says that a call of the engine has not returned although its context has ended.
var errUnanswered = errors.New("engine does not answer")

// call makes one call of the engine, for Config.FinalizeTimeout at most. One that does not heed its context is left
// behind, with all it holds: nothing that it was given may be used again.
func call[T any](ctx context.Context, m *Manager, do func(ctx context.Context) (T, error)) (T, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, m.cfg.FinalizeTimeout, ErrDeadline)
	defer cancel()
	type result struct {
		value T
		err   error
	}
	answer := make(chan result, 1)
	go func() {
		value, err := do(ctx)
		answer <- result{value, err}
	}()
	got, ok := await(ctx, m, answer)
	if !ok {
		got.err = errUnanswered
	}
	return got.value, got.err
}

// callFinish is call for the engine's Finish.
func (m *Manager) callFinish(ctx context.Context, l *Lease, b Batch, o Outcome) error {
	_, err := call(ctx, m, func(ctx context.Context) (struct{}, error) { return struct{}{}, m.cfg.Engine.Finish(ctx, l, b, o) })
	return err
}

// await waits for what a call of the engine answers, a moment longer than the context lasts that the call has to
// heed. If that is not enough it reports false and counts the call as left behind.
func await[T any](ctx context.Context, m *Manager, answer <-chan T) (T, bool) {
	select {
	case got := <-answer:
		return got, true
	case <-ctx.Done():
	}
	moment := time.NewTimer(m.cfg.LeaseTTL / 20)
	defer moment.Stop()
	select {
	case got := <-answer:
		return got, true
	case <-moment.C:
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.leaked++
	var none T
	return none, false
}
