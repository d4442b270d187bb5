package adaptertest

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gochatkit/chatkit/core/transport"
)

const (
	killStreams = 300
	killWorkers = 16
)

// RunKills reads 300 streams on 16 connections at a time. About a quarter of the clients leave in the middle, by FIN,
// RST or half-close, and dial again; the others go on with their connection, for streams and plain
// requests. No stream may hold what belongs to another, the server has to notice every client that left, no
// connection may be lost that nobody left, and no goroutine may remain. It is meant for the race detector. Which
// client leaves when is the same in each run; what happens at the same time is not.
func RunKills(t *testing.T, f Factory) {
	base := len(goroutines())
	c := &check{TB: t, factory: f}
	c.do(killMany)
	for _, text := range c.result() {
		t.Error(text)
	}
	noLeaks(t, base)
}

// killScript is the request that a kill test sends: who it is from, and how the answer goes.
type killScript struct {
	ID     int  `json:"id"`
	Events int  `json:"events"` // how many before the end
	Hold   bool `json:"hold"`   // wait for the client to leave, instead of ending
}

// text is the n-th event of the answer. No two of a run are equal.
func (s killScript) text(n int) string {
	return fmt.Sprintf("stream %d event %d %s", s.ID, n, strings.Repeat(string(rune('a'+s.ID%26)), s.ID%97*10))
}

// killed counts what the server has seen.
type killed struct {
	started, finished, noticed atomic.Int64
}

func (*killed) MaxBodyBytes() int64 { return 1 << 20 }

func (k *killed) Serve(req *transport.Request, res transport.Response) {
	body, err := req.Body()
	if err != nil {
		reply(res, 400, err.Error(), nil)
		return
	}
	if string(body) == plainBody {
		reply(res, 200, "plain", nil)
		return
	}
	var script killScript
	if err := json.Unmarshal(body, &script); err != nil {
		reply(res, 400, err.Error(), nil)
		return
	}
	k.started.Add(1)
	err = res.Stream(streamHeader(), func(ctx context.Context, w transport.StreamWriter) {
		defer k.finished.Add(1)
		sw := &writer{StreamWriter: w}
		sw.comment()
		for n := range script.Events {
			sw.event(script.text(n))
			pause(ctx, time.Millisecond)
		}
		if script.Hold {
			pause(ctx, patience())
			if ctx.Err() != nil {
				k.noticed.Add(1)
			}
		}
	})
	if err != nil {
		k.finished.Add(1)
		reply(res, 500, err.Error(), nil)
	}
}

func killMany(c *check) {
	k := &killed{}
	srv := c.start(Setup{Handler: k})
	var kills, dials, plain atomic.Int64
	var workers sync.WaitGroup
	for worker := range killWorkers {
		workers.Go(func() {
			random := rand.New(rand.NewPCG(1, uint64(worker)))
			var cl *client
			defer func() {
				if cl != nil {
					cl.conn.Close()
				}
			}()
			for id := worker; id < killStreams; id += killWorkers {
				if cl == nil {
					cl = c.dial(srv)
					dials.Add(1)
				}
				script := killScript{ID: id, Events: 1 + random.IntN(12), Hold: random.IntN(4) == 0}
				cl.follow(script, random)
				switch {
				case script.Hold:
					kills.Add(1)
					departures[random.IntN(len(departures))].leave(cl)
					cl.conn.Close()
					cl = nil
				case id%3 == 0:
					cl.plain()
					plain.Add(1)
				}
			}
		})
	}
	workers.Wait()

	for deadline := time.Now().Add(patience()); k.finished.Load() < k.started.Load() && time.Now().Before(deadline); {
		time.Sleep(5 * time.Millisecond) // streams whose client has left are about to end
	}
	if got := k.started.Load(); got != killStreams {
		c.Errorf("streams begun = %d, want %d", got, killStreams)
	}
	if got := k.finished.Load(); got != killStreams {
		c.Errorf("streams ended = %d, want %d", got, killStreams)
	}
	if got, want := k.noticed.Load(), kills.Load(); got != want || want == 0 {
		c.Errorf("departures noticed = %d, want %d and more than none", got, want)
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience())
	defer cancel()
	if err := srv.shutdown(ctx); err != nil {
		c.Errorf("shutdown = %v, want nil: nobody is connected", err)
	}
	c.Logf("%d streams, %d cut off by clients and %d of these noticed, %d plain requests in between, on %d connections",
		k.started.Load(), kills.Load(), k.noticed.Load(), plain.Load(), dials.Load())
}

// follow sends a script and reads its stream: to its clean end, or, where the client is going to leave, as
// far as it likes.
func (cl *client) follow(s killScript, random *rand.Rand) {
	cl.c.Helper()
	body, err := json.Marshal(s)
	if err != nil {
		cl.c.Fatalf("encode request: %v", err)
	}
	cl.send(post(string(body)))
	ev := cl.opened()
	events := s.Events
	if s.Hold {
		events = random.IntN(events + 1)
	}
	for n := range events {
		if got, want := ev.next().text, s.text(n); got != want {
			cl.c.Fatalf("stream %d: event %d = %.60q, want %.60q", s.ID, n, got, want)
		}
	}
	if !s.Hold {
		ev.end()
	}
}

// plain sends a request that is answered without a stream.
func (cl *client) plain() {
	cl.c.Helper()
	cl.send(post(plainBody))
	res := cl.answer("POST")
	body, err := io.ReadAll(res.Body)
	if want := `{"message":"plain"}`; err != nil || res.StatusCode != 200 || string(body) != want {
		cl.c.Fatalf("plain answer = %d %q, %v, want 200 and %q", res.StatusCode, body, err, want)
	}
}
