package transport

import (
	"context"
	"net/http"
	"time"
)

// A Handler answers ChatKit requests. *chatkit.Server is one; adapters accept the interface so that they
// can be tested without it.
type Handler interface {
	// Serve answers req with exactly one answer on res. When it returns, an adapter may take back
	// everything it lent through req. A stream that Serve has started may outlive it, see
	// [Response.Stream]. It is called from many goroutines at once.
	Serve(req *Request, res Response)

	// MaxBodyBytes is the largest request body, in bytes, that an adapter reads for this handler.
	// Zero or less means [DefaultMaxBodyBytes].
	MaxBodyBytes() int64
}

// DefaultMaxBodyBytes is the limit for a request body, in bytes, where neither the handler nor the
// adapter's options name one: 8 MiB, which holds several minutes of dictation in base64.
const DefaultMaxBodyBytes int64 = 8 << 20

// BodyLimit returns the largest request body, in bytes, that an adapter reads for h. That is own, the limit among the
// adapter's options, or if that is zero or less what h says, and if that is, too, [DefaultMaxBodyBytes].
func BodyLimit(h Handler, own int64) int64 {
	if own > 0 {
		return own
	}
	if n := h.MaxBodyBytes(); n > 0 {
		return n
	}
	return DefaultMaxBodyBytes
}

// Request is one HTTP request. It and its functions belong to the goroutine that runs [Handler.Serve] and
// are valid until Serve returns, with the exceptions named below.
type Request struct {
	// Context carries the values that the framework and its middlewares have set, and is cancelled with
	// the request. It is never nil. Its values stay valid after Serve has returned; on frameworks that recycle
	// their contexts it may be cancelled by then, so that work which goes on derives from
	// context.WithoutCancel, or from the context that Stream hands out.
	Context context.Context

	// Method is the HTTP method in capitals, such as "POST".
	Method string

	// Query is the raw query of the URL without its question mark, or empty.
	Query string

	// Header returns the first value of a request header, or "". The name is case-insensitive. The string
	// may be kept: it never aliases memory of the framework.
	Header func(name string) string

	// Body reads the request's body to its end and returns it. The slice belongs to the caller and may be
	// kept. A second call returns the same result. Errors are [ErrBodyTooLarge] (answer 413),
	// [ErrBodyEncoded] (answer 415), or what went wrong while reading (answer 400); compare with errors.Is.
	//
	// The body has to be read before a stream begins: net/http does not notice that a client has left
	// as long as there is a body to read.
	Body func() ([]byte, error)
}

// Response takes the one answer to a request: one call of Reply, or one call of Stream. Only where Stream
// has returned an error is a Reply after it allowed, and expected. It belongs to the goroutine that
// runs [Handler.Serve].
type Response interface {
	// Reply sends a complete answer. The headers in h replace headers of the same name that middlewares
	// have set, and all others are kept. Content-Length is the transport's business. Body is not kept and may be
	// nil. An answer to HEAD goes out without its body. An error means that the client may not have got it.
	Reply(status int, h http.Header, body []byte) error

	// Stream answers 200 with h, applied as in Reply, and has the body written by fn.
	//
	// The net/http family runs fn before Stream returns; fasthttp runs it after Stream, Serve and
	// the framework's whole handler chain have returned. Ctx and w must not be used after fn has returned.
	// Fn runs exactly once where Stream returns nil. If the answer is dropped before its body begins,
	// because the client has left or a middleware has put another in its place, then fn runs with a context that is already
	// cancelled and a writer that only fails, so that what was prepared for it can be given back.
	//
	// The context given to fn carries the values of [Request.Context]. It is cancelled when the client leaves,
	// when a write fails, when the server shuts down where the transport can know that, and when fn
	// returns; context.Cause tells which, see [ErrPeerGone].
	//
	// An error means that nothing was committed and fn will not run, for example because a
	// middleware's writer cannot flush: see [ErrCannotStream]. The caller then owes a Reply.
	Stream(h http.Header, fn func(ctx context.Context, w StreamWriter)) error
}

// StreamWriter writes the body of a stream. Write belongs to one goroutine at a time; SetWriteDeadline and
// Abort may be called from any goroutine, also while a Write is blocked.
type StreamWriter interface {
	// Write sends p at once, as one chunk where the protocol has chunks, and returns when the operating system
	// has taken it or when it has failed. P may hold several frames; it should end at the end of a line.
	// P is the caller's again when Write returns. The first error ends the stream: the context is cancelled with
	// [ErrWriteFailed] or [ErrWriteTimeout] and every later Write fails too.
	//
	// No error does not mean that the client has read anything. After a client has closed its
	// end, one more Write often succeeds.
	Write(p []byte) (int, error)

	// SetWriteDeadline makes writes fail that are not done by t, a blocked one included; the zero
	// time means never. The error matches errors.ErrUnsupported where a middleware hides the
	// connection; writes then block for as long as the server lets them. After Abort it does nothing
	// and reports [ErrAborted].
	SetWriteDeadline(t time.Time) error

	// Abort ends the stream so that the client sees it cut off, not finished. A blocked Write fails, and so does every
	// later one. The caller of Abort still has to see to it that the stream's function returns.
	Abort()
}
