package nethttpchatkit

import (
	"context"
	"net/http"
)

// Option changes how [Handler] reads requests.
type Option func(*config)

type config struct {
	context      func(*http.Request) context.Context
	maxBodyBytes int64
}

func newConfig(opts []Option) *config {
	c := new(config)
	for _, o := range opts {
		o(c)
	}
	return c
}

// WithContext sets the context that the server, its hooks and its store see. Use it to carry over what the
// application keeps outside of the request's context, and derive the result from r.Context(), whose
// cancellation ends the stream in any case. Defaults to r.Context().
func WithContext(f func(r *http.Request) context.Context) Option {
	return func(c *config) { c.context = f }
}

// WithMaxBodyBytes limits the body of a request, in bytes; a larger one is answered with 413. Defaults to
// the server's own limit, which zero and negative numbers mean as well.
func WithMaxBodyBytes(n int64) Option {
	return func(c *config) { c.maxBodyBytes = n }
}
