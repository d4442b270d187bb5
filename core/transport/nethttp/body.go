package nethttp

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/gochatkit/chatkit/core/transport"
)

// bodyReader reads a request's body once.
type bodyReader struct {
	w       http.ResponseWriter // the innermost one: net/http asks it to close the connection after an oversized body
	r       *http.Request
	limit   int64
	timeout time.Duration
	control layers

	done bool
	data []byte
	err  error
}

func (b *bodyReader) read() ([]byte, error) {
	if !b.done {
		b.data, b.err = b.readAll()
		b.done = true
	}
	return b.data, b.err
}

func (b *bodyReader) readAll() ([]byte, error) {
	if enc := b.r.Header.Get("Content-Encoding"); enc != "" && !strings.EqualFold(enc, "identity") {
		return nil, fmt.Errorf("%w: %q", transport.ErrBodyEncoded, enc)
	}
	if b.r.ContentLength > b.limit {
		// Not reading it also spares the client the upload if it waits for "100 Continue".
		return nil, fmt.Errorf("%w: %d bytes, limit %d", transport.ErrBodyTooLarge, b.r.ContentLength, b.limit)
	}
	if b.r.Body == nil {
		return nil, nil
	}

	if d := b.readTimeout(); d > 0 && b.control.setReadDeadline(time.Now().Add(d)) == nil {
		// A read deadline that is still there while the answer streams would make net/http believe
		// that the client has left.
		defer func() { _ = b.control.setReadDeadline(time.Time{}) }()
	}
	data, err := io.ReadAll(http.MaxBytesReader(b.w, b.r.Body, b.limit))
	if err != nil {
		if tooLarge := new(http.MaxBytesError); errors.As(err, &tooLarge) {
			return nil, fmt.Errorf("%w: limit %d", transport.ErrBodyTooLarge, b.limit)
		}
		return nil, fmt.Errorf("read request body: %w", err)
	}
	return data, nil
}

// readTimeout is 0 where no deadline is to be set: the server has its own, and resetting the
// connection's deadline would lift it.
func (b *bodyReader) readTimeout() time.Duration {
	if srv, ok := b.r.Context().Value(http.ServerContextKey).(*http.Server); ok && srv.ReadTimeout > 0 {
		return 0
	}
	if b.timeout == 0 {
		return defaultBodyTimeout
	}
	return b.timeout
}
