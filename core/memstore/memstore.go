// Package memstore keeps threads in memory. It is the store for tests, examples and
// servers that may forget everything at a restart, and the measure the conformance
// suite in package storetest was written against.
package memstore

import (
	"context"
	"sync"
	"time"

	"github.com/gochatkit/chatkit/core"
)

// Store implements [chatkit.Store] and [chatkit.Batcher] in memory. Values are kept as
// their stored JSON, so nothing that was put in or handed out is shared with it. Make
// one with [New]. It is safe for concurrent use; readers do not wait for each other.
//
// A page costs O(log n) for its cursor and then its length, hidden items it steps over
// included. Nothing is ever dropped unless [WithMaxThreads] or [WithMaxAge] is given.
type Store struct {
	view
	mu    sync.RWMutex
	state state
}

var (
	_ chatkit.Store   = (*Store)(nil)
	_ chatkit.Batcher = (*Store)(nil)
)

// New returns an empty store.
func New(opts ...Option) *Store {
	s := &Store{state: state{owners: make(map[string]*owner)}}
	s.view = view{s}
	for _, o := range opts {
		o(&s.state)
	}
	return s
}

// Option configures a [Store].
type Option func(*state)

// WithMaxThreads keeps at most n threads, those of all owners together. A write that
// makes it more drops the threads that were written to longest ago, with their items
// and attachment records. Zero or less means no bound, which is the default.
func WithMaxThreads(n int) Option {
	return func(s *state) { s.maxThreads = n }
}

// WithMaxAge drops threads that were not written to for longer than d, with their
// items and attachment records. They go at the next write to the store, of any owner.
// Zero or less means no bound, which is the default.
func WithMaxAge(d time.Duration) Option {
	return func(s *state) { s.maxAge = d }
}

// Batch implements [chatkit.Batcher]. While fn runs, all other calls to s wait.
func (s *Store) Batch(ctx context.Context, owner string, fn func(chatkit.Store) error) (err error) {
	if err := ctx.Err(); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()

	tx := &batch{state: &s.state, owner: owner}
	s.state.beginUndo()
	committed := false
	defer func() {
		tx.end()
		s.state.endUndo(!committed)
	}()
	if err := fn(view{tx}); err != nil {
		return err
	}
	committed = true
	s.state.evict(time.Now())
	return nil
}

func (s *Store) read(ctx context.Context, _ string, fn func(*state) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	return fn(&s.state)
}

func (s *Store) write(ctx context.Context, _ string, fn func(*state) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := fn(&s.state); err != nil {
		return err
	}
	s.state.evict(time.Now())
	return nil
}
