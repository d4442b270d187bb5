package fasthttpchatkit

import (
	"context"
	"time"

	"github.com/valyala/fasthttp"

	"github.com/gochatkit/chatkit/core/transport"
)

// Handler serves ChatKit requests with srv, which is a *chatkit.Server, on a bare fasthttp server. Route all
// methods of one path to it. It is safe for concurrent use.
func Handler(srv transport.Handler, opts ...Option) fasthttp.RequestHandler {
	c := new(config)
	for _, o := range opts {
		o(c)
	}
	return func(f *fasthttp.RequestCtx) {
		o := Options{MaxBodyBytes: c.maxBodyBytes, UserTimeout: c.userTimeout}
		if c.context != nil {
			o.Context = c.context(f)
		}
		Serve(srv, f, o)
	}
}

// Option changes how [Handler] works.
type Option func(*config)

type config struct {
	context      func(*fasthttp.RequestCtx) context.Context
	maxBodyBytes int64
	userTimeout  time.Duration
}

// WithContext sets the context that the server, its hooks and its store see. The stream runs after the
// handler has returned and fasthttp has taken the RequestCtx back, so the result must not be the RequestCtx, and
// must not lead to it; [Values] makes a copy of what it holds. Defaults to that copy.
//
// Cancelling the result ends the stream, unless it is cancelled by the time the stream begins, as contexts are
// that a middleware cancels when it returns.
func WithContext(f func(*fasthttp.RequestCtx) context.Context) Option {
	return func(c *config) { c.context = f }
}

// WithMaxBodyBytes limits the body of a request, in bytes; a larger one is answered with 413. Defaults to
// the server's own limit, which zero and negative numbers mean as well. The MaxRequestBodySize of the
// fasthttp server, 4 MiB by default, applies before.
func WithMaxBodyBytes(n int64) Option {
	return func(c *config) { c.maxBodyBytes = n }
}

// WithUserTimeout sets for how long what was sent may stay unacknowledged before the connection counts as
// dead: see [Options]. Defaults to 30 seconds, which zero means as well; a negative duration leaves the decision to the kernel.
func WithUserTimeout(d time.Duration) Option {
	return func(c *config) { c.userTimeout = d }
}
