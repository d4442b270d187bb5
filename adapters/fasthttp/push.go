package fasthttpchatkit

import (
	"errors"
	"io"
)

// SupportsBodyWriteTo tells fasthttp, from version 1.74 on, that WriteTo writes the same bytes as Read would return.
func (s *stream) SupportsBodyWriteTo() bool { return true }

// WriteTo runs the function on the calling goroutine. For fasthttp from 1.74 on, that is the connection's, and
// each write becomes one chunk, is flushed, and fails with the socket's own error. Compressing middlewares call
// it, too. And everything that reads a response's body as a whole does, with a buffer to copy it to.
func (s *stream) WriteTo(w io.Writer) (int64, error) {
	if !s.begun.CompareAndSwap(false, true) {
		return 0, io.ErrClosedPipe
	}
	if _, buffering := w.(interface{ Bytes() []byte }); buffering {
		return 0, s.bypass()
	}
	var written int64
	s.begin(func(p []byte) error {
		n, err := w.Write(p)
		written += int64(n)
		return err
	})
	s.followServer()
	s.run()
	if err := s.end(); !errors.Is(err, io.EOF) {
		return written, err
	}
	return written, nil
}
