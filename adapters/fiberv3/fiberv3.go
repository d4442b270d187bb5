// Package fiberv3chatkit serves ChatKit from a fiber v3 application.
package fiberv3chatkit

import (
	"github.com/gofiber/fiber/v3"

	fasthttpchatkit "github.com/gochatkit/chatkit/adapters/fasthttp"
	"github.com/gochatkit/chatkit/core/transport"
)

// Handler serves ChatKit requests with srv, which is a *chatkit.Server. It is safe for concurrent use.
//
// The stream runs after the handler and all middlewares have returned. Middlewares that log or measure
// see a request of some microseconds; the server's own log has the real duration. A middleware
// that reads the answer's body, such as etag or a logger with ${resBody}, gets an empty one, and the stream goes
// around it; better it skips this route.
func Handler(srv transport.Handler, opts ...Option) fiber.Handler {
	cfg := newConfig(opts)
	return func(c fiber.Ctx) error {
		o := fasthttpchatkit.Options{
			Context:      cfg.context(c),
			MaxBodyBytes: cfg.maxBodyBytes,
			UserTimeout:  cfg.userTimeout,
		}
		var refused error
		if cfg.propagate {
			o.Refuse = func(r *transport.Refusal) bool {
				refused = fiber.NewError(r.Status, r.Message)
				return true
			}
		}
		fasthttpchatkit.Serve(srv, c.RequestCtx(), o)
		return refused
	}
}

// Mount registers [Handler] for every method on path, so that the server itself answers other methods than POST, and
// middlewares see preflights.
func Mount(r fiber.Router, path string, srv transport.Handler, opts ...Option) {
	r.All(path, Handler(srv, opts...))
}
