// Package echochatkit serves ChatKit from an echo v4 application.
package echochatkit

import (
	"github.com/labstack/echo/v4"

	"github.com/gochatkit/chatkit/core/transport"
	"github.com/gochatkit/chatkit/core/transport/nethttp"
)

// Handler serves ChatKit requests with srv, which is a *chatkit.Server. It is safe for concurrent use.
//
// It returns nil: answers, errors included, are written by the server, and an error handler that
// renders what a handler returns would add to a stream that has ended. [WithErrorPropagation] changes that for
// requests that are refused before an answer has begun.
//
// No middleware on the route may buffer the answer. Where one would, streaming requests are answered
// with 500 and the log names its writer; echo's own Timeout middleware is one.
func Handler(srv transport.Handler, opts ...Option) echo.HandlerFunc {
	cfg := newConfig(opts)
	return func(c echo.Context) error {
		o := nethttp.Options{MaxBodyBytes: cfg.maxBodyBytes}
		if cfg.context != nil {
			o.Context = cfg.context(c)
		}
		var refused error
		if cfg.propagate {
			o.Refuse = func(r *transport.Refusal) bool {
				refused = echo.NewHTTPError(r.Status, r.Message).SetInternal(r.Err)
				return true
			}
		}
		nethttp.Serve(srv, c.Response(), c.Request(), o)
		return refused
	}
}

// Router is an *echo.Echo or an *echo.Group.
type Router interface {
	// Any registers a handler for all methods.
	Any(path string, h echo.HandlerFunc, m ...echo.MiddlewareFunc) []*echo.Route
}

// Mount registers [Handler] for every method on path, so that the server itself answers other methods than POST, and
// middlewares see preflights.
func Mount(r Router, path string, srv transport.Handler, opts ...Option) {
	r.Any(path, Handler(srv, opts...))
}
