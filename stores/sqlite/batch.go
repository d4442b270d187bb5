package sqlitestore

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/gochatkit/chatkit/core"
)

var errAbandoned = errors.New("batch function did not return")

// Batch implements [chatkit.Batcher] with a transaction. Other writes wait while fn
// runs; reads do not.
func (s *Store) Batch(ctx context.Context, owner string, fn func(chatkit.Store) error) error {
	// fn runs here and not in the writer's goroutine, so that its panics are the
	// caller's. The writer's job is only to lend its connection.
	lent := make(chan *statements)
	verdict := make(chan error)
	j := newJob(func(_ context.Context, st *statements) error {
		lent <- st
		return <-verdict
	})
	if err := s.writer.submit(ctx, j); err != nil {
		return err
	}
	done := ctx.Done()
	for {
		select {
		case st := <-lent:
			return runBatch(&batch{statements: st, owner: owner}, fn, verdict, j.done)
		case err := <-j.done:
			return err // there was no transaction to run in
		case <-done:
			if j.giveUp() {
				return ctx.Err()
			}
			done = nil
		}
	}
}

func runBatch(b *batch, fn func(chatkit.Store) error, verdict chan<- error, done <-chan error) (err error) {
	err = errAbandoned // stays if fn panics or ends its goroutine
	defer func() {
		b.end()
		verdict <- err
		err = <-done
	}()
	err = fn(view{b})
	return err
}

// batch lets the Store given to a Batch function at the writer's connection.
type batch struct {
	mu         sync.Mutex // fn may use the batch from several goroutines
	statements *statements
	owner      string
	ended      bool
}

func (b *batch) read(ctx context.Context, owner string, fn func(context.Context, *statements) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if owner != b.owner {
		return fmt.Errorf("batch of owner %q used for owner %q", b.owner, owner)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.ended {
		return errors.New("batch used after its end")
	}
	// An interrupted write would roll back the whole transaction, other writers' part too.
	return fn(context.WithoutCancel(ctx), b.statements)
}

func (b *batch) write(ctx context.Context, owner string, fn func(context.Context, *statements) error) error {
	return b.read(ctx, owner, fn)
}

func (b *batch) end() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.ended = true
}
