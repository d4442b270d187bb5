package fasthttpchatkit

import (
	"errors"
	"io"

	"github.com/gochatkit/chatkit/core/transport"
)

// pull is the state of a stream that fasthttp reads from: all versions before 1.74 do. The function then runs on a
// goroutine of its own and hands each of its writes over; no bytes are kept in between.
type pull struct {
	full   chan []byte   // a write, handed to Read
	ack    chan struct{} // it has reached the socket
	closed chan struct{} // fasthttp has given up
	done   chan struct{} // the function has returned

	// Of the reading goroutine:
	rest     []byte // of the write that was handed over
	owed     bool   // that write is read to its end, and waits for its ack
	finished bool
	result   error // what Read returns at the end

	reason error // why it was closed, set before closed
}

// errClosed is the reason where fasthttp gives none.
var errClosed = errors.New("connection was closed")

func (s *stream) startPull() {
	s.pull = pull{
		full:   make(chan []byte),
		ack:    make(chan struct{}),
		closed: make(chan struct{}),
		done:   make(chan struct{}),
	}
	s.begin(s.handOver)
	go func() {
		defer close(s.pull.done)
		s.run()
	}()
}

// handOver gives p to Read and waits until fasthttp asks for more, by which it says that p has reached
// the socket. Once p is handed over nothing else may end the wait: fasthttp is reading it.
func (s *stream) handOver(p []byte) error {
	select {
	case s.pull.full <- p:
	case <-s.pull.closed:
		return s.pull.reason
	}
	select {
	case <-s.pull.ack:
		return nil
	case <-s.pull.closed:
		return s.pull.reason
	}
}

// Read is called by fasthttp on the connection's goroutine, which flushes what it gets before it calls again.
func (s *stream) Read(buf []byte) (int, error) {
	if s.begun.CompareAndSwap(false, true) {
		s.startPull()
	}
	p := &s.pull
	if p.full == nil {
		return 0, io.ErrClosedPipe // dropped, pushed or taken over before
	}
	if p.finished {
		return 0, p.result
	}
	if len(p.rest) == 0 {
		if p.owed {
			p.owed = false
			p.ack <- struct{}{}
		}
		if !s.await() {
			p.finished = true
			p.result = s.end()
			return 0, p.result
		}
	}
	n := copy(buf, p.rest)
	p.rest = p.rest[n:]
	p.owed = len(p.rest) == 0
	return n, nil
}

// await waits for the next write, or reports that the function has returned.
func (s *stream) await() bool {
	closing := s.closing
	for {
		select {
		case s.pull.rest = <-s.pull.full:
			return true
		case <-s.pull.done:
			return false
		case <-closing:
			s.cancel(transport.ErrServerClosing)
			closing = nil // once is enough
		}
	}
}

// Close is called by fasthttp when it is done with the stream, well or not.
func (s *stream) Close() error { return s.CloseWithError(errClosed) }

// CloseWithError is Close in versions of fasthttp that give a reason, which is nil after a good end.
func (s *stream) CloseWithError(reason error) error {
	if s.begun.CompareAndSwap(false, true) {
		s.drop()
		return nil
	}
	p := &s.pull
	if p.full == nil || p.finished {
		return nil
	}
	if reason == nil {
		reason = errClosed
	}
	p.finished, p.result, p.reason = true, reason, reason
	close(p.closed)
	s.closedEarly(reason)
	<-p.done
	_ = s.end() // fasthttp knows
	return nil
}

// closedEarly ends a function that is not writing at the moment.
func (s *stream) closedEarly(reason error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err == nil {
		s.err = s.writeError(reason)
	}
	s.cancel(s.err)
}
