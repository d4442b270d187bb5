package guides_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	chatkit "github.com/gochatkit/chatkit/core"
	"github.com/gochatkit/chatkit/core/chatkittest"
	"github.com/gochatkit/chatkit/core/memstore"
	"github.com/gochatkit/chatkit/core/run"
	"github.com/gochatkit/chatkit/core/transport"
)

// TestTheGuidesSayTheRealDefaults observes each default on a clock of its own, and looks for the sentences that tell it:
// who changes a default learns here which documents say otherwise.
func TestTheGuidesSayTheRealDefaults(t *testing.T) {
	for _, tt := range []struct {
		name    string
		observe func(*testing.T) time.Duration
		// said are documents and what they say, with %s for seconds or minutes as a number, %w for the same in words.
		said [][2]string
	}{
		{"Run.Quiet", observeQuiet, [][2]string{
			{"../../docs/debugging.md", "have got nothing for %s seconds"},
			{"../../docs/debugging.md", "the default is %s s"},
			{"../../docs/pitfalls.md", "\n%sth second on that `turn has sent nothing for a while`"},
			{"debugging/debugging.go", "the default is %s s"},
		}},
		{"half of WriteTimeout, when a client that blocks is told of", observeBlocked, [][2]string{
			{"../../docs/debugging.md", "after half of `Options.WriteTimeout`, so after %s s"},
		}},
		{"WriteTimeout", observeWriteTimeout, [][2]string{{"../../docs/debugging.md", "after all of it (%s s) the client is dropped"}}},
		{"Run.Heartbeat", observeHeartbeat, [][2]string{
			{"../../docs/debugging.md", "heartbeat (%s s)"},
			{"../../docs/streaming.md", "a heartbeat every %s seconds"},
			{"../../docs/python.md", "| every %s s, also while"},
			{"../../docs/nginx.md", "longer than the heartbeat, which is %s s"},
			{"../../docs/nginx.md", "(`Options.Run.Heartbeat`, %s s)"},
			{"../../docs/cli.md", "the server's heartbeat, %s s,"},
		}},
		{"Run.Stall", observeStall, [][2]string{
			{"../../docs/debugging.md", "stays silent for %w minutes is ended as stalled"},
			{"../../docs/pitfalls.md", "After %w minutes the user sees an error"},
			{"../../docs/pitfalls.md", "`Options.Run.Stall` (%m min without a word)"},
			{"../../docs/streaming.md", "sends nothing for %w minutes is taken for stalled"},
			{"../../docs/interruptions.md", "`Run.Stall` (%m min)"},
			{"../../docs/python.md", "ended after %w minutes"},
			{"../../docs/testing.md", "so %w minutes take no time"},
			{"pitfalls/stall.go", "after %w minutes the turn is taken for stalled"},
		}},
		{"Run.MaxDuration", observeMaxDuration, [][2]string{
			{"../../docs/pitfalls.md", "`Options.Run.MaxDuration` (%m min in all)"},
			{"../../docs/streaming.md", "one of %m minutes is ended"},
			{"../../docs/interruptions.md", "`Run.MaxDuration` (%m min)"},
		}},
		{"Run.StopTimeout", observeStopTimeout, [][2]string{
			{"../../docs/pitfalls.md", "is answered %w seconds later"},
			{"../../docs/pitfalls.md", "`Run.StopTimeout` (%s s)"},
			{"../../docs/interruptions.md", "`Options.Run.StopTimeout` (%s s)"},
			{"../../docs/interruptions.md", "less than Run.StopTimeout, %s s"},
			{"../../docs/interruptions.md", "`Run.StopTimeout` (%s s), which"},
			{"../../docs/stop-button.md", "`Run.StopTimeout` (%s s) to return"},
			{"../../docs/cli.md", "is left behind after %s s"},
			{"stopbutton/stopbutton.go", "less than Run.StopTimeout, %s s"},
			{"interruptions/interruptions.go", "less than Run.StopTimeout, %s s"},
		}},
		{"Run.MaxDetached", observeMaxDetached, [][2]string{
			{"../../docs/interruptions.md", "`Run.MaxDetached` (%m min)"},
			{"../../docs/stop-button.md", "`Run.MaxDetached` (%m min)"},
		}},
		{"Run.Drain", observeDrain, [][2]string{
			{"../../docs/interruptions.md", "`Run.Drain` (%s s)"},
			{"../../docs/interruptions.md", "may finish by themselves, is %s s,"},
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var is time.Duration
			synctest.Test(t, func(t *testing.T) { is = tt.observe(t).Truncate(500 * time.Millisecond) })
			for _, said := range tt.said {
				text, err := os.ReadFile(said[0])
				if err != nil {
					t.Fatal(err)
				}
				want := strings.NewReplacer("%s", fmt.Sprint(is.Seconds()), "%m", fmt.Sprint(is.Minutes()), "%w", inWords(is)).Replace(said[1])
				if !strings.Contains(string(text), want) {
					t.Errorf("%s is %v by default, and %s does not say %q", tt.name, is, strings.TrimPrefix(said[0], "../../"), want)
				}
			}
		})
	}
}

