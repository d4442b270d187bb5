package run

import (
	"context"
	"errors"
	"io"
	"math"
	"sync/atomic"
	"time"
)

// readLimit is how much a reader takes from the log at a time: one write's worth.
const readLimit = 64 << 10

// heartbeat is a comment line of the event stream format. One newline, not two: a blank line after a
// comment makes the official client's parser report an empty message.
const heartbeat = ": ping\n"

// A Reader is one client's view of a run: a cursor over its log. It costs no buffer, so that a slow
// reader costs nothing but its lag. Its methods are for one goroutine, except Close.
type Reader struct {
	run    *Run
	next   uint64        // number of the next event to read
	snap   []byte        // frames that stand for events the log no longer holds
	wake   chan struct{} // 1 slot: something may be there to read
	keeps  bool          // it stores what it reads in an engine
	closed atomic.Bool
	beat   atomic.Bool  // a heartbeat is due
	last   atomic.Int64 // when something was last read, nanoseconds since the manager's start

	sending atomic.Int64 // when the write under way began, 0 if there is none
	stuck   silence      // of that write; the run's
}

// Run returns the run that is read.
func (r *Reader) Run() *Run { return r.run }

func (r *Reader) signal() {
	select {
	case r.wake <- struct{}{}:
	default:
	}
}

// Next waits until there is something to send and returns dst with it appended: one or more whole
// server-sent events, or a comment line as a heartbeat. It takes everything there is, up to about
// 64 KB, so that one write carries all that came while the last one was in progress.
//
// It returns io.EOF after the last event of a run that has ended, and the context's cause when ctx
// ends first.
func (r *Reader) Next(ctx context.Context, dst []byte) ([]byte, error) {
	for {
		if ctx.Err() != nil {
			return dst, context.Cause(ctx)
		}
		if r.closed.Load() {
			return dst, ErrEnded
		}
		start := len(dst)
		var end bool
		dst, end = r.take(dst, readLimit)
		if len(dst) > start {
			r.beat.Store(false)
			r.last.Store(int64(r.run.m.now()))
			return dst, nil
		}
		if end {
			return dst, io.EOF
		}
		if r.beat.Swap(false) {
			r.last.Store(int64(r.run.m.now()))
			return append(dst, heartbeat...), nil
		}
		select {
		case <-r.wake:
		case <-ctx.Done():
		}
	}
}

// Rest returns dst with everything appended that there is to send, without waiting for more: whole
// server-sent events, as many as the log holds. The error is io.EOF if nothing will follow, and nil otherwise.
func (r *Reader) Rest(dst []byte) ([]byte, error) {
	dst, end := r.take(dst, math.MaxInt/2)
	if end {
		return dst, io.EOF
	}
	return dst, nil
}

// take appends what there is to send, up to about limit bytes, and reports whether the run has ended there.
func (r *Reader) take(dst []byte, limit int) ([]byte, bool) {
	for {
		if len(r.snap) > 0 {
			dst, r.snap = append(dst, r.snap...), nil
		}
		var end bool
		var err error
		dst, r.next, end, err = r.run.log.read(r, r.next, dst, limit, r.run.tag())
		if !errors.Is(err, errTrimmed) {
			return dst, end
		}
		r.reset()
	}
}

// Sending tells that what was read is being written to the client, until Seen is called. It is what a client
// that does not read is noticed by.
func (r *Reader) Sending() { r.sending.Store(max(1, int64(r.run.m.now()))) }

// Seen tells that everything read so far has reached the client. It feeds policies that cut what is
// stored at what was seen.
func (r *Reader) Seen() {
	r.sending.Store(0)
	for {
		seen := r.run.seen.Load()
		if seen >= r.next-1 || r.run.seen.CompareAndSwap(seen, r.next-1) {
			return
		}
	}
}

// reset puts the reader at the end of the log, behind a snapshot of the run's state.
func (r *Reader) reset() {
	r.snap, r.next = r.run.snapshot()
}

// Close says that the client is gone. If it was the run's last reader, the run's Disconnect policy
// decides what becomes of it. Closing twice does nothing. It is safe for concurrent use.
func (r *Reader) Close() {
	if r.closed.Swap(true) {
		return
	}
	r.signal()
	r.run.log.leave(r)
	r.run.detach(r)
}

// idle says since when nothing was read, in time since the manager's start.
func (r *Reader) idle() time.Duration { return time.Duration(r.last.Load()) }

// attach adds a reader that continues after the event with the given number.
func (r *Run) attach(after uint64) (*Reader, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.readers) >= r.m.cfg.MaxReaders {
		return nil, ErrTooManyReaders
	}
	reader := &Reader{run: r, next: after + 1, wake: make(chan struct{}, 1)}
	reader.last.Store(int64(r.m.now()))
	r.readers[reader] = struct{}{}
	if r.detached != nil {
		r.detached.Stop()
		r.detached = nil
	}
	return reader, nil
}

// detach takes a reader away. Whether it was the last one is decided in the same moment as the end of the run: a reader
// that attaches is in time, or knows that the run is over.
func (r *Run) detach(reader *Reader) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if _, ok := r.readers[reader]; !ok {
		return
	}
	delete(r.readers, reader)
	if len(r.readers) > 0 || r.phase >= finishing || r.cause != nil {
		return
	}
	wait := r.spec.Disconnect.wait(r.spec.Resumable, r.m.cfg.MaxDetached)
	if wait <= 0 {
		r.cancelLocked(&EndError{Reason: ErrDisconnected})
		return
	}
	var timer *time.Timer
	timer = time.AfterFunc(wait, func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		if r.detached == timer { // else somebody came back while it went off
			r.cancelLocked(&EndError{Reason: ErrDisconnected, By: "no reader came back"})
		}
	})
	r.detached = timer
}

func (r *Run) snapshot() ([]byte, uint64) {
	if r.spec.Snapshot == nil {
		return nil, r.log.Last() + 1
	}
	return r.spec.Snapshot()
}

// tag is what the ids of the run's events begin with; empty means that events carry no id.
func (r *Run) tag() string {
	if r.m.cfg.NoEventIDs {
		return ""
	}
	return tagOf(r.spec.ID)
}
