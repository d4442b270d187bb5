package adaptertest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	chatkit "github.com/gochatkit/chatkit/core"
	"github.com/gochatkit/chatkit/core/memstore"
	"github.com/gochatkit/chatkit/core/run"
	"github.com/gochatkit/chatkit/core/transport"
)

var servers = []behaviour{
	{30, "heartbeat", heartbeat},
	{31, "heartbeats between events", heartbeatsBetween},
	{32, "panic before the first event", panicEarly},
	{33, "panic mid-stream", panicLate},
	{34, "abort", abort},
	{35, "error before commit", errorBefore},
	{36, "error after commit", errorAfter},
	{46, "drain", drain},
}

// answering is a real server. Changes may alter its options.
func answering(respond chatkit.RespondFunc, changes ...func(*chatkit.Options)) *chatkit.Server {
	if respond == nil {
		respond = func(_ context.Context, t *chatkit.Turn) error { return t.Text("Hello.") }
	}
	opts := &chatkit.Options{
		Logger: slog.New(slog.DiscardHandler),
		Run:    run.Config{NoEventIDs: true},
	}
	for _, change := range changes {
		change(opts)
	}
	return chatkit.NewServer(memstore.New(), respond, opts)
}

var asked atomic.Int64

// ask is a request that begins a thread. No two are equal, because a server may take an equal one for the same
// request sent again.
func ask() string {
	return fmt.Sprintf(`{"type":"threads.create","params":{"input":{"content":[{"type":"input_text","text":"question %d"}],"attachments":[],"inference_options":{}}}}`, asked.Add(1))
}

// frame is what these behaviours look at in an event.
type frame struct {
	Type string
	Text string
	Item struct {
		Type string
	}
}

// frames decodes all events, and wants each to be whole.
func (c *check) frames(all []event) []frame {
	c.Helper()
	var out []frame
	for _, text := range texts(all) {
		var f frame
		if err := json.Unmarshal([]byte(text), &f); err != nil || f.Type == "" {
			c.Fatalf("event %q: %v", text, err)
		}
		out = append(out, f)
	}
	return out
}

// askAll sends a question and reads the answer to its clean end.
func (cl *client) askAll() []event {
	cl.c.Helper()
	cl.send(post(ask()))
	all, err := cl.opened().rest()
	if err != nil {
		cl.c.Fatalf("read stream: %v after %q", err, texts(all))
	}
	return all
}

