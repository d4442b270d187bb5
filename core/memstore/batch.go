package memstore

import (
	"context"
	"errors"
	"fmt"
	"sync"
)

// batch lets the Store given to a Batch function at the state, whose lock Batch holds.
type batch struct {
	mu    sync.Mutex // fn may use the batch from several goroutines
	state *state
	owner string
	ended bool
}

func (b *batch) read(ctx context.Context, owner string, fn func(*state) error) error {
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
	return fn(b.state)
}

func (b *batch) write(ctx context.Context, owner string, fn func(*state) error) error {
	return b.read(ctx, owner, fn)
}

func (b *batch) end() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.ended = true
}
