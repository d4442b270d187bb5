package chatkit

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"mime"
	"net/http"
	"runtime/debug"
	"strings"
	"time"

	"github.com/gochatkit/chatkit/core/internal/jsonx"
	"github.com/gochatkit/chatkit/core/transport"
)

// Serve answers one HTTP request on behalf of an adapter. See package transport.
func (s *Server) Serve(req *transport.Request, res transport.Response) {
	began := time.Now()
	if s.serveScript(req, res) {
		return
	}
	result, err := s.answer(req)
	if err != nil {
		s.refuse(req, res, err)
		return
	}
	if !result.Streaming() {
		s.reply(req, res, http.StatusOK, nil, result.JSON())
		return
	}
	err = res.Stream(streamHeader(result), func(ctx context.Context, w transport.StreamWriter) {
		s.stream(ctx, w, result, began)
	})
	if err != nil {
		result.Close()
		s.opts.Logger.ErrorContext(req.Context, "chatkit: this response cannot be streamed", "err", err)
		s.refuse(req, res, err)
	}
}

// answer checks what can be checked before the body is read, and processes the request. A panic is an
// error like any other: what stands outside may swallow it, or end the process.
func (s *Server) answer(req *transport.Request) (result *Result, err error) {
	defer func() {
		if v := recover(); v != nil {
			s.opts.Logger.ErrorContext(req.Context, "chatkit: request panicked", "panic", v, "stack", string(debug.Stack()))
			result, err = nil, errPanicked
		}
	}()
	if req.Method != http.MethodPost {
		return nil, errMethod
	}
	if !isJSON(req.Header("Content-Type")) {
		return nil, refuse(http.StatusUnsupportedMediaType, "Content-Type must be application/json")
	}
	ctx, owner, err := s.admit(req.Context, req.Header) // before the body: a stranger need not be listened to
	if err != nil {
		return nil, err
	}
	body, err := req.Body()
	if err != nil {
		if errors.Is(err, transport.ErrBodyTooLarge) || errors.Is(err, transport.ErrBodyEncoded) {
			return nil, err
		}
		return nil, refuse(http.StatusBadRequest, "The request could not be read.")
	}
	if int64(len(body)) > s.MaxBodyBytes() {
		return nil, ErrTooLarge
	}
	return s.process(ctx, owner, &Request{Body: body, Header: req.Header})
}

var (
	errMethod   = refuse(http.StatusMethodNotAllowed, "use POST")
	errPanicked = errors.New("request panicked")
)

func isJSON(contentType string) bool {
	media, _, err := mime.ParseMediaType(contentType)
	return err == nil && (media == "application/json" || strings.HasSuffix(media, "+json"))
}

// streamHeader is the header of every stream. There is no Connection in it, which HTTP/2 forbids, and no
// Content-Encoding, which compressing middlewares misread.
func streamHeader(result *Result) http.Header {
	h := http.Header{
		"Content-Type":      {"text/event-stream"},
		"Cache-Control":     {"no-cache, no-store, no-transform"},
		"X-Accel-Buffering": {"no"}, // nginx would hold events back
	}
	if name := result.ThreadID() + "/" + result.RunID(); result.run != nil && fitsHeader(name) {
		h.Set(headerRun, name)
	}
	return h
}

// fitsHeader reports whether a name can stand in a header: a thread's id is the application's, or, as long as
// it has not been looked up, the client's.
func fitsHeader(name string) bool {
	return len(name) <= 512 && strings.IndexFunc(name, func(r rune) bool { return r <= ' ' || r > '~' }) < 0
}

// refuse answers a request that failed before its answer began.
func (s *Server) refuse(req *transport.Request, res transport.Response, err error) {
	status, message := HTTPStatus(err)
	level := slog.LevelInfo
	if status >= http.StatusInternalServerError && status != http.StatusServiceUnavailable && status != http.StatusNotImplemented {
		level = slog.LevelError
	}
	s.opts.Logger.Log(req.Context, level, "chatkit: request refused", "status", status, "err", err)
	h := http.Header{}
	switch status {
	case http.StatusMethodNotAllowed:
		h.Set("Allow", http.MethodPost)
	case http.StatusServiceUnavailable, http.StatusTooManyRequests, http.StatusConflict:
		h.Set("Retry-After", "1")
	}
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "no-store")
	if r, ok := res.(transport.Refuser); ok && r.Refuse(&transport.Refusal{Status: status, Header: h, Message: message, Err: err}) {
		return
	}
	body, err := jsonx.Marshal(struct {
		Message string `json:"message"`
	}{message})
	if err != nil {
		body = []byte(`{"message":"An internal error has occurred."}`)
	}
	s.reply(req, res, status, h, body)
}

func (s *Server) reply(req *transport.Request, res transport.Response, status int, h http.Header, body []byte) {
	if h == nil {
		h = http.Header{}
	}
	h.Set("Content-Type", "application/json")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "no-store")
	if err := res.Reply(status, h, body); err != nil {
		s.opts.Logger.DebugContext(req.Context, "chatkit: answer did not reach the client", "status", status, "err", err)
	}
}

// stream carries a turn's events to one client, on the client's own goroutine.
func (s *Server) stream(ctx context.Context, w transport.StreamWriter, result *Result, began time.Time) {
	defer result.Close()
	out := &outgoing{w: w, result: result, limit: writeLimit{w: w, timeout: s.opts.WriteTimeout}}
	if s.opts.Debug {
		out.began = began
	}
	defer context.AfterFunc(ctx, func() {
		if isGone(context.Cause(ctx)) {
			out.limit.last(time.Unix(1, 0)) // a client that has left must not keep a write waiting for its deadline
			return
		}
		out.hurry()
	})()

	err := out.follow(ctx)
	finished := errors.Is(err, io.EOF)
	if cause := context.Cause(ctx); !finished && cause != nil && !isGone(cause) {
		// The server is shutting down, or a middleware's time is up, and the client is still there.
		if rest := out.rest(); rest != nil {
			err = rest
		} else {
			out.limit.lift()
		}
	}
	log := s.opts.Logger.With("thread", result.ThreadID(), "run", result.RunID(),
		"took", time.Since(began), "bytes", out.sent, "writes", out.writes)
	if finished {
		out.limit.lift()
		log.DebugContext(ctx, "chatkit: stream finished")
		return
	}
	log.DebugContext(ctx, "chatkit: stream ended before its turn", "err", err)
}
