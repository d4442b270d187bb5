package chatkit

import (
	"context"
	"errors"
	"io"
	"sync"
	"time"

	"github.com/gochatkit/chatkit/core/transport"
)

// hello is the first thing on a stream: a comment, so that proxies that hold a header back until there
// is a body let it go at once.
const hello = ": chatkit\n"

// maxIdleBuffer is what an idle stream keeps for its next write.
const maxIdleBuffer = 16 << 10

// farewell bounds the last writes of a stream that has to end although its client is still there.
const farewell = time.Second

// An outgoing stream writes a result to its client. Its methods belong to one goroutine, except hurry.
type outgoing struct {
	w      transport.StreamWriter
	result *Result
	limit  writeLimit
	began  time.Time // of the request, if writes are to tell their time; see Options.Debug
	sent   int       // bytes
	writes int
}

// follow writes events as they come, until there are no more (io.EOF), a write fails, or ctx ends. It sleeps
// until there is something, and takes everything there is in one write.
func (o *outgoing) follow(ctx context.Context) error {
	buf := append(make([]byte, 0, 4<<10), hello...)
	for {
		if err := o.write(buf); err != nil {
			return err
		}
		var err error
		if buf, err = o.result.Next(ctx, buf[:0]); err != nil {
			return err
		}
		if cap(buf) > maxIdleBuffer && len(buf) < maxIdleBuffer {
			buf = append(make([]byte, 0, maxIdleBuffer), buf...) // a burst must not be paid for as long as the stream is open
		}
	}
}

// rest writes what is there already, and nothing that comes later.
func (o *outgoing) rest() error {
	o.hurry()
	buf, err := o.result.rest(nil)
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	return o.write(buf)
}

// hurry makes writes fail that are not done within the time for a farewell, the one under way included. It is
// safe for concurrent use.
func (o *outgoing) hurry() { o.limit.last(time.Now().Add(min(farewell, o.limit.timeout))) }

func (o *outgoing) write(p []byte) error {
	if len(p) == 0 {
		return nil
	}
	o.limit.extend()
	if !o.began.IsZero() {
		p = append(appendTick(nil, time.Since(o.began)), p...)
	}
	o.result.source.Sending()
	n, err := o.w.Write(p)
	o.sent += n
	o.writes++
	if err != nil {
		return err // the transport's causes say it all
	}
	o.result.source.Seen()
	return nil
}

// isGone reports whether a stream whose context ended with this cause has nobody to write to any more.
func isGone(cause error) bool {
	for _, gone := range []error{
		transport.ErrPeerGone, transport.ErrPeerReset, transport.ErrWriteFailed, transport.ErrWriteTimeout,
		transport.ErrAborted, transport.ErrDropped,
	} {
		if errors.Is(cause, gone) {
			return true
		}
	}
	return false
}

// A writeLimit keeps a write deadline ahead of the writes. Setting one costs as much as a small write, so
// it is only moved once a quarter of it has passed. It is safe for concurrent use.
type writeLimit struct {
	w       transport.StreamWriter
	timeout time.Duration

	mu   sync.Mutex
	set  time.Time
	done bool // the deadline is not to be moved any more
}

// extend moves the deadline if it is due.
func (l *writeLimit) extend() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if now := time.Now(); !l.done && now.Sub(l.set) > l.timeout/4 {
		l.set = now
		_ = l.w.SetWriteDeadline(now.Add(l.timeout)) // not every writer has deadlines
	}
}

// last sets a deadline that stays. Only the first one counts.
func (l *writeLimit) last(t time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.done {
		l.done = true
		_ = l.w.SetWriteDeadline(t)
	}
}

// lift removes the deadline for good, so that it does not hit the next answer on the connection.
func (l *writeLimit) lift() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.done = true
	_ = l.w.SetWriteDeadline(time.Time{})
}
