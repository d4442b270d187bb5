package storetest

import (
	"context"
	"errors"

	"github.com/gochatkit/chatkit/core"
)

var brokenBatches = []breakage{
	{"a batch reads around itself", []string{"a batch sees its own writes"}, func(m *mutant) {
		m.batch = func(ctx context.Context, owner string, fn func(chatkit.Store) error) error {
			return m.good.Batch(ctx, owner, func(s chatkit.Store) error {
				inner := newMutant() // its reads go to an empty store
				inner.putThread, inner.putItem, inner.deleteThread, inner.deleteItems = s.PutThread, s.PutItem, s.DeleteThread, s.DeleteItems
				return fn(inner)
			})
		}
	}},
	{"a batch is never stored", []string{"a batch without error is stored"}, func(m *mutant) {
		m.batch = func(ctx context.Context, owner string, fn func(chatkit.Store) error) error {
			var result error
			_ = m.good.Batch(ctx, owner, func(s chatkit.Store) error {
				result = fn(s)
				return errors.New("roll back")
			})
			return result
		}
	}},
	{"a batch is no transaction", []string{
		"a batch with an error leaves nothing behind", "a batch that panics leaves nothing behind", "nobody sees half a batch",
		"a batch serves its owner, until it ends",
	}, func(m *mutant) {
		m.batch = func(_ context.Context, _ string, fn func(chatkit.Store) error) error { return fn(m.good) }
	}},
	{"a batch swallows panics", []string{"a batch that panics leaves nothing behind"}, func(m *mutant) {
		m.batch = func(ctx context.Context, owner string, fn func(chatkit.Store) error) (err error) {
			defer func() {
				if recover() != nil {
					err = errors.New("panic")
				}
			}()
			return m.good.Batch(ctx, owner, fn)
		}
	}},
	{"a batch ignores its context", []string{"a cancelled context stops a batch"}, func(m *mutant) {
		m.batch = func(ctx context.Context, owner string, fn func(chatkit.Store) error) error {
			return m.good.Batch(context.WithoutCancel(ctx), owner, fn)
		}
	}},
}
