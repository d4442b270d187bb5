package chatkit

import (
	"context"
	"fmt"
	"sync"
)

// threadLocks serialize what changes a thread's own fields: a rename while a turn sets the title must not
// lose either.
type threadLocks struct {
	mu    sync.Mutex
	known map[threadKey]*threadLock // those that somebody has or waits for
}

type threadKey struct{ owner, thread string }

type threadLock struct {
	pen   pen
	users int // guarded by threadLocks.mu
}

// lock waits for a thread until ctx ends.
func (l *threadLocks) lock(ctx context.Context, owner, thread string) (unlock func(), err error) {
	key := threadKey{owner, thread}
	one := l.join(key)
	if !one.pen.takeBefore(ctx) {
		l.leave(key, one)
		return nil, fmt.Errorf("wait for thread %s: %w", thread, context.Cause(ctx))
	}
	return func() {
		one.pen.put()
		l.leave(key, one)
	}, nil
}

func (l *threadLocks) join(key threadKey) *threadLock {
	l.mu.Lock()
	defer l.mu.Unlock()
	one := l.known[key]
	if one == nil {
		one = &threadLock{pen: newPen()}
		if l.known == nil {
			l.known = map[threadKey]*threadLock{}
		}
		l.known[key] = one
	}
	one.users++
	return one
}

func (l *threadLocks) leave(key threadKey, one *threadLock) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if one.users--; one.users == 0 {
		delete(l.known, key)
	}
}
