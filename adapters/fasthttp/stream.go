package fasthttpchatkit

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/valyala/fasthttp"

	"github.com/gochatkit/chatkit/core/transport"
)

// stream is the body stream of a response, and the writer of its function. fasthttp drives it on the
// connection's goroutine after the handler chain has returned, in one of three ways: Read pulls (pull.go), WriteTo
// pushes (push.go), or the connection is taken over (bypass.go). If it is closed before any of them, the
// answer was dropped.
type stream struct {
	f           *fasthttp.RequestCtx // not to be used once the handler chain has returned, but by bypass
	conn        net.Conn
	user        context.Context
	fn          func(context.Context, transport.StreamWriter)
	closing     <-chan struct{} // closed when the server shuts down
	userTimeout time.Duration

	begun  atomic.Bool
	ctx    context.Context
	cancel context.CancelCauseFunc
	follow sync.WaitGroup
	stop   []func()
	sink   func([]byte) error
	pull   pull

	mu       sync.Mutex
	err      error     // why every later write fails
	deadline time.Time // for writes
	sealed   bool      // the write deadline is not to be touched any more
}

func newStream(user context.Context, f *fasthttp.RequestCtx, fn func(context.Context, transport.StreamWriter), userTimeout time.Duration) *stream {
	return &stream{f: f, conn: f.Conn(), user: user, fn: fn, closing: f.Done(), userTimeout: userTimeout}
}

// begin prepares the context and the watcher. It has to be paired with end, and both run on the goroutine that
// fasthttp drives the stream with.
func (s *stream) begin(sink func([]byte) error) {
	s.sink = sink
	s.ctx, s.cancel = context.WithCancelCause(context.WithoutCancel(s.user))
	// A context that is already done was cancelled because a middleware has returned, which says nothing about the stream.
	if s.user.Err() == nil {
		s.follow.Add(1)
		stop := context.AfterFunc(s.user, func() {
			defer s.follow.Done()
			s.cancel(context.Cause(s.user))
		})
		s.stop = append(s.stop, func() {
			if stop() {
				s.follow.Done()
			}
		})
	}
	if raw := rawConn(s.conn); raw != nil {
		if s.userTimeout > 0 {
			setUserTimeout(raw, s.userTimeout)
		}
		s.stop = append(s.stop, watch(s.conn, raw, s.lost))
	}
}

// followServer cancels the context when the server shuts down. It is for streams whose function runs on the
// goroutine that drives them; the others have that goroutine look.
func (s *stream) followServer() {
	if s.closing == nil {
		return
	}
	s.follow.Go(func() {
		select {
		case <-s.closing:
			s.cancel(transport.ErrServerClosing)
		case <-s.ctx.Done():
		}
	})
}

// run calls the stream's function. A panic there would end the process.
func (s *stream) run() {
	defer func() {
		if r := recover(); r != nil {
			slog.ErrorContext(s.ctx, "chatkit: stream panicked", "panic", r, "stack", string(debug.Stack()))
			s.Abort()
		}
	}()
	s.fn(s.ctx, s)
}

// end gives everything back and says how the stream ended: io.EOF if well. The watcher has to be gone before
// fasthttp hears of the end, because it holds the connection's read lock.
func (s *stream) end() error {
	s.cancel(transport.ErrStreamEnded)
	for _, stop := range s.stop {
		stop()
	}
	s.follow.Wait()

	s.mu.Lock()
	defer s.mu.Unlock()
	sealed := s.sealed
	s.sealed = true // for a late caller: the connection may be serving the next request by then
	switch {
	case s.err == nil && !sealed:
		s.err = transport.ErrStreamEnded
		s.conn.SetWriteDeadline(time.Time{}) // or it would hit the next answer on this connection
		return io.EOF
	case errors.Is(s.err, transport.ErrAborted):
		return os.ErrDeadlineExceeded // which fasthttp does not log
	}
	return io.ErrUnexpectedEOF // likewise
}

// drop tells the function that there is nothing to stream to.
func (s *stream) drop() {
	s.ctx, s.cancel = context.WithCancelCause(context.WithoutCancel(s.user))
	s.cancel(transport.ErrDropped)
	s.err, s.sealed = transport.ErrDropped, true
	s.run()
}

// lost is called by the watcher when the client has left. A write that waits for the client fails at once.
func (s *stream) lost(cause error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err == nil {
		s.err = cause
	}
	s.seal()
	s.cancel(cause)
}

// seal makes all writes fail from now on.
func (s *stream) seal() {
	s.sealed = true
	s.conn.SetWriteDeadline(pastDeadline)
}

var pastDeadline = time.Unix(1, 0)

func (s *stream) Write(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil // an empty chunk would end the answer
	}
	if err := s.failure(); err != nil {
		return 0, err
	}
	err := s.sink(p)
	if err == nil {
		return len(p), nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err == nil {
		s.err = s.writeError(err)
		s.cancel(s.err)
	}
	return 0, s.err
}

func (s *stream) failure() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.err
}

// writeError says what a failed write means. Older versions of fasthttp close the stream without a reason, but
// then the deadline tells.
func (s *stream) writeError(err error) error {
	late := !s.deadline.IsZero() && !time.Now().Before(s.deadline)
	switch {
	case errors.Is(err, os.ErrDeadlineExceeded):
		return fmt.Errorf("%w: %w", transport.ErrWriteTimeout, err)
	case errors.Is(err, errClosed) && late:
		return fmt.Errorf("%w: %w", transport.ErrWriteTimeout, os.ErrDeadlineExceeded)
	case errors.Is(err, syscall.ECONNRESET):
		return fmt.Errorf("%w: %w: %w", transport.ErrWriteFailed, transport.ErrPeerReset, err)
	}
	return fmt.Errorf("%w: %w", transport.ErrWriteFailed, err)
}

func (s *stream) SetWriteDeadline(t time.Time) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.sealed {
		return s.err
	}
	s.deadline = t
	return s.conn.SetWriteDeadline(t)
}

// Abort makes fasthttp close the connection without the chunk that ends an answer.
func (s *stream) Abort() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.sealed {
		return
	}
	if s.err == nil {
		s.err = transport.ErrAborted
	}
	s.seal()
	s.cancel(transport.ErrAborted)
}
