package transport

import "errors"

// Errors of [Request.Body]. What the body function returns may wrap them; compare with errors.Is.
var (
	// ErrBodyTooLarge says that the request body is larger than the limit. Answer 413.
	ErrBodyTooLarge = errors.New("request body is too large")

	// ErrBodyEncoded says that the request has a Content-Encoding. Compressed bodies are refused, because
	// 200 KB can expand to 200 MB. Answer 415.
	ErrBodyEncoded = errors.New("request body is compressed or otherwise encoded")
)

// ErrCannotStream is wrapped by the errors of [Response.Stream]: nothing was committed, because what
// stands between the handler and the connection would hold the events back. The text names it. Answer 500.
var ErrCannotStream = errors.New("response cannot be streamed")

// Causes: what context.Cause returns for the context of a stream once it is cancelled. Some arrive wrapped
// together with the error of the operating system; compare with errors.Is. A cause that none of these
// matches comes from the application, for example context.DeadlineExceeded from a timeout middleware.
var (
	// ErrPeerGone says that the client closed the connection, its sending side of it, or its HTTP/2 stream.
	ErrPeerGone = errors.New("client has gone")

	// ErrPeerReset says that the connection was reset. Transports that cannot tell say ErrPeerGone.
	ErrPeerReset = errors.New("client has reset the connection")

	// ErrWriteFailed says that a write failed for another reason than its deadline.
	ErrWriteFailed = errors.New("write to client failed")

	// ErrWriteTimeout says that a write was not done by its deadline: the client has stopped reading.
	ErrWriteTimeout = errors.New("write to client timed out")

	// ErrServerClosing says that the HTTP server is shutting down. Only fasthttp tells its handlers.
	ErrServerClosing = errors.New("http server is shutting down")

	// ErrAborted says that [StreamWriter.Abort] was called.
	ErrAborted = errors.New("stream was aborted")

	// ErrDropped says that the answer was dropped before its body began: the client had left, or a middleware has put
	// another answer in its place.
	ErrDropped = errors.New("answer was dropped before it began")

	// ErrStreamEnded says that the stream's function has returned.
	ErrStreamEnded = errors.New("stream has ended")
)
