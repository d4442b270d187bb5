package chatkittest

import (
	"context"

	chatkit "github.com/gochatkit/chatkit/core"
)

// A Step is one thing that a [Script] does. An error ends the script, and the
// turn with it.
type Step func(ctx context.Context, t *chatkit.Turn) error

// Script returns a RespondFunc that takes the steps in order, every time it is
// called. Without steps it says nothing.
func Script(steps ...Step) chatkit.RespondFunc {
	return func(ctx context.Context, t *chatkit.Turn) error {
		for _, step := range steps {
			if err := step(ctx, t); err != nil {
				return err
			}
		}
		return nil
	}
}

// Say answers with a whole message.
func Say(markdown string) Step {
	return func(_ context.Context, t *chatkit.Turn) error { return t.Text(markdown) }
}

// Emit emits the events in order. The script may run many times: events are
// copied before each use.
func Emit(events ...chatkit.Event) Step {
	return func(_ context.Context, t *chatkit.Turn) error {
		for _, e := range events {
			if err := t.Emit(chatkit.CloneEvent(e)); err != nil {
				return err
			}
		}
		return nil
	}
}

// Change changes the thread: its title, status, image domains or metadata.
func Change(fn func(*chatkit.Thread)) Step {
	return func(_ context.Context, t *chatkit.Turn) error { return t.UpdateThread(fn) }
}

// Fail ends the turn with err.
func Fail(err error) Step {
	return func(context.Context, *chatkit.Turn) error { return err }
}

// Await goes on when c is closed or has a value. It ends with the turn, if that
// ends first.
func Await(c <-chan struct{}) Step {
	return func(ctx context.Context, _ *chatkit.Turn) error {
		select {
		case <-c:
			return nil
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

// Tell closes c, which tells a test that the script has come this far. A script
// with it must not run twice.
func Tell(c chan<- struct{}) Step {
	return func(context.Context, *chatkit.Turn) error {
		close(c)
		return nil
	}
}

// AwaitEnd waits for the turn to be ended from outside, as an answer does that
// takes for ever: by the user's stop, by a newer message, by a shutdown.
func AwaitEnd() Step {
	return func(ctx context.Context, _ *chatkit.Turn) error {
		<-ctx.Done()
		return context.Cause(ctx)
	}
}
