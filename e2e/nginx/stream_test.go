package nginx

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	chatkit "github.com/gochatkit/chatkit/core"
)

// ignoring is what makes nginx deaf to the header with which the server asks for no buffering.
const ignoring = "proxy_ignore_headers X-Accel-Buffering;\n"

// gzipping is compression for event streams, which nginx does not compress unless told to.
const gzipping = "gzip on;\ngzip_types text/event-stream application/json;\n"

// location is the least that passes requests on, with more settings.
func location(settings string) func(string) string {
	return func(backend string) string {
		return "location /chatkit {\nproxy_pass http://" + backend + ";\n" + settings + "}\n"
	}
}

// recipe is the location that docs/nginx.md recommends, with more settings around it.
func recipe(t *testing.T, outside string) func(string) string {
	t.Helper()
	doc, err := os.ReadFile("../../docs/nginx.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, found := strings.Cut(string(doc), "```nginx\n")
	block, _, closed := strings.Cut(rest, "```")
	if !found || !closed || !strings.Contains(block, "127.0.0.1:8000") {
		t.Fatal("docs/nginx.md has no recipe for 127.0.0.1:8000")
	}
	return func(backend string) string { return outside + strings.ReplaceAll(block, "127.0.0.1:8000", backend) }
}

// setups are what stands in front of the server. A nil configuration is nothing at all.
func setups(t *testing.T) []setup {
	return []setup{
		{name: "no nginx", flows: true},
		{name: "defaults", conf: location(""), flows: true},
		{name: "defaults, header ignored", conf: location(ignoring)},
		{name: "gzip", conf: location(gzipping), flows: true, gzip: true},
		{name: "gzip, header ignored", conf: location(gzipping + ignoring), gzip: true},
		{name: "recipe", conf: recipe(t, ""), flows: true},
		{name: "recipe inside gzip, header ignored", conf: recipe(t, gzipping+ignoring), flows: true},
	}
}

type setup struct {
	name  string
	conf  func(backend string) string
	flows bool // events arrive as they are written
	gzip  bool // and compressed
}

// front starts what the setup says and returns where to send requests.
func (s setup) front(t *testing.T, backend string) string {
	t.Helper()
	if s.conf == nil {
		return backend
	}
	return start(t, s.conf(backend))
}

// An answer takes at least words times gap. What flows has begun to arrive long before that, in many pieces; what is
// buffered arrives after it, in a few.
func TestWhatArrivesWhen(t *testing.T) {
	const whole = words * gap
	var table strings.Builder
	fmt.Fprintf(&table, "\n%-36s %10s %7s %6s %5s", "nginx", "first", "events", "reads", "most")
	for _, s := range setups(t) {
		t.Run(s.name, func(t *testing.T) {
			addr := s.front(t, backend(t, speaking, chatkit.Options{}))
			// The first answer pays for what is done once; a busy machine makes the best of three tell more than one.
			var best arrival
			for i := range 4 {
				st := post(t, addr, question, "Accept-Encoding: gzip")
				if got := st.res.Header.Get("Content-Encoding") == "gzip"; got != s.gzip {
					t.Errorf("compressed = %v, want %v", got, s.gzip)
				}
				if got := st.res.Header.Get("Content-Type"); got != "text/event-stream" {
					t.Errorf("Content-Type = %q, want an event stream", got)
				}
				if a := st.arrive(t); i == 1 || i > 1 && a.first < best.first {
					best = a
				}
			}
			if best.events < words {
				t.Errorf("events = %d, want at least %d", best.events, words)
			}
			flows := best.first < whole/2 && best.reads >= words/3
			if flows != s.flows {
				t.Errorf("first event after %v, %d events in %d reads: flowing = %v, want %v", best.first, best.events, best.reads, flows, s.flows)
			}
			fmt.Fprintf(&table, "\n%-36s %7.1f ms %7d %6d %5d", s.name, float64(best.first.Microseconds())/1000, best.events, best.reads, best.most)
		})
	}
	t.Log(table.String())
}

// A client that has left must end its turn soon, or the model goes on for nobody. Buffering does not keep nginx
// from noticing; only a setting of its own does.
func TestHowSoonACancelIsNoticed(t *testing.T) {
	const silence = time.Second // after which the turn ends by itself
	var table strings.Builder
	fmt.Fprintf(&table, "\n%-36s %10s", "nginx", "noticed")
	row := func(name string, took time.Duration) {
		fmt.Fprintf(&table, "\n%-36s %7.1f ms", name, float64(took.Microseconds())/1000)
	}
	cancel := func(t *testing.T, s setup, times int) (best time.Duration, cause error) {
		respond, began, ended := waiting(silence)
		addr := s.front(t, backend(t, respond, chatkit.Options{}))
		best = time.Hour
		for range times {
			conn := send(t, addr, question)
			<-began
			time.Sleep(100 * time.Millisecond) // the client looks at the word before it leaves
			left := time.Now()
			conn.Close()
			end := <-ended
			best, cause = min(best, end.at.Sub(left)), end.cause
		}
		return best, cause
	}
	for _, s := range setups(t) {
		t.Run(s.name, func(t *testing.T) {
			took, cause := cancel(t, s, 3)
			if took > silence/10 || !errors.Is(cause, chatkit.ErrDisconnected) {
				t.Errorf("turn ended %v after the client left, cause %v; want at once, %v", took, cause, chatkit.ErrDisconnected)
			}
			row(s.name, took)
		})
	}
	deaf := setup{name: "proxy_ignore_client_abort on", conf: location("proxy_ignore_client_abort on;\n")}
	t.Run(deaf.name, func(t *testing.T) {
		took, cause := cancel(t, deaf, 1)
		if took < silence/2 || cause != nil {
			t.Errorf("turn ended %v after the client left, cause %v; want its own end", took, cause)
		}
		row(deaf.name, took)
	})
	t.Log(table.String())
}
