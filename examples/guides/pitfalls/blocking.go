// Package pitfalls shows the mistakes that are easily made in Go, each beside the code that does it right.
// The guide is docs/pitfalls.md. The tests show what each mistake does.
package pitfalls

import (
	"context"
	"time"

	chatkit "github.com/gochatkit/chatkit/core"
)

// A bot answers with a model that takes its time.
type bot struct {
	// ask takes a context: the call ends with it.
	ask func(ctx context.Context, question string) (string, error)
	// askOld is a library from before there were contexts.
	askOld func(question string) (string, error)
}

func (b *bot) respondDeaf(ctx context.Context, t *chatkit.Turn) error {
	answer, err := b.ask(context.Background(), t.Input.Text()) // wrong: nothing ends this call
	if err != nil {
		return err
	}
	return t.Text(answer)
}

func (b *bot) respondListening(ctx context.Context, t *chatkit.Turn) error {
	answer, err := b.ask(ctx, t.Input.Text())
	if err != nil {
		return err
	}
	return t.Text(answer)
}

func (b *bot) respondAnyway(ctx context.Context, t *chatkit.Turn) error {
	type result struct {
		answer string
		err    error
	}
	done := make(chan result, 1) // with room for one: the goroutine ends although nobody listens
	go func() {
		answer, err := b.askOld(t.Input.Text())
		done <- result{answer, err}
	}()
	select {
	case r := <-done:
		if r.err != nil {
			return r.err
		}
		return t.Text(r.answer)
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// pause is time.Sleep for a turn.
func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
