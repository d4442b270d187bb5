package agent

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"time"

	chatkit "github.com/gochatkit/chatkit/core"
)

// Stream writes a run into a turn: text, thoughts, images and calls as they come, every item complete
// and stored at the end. It is all that a handler needs:
//
//	return agent.Stream(ctx, t, client.Responses(ctx, request))
//
// Its error is made to be returned from Respond: a *[chatkit.StreamError] with a text for the user, or
// the cause of a context that ended. Breaking off aborts the source.
func Stream(ctx context.Context, t *chatkit.Turn, src iter.Seq2[Event, error], opts ...Option) error {
	_, err := StreamOutcome(ctx, t, src, opts...)
	return err
}

// StreamOutcome is [Stream] for those who want to know how it went: the response's id, the tokens, the
// calls to answer. The outcome is never nil.
func StreamOutcome(ctx context.Context, t *chatkit.Turn, src iter.Seq2[Event, error], opts ...Option) (*Outcome, error) {
	b, err := BridgeTo(ctx, t, opts...)
	if err != nil {
		return &Outcome{Reason: ReasonFailed, Err: err}, err
	}
	o, err := b.Run(ctx, src)
	return o, b.shown(err)
}

// shown turns an error into one with a text for the user.
func (b *Bridge) shown(err error) error {
	var done *chatkit.StreamError
	if err == nil || errors.As(err, &done) {
		return err
	}
	describe := b.opts.describe
	if describe == nil {
		describe = Describe
	}
	f := describe(err)
	if f == nil {
		return err
	}
	return &chatkit.StreamError{Message: f.Message, AllowRetry: f.Retry, Err: err}
}

// BridgeTo starts a run that is shown in a turn, for sources that need the bridge while they run. See
// [Bridge.Run], which ends it. Until then, what anybody writes to the turn goes through the bridge: tools may
// use the turn's own methods.
func BridgeTo(ctx context.Context, t *chatkit.Turn, opts ...Option) (*Bridge, error) {
	var tail []chatkit.Item
	if t.Input == nil { // behind a message of the user there is nothing to continue
		for it, err := range t.History(ctx) {
			if err != nil {
				return nil, fmt.Errorf("look for an open workflow: %w", err)
			}
			if tail = append([]chatkit.Item{it}, tail...); len(tail) > 2 {
				tail = tail[:2]
			}
		}
	}
	b := NewBridge(turnTarget{t}, t.Thread.ID, tail, opts...)
	b.restore = t.Intercept(b.intercept)
	return b, nil
}

// turnTarget shows a run in a turn.
type turnTarget struct{ t *chatkit.Turn }

func (t turnTarget) Emit(e chatkit.Event) error { return t.t.Emit(e) }

func (t turnTarget) Keep(it chatkit.Item) error { return t.t.Keep(it) }

func (t turnTarget) Exclusive(fn func(emit func(chatkit.Event) error) error) error {
	return t.t.Exclusive(fn)
}

func (t turnTarget) NewID(kind chatkit.IDKind) string { return t.t.NewID(kind) }

func (t turnTarget) Now() time.Time { return t.t.NewItemMeta(chatkit.IDMessage).CreatedAt }
