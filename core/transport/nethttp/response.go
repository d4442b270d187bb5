package nethttp

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/gochatkit/chatkit/core/transport"
)

// replyTimeout is how long a client may take to read a complete answer.
const replyTimeout = 30 * time.Second

// response implements transport.Response on an http.ResponseWriter.
type response struct {
	w     http.ResponseWriter
	r     *http.Request
	ctx   context.Context
	chain layers

	refuse func(*transport.Refusal) bool // nil if the application leaves refusals to the handler
	// cutOff is set when a stream was aborted and only a panic can tell net/http so.
	cutOff bool
}

func (s *response) Reply(status int, h http.Header, body []byte) error {
	s.setHeader(h)
	// A client that does not read must not hold the body for ever. The server lifts it for its next request.
	_ = s.chain.setWriteDeadline(time.Now().Add(replyTimeout)) // not every writer has deadlines
	s.w.WriteHeader(status)
	if len(body) == 0 || s.r.Method == http.MethodHead {
		return nil
	}
	if _, err := s.w.Write(body); err != nil {
		return fmt.Errorf("write answer: %w", err)
	}
	return nil
}

// Refuse implements transport.Refuser.
func (s *response) Refuse(r *transport.Refusal) bool {
	if s.refuse == nil || !s.refuse(r) {
		return false
	}
	s.setHeader(r.Header)
	return true
}

func (s *response) Stream(h http.Header, fn func(context.Context, transport.StreamWriter)) error {
	flushers, err := s.chain.flushers()
	if err != nil {
		return err
	}
	s.setHeader(h)
	s.w.Header().Del("Content-Length")
	// Through the outermost writer and before anything else: echo does not take a flushed answer for committed.
	s.w.WriteHeader(http.StatusOK)

	st := newStream(s.w, s.chain, flushers)
	st.perWrite = s.r.ProtoMajor >= 2
	ctx, end := st.context(s.ctx, s.r.Context())
	returned := false
	defer func() {
		if !returned {
			st.Abort() // fn panicked: the client must not take what it has for the whole answer
		}
		end()
		s.cutOff = st.needsPanic()
	}()
	fn(ctx, st)
	returned = true
	return nil
}

// setHeader changes the header map in place and never replaces it: what middlewares have put there, CORS
// headers above all, has to go out too.
func (s *response) setHeader(h http.Header) {
	header := s.w.Header()
	for name, values := range h {
		header[http.CanonicalHeaderKey(name)] = append([]string(nil), values...)
	}
}
