// Package nethttpchatkit serves ChatKit over net/http, and over every router that takes an http.Handler.
package nethttpchatkit

import (
	"net/http"

	"github.com/gochatkit/chatkit/core/transport"
	transporthttp "github.com/gochatkit/chatkit/core/transport/nethttp"
)

// Handler serves ChatKit requests with srv, which is a *chatkit.Server. Mount it on one path, for all
// methods: it answers other methods than POST itself, with 405. It is safe for concurrent use.
//
// No middleware around it may buffer the answer. Where one would, because its writer can neither
// flush nor be unwrapped, or because it is a timeout handler, streaming requests are answered with 500 and the
// log names the writer.
func Handler(srv transport.Handler, opts ...Option) http.Handler {
	c := newConfig(opts)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		o := transporthttp.Options{MaxBodyBytes: c.maxBodyBytes}
		if c.context != nil {
			o.Context = c.context(r)
		}
		transporthttp.Serve(srv, w, r, o)
	})
}
