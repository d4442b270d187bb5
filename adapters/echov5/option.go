package echov5chatkit

import (
	"context"

	"github.com/labstack/echo/v5"
)

// Option changes how [Handler] works.
type Option func(*config)

type config struct {
	context      func(*echo.Context) context.Context
	maxBodyBytes int64
	propagate    bool
}

func newConfig(opts []Option) *config {
	cfg := new(config)
	for _, o := range opts {
		o(cfg)
	}
	return cfg
}

// WithContext sets the context that the server, its hooks and its store see. Use it to carry over what
// middlewares have put into the echo context with c.Set, and derive the result from c.Request().Context(), whose
// cancellation ends the stream in any case. It must not lead to c itself: echo reuses it for the next
// request, while a turn may go on. Defaults to c.Request().Context().
func WithContext(f func(c *echo.Context) context.Context) Option {
	return func(cfg *config) { cfg.context = f }
}

// WithMaxBodyBytes limits the body of a request, in bytes; a larger one is answered with 413. Defaults to
// the server's own limit, which zero and negative numbers mean as well.
func WithMaxBodyBytes(n int64) Option {
	return func(cfg *config) { cfg.maxBodyBytes = n }
}

// WithErrorPropagation returns refused requests to the application's HTTPErrorHandler, as an *echo.HTTPError with
// the status, a message that is safe to show, and what lies behind it. Nothing is written then but
// headers such as Allow and Retry-After. Once a stream has begun the handler returns nil, whatever happens. By default the
// server answers refused requests itself, as ChatKit's client expects it.
func WithErrorPropagation() Option {
	return func(cfg *config) { cfg.propagate = true }
}
