package fasthttpchatkit

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"github.com/valyala/fasthttp"

	"github.com/gochatkit/chatkit/core/transport"
)

// bodyReader reads a request's body once, raw: fasthttp's and fiber's helpers that decompress do so without a
// limit.
type bodyReader struct {
	f     *fasthttp.RequestCtx
	limit int64

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
	req := &b.f.Request
	if enc := string(req.Header.Peek("Content-Encoding")); enc != "" && !strings.EqualFold(enc, "identity") {
		b.refuse()
		return nil, fmt.Errorf("%w: %q", transport.ErrBodyEncoded, enc)
	}
	if n := int64(req.Header.ContentLength()); n > b.limit {
		b.refuse()
		return nil, fmt.Errorf("%w: %d bytes, limit %d", transport.ErrBodyTooLarge, n, b.limit)
	}
	if !req.IsBodyStream() {
		if n := int64(len(req.Body())); n > b.limit {
			return nil, fmt.Errorf("%w: %d bytes, limit %d", transport.ErrBodyTooLarge, n, b.limit)
		}
		return bytes.Clone(req.Body()), nil
	}

	// With StreamRequestBody the server's own limit does not apply.
	data, err := io.ReadAll(io.LimitReader(b.f.RequestBodyStream(), b.limit+1))
	if err != nil {
		b.refuse()
		return nil, fmt.Errorf("read request body: %w", err)
	}
	if int64(len(data)) > b.limit {
		b.refuse()
		return nil, fmt.Errorf("%w: limit %d", transport.ErrBodyTooLarge, b.limit)
	}
	return data, nil
}

// refuse gives up a connection whose request has not been read to its end.
func (b *bodyReader) refuse() {
	if b.f.Request.IsBodyStream() {
		b.f.SetConnectionClose()
	}
}
