package nethttp

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"sync"
	"time"

	"github.com/gochatkit/chatkit/core/transport"
)

// stream implements transport.StreamWriter on an http.ResponseWriter.
type stream struct {
	w        http.ResponseWriter
	chain    layers
	flushers []*http.ResponseController
	cancel   context.CancelCauseFunc

	mu        sync.Mutex
	writing   bool
	written   chan struct{} // closed when the write under way returns; nil if nobody waits for it
	err       error         // why every later write fails
	deadline  time.Time     // for writes, if it is armed for each of them alone
	perWrite  bool          // HTTP/2: a deadline that passes resets the stream, even if nothing is being written
	aborted   bool
	ended     bool
	noControl bool // aborted, and there was no deadline to do it with
}

func newStream(w http.ResponseWriter, chain layers, flushers []http.ResponseWriter) *stream {
	st := &stream{w: w, chain: chain}
	for _, f := range flushers {
		st.flushers = append(st.flushers, http.NewResponseController(f))
	}
	return st
}

// pastDeadline is what Abort sets.
var pastDeadline = time.Unix(1, 0)

// settle is how long a cancelled request waits for a write under way before it counts as the client's leaving.
// net/http cancels the request from inside a write that fails, and the write's own error says more.
const settle = 10 * time.Millisecond

// context returns the context for the stream's function, and what ends it. It has the values of user. It is
// cut off from both contexts first, because only so a cause of our own can be put in.
func (st *stream) context(user, request context.Context) (context.Context, func()) {
	ctx, cancel := context.WithCancelCause(context.WithoutCancel(user))
	st.cancel = cancel

	var follow sync.WaitGroup
	watch := func(source context.Context) (stop func()) {
		follow.Add(1)
		stopWatch := context.AfterFunc(source, func() {
			defer follow.Done()
			st.awaitWrite()
			cancel(causeOf(source, request))
		})
		return func() {
			if stopWatch() {
				follow.Done()
			}
		}
	}
	stopRequest := watch(request)
	stopUser := func() {}
	if user != request {
		stopUser = watch(user)
	}
	return ctx, func() {
		stopUser()
		stopRequest()
		cancel(transport.ErrStreamEnded)
		follow.Wait()
		st.end()
	}
}

// causeOf says why source was cancelled. A server that loses a connection cancels the request without a cause of
// its own.
func causeOf(source, request context.Context) error {
	cause := context.Cause(source)
	if cause == context.Canceled && request.Err() != nil { //nolint:errorlint // a cause that wraps it says more, and is kept
		return transport.ErrPeerGone
	}
	return cause
}

func (st *stream) awaitWrite() {
	st.mu.Lock()
	if !st.writing {
		st.mu.Unlock()
		return
	}
	if st.written == nil {
		st.written = make(chan struct{})
	}
	written := st.written
	st.mu.Unlock()

	t := time.NewTimer(settle)
	defer t.Stop()
	select {
	case <-written:
	case <-t.C:
	}
}

func (st *stream) Write(p []byte) (int, error) {
	if err := st.beginWrite(); err != nil {
		return 0, err
	}
	n, err := st.w.Write(p)
	for i := 0; err == nil && i < len(st.flushers); i++ {
		err = st.flushers[i].Flush()
	}
	return n, st.endWrite(err)
}

func (st *stream) beginWrite() error {
	st.mu.Lock()
	defer st.mu.Unlock()
	if st.err != nil {
		return st.err
	}
	st.writing = true
	if st.perWrite && !st.deadline.IsZero() {
		_ = st.chain.setWriteDeadline(st.deadline)
	}
	return nil
}

func (st *stream) endWrite(err error) error {
	st.mu.Lock()
	defer st.mu.Unlock()
	if err != nil && st.err == nil {
		st.err = writeError(err)
		st.cancel(st.err)
	}
	if st.perWrite && !st.aborted {
		_ = st.chain.setWriteDeadline(time.Time{})
	}
	// Only now: who waits wants the write's own cause to come first.
	st.writing = false
	if st.written != nil {
		close(st.written)
		st.written = nil
	}
	return st.err
}

func writeError(err error) error {
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return fmt.Errorf("%w: %w", transport.ErrWriteTimeout, err)
	}
	return fmt.Errorf("%w: %w", transport.ErrWriteFailed, err)
}

func (st *stream) SetWriteDeadline(t time.Time) error {
	st.mu.Lock()
	defer st.mu.Unlock()
	switch {
	case st.aborted:
		return transport.ErrAborted
	case st.ended:
		return transport.ErrStreamEnded
	}
	st.deadline = t
	if st.perWrite && !st.writing && t.After(time.Now()) {
		return nil // it is armed with the next write
	}
	return st.chain.setWriteDeadline(t)
}

// Abort sets a write deadline in the past. Nothing gets through it, the end of the answer included, on
// HTTP/1 and HTTP/2, and whatever recovery middleware there is.
func (st *stream) Abort() {
	st.mu.Lock()
	defer st.mu.Unlock()
	if st.aborted || st.ended {
		return
	}
	st.aborted = true
	st.noControl = st.chain.setWriteDeadline(pastDeadline) != nil
	if st.err == nil {
		st.err = transport.ErrAborted
	}
	st.cancel(transport.ErrAborted)
}

// end keeps a late caller, a function that watches the context for example, away from a connection that is serving
// the next request by then.
func (st *stream) end() {
	st.mu.Lock()
	defer st.mu.Unlock()
	st.ended = true
	if st.err == nil {
		st.err = transport.ErrStreamEnded
	}
}

func (st *stream) needsPanic() bool {
	st.mu.Lock()
	defer st.mu.Unlock()
	return st.noControl
}
