// Package fasthttpchatkit carries ChatKit requests over fasthttp. The fiber adapters stand on it, and
// [Handler] serves a bare fasthttp server.
//
// fasthttp tells a handler nothing about a client that leaves, runs streams after the handler has
// returned, and takes back all memory that it lent. So this package copies everything that outlives the
// handler, installs its own body stream, which the connection's goroutine drives and whose write errors are
// exact, and parks a watcher on Go's network poller that sees a client leave within a millisecond, without
// polling and without reading from the connection.
package fasthttpchatkit

import (
	"context"
	"log/slog"
	"net/http"
	"runtime/debug"
	"time"

	"github.com/valyala/fasthttp"

	"github.com/gochatkit/chatkit/core/transport"
)

// Options are the settings of one call of [Serve]. The zero value works.
type Options struct {
	// Context is what the handler sees as the request's context: see [WithContext]. Defaults to [Values]
	// of the request on a background context.
	Context context.Context

	// MaxBodyBytes limits the request body, in bytes. Defaults to what the handler says, and if that is
	// zero, too, to transport.DefaultMaxBodyBytes.
	MaxBodyBytes int64

	// UserTimeout is for how long what was sent may stay unacknowledged before the connection counts as
	// dead (TCP_USER_TIMEOUT). It is what notices a client whose network is gone, and works on Linux.
	// It is set on the connection when a stream begins, and stays. Defaults to 30 seconds; negative leaves the kernel's
	// default, which is many minutes.
	UserTimeout time.Duration

	// Refuse leaves refusals to the application: see [transport.Refuser]. It is called before anything is written, on
	// the goroutine of Serve, and at most once. If it returns true, the headers of the refusal are set and
	// nothing is written; the caller of Serve then owes the client an answer. If it returns false, the handler answers as
	// usual. Nil leaves all refusals to the handler.
	Refuse func(r *transport.Refusal) bool
}

const defaultUserTimeout = 30 * time.Second

// Serve answers the request f with h. When it returns, short answers are complete in f.Response, and a stream
// is set as its body stream, to run once the handler has returned. A panic of h is logged and
// answered with status 500, because on fasthttp it would end the process.
func Serve(h transport.Handler, f *fasthttp.RequestCtx, o Options) {
	ctx := o.Context
	if ctx == nil {
		ctx = Values(context.Background(), f)
	}
	res := &response{f: f, ctx: ctx, userTimeout: o.UserTimeout, refuse: o.Refuse}
	if res.userTimeout == 0 {
		res.userTimeout = defaultUserTimeout
	}
	defer func() {
		if r := recover(); r != nil {
			slog.ErrorContext(ctx, "chatkit: handler panicked", "panic", r, "stack", string(debug.Stack()))
			header := http.Header{"Content-Type": {"application/json"}}
			_ = res.Reply(http.StatusInternalServerError, header, []byte(`{"message":"An internal error has occurred."}`))
		}
	}()
	body := &bodyReader{f: f, limit: transport.BodyLimit(h, o.MaxBodyBytes)}
	h.Serve(&transport.Request{
		Context: ctx,
		Method:  string(f.Method()),
		Query:   string(f.URI().QueryString()),
		Header:  func(name string) string { return string(f.Request.Header.Peek(name)) },
		Body:    body.read,
	}, res)
}
