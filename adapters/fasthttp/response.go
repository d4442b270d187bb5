package fasthttpchatkit

import (
	"context"
	"net/http"
	"time"

	"github.com/valyala/fasthttp"

	"github.com/gochatkit/chatkit/core/transport"
)

// response implements transport.Response on a fasthttp request.
type response struct {
	f           *fasthttp.RequestCtx
	ctx         context.Context
	userTimeout time.Duration
	refuse      func(*transport.Refusal) bool // nil if the application leaves refusals to the handler
}

func (s *response) Reply(status int, h http.Header, body []byte) error {
	s.f.SetStatusCode(status)
	s.setHeader(h)
	s.f.Response.SetBody(body) // copies
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
	s.f.SetStatusCode(http.StatusOK)
	s.setHeader(h)
	s.f.Response.SetBodyStream(newStream(s.ctx, s.f, fn, s.userTimeout), -1)
	return nil
}

func (s *response) setHeader(h http.Header) {
	for name, values := range h {
		s.f.Response.Header.Del(name)
		for _, v := range values {
			s.f.Response.Header.Add(name, v)
		}
	}
}
