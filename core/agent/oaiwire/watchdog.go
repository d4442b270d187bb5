package oaiwire

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"mime"
	"net/http"
	"sync"
	"time"

	"github.com/gochatkit/chatkit/core/agent"
)

// grace is how long a body may stay open after its response has ended.
const grace = time.Second

// watchdog ends a request whose provider has gone silent.
type watchdog struct {
	mu    sync.Mutex
	idle  time.Duration
	timer *time.Timer
	done  bool // the response has ended
}

func newWatchdog(idle time.Duration, cancel context.CancelCauseFunc) *watchdog {
	w := &watchdog{idle: idle}
	if idle > 0 {
		w.timer = time.AfterFunc(idle, func() { cancel(agent.ErrIdle) })
	} else {
		w.timer = time.AfterFunc(time.Hour, func() { cancel(agent.ErrIdle) })
		w.timer.Stop()
	}
	return w
}

// touch starts the wait anew.
func (w *watchdog) touch() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.done {
		w.timer.Reset(grace)
	} else if w.idle > 0 {
		w.timer.Reset(w.idle)
	}
}

// pause stops the wait: what happens now is not the provider's doing.
func (w *watchdog) pause() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.timer.Stop()
}

// finished says that everything was said. Some providers then keep the connection open.
func (w *watchdog) finished() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.done = true
}

func (w *watchdog) stop() { w.pause() }

// watched is a body under watch. Only the time inside Read counts: a consumer may be as slow as it likes.
type watched struct {
	io.Reader
	w *watchdog
}

func (r watched) Read(p []byte) (int, error) {
	r.w.touch()
	n, err := r.Reader.Read(p)
	r.w.pause()
	return n, err
}

// eventStream returns the body of a response if it is a stream of events. Proxies and misconfigured
// servers answer JSON or HTML with status 200, which would look like an empty answer.
func eventStream(res *http.Response, w *watchdog) (io.Reader, error) {
	body := watched{res.Body, w}
	typ, _, _ := mime.ParseMediaType(res.Header.Get("Content-Type"))
	if typ == "text/event-stream" {
		return body, nil
	}
	buf := bufio.NewReader(body)
	if typ == "" || typ == "text/plain" || typ == "application/octet-stream" {
		head, _ := buf.Peek(1) // a failure shows again when the body is read
		for len(head) > 0 && (head[len(head)-1] == '\n' || head[len(head)-1] == '\r') && len(head) < 64 {
			head, _ = buf.Peek(len(head) + 1)
		}
		head = bytes.TrimSpace(head)
		if len(head) == 0 || bytes.IndexByte([]byte("deir:\xef"), head[0]) >= 0 {
			return buf, nil
		}
	}
	text, _ := io.ReadAll(io.LimitReader(buf, 64<<10))
	e := &agent.Error{Status: res.StatusCode, Code: "not_a_stream", Message: fmt.Sprintf("got %q instead of a stream of events: %s", typ, clip(string(text)))}
	if told := parseError(text); typ == "application/json" && told != nil && (told.Code != "" || told.Message != "") {
		// An error that was sent with status 200.
		return nil, &agent.Error{Code: told.Code, Type: told.Type, Message: told.Message}
	}
	return nil, e
}
