package agent_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	chatkit "github.com/gochatkit/chatkit/core"
	"github.com/gochatkit/chatkit/core/agent"
	"github.com/gochatkit/chatkit/core/agent/agenttest"
	"github.com/gochatkit/chatkit/core/agent/oaiwire"
	"github.com/gochatkit/chatkit/core/memstore"
	"github.com/gochatkit/chatkit/core/transport/nethttp"
)

// The whole way of a cancellation: the user's connection closes, and then the provider's request is
// aborted, the tools' contexts end and the turn is over.
const (
	cancelRuns  = 100
	cancelLimit = 50 * time.Millisecond // of the 99th percentile
)

// path is a chat over HTTP in front of a fake provider over HTTP.
type path struct {
	url      string
	http     *http.Client
	provider *agenttest.Server
	reached  chan struct{}  // the state in which the user leaves
	tools    chan time.Time // when the context of a tool ended
	turns    chan time.Time // when Respond returned
}

func newPath(t *testing.T) *path {
	t.Helper()
	p := &path{
		provider: agenttest.NewServer(), http: &http.Client{Transport: &http.Transport{}}, reached: make(chan struct{}, 8),
		tools: make(chan time.Time, 8), turns: make(chan time.Time, 1),
	}
	upstream := &http.Transport{}
	client := &oaiwire.Client{BaseURL: p.provider.BaseURL(), HTTP: &http.Client{Transport: upstream}}
	hang := agent.Func("hang", "", func(ctx context.Context, _ none) (string, error) {
		p.reached <- struct{}{}
		<-ctx.Done()
		p.tools <- time.Now()
		return "", ctx.Err()
	})
	assistant := &agent.Agent{Model: client.ResponsesModel("m"), Tools: []agent.Tool{hang}}
	srv := chatkit.NewServer(memstore.New(), func(ctx context.Context, turn *chatkit.Turn) error {
		_, err := agent.Run(ctx, turn, assistant)
		p.turns <- time.Now()
		if !errors.Is(err, chatkit.ErrDisconnected) {
			t.Errorf("the run ended with %v, want %v", err, chatkit.ErrDisconnected)
		}
		return err
	}, &chatkit.Options{Logger: slog.New(slog.DiscardHandler)})
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		nethttp.Serve(srv, w, r, nethttp.Options{})
	}))
	p.url = web.URL
	t.Cleanup(func() {
		if err := srv.Shutdown(context.Background()); err != nil {
			t.Errorf("Shutdown() = %v", err)
		}
		p.http.CloseIdleConnections()
		web.Close()
		upstream.CloseIdleConnections()
		p.provider.Close()
	})
	return p
}

// leave begins a turn, waits until it has come to the state, and closes the connection. It returns when.
func (p *path) leave(t *testing.T, upTo func(body io.Reader)) time.Time {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, p.url, strings.NewReader(
		`{"type":"threads.create","params":{"input":`+input+`},"metadata":{}}`))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	res, err := p.http.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	upTo(res.Body)
	began := time.Now()
	cancel()
	return began
}

// readUntil reads a body until it has seen the words.
func readUntil(t *testing.T, words string) func(io.Reader) {
	return func(body io.Reader) {
		t.Helper()
		var seen bytes.Buffer
		for piece := make([]byte, 4096); !strings.Contains(seen.String(), words); {
			n, err := body.Read(piece)
			seen.Write(piece[:n])
			if err != nil {
				t.Fatalf("read up to %q: %v", words, err)
			}
		}
	}
}

