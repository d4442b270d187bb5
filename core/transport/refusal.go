package transport

import "net/http"

// A Refusal is a request that is refused before its answer has begun, as a value for the error handling of a
// framework. As an error it says what lies behind it, for a log: show Message to clients, not that.
type Refusal struct {
	// Status is the HTTP status, 400 or more.
	Status int
	// Header holds what belongs to the refusal whoever writes its body, such as Allow and Retry-After. It has no
	// Content-Type. It may be nil.
	Header http.Header
	// Message says why, and is safe to show to anybody. It is never empty.
	Message string
	// Err is what lies behind the refusal, for logs and for errors.Is. It may be nil, and its text may
	// tell what clients should not know.
	Err error
}

// Error returns the text of what lies behind the refusal, and the message if that is unknown.
func (r *Refusal) Error() string {
	if r.Err != nil {
		return r.Err.Error()
	}
	return r.Message
}

// Unwrap returns what lies behind the refusal.
func (r *Refusal) Unwrap() error { return r.Err }

// A Refuser is a [Response] that may leave refusals to the application. A [Handler] asks it, where the response
// is one, before it answers a refusal with Reply.
type Refuser interface {
	// Refuse reports whether the application answers r. If so, the headers of r are set, applied as in
	// Reply, nothing is written, and the handler owes no Reply. It is not called once a stream has begun.
	Refuse(r *Refusal) bool
}
