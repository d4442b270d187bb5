package chatkit

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/gochatkit/chatkit/core/run"
	"github.com/gochatkit/chatkit/core/transport"
)

var (
	// ErrNotFound is returned by stores for a thread, item or attachment that does not
	// exist, or that belongs to another owner: callers cannot tell the two apart.
	ErrNotFound = errors.New("not found")

	// ErrBadCursor is returned by stores for a page query whose After names no element
	// of the list.
	ErrBadCursor = errors.New("unknown cursor")

	// ErrUnauthorized is for [Options.Owner] to return when a request carries no valid
	// identity. The client gets 401.
	ErrUnauthorized = errors.New("not signed in")

	// ErrForbidden is for [Options.Owner] to return when the identity may not use the
	// chat at all. The client gets 403.
	ErrForbidden = errors.New("not allowed")

	// ErrUnsupported is returned for a request whose hook is not set in [Options]. The
	// client gets 501.
	ErrUnsupported = errors.New("not supported by this server")

	// ErrTooLarge is returned for a request body beyond its limit. The client gets 413.
	ErrTooLarge = errors.New("request is too large")
)

// The causes with which a turn ends before its time. Inside Respond, context.Cause(ctx) wraps one of them; ask with
// errors.Is. The last three are known only when it is over, to [Options].OnCancel and [run.Config].OnEnd.
var (
	ErrStopped       = run.ErrStopped       // the user asked for the end
	ErrDisconnected  = run.ErrDisconnected  // the client left, and nobody else watches
	ErrSuperseded    = run.ErrSuperseded    // the user sent a newer message
	ErrRetried       = run.ErrRetried       // the user asked for another answer
	ErrThreadDeleted = run.ErrThreadDeleted // the thread was deleted
	ErrStalled       = run.ErrStalled       // nothing was heard from Respond for too long
	ErrDeadline      = run.ErrDeadline      // the turn ran for too long
	ErrShutdown      = run.ErrShutdown      // the server is shutting down
	ErrEngineLost    = run.ErrEngineLost    // the engine could not be reached for too long
	ErrFenced        = run.ErrFenced        // another process owns the turn now
	ErrLost          = run.ErrLost          // the process that ran the turn has died
	ErrPanicked      = run.ErrPanicked      // Respond has panicked
	ErrRespond       = run.ErrRespond       // Respond has returned an error of its own
)

// A StreamError ends a turn with an error that the user sees. Return it, wrapped or bare, from Respond
// or Action. Any other error shows the client's own text with a retry button and goes to the log;
// its message never leaves the server. The log has it as an error, unless an action that has
// shown nothing returns one without Err: what a browser has sent is no fault of the server.
type StreamError struct {
	// Code chooses what the client shows. Empty means [ErrorCodeCustom] if Message is set, else
	// [ErrorCodeStream].
	Code ErrorCode
	// Message is shown to the user as it is. Clients show it for [ErrorCodeCustom] only.
	Message string
	// AllowRetry shows a retry button.
	AllowRetry bool
	// Err is what lies behind it, for the log and for errors.Is. It may be nil.
	Err error
}

// Error says what the user sees and what lies behind it.
func (e *StreamError) Error() string {
	s := string(e.event().Code)
	if e.Message != "" {
		s += ": " + e.Message
	}
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

// Unwrap returns what lies behind the error.
func (e *StreamError) Unwrap() error { return e.Err }

func (e *StreamError) event() *ErrorEvent {
	code := e.Code
	switch {
	case code != "":
	case e.Message != "":
		code = ErrorCodeCustom
	default:
		code = ErrorCodeStream
	}
	return &ErrorEvent{Code: code, Message: e.Message, AllowRetry: e.AllowRetry}
}

// errorEvent is what a user sees of err (ChatKit protocol: error mapping).
func errorEvent(err error) *ErrorEvent {
	var shown *StreamError
	if errors.As(err, &shown) {
		return shown.event()
	}
	return &ErrorEvent{Code: ErrorCodeStream, AllowRetry: true}
}

// A refusal is an answer with an error status. Its text is for the client.
type refusal struct {
	status int
	text   string
}

func (r *refusal) Error() string { return r.text }

// refuse returns an error that a client sees with the given status and text.
func refuse(status int, format string, args ...any) error {
	return &refusal{status, fmt.Sprintf(format, args...)}
}

// HTTPStatus returns the status and the text with which a request is refused that failed with err
// before its answer began. The text is safe to show to anybody: that of an internal error is not in it. Clients show
// it, so it is a sentence, unless it is about a mistake in the request itself: that is for whoever wrote the client.
func HTTPStatus(err error) (status int, message string) {
	var bad *requestError
	var refused *refusal
	var shown *StreamError
	switch {
	case errors.As(err, &bad):
		return http.StatusBadRequest, bad.Error()
	case errors.As(err, &refused):
		return refused.status, refused.text
	case errors.Is(err, ErrNotFound), errors.Is(err, run.ErrUnknownRun):
		return http.StatusNotFound, "This does not exist."
	case errors.Is(err, ErrBadCursor):
		return http.StatusBadRequest, "params.after names nothing in this list"
	case errors.Is(err, ErrUnauthorized):
		return http.StatusUnauthorized, "You are not signed in."
	case errors.Is(err, ErrForbidden):
		return http.StatusForbidden, "You are not allowed to do this."
	case errors.Is(err, ErrUnsupported):
		return http.StatusNotImplemented, "This server does not support this."
	case errors.Is(err, ErrTooLarge), errors.Is(err, transport.ErrBodyTooLarge):
		return http.StatusRequestEntityTooLarge, "The request is too large."
	case errors.Is(err, transport.ErrBodyEncoded):
		return http.StatusUnsupportedMediaType, "Content-Encoding of requests is not supported"
	case errors.Is(err, run.ErrBusy), errors.Is(err, run.ErrDropped):
		return http.StatusConflict, "Another answer is in progress in this conversation."
	case errors.Is(err, run.ErrTooManyReaders):
		return http.StatusTooManyRequests, "This answer has too many readers."
	case errors.Is(err, run.ErrTooManyRuns):
		return http.StatusTooManyRequests, "Too many answers are in progress."
	case errors.Is(err, run.ErrClosed):
		return http.StatusServiceUnavailable, "The server is shutting down."
	case errors.As(err, &shown) && shown.Message != "":
		return http.StatusBadRequest, shown.Message
	case errors.Is(err, context.Canceled):
		return http.StatusServiceUnavailable, "The request was cancelled."
	}
	return http.StatusInternalServerError, "An internal error has occurred."
}