// inWords is a number of minutes, or of seconds below a minute.
func inWords(d time.Duration) string {
	n := d.Seconds()
	if d >= time.Minute {
		n = d.Minutes()
	}
	words := []string{"no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"}
	if i := int(n); float64(i) == n && i < len(words) {
		return words[i]
	}
	return fmt.Sprint(n)
}

// newServer returns a server that looks after its turns often enough for what is to be measured.
func newServer(respond chatkit.RespondFunc, opts chatkit.Options) *chatkit.Server {
	opts.Logger = slog.New(slog.DiscardHandler)
	if opts.Run.Heartbeat == 0 && opts.Run.Quiet == 0 {
		opts.Run.Heartbeat = time.Second
	}
	return chatkit.NewServer(memstore.New(), respond, &opts)
}

// listen returns how long a turn was let go on. If alive, it shows that it lives.
func listen(alive bool, ended *time.Time) chatkit.RespondFunc {
	return func(ctx context.Context, t *chatkit.Turn) error {
		tick := time.NewTicker(30 * time.Second)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				if alive {
					t.Touch()
				}
			case <-ctx.Done():
				*ended = time.Now()
				return context.Cause(ctx)
			}
		}
	}
}

func observeQuiet(t *testing.T) time.Duration {
	var told []run.Quiet
	srv := newServer(func(ctx context.Context, turn *chatkit.Turn) error {
		time.Sleep(100 * time.Second)
		return turn.Text("done")
	}, chatkit.Options{Run: run.Config{OnQuiet: func(q run.Quiet) { told = append(told, q) }}})
	chatkittest.NewChat(t, srv).Send("Hi")
	synctest.Wait()
	if len(told) == 0 {
		t.Fatal("a silence of 100 s is not told of")
	}
	return told[0].For
}

func observeStall(t *testing.T) time.Duration {
	began, ended := time.Now(), time.Time{}
	chatkittest.NewChat(t, newServer(listen(false, &ended), chatkit.Options{})).Send("Hi")
	return ended.Sub(began)
}

func observeMaxDuration(t *testing.T) time.Duration {
	began, ended := time.Now(), time.Time{}
	chatkittest.NewChat(t, newServer(listen(true, &ended), chatkit.Options{})).Send("Hi")
	return ended.Sub(began)
}

func observeStopTimeout(t *testing.T) time.Duration {
	began, release := make(chan struct{}), make(chan struct{})
	srv := newServer(func(context.Context, *chatkit.Turn) error {
		close(began)
		<-release
		return nil
	}, chatkit.Options{})
	live := chatkittest.NewChat(t, srv).Begin("Hi")
	<-began
	stopped := time.Now()
	live.Stop()
	took := time.Since(stopped)
	close(release)
	return took
}

