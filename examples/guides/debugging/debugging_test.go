package debugging

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"iter"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	nethttpchatkit "github.com/gochatkit/chatkit/adapters/nethttp"
	chatkit "github.com/gochatkit/chatkit/core"
	"github.com/gochatkit/chatkit/core/agent"
	"github.com/gochatkit/chatkit/core/agent/agenttest"
	"github.com/gochatkit/chatkit/core/chatkittest"
	"github.com/gochatkit/chatkit/core/memstore"
	"github.com/gochatkit/chatkit/core/run"
)

// slow returns an answer after d, or the cause if ctx ends before.
func slow(ctx context.Context, d time.Duration) (string, error) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return "Rain.", nil
	case <-ctx.Done():
		return "", context.Cause(ctx)
	}
}

// lines collects what a logger writes.
type lines struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(p)
}

func (l *lines) logger() *slog.Logger { return slog.New(slog.NewTextHandler(l, nil)) }

// silences returns what the log says of silences: the phase, "goes on" for its end, and how long it was.
func (l *lines) silences() (found []string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	silent, phase := regexp.MustCompile(`silent=(\S+)`), regexp.MustCompile(`phase="?([^"]*?)"? clients`)
	for line := range strings.Lines(l.buf.String()) {
		switch {
		case strings.Contains(line, "chatkit: turn has sent nothing for a while"):
			found = append(found, phase.FindStringSubmatch(line)[1]+" "+silent.FindStringSubmatch(line)[1])
		case strings.Contains(line, "chatkit: turn goes on after a silence"):
			found = append(found, "goes on "+silent.FindStringSubmatch(line)[1])
		}
	}
	return found
}

func TestTheLogSaysWhatASilentTurnWaitsFor(t *testing.T) {
	const wait = 20 * time.Second
	for phase, tt := range map[string]struct {
		respond chatkit.RespondFunc
		store   time.Duration // how long the store takes for an answer
	}{
		"in Respond": {func(ctx context.Context, turn *chatkit.Turn) error {
			_, err := slow(ctx, wait)
			return err
		}, 0},
		"waiting for the weather service": {func(ctx context.Context, turn *chatkit.Turn) error {
			return Forecast(ctx, turn, func(ctx context.Context) (string, error) { return slow(ctx, wait) })
		}, 0},
		"waiting for the model": {func(ctx context.Context, turn *chatkit.Turn) error {
			_, err := agent.Run(ctx, turn, &agent.Agent{Model: sleeper(wait)})
			return err
		}, 0},
		"in tool forecast": {func(ctx context.Context, turn *chatkit.Turn) error {
			forecast := agent.Func("forecast", "Tells the weather.", func(ctx context.Context, _ struct{}) (string, error) {
				return slow(ctx, wait)
			})
			model := agenttest.NewModel(
				agenttest.Answer{Calls: []agent.ToolCall{{CallID: "call_1", Name: "forecast", Arguments: "{}"}}},
				agenttest.Answer{Text: "Rain."},
			)
			_, err := agent.Run(ctx, turn, &agent.Agent{Model: model, Tools: []agent.Tool{forecast}})
			return err
		}, 0},
		"waiting for the store": {chatkittest.Script(chatkittest.Say("Rain.")), wait},
	} {
		t.Run(phase, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var log lines
				var faults chatkittest.Faults
				faults.Add(chatkittest.Fault{Call: "PutItem", Nth: 2, Delay: tt.store})
				srv := chatkit.NewServer(faults.Wrap(memstore.New()), tt.respond, &chatkit.Options{
					Logger: log.logger(), Run: run.Config{FinalizeTimeout: time.Minute},
				})
				chatkittest.NewChat(t, srv).Send("Will it rain?")
				got := log.silences()
				if len(got) == 0 || !strings.HasPrefix(got[0], phase+" 15.") && got[0] != phase+" 15s" {
					t.Errorf("log says %q, want %q after 15 seconds", got, phase)
				}
			})
		})
	}
}

// sleeper is a model that thinks before it speaks.
type sleeper time.Duration

func (s sleeper) Stream(ctx context.Context, _ *agent.Request) iter.Seq2[agent.Event, error] {
	return func(yield func(agent.Event, error) bool) {
		text, err := slow(ctx, time.Duration(s))
		yield(&agent.TextDelta{Text: text}, err)
	}
}

func TestMetricsHearOfSilences(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log lines
		var mu sync.Mutex
		var told []string
		opts := Metrics(func(phase string, clients int, _ time.Duration) {
			mu.Lock()
			defer mu.Unlock()
			told = append(told, fmt.Sprint(phase, " ", clients))
		}, log.logger())
		srv := chatkit.NewServer(memstore.New(), func(ctx context.Context, turn *chatkit.Turn) error {
			return Forecast(ctx, turn, func(ctx context.Context) (string, error) { return slow(ctx, time.Minute) })
		}, opts)
		chatkittest.NewChat(t, srv).Send("Will it rain?").AssertText(t, "Rain.")
		mu.Lock()
		defer mu.Unlock()
		if len(told) == 0 || told[0] != "waiting for the weather service 1" || len(log.silences()) != 0 {
			t.Errorf("told = %q, log %q", told, log.silences())
		}
	})
}

func TestTicksAndTimesAreThereWithDebugOnly(t *testing.T) {
	for _, debug := range []bool{false, true} {
		opts := Development()
		opts.Debug, opts.Logger = debug, slog.New(slog.DiscardHandler)
		web := httptest.NewServer(nethttpchatkit.Handler(chatkit.NewServer(memstore.New(), chatkittest.Script(), opts)))
		defer web.Close()
		res, err := http.Post(web.URL, "application/json", strings.NewReader(`{"type":"debug.ticks","params":{"count":3,"gap":1}}`))
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(res.Body)
		res.Body.Close()
		if err != nil {
			t.Fatal(err)
		}
		want := 0
		if debug {
			want = 3
		}
		if got := strings.Count(string(body), `"type":"debug.tick"`); got != want {
			t.Errorf("debug %v: ticks = %d, want %d: %s", debug, got, want, body)
		}
		if got := strings.Contains(string(body), ": t="); got != debug {
			t.Errorf("debug %v: times in the stream = %v: %s", debug, got, body)
		}
	}
}

func TestThePlaygroundIsServed(t *testing.T) {
	mux := http.NewServeMux()
	Mount(mux, chatkit.NewServer(memstore.New(), chatkittest.Script(), nil))
	web := httptest.NewServer(mux)
	defer web.Close()
	res, err := http.Get(web.URL + "/playground/")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		t.Errorf("GET /playground/ = %d, want 200", res.StatusCode)
	}
}
