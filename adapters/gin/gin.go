// Package ginchatkit serves ChatKit from a gin application.
package ginchatkit

import (
	"github.com/gin-gonic/gin"

	"github.com/gochatkit/chatkit/core/transport"
	"github.com/gochatkit/chatkit/core/transport/nethttp"
)

// Handler serves ChatKit requests with srv, which is a *chatkit.Server. It is safe for concurrent use.
//
// On r.POST it answers what ChatKit's client sends. [Mount] registers it for all methods, so that gin does not
// answer 404 to a GET, and so that a CORS middleware on a group sees the preflight.
//
// No middleware on the route may buffer the answer. Where one would, streaming requests are answered
// with 500 and the log names its writer.
func Handler(srv transport.Handler, opts ...Option) gin.HandlerFunc {
	c := newConfig(opts)
	return func(g *gin.Context) {
		// Nothing may run after the answer: what a later handler renders would land in the stream.
		defer g.Abort()
		o := nethttp.Options{MaxBodyBytes: c.maxBodyBytes}
		if c.context != nil {
			o.Context = c.context(g)
		}
		var refusal *transport.Refusal
		if c.propagate {
			o.Refuse = func(r *transport.Refusal) bool {
				refusal = r
				return false // gin has nobody else to answer
			}
		}
		nethttp.Serve(srv, g.Writer, g.Request, o)
		if refusal != nil {
			_ = g.Error(refusal) // returns what it has added
		}
	}
}

// Mount registers [Handler] for every method on path.
func Mount(r gin.IRoutes, path string, srv transport.Handler, opts ...Option) {
	r.Any(path, Handler(srv, opts...))
}