func heartbeat(c *check) {
	enough := make(chan struct{})
	h := answering(func(ctx context.Context, t *chatkit.Turn) error {
		select {
		case <-enough:
			return t.Text("late")
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}, func(o *chatkit.Options) { o.Run.Heartbeat = 100 * time.Millisecond })
	cl := c.dial(c.start(Setup{Handler: h}))
	cl.send(post(ask()))
	ev := cl.opened()
	for comments := 0; comments < 2; {
		if strings.HasPrefix(ev.next().text, ":") {
			comments++
		}
	}
	close(enough)
	if _, err := ev.rest(); err != nil {
		c.Errorf("rest of the stream: %v", err)
	}
}

func heartbeatsBetween(c *check) {
	const n = 2000
	h := answering(func(ctx context.Context, t *chatkit.Turn) error {
		for i := range n {
			if i%50 == 0 {
				pause(ctx, 3*time.Millisecond)
			}
			if err := t.Progress("", fmt.Sprint(i)); err != nil {
				return err
			}
		}
		return nil
	}, func(o *chatkit.Options) { o.Run.Heartbeat = time.Millisecond })
	next := 0
	for _, f := range c.frames(c.dial(c.start(Setup{Handler: h})).askAll()) {
		if f.Type != "progress_update" {
			continue
		}
		if f.Text != fmt.Sprint(next) {
			c.Fatalf("progress = %q, want %d", f.Text, next)
		}
		next++
	}
	if next != n {
		c.Errorf("progress events = %d, want %d", next, n)
	}
}

// lockedBuffer is a log that may be read while it is written.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// lastIsError wants an error event at the end of a stream.
func (c *check) lastIsError(all []event) {
	c.Helper()
	frames := c.frames(all)
	if len(frames) == 0 || frames[len(frames)-1].Type != "error" {
		c.Errorf("events = %q, want an error at the end", texts(all))
	}
}

func panicEarly(c *check) {
	var log lockedBuffer
	var calls atomic.Int64
	h := answering(func(_ context.Context, t *chatkit.Turn) error {
		if calls.Add(1) == 1 {
			panic("no luck")
		}
		return t.Text("fine")
	}, func(o *chatkit.Options) { o.Logger = slog.New(slog.NewTextHandler(&log, nil)) })
	srv := c.start(Setup{Handler: h})
	c.lastIsError(c.dial(srv).askAll())
	if !strings.Contains(log.String(), "no luck") {
		c.Errorf("log = %q, want the panic in it", log.String())
	}
	frames := c.frames(c.dial(srv).askAll())
	if last := frames[len(frames)-1]; last.Item.Type != "assistant_message" {
		c.Errorf("last event of the next request = %+v, want a message", last)
	}
}

func panicLate(c *check) {
	h := answering(func(_ context.Context, t *chatkit.Turn) error {
		if err := t.Progress("", "so far"); err != nil {
			return err
		}
		panic("no luck")
	})
	c.lastIsError(c.dial(c.start(Setup{Handler: h, Middleware: []Middleware{Recover}})).askAll())

	// The transport keeps the process alive and the client informed even where the core does not.
	broken := &scripted{stream: func(_ context.Context, w *writer) {
		w.event("one")
		panic("no luck")
	}}
	srv := c.start(Setup{Handler: broken, Middleware: []Middleware{Recover}})
	quiet(func() {
		ev := c.dial(srv).open()
		ev.next()
		if all, err := ev.rest(); err == nil {
			c.Errorf("rest of a stream whose function panicked = %v and a clean end, want an error", all)
		}
	})
}

func abort(c *check) {
	h := &scripted{stream: func(_ context.Context, w *writer) {
		w.event("one")
		w.Abort()
		if err := w.event("two"); !errors.Is(err, transport.ErrAborted) {
			c.Errorf("write after Abort = %v, want %v", err, transport.ErrAborted)
		}
	}}
	ev := c.dial(c.start(Setup{Handler: h, Middleware: []Middleware{Recover}})).open()
	ev.next()
	if all, err := ev.rest(); err == nil {
		c.Errorf("rest of an aborted stream = %v and a clean end, want an error", all)
	}
	if c.factory.Family != NetHTTP {
		return
	}
	ev = c.startHTTP2(Setup{Handler: h, Middleware: []Middleware{Recover}}).open(c)
	ev.next()
	if all, err := ev.rest(); err == nil {
		c.Errorf("rest of an aborted HTTP/2 stream = %v and a clean end, want an error", all)
	}
}

func errorBefore(c *check) {
	h := answering(nil, func(o *chatkit.Options) {
		o.Owner = func(context.Context) (string, error) { return "", chatkit.ErrUnauthorized }
	})
	for _, tt := range []struct {
		handler *chatkit.Server
		body    string
		status  int
	}{
		{h, ask(), 401},
		{answering(nil), `{"type":`, 400},
		{answering(nil), `{"type":"threads.get_by_id","params":{"thread_id":"thr_unknown"}}`, 404},
	} {
		cl := c.dial(c.start(Setup{Handler: tt.handler, Middleware: []Middleware{ErrorHandler}}))
		cl.send(post(tt.body))
		res := cl.answer("POST")
		body, err := io.ReadAll(res.Body)
		var doc map[string]any
		if jerr := json.Unmarshal(body, &doc); err != nil || jerr != nil || len(doc) != 1 || doc["message"] == nil {
			c.Errorf("body of %d = %q, %v, want one JSON object with a message", tt.status, body, err)
		}
		if res.StatusCode != tt.status || !strings.HasPrefix(res.Header.Get("Content-Type"), "application/json") {
			c.Errorf("answer = %d %q, want %d, application/json", res.StatusCode, res.Header.Get("Content-Type"), tt.status)
		}
	}
}

func errorAfter(c *check) {
	h := answering(func(_ context.Context, t *chatkit.Turn) error {
		if err := t.Progress("", "so far"); err != nil {
			return err
		}
		return errors.New("no luck")
	})
	c.lastIsError(c.dial(c.start(Setup{Handler: h, Middleware: []Middleware{ErrorHandler}})).askAll())
}

func drain(c *check) {
	c.within(500*time.Millisecond, "drain and shutdown", func() time.Duration {
		started := make(chan struct{})
		h := answering(func(ctx context.Context, t *chatkit.Turn) error {
			if err := t.Text("so far"); err != nil {
				return err
			}
			close(started)
			<-ctx.Done()
			return context.Cause(ctx)
		}, func(o *chatkit.Options) { o.Run.Drain = -1 })
		srv := c.start(Setup{Handler: h})
		cl := c.dial(srv)
		cl.send(post(ask()))
		ev := cl.opened()
		wait(c, started, "turn")
		late := c.dial(srv)

		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		begin := time.Now()
		if err := h.Shutdown(ctx); err != nil {
			c.Errorf("Shutdown of the server = %v", err)
		}
		late.send(post(ask(), "Connection: close"))
		if res := late.answer("POST"); res.StatusCode != 503 {
			c.Errorf("status of a new request = %d, want 503", res.StatusCode)
		}
		if err := srv.shutdown(ctx); err != nil {
			c.Errorf("shutdown of the HTTP server = %v", err)
		}
		took := time.Since(begin)
		all, err := ev.rest()
		if err != nil {
			c.Errorf("end of the open stream: %v, want a clean one", err)
		}
		c.lastIsError(all) // which says that the answer was interrupted, and offers to try again
		return took
	})
}
