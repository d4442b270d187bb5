// Package nethttp carries ChatKit requests over net/http, and over every framework whose handlers end in
// an http.ResponseWriter and an *http.Request: gin, echo, chi. The adapters for those are a few lines
// around [Serve].
//
// What it takes care of: the body is read to its end within a limit before a stream begins, because
// net/http notices a client's leaving only then; the writer is checked for layers that cannot flush
// before anything is committed; headers that middlewares have set are kept; write deadlines and flush
// errors are found behind wrappers that hide them.
package nethttp

import (
	"context"
	"net/http"
	"time"

	"github.com/gochatkit/chatkit/core/transport"
)

// Options are the settings of one call of [Serve]. The zero value works.
type Options struct {
	// Context is what the handler sees as the request's context. Cancelling it ends a stream, with its
	// cause. Defaults to the context of the *http.Request.
	Context context.Context

	// MaxBodyBytes limits the request body, in bytes. Defaults to what the handler says, and if that is
	// zero, too, to transport.DefaultMaxBodyBytes.
	MaxBodyBytes int64

	// BodyTimeout is how long the client may take to send its body. It is not used where the
	// *http.Server has a ReadTimeout, which then counts instead. Defaults to one minute; negative means no limit.
	BodyTimeout time.Duration

	// Refuse leaves refusals to the application: see [transport.Refuser]. It is called before anything is written, on
	// the goroutine of Serve, and at most once. If it returns true, the headers of the refusal are set and
	// nothing is written; the caller of Serve then owes the client an answer. If it returns false, the handler answers as
	// usual. Nil leaves all refusals to the handler.
	Refuse func(r *transport.Refusal) bool
}

const defaultBodyTimeout = time.Minute

// Serve answers r on w with h. It returns when the answer is complete, a stream included. It may end in a panic
// with http.ErrAbortHandler: that is how a stream is cut off where no write deadline can be set.
// Both w and r have to be the ones of the framework's current layer, so that compressors and counters
// around them see every byte.
func Serve(h transport.Handler, w http.ResponseWriter, r *http.Request, o Options) {
	ctx := o.Context
	if ctx == nil {
		ctx = r.Context()
	}
	chain := layersOf(w)
	body := &bodyReader{w: chain.innermost(), r: r, limit: transport.BodyLimit(h, o.MaxBodyBytes), timeout: o.BodyTimeout, control: chain}
	res := &response{w: w, r: r, ctx: ctx, chain: chain, refuse: o.Refuse}
	h.Serve(&transport.Request{
		Context: ctx,
		Method:  r.Method,
		Query:   r.URL.RawQuery,
		Header:  r.Header.Get,
		Body:    body.read,
	}, res)
	if res.cutOff {
		panic(http.ErrAbortHandler)
	}
}
