package adaptertest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/gochatkit/chatkit/core/transport"
)

// scripted is the least that can stand behind an adapter: it answers as the core does and streams what a
// behaviour tells it to. Behaviours of the transport use it, because it can block, abort and look at
// causes, which the core does not offer.
type scripted struct {
	// stream writes the body of a stream; the opening comment has been sent.
	stream func(ctx context.Context, w *writer)

	// inspect, if not nil, sees each request and its body before the stream begins.
	inspect func(req *transport.Request, body []byte)

	limit int64
}

// streamHeader is the header of every stream.
func streamHeader() http.Header {
	return http.Header{
		"Content-Type":      {"text/event-stream"},
		"Cache-Control":     {"no-cache, no-store, no-transform"},
		"X-Accel-Buffering": {"no"},
	}
}

func (s *scripted) MaxBodyBytes() int64 { return s.limit }

func (s *scripted) Serve(req *transport.Request, res transport.Response) {
	if req.Method != http.MethodPost {
		reply(res, http.StatusMethodNotAllowed, "use POST", http.Header{"Allow": {"POST"}})
		return
	}
	if !strings.HasPrefix(req.Header("Content-Type"), "application/json") {
		reply(res, http.StatusUnsupportedMediaType, "send JSON", nil)
		return
	}
	body, err := req.Body()
	switch {
	case errors.Is(err, transport.ErrBodyTooLarge):
		reply(res, http.StatusRequestEntityTooLarge, err.Error(), nil)
		return
	case errors.Is(err, transport.ErrBodyEncoded):
		reply(res, http.StatusUnsupportedMediaType, err.Error(), nil)
		return
	case err != nil:
		reply(res, http.StatusBadRequest, err.Error(), nil)
		return
	}
	if s.inspect != nil {
		s.inspect(req, body)
	}
	if bytes.Equal(body, []byte(plainBody)) {
		reply(res, http.StatusOK, "plain", nil)
		return
	}
	err = res.Stream(streamHeader(), func(ctx context.Context, w transport.StreamWriter) {
		sw := &writer{StreamWriter: w}
		sw.comment()
		if s.stream != nil {
			s.stream(ctx, sw)
		}
	})
	if err != nil {
		reply(res, http.StatusInternalServerError, err.Error(), nil)
	}
}

// plainBody is a request that is answered with JSON and no stream.
const plainBody = `{"type":"plain"}`

func reply(res transport.Response, status int, message string, h http.Header) {
	if h == nil {
		h = http.Header{}
	}
	h.Set("Content-Type", "application/json")
	body, _ := json.Marshal(map[string]string{"message": message})
	res.Reply(status, h, body) // what a client does not get, it does not get
}

// writer frames events and keeps the deadlines that the core keeps.
type writer struct {
	transport.StreamWriter
	mu      sync.Mutex
	timeout time.Duration // per write; zero: 5 s, negative: none
}

func (w *writer) send(frame string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch {
	case w.timeout == 0:
		w.SetWriteDeadline(time.Now().Add(5 * time.Second))
	case w.timeout > 0:
		w.SetWriteDeadline(time.Now().Add(w.timeout))
	}
	n, err := w.Write([]byte(frame))
	if err == nil && n != len(frame) {
		return errors.New("short write without an error")
	}
	return err
}

func (w *writer) event(data string) error { return w.send("data: " + data + "\n\n") }
func (w *writer) comment() error          { return w.send(":\n") }

// ending is how a stream's context ended.
type ending struct {
	at    time.Time
	cause error
}

// untilDone returns a stream function that is silent until its context ends, and reports that.
func untilDone() (func(context.Context, *writer), <-chan ending) {
	ended := make(chan ending, 16)
	return func(ctx context.Context, w *writer) {
		select {
		case <-ctx.Done():
			ended <- ending{time.Now(), context.Cause(ctx)}
		case <-time.After(patience()):
			ended <- ending{time.Now(), fmt.Errorf("context was not cancelled within %v", patience())}
		}
	}, ended
}

// pause waits, unless the stream ends.
func pause(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-t.C:
	}
}