func observeMaxDetached(t *testing.T) time.Duration {
	var ended time.Time
	srv := newServer(listen(true, &ended), chatkit.Options{Disconnect: run.Keep(0)})
	live := chatkittest.NewChat(t, srv).Begin("Hi")
	synctest.Wait()
	left := time.Now()
	live.Close()
	time.Sleep(14 * time.Minute)
	synctest.Wait()
	return ended.Sub(left)
}

func observeDrain(t *testing.T) time.Duration {
	var ended time.Time
	srv := newServer(listen(true, &ended), chatkit.Options{})
	live := chatkittest.NewChat(t, srv).Begin("Hi")
	defer live.Close()
	synctest.Wait()
	asked := time.Now()
	if err := srv.Shutdown(t.Context()); err != nil {
		t.Error(err)
	}
	return ended.Sub(asked)
}

func observeWriteTimeout(t *testing.T) time.Duration {
	c := &client{}
	c.ask(t, newServer(chatkittest.Script(chatkittest.Say("Hello.")), chatkit.Options{}))
	return c.deadline
}

func observeBlocked(t *testing.T) time.Duration {
	var told []run.Quiet
	c := &client{blocks: 14 * time.Second}
	c.ask(t, newServer(func(context.Context, *chatkit.Turn) error {
		time.Sleep(time.Minute)
		return nil
	}, chatkit.Options{
		Run: run.Config{OnQuiet: func(q run.Quiet) { told = append(told, q) }},
	}))
	synctest.Wait()
	if len(told) == 0 || told[0].Phase != run.PhaseClient {
		t.Fatalf("told %+v, want that the client blocks", told)
	}
	return told[0].For
}

func observeHeartbeat(t *testing.T) time.Duration {
	c := &client{}
	c.ask(t, newServer(func(context.Context, *chatkit.Turn) error {
		time.Sleep(time.Minute)
		return nil
	}, chatkit.Options{Run: run.Config{Quiet: time.Second}}))
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.comments) < 2 {
		t.Fatal("there are no heartbeats")
	}
	return c.comments[1].Sub(c.comments[0])
}

// A client is the other end of a stream.
type client struct {
	blocks time.Duration // how long its first write takes

	mu       sync.Mutex
	deadline time.Duration // of the first write
	comments []time.Time   // when comments came, those that begin the stream left out
	writes   int
}

// ask sends a message and takes the whole answer.
func (c *client) ask(t *testing.T, srv *chatkit.Server) {
	const body = `{"type":"threads.create","params":{"input":{"content":[{"type":"input_text","text":"Hi"}],"attachments":[],"inference_options":{}}}}`
	srv.Serve(&transport.Request{
		Context: t.Context(), Method: http.MethodPost,
		Header: func(name string) string { return map[string]string{"Content-Type": "application/json"}[name] },
		Body:   func() ([]byte, error) { return []byte(body), nil },
	}, c)
}

// Reply implements transport.Response.
func (*client) Reply(status int, _ http.Header, body []byte) error {
	return fmt.Errorf("no stream: %d %s", status, body)
}

// Stream implements transport.Response.
func (c *client) Stream(_ http.Header, fn func(context.Context, transport.StreamWriter)) error {
	fn(context.Background(), c)
	return nil
}

// Write implements transport.StreamWriter.
func (c *client) Write(p []byte) (int, error) {
	c.mu.Lock()
	first := c.writes == 0
	c.writes++
	if !first && bytes.HasPrefix(p, []byte(":")) {
		c.comments = append(c.comments, time.Now())
	}
	c.mu.Unlock()
	if first {
		time.Sleep(c.blocks)
	}
	return len(p), nil
}

// SetWriteDeadline implements transport.StreamWriter.
func (c *client) SetWriteDeadline(at time.Time) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.deadline == 0 && !at.IsZero() {
		c.deadline = time.Until(at)
	}
	return nil
}

// Abort implements transport.StreamWriter.
func (*client) Abort() {}