func TestAUserWhoLeavesStopsTheModelAndTheToolsAtOnce(t *testing.T) {
	if testing.Short() {
		t.Skip("three times a hundred conversations over HTTP: not with -short")
	}
	before := runtime.NumGoroutine()
	twoCalls := agenttest.Script{Answer: &agenttest.Answer{Calls: []agent.ToolCall{
		{Name: "hang", Arguments: `{}`}, {Name: "hang", Arguments: `{}`},
	}}}
	states := []struct {
		name   string
		script agenttest.Script
		upTo   func(t *testing.T, p *path) func(io.Reader)
		tools  int  // that run when the user leaves
		model  bool // is being asked when the user leaves
	}{
		{
			"while the model streams",
			agenttest.Script{Answer: &agenttest.Answer{Text: "one two three"}, Stop: agenttest.StopSilent, StopAfter: 5},
			func(t *testing.T, _ *path) func(io.Reader) { return readUntil(t, `two`) }, 0, true,
		},
		{
			"before the first token",
			agenttest.Script{FirstDelay: time.Hour},
			func(_ *testing.T, p *path) func(io.Reader) {
				asked := len(p.provider.Requests())
				return func(io.Reader) {
					for len(p.provider.Requests()) == asked {
						time.Sleep(100 * time.Microsecond)
					}
				}
			}, 0, true,
		},
		{
			"while two tools run", twoCalls,
			func(_ *testing.T, p *path) func(io.Reader) {
				return func(io.Reader) { <-p.reached; <-p.reached }
			}, 2, false,
		},
	}
	for _, state := range states {
		t.Run(state.name, func(t *testing.T) {
			// The best of three rounds counts, for what else the machine does is no fault of the code's.
			var worst time.Duration
			for range 3 {
				worst = 0
				for what, took := range measureCancels(t, state.script, state.upTo, state.tools, state.model) {
					p50, p99 := percentile(took, 50), percentile(took, 99)
					t.Logf("%-16s p50 %8v  p99 %8v  of %d", what, p50.Round(time.Microsecond), p99.Round(time.Microsecond), len(took))
					worst = max(worst, p99)
				}
				if worst < cancelLimit {
					break
				}
			}
			if worst >= cancelLimit {
				t.Errorf("99th percentile = %v, want less than %v", worst, cancelLimit)
			}
		})
	}
	deadline := time.Now().Add(10 * time.Second) // connections close in their own time
	for runtime.NumGoroutine() > before && time.Now().Before(deadline) {
		time.Sleep(5 * time.Millisecond)
	}
	if n := runtime.NumGoroutine(); n > before {
		buf := make([]byte, 1<<20)
		t.Errorf("%d goroutines before, %d behind all runs:\n%s", before, n, buf[:runtime.Stack(buf, true)])
	}
}

// measureCancels returns how long it took, in each run, until the parts of a turn had ended.
func measureCancels(t *testing.T, script agenttest.Script, upTo func(*testing.T, *path) func(io.Reader), tools int, model bool) map[string][]time.Duration {
	t.Helper()
	took := map[string][]time.Duration{}
	t.Run("round", func(t *testing.T) {
		p := newPath(t)
		for range cancelRuns {
			p.provider.Add(script)
			left := p.leave(t, upTo(t, p))
			if model {
				select {
				case <-p.provider.Gone():
					took["request aborted"] = append(took["request aborted"], time.Since(left))
				case <-time.After(10 * time.Second):
					t.Fatal("the provider's request was not aborted")
				}
			}
			for range tools {
				took["tool cancelled"] = append(took["tool cancelled"], wait(t, "a tool", p.tools).Sub(left))
			}
			took["turn over"] = append(took["turn over"], wait(t, "the turn", p.turns).Sub(left))
		}
	})
	return took
}

func wait(t *testing.T, what string, ended <-chan time.Time) time.Time {
	t.Helper()
	select {
	case at := <-ended:
		return at
	case <-time.After(10 * time.Second):
		t.Fatalf("%s did not end", what)
		return time.Time{}
	}
}

// percentile returns the smallest duration that is not exceeded in p of 100 cases.
func percentile(all []time.Duration, p int) time.Duration {
	if len(all) == 0 {
		return time.Hour // nothing was measured
	}
	all = slices.Sorted(slices.Values(all))
	return all[max(0, (len(all)*p+99)/100-1)]
}

// A thought's task is sent whole with every update. All that goes over the wire for 20 kB of it, frames
// and heartbeats included, is limited.
func TestAThoughtOf20kBCostsAtMost300kBOnTheWire(t *testing.T) {
	for name, pace := range map[string]time.Duration{
		"at 1000 tokens a second": time.Millisecond, "at 100 tokens a second": 10 * time.Millisecond, "at 20 tokens a second": 50 * time.Millisecond,
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				const words = 4000
				srv := chatkit.NewServer(memstore.New(), func(ctx context.Context, turn *chatkit.Turn) error {
					return agent.Stream(ctx, turn, agent.Push(ctx, func(_ context.Context, send func(agent.Event) error) error {
						for range words {
							time.Sleep(pace)
							if err := send(&agent.ThoughtDelta{Text: "word "}); err != nil {
								return err
							}
						}
						return send(&agent.Finish{Reason: agent.ReasonStop})
					}))
				}, &chatkit.Options{Logger: slog.New(slog.DiscardHandler)})
				w := httptest.NewRecorder()
				r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(`{"type":"threads.create","params":{"input":`+input+`},"metadata":{}}`))
				r.Header.Set("Content-Type", "application/json")
				nethttp.Serve(srv, w, r, nethttp.Options{})
				if err := srv.Shutdown(t.Context()); err != nil {
					t.Errorf("Shutdown() = %v", err)
				}
				body := w.Body.String()
				if !strings.Contains(body, strings.TrimSpace(strings.Repeat("word ", words))) {
					t.Fatalf("the whole thought was never sent:\n%.300s", body)
				}
				t.Logf("%d bytes for %d", len(body), len("word ")*words)
				if len(body) > 300_000 {
					t.Errorf("the stream has %d bytes, want 300000 at most", len(body))
				}
			})
		})
	}
}
