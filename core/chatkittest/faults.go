package chatkittest

import (
	"context"
	"strings"
	"sync"
	"time"

	chatkit "github.com/gochatkit/chatkit/core"
)

// A Fault is something that goes wrong in a store. Its zero value is harmless.
type Fault struct {
	// Call is the method that goes wrong, such as "PutItem". Empty means every method.
	Call string
	// Nth is which of the calls: 1 for the next that matches, 2 for the one behind
	// it. Zero means all of them.
	Nth int
	// Delay is how long the call waits before it does anything. The end of its
	// context ends the wait, and the call.
	Delay time.Duration
	// Block makes the call wait until Block is closed or has a value. The end of its
	// context ends the wait, and the call.
	Block <-chan struct{}
	// Entered is closed when the first call that matches comes in.
	Entered chan<- struct{}
	// Err is what the call returns. Nil lets it go through.
	Err error
	// Late makes the call do its work before it returns Err: an answer that got lost.
	Late bool
}

// Faults makes stores go wrong and keeps a record of what was asked of them.
// Its zero value is ready. It is safe for concurrent use.
type Faults struct {
	mu    sync.Mutex
	rules []*rule
	calls []string
}

type rule struct {
	Fault
	seen    int
	entered bool
}

// Add adds faults. A call meets the first that fits it.
func (f *Faults) Add(faults ...Fault) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, x := range faults {
		f.rules = append(f.rules, &rule{Fault: x})
	}
}

// Clear removes all faults and forgets the calls.
func (f *Faults) Clear() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.rules, f.calls = nil, nil
}

// Calls returns the calls so far, in the order in which they began: the method
// and the ids it was given, such as "PutItem thr_1 msg_2".
func (f *Faults) Calls() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]string(nil), f.calls...)
}

// Wrap returns a store that works like s but for the faults. It implements
// [chatkit.Batcher] if s does; "Batch" is then a call too, and so is each call
// within.
func (f *Faults) Wrap(s chatkit.Store) chatkit.Store {
	w := &faultyStore{f, s}
	if b, ok := s.(chatkit.Batcher); ok {
		return &faultyBatcher{w, b}
	}
	return w
}

// call runs do with whatever fault the call meets.
func (f *Faults) call(ctx context.Context, do func() error, method string, ids ...string) error {
	f.mu.Lock()
	f.calls = append(f.calls, strings.Join(append([]string{method}, ids...), " "))
	var hit Fault
	for _, r := range f.rules {
		if r.Call != "" && r.Call != method {
			continue
		}
		r.seen++
		if r.Nth != 0 && r.Nth != r.seen {
			continue
		}
		if !r.entered && r.Entered != nil {
			close(r.Entered)
		}
		r.entered = true
		hit = r.Fault
		break
	}
	f.mu.Unlock()

	if hit.Delay > 0 {
		timer := time.NewTimer(hit.Delay)
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	if hit.Block != nil {
		select {
		case <-hit.Block:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	if hit.Err != nil && !hit.Late {
		return hit.Err
	}
	if err := do(); err != nil {
		return err
	}
	return hit.Err
}

// faulty runs a call with a result. A result that comes with an error is dropped.
func faulty[T any](ctx context.Context, f *Faults, do func() (T, error), method string, ids ...string) (T, error) {
	var v T
	err := f.call(ctx, func() (err error) {
		v, err = do()
		return err
	}, method, ids...)
	if err != nil {
		var none T
		return none, err
	}
	return v, nil
}

type faultyBatcher struct {
	*faultyStore
	batcher chatkit.Batcher
}

func (s *faultyBatcher) Batch(ctx context.Context, owner string, fn func(chatkit.Store) error) error {
	return s.faults.call(ctx, func() error {
		return s.batcher.Batch(ctx, owner, func(tx chatkit.Store) error {
			return fn(&faultyStore{s.faults, tx})
		})
	}, "Batch")
}
