package adaptertest

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gochatkit/chatkit/core/transport"
)

// departures are the ways in which a client leaves that the server's kernel hears of.
var departures = []struct {
	name  string
	leave func(*client)
}{
	{"FIN", (*client).leave},
	{"RST", (*client).reset},
	{"half-close", (*client).halfClose},
}

// latencySamples is how often each departure is measured.
const latencySamples = 100

// latest is how late a single departure may be noticed. It is generous: a busy machine stalls a process for
// longer than any adapter takes. What an adapter adds itself shows in the median.
const latest = time.Second

// RunLatency measures how soon a silent stream learns that its client has left, 100 times for each of FIN, RST and
// half-close, one after the other, and logs a table of it. The median has to be below 20 ms and the longest
// below a second.
func RunLatency(t *testing.T, f Factory) {
	c := &check{TB: t, factory: f}
	c.do(func(c *check) { t.Log(c.judgeLatency(latencySamples)) })
	for _, text := range c.result() {
		t.Error(text)
	}
}

// judgeLatency measures each departure that often, fails where it is noticed too late, and returns the table.
func (c *check) judgeLatency(samples int) string {
	c.Helper()
	var table strings.Builder
	fmt.Fprintf(&table, "%d each\n%-12s %10s %10s %10s", samples, "client", "median", "90 %", "max")
	for _, d := range departures {
		took := c.latencies(d.leave, samples)
		slices.Sort(took)
		median, longest := took[len(took)/2], took[len(took)-1]
		fmt.Fprintf(&table, "\n%-12s %10s %10s %10s", d.name, inMillis(median), inMillis(took[len(took)*9/10]), inMillis(longest))
		if median >= soon {
			c.Errorf("%s: the median of noticing is %v, want < %v", d.name, median, soon)
		}
		if longest >= latest {
			c.Errorf("%s: noticing took %v once, want < %v", d.name, longest, latest)
		}
	}
	return table.String()
}

// latencies opens a stream and has the client leave, again and again on one server.
func (c *check) latencies(leave func(*client), samples int) []time.Duration {
	c.Helper()
	silent, ended := untilDone()
	srv := c.start(Setup{Handler: &scripted{stream: silent}})
	var took []time.Duration
	for range samples {
		cl := c.dial(srv)
		cl.open()
		begin := time.Now()
		leave(cl)
		end := wait(c, ended, "end of the stream's context")
		if !errors.Is(end.cause, transport.ErrPeerGone) && !errors.Is(end.cause, transport.ErrPeerReset) {
			c.Fatalf("cause = %v, want %v", end.cause, transport.ErrPeerGone)
		}
		took = append(took, end.at.Sub(begin))
		cl.conn.Close()
	}
	return took
}

func inMillis(d time.Duration) string {
	return fmt.Sprintf("%.2f ms", float64(d.Microseconds())/1000)
}
