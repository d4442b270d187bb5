package ginchatkit

import (
	"context"

	"github.com/gin-gonic/gin"
)

// Option changes how [Handler] works.
type Option func(*config)

type config struct {
	context      func(*gin.Context) context.Context
	maxBodyBytes int64
	propagate    bool
}

func newConfig(opts []Option) *config {
	c := new(config)
	for _, o := range opts {
		o(c)
	}
	return c
}

// WithContext sets the context that the server, its hooks and its store see. Use it to carry over what
// middlewares have put into the gin context with c.Set, and derive the result from c.Request.Context(), whose
// cancellation ends the stream in any case. Do not return the gin context itself: gin reuses it for the next
// request, while a turn may go on. Defaults to c.Request.Context().
func WithContext(f func(c *gin.Context) context.Context) Option {
	return func(c *config) { c.context = f }
}

// WithMaxBodyBytes limits the body of a request, in bytes; a larger one is answered with 413. Defaults to
// the server's own limit, which zero and negative numbers mean as well.
func WithMaxBodyBytes(n int64) Option {
	return func(c *config) { c.maxBodyBytes = n }
}

// WithErrorPropagation adds refused requests to c.Errors, as a *transport.Refusal, for middlewares that log or count
// them. The client gets the server's own answer all the same, which is written by then: a middleware that
// renders c.Errors has to ask c.Writer.Written() first. What goes wrong once a stream has begun is not added.
func WithErrorPropagation() Option {
	return func(c *config) { c.propagate = true }
}
