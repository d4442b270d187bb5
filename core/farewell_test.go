package chatkit_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	chatkit "github.com/gochatkit/chatkit/core"
	"github.com/gochatkit/chatkit/core/run"
	"github.com/gochatkit/chatkit/core/transport"
	"github.com/gochatkit/chatkit/core/transport/nethttp"
)

// A context that ends although the client is still there: the time of a timeout middleware is up.
func TestADeadlineOfTheRequestEndsTheStreamCleanly(t *testing.T) {
	said := make(chan struct{})
	rig := newRig(t, func(ctx context.Context, turn *chatkit.Turn) error {
		m := turn.Message()
		if _, err := m.WriteString("Hel"); err != nil {
			return err
		}
		close(said)
		<-ctx.Done()
		return context.Cause(ctx)
	})
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithCancelCause(r.Context())
		defer cancel(nil)
		go func() {
			<-said
			cancel(context.DeadlineExceeded)
		}()
		nethttp.Serve(rig, w, r.WithContext(ctx), nethttp.Options{})
	}))
	defer web.Close()

	res, err := web.Client().Post(web.URL, "application/json", strings.NewReader(message("", "Hi")))
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Errorf("the stream is cut off: %v", err)
	}
	if !strings.Contains(string(body), `"delta":"Hel"`) || strings.Contains(string(body), `"type":"error"`) {
		t.Errorf("stream %q, want all that was written before the deadline, and no error", body)
	}
	if err := rig.Shutdown(t.Context()); err != nil {
		t.Fatalf("Shutdown: %v", err)
	}
	thread, _, _ := strings.Cut(res.Header.Get("ChatKit-Run"), "/")
	if got, want := rig.history(thread), "u:Hi a:Hel note"; got != want {
		t.Errorf("history %q, want %q", got, want)
	}
}

// A heldResponse streams to a writer whose first write waits for release, so that everything that Respond
// makes in the meantime waits in the log.
type heldResponse struct {
	ctx     context.Context
	release chan struct{}

	mu        sync.Mutex
	writes    []string
	deadlines []time.Duration // from when they were set; 0 means none
	fail      error           // of writes after the first
}

func (*heldResponse) Reply(int, http.Header, []byte) error { return errors.New("no stream") }

func (h *heldResponse) Stream(_ http.Header, fn func(context.Context, transport.StreamWriter)) error {
	fn(h.ctx, h)
	return nil
}

func (h *heldResponse) Write(p []byte) (int, error) {
	<-h.release
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.fail != nil && len(h.writes) > 0 {
		return 0, h.fail
	}
	h.writes = append(h.writes, string(p))
	return len(p), nil
}

func (h *heldResponse) SetWriteDeadline(t time.Time) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	d := time.Duration(0)
	if !t.IsZero() {
		d = max(time.Until(t), -time.Second)
	}
	h.deadlines = append(h.deadlines, d)
	return nil
}

func (*heldResponse) Abort() {}

func TestTheEndOfAStreamsContext(t *testing.T) {
	const timeout = 30 * time.Second
	late := errors.New("too late")
	for _, tt := range []struct {
		name       string
		cause      error
		disconnect run.Disconnect
		fail       error
		rest       bool // the client gets what is there
		deadlines  []time.Duration
		history    string // a second after
	}{
		{"the HTTP server shuts down", transport.ErrServerClosing, run.Disconnect{}, nil, true, []time.Duration{timeout, time.Second, 0}, "u:Hi a:Hel note"},
		{"a deadline of the request", context.DeadlineExceeded, run.Disconnect{}, nil, true, []time.Duration{timeout, time.Second, 0}, "u:Hi a:Hel note"},
		{"a cause of the application", errors.New("enough"), run.Disconnect{}, nil, true, []time.Duration{timeout, time.Second, 0}, "u:Hi a:Hel note"},
		{"the turn goes on", context.DeadlineExceeded, run.Keep(time.Minute), nil, true, []time.Duration{timeout, time.Second, 0}, "u:Hi a:Hello"},
		{"the last write fails", context.DeadlineExceeded, run.Disconnect{}, late, false, []time.Duration{timeout, time.Second}, "u:Hi a:Hel note"},
		{"the client has gone", transport.ErrPeerGone, run.Disconnect{}, nil, false, []time.Duration{timeout, -time.Second}, "u:Hi a:Hel note"},
		{"the connection was reset", transport.ErrPeerReset, run.Disconnect{}, nil, false, []time.Duration{timeout, -time.Second}, "u:Hi a:Hel note"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				rig := newRig(t, func(ctx context.Context, turn *chatkit.Turn) error {
					m := turn.Message()
					if _, err := m.WriteString("Hel"); err != nil {
						return err
					}
					select {
					case <-ctx.Done():
						return context.Cause(ctx)
					case <-time.After(500 * time.Millisecond):
					}
					if _, err := m.WriteString("lo"); err != nil {
						return err
					}
					return m.Close()
				}, func(o *chatkit.Options) {
					o.WriteTimeout = timeout
					o.Disconnect = tt.disconnect
				})
				ctx, cancel := context.WithCancelCause(t.Context())
				res := &heldResponse{ctx: ctx, release: make(chan struct{}), fail: tt.fail}
				served := make(chan struct{})
				go func() {
					defer close(served)
					rig.Serve(&transport.Request{
						Context: t.Context(), Method: "POST",
						Header: func(name string) string { return map[string]string{"Content-Type": "application/json"}[name] },
						Body:   func() ([]byte, error) { return []byte(message("", "Hi")), nil },
					}, res)
				}()
				synctest.Wait() // Hel is in the log, and the greeting in a blocked write
				cancel(tt.cause)
				synctest.Wait()
				close(res.release)
				<-served
				began := time.Now()
				time.Sleep(time.Second)

				if rest := len(res.writes) == 2; rest != tt.rest {
					t.Errorf("%d writes, want what is there: %v", len(res.writes), tt.rest)
				}
				if all := strings.Join(res.writes, ""); strings.Contains(all, `"delta":"Hel"`) != tt.rest || strings.Contains(all, `"lo"`) {
					t.Errorf("the client got %q", all)
				}
				if got := res.deadlines; !slices.Equal(got, tt.deadlines) {
					t.Errorf("write deadlines %v, want %v", got, tt.deadlines)
				}
				page, err := rig.store.Threads(t.Context(), "", chatkit.PageQuery{Limit: 1})
				if err != nil || len(page.Data) != 1 {
					t.Fatalf("Threads = %d, %v", len(page.Data), err)
				}
				if got := rig.history(page.Data[0].ID); got != tt.history {
					t.Errorf("history %q after %v, want %q", got, time.Since(began), tt.history)
				}
				if err := rig.Shutdown(t.Context()); err != nil {
					t.Errorf("Shutdown: %v", err)
				}
			})
		})
	}
}
