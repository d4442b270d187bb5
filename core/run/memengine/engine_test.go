package memengine_test

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/gochatkit/chatkit/core/run"
	"github.com/gochatkit/chatkit/core/run/enginetest"
	"github.com/gochatkit/chatkit/core/run/memengine"
)

// A clock is moved by hand.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func newClock() *clock { return &clock{now: time.Now()} }

func (c *clock) Now() time.Time { c.mu.Lock(); defer c.mu.Unlock(); return c.now }

func (c *clock) Advance(d time.Duration) { c.mu.Lock(); defer c.mu.Unlock(); c.now = c.now.Add(d) }

func TestEngineKeepsTheRules(t *testing.T) {
	enginetest.Run(t, func(t *testing.T) enginetest.Opened {
		c := newClock()
		e := memengine.New(&memengine.Options{Now: c.Now})
		t.Cleanup(func() { _ = e.Close() })
		return enginetest.Opened{Engine: e, Advance: c.Advance}
	})
}

// A diary is a journal in memory.
type diary struct {
	changes   []memengine.Change
	forgotten []run.Key
	fail      error
}

func (d *diary) Write(c memengine.Change) error {
	if d.fail != nil {
		return d.fail
	}
	d.changes = append(d.changes, c)
	return nil
}

func (d *diary) Forget(k run.Key) {
	d.forgotten = append(d.forgotten, k)
	d.changes = slices.DeleteFunc(d.changes, func(c memengine.Change) bool { return c.Key == k })
}

// An engine that is made again from its journal is the engine that it was: the same suite holds.
func TestARestoredEngineKeepsTheRules(t *testing.T) {
	enginetest.Run(t, func(t *testing.T) enginetest.Opened {
		c, d := newClock(), &diary{}
		e := memengine.New(&memengine.Options{Now: c.Now, Journal: d})
		t.Cleanup(func() { _ = e.Close() })
		return enginetest.Opened{Engine: e, Advance: c.Advance, Reopen: func(*testing.T) run.Engine {
			_ = e.Close()
			e = memengine.New(&memengine.Options{Now: c.Now, Journal: d})
			e.Restore(slices.Values(slices.Clone(d.changes)))
			return e
		}}
	})
}

var key = run.Key{Owner: "o", Thread: "t", Run: "r"}

func claim(t *testing.T, e run.Engine, k run.Key) *run.Lease {
	t.Helper()
	l, err := e.Claim(t.Context(), run.ClaimRequest{Key: k, Node: "n", TTL: time.Minute})
	if err != nil {
		t.Fatalf("Claim: %v", err)
	}
	return l
}

// events returns a batch of n events of 100 bytes.
func events(first uint64, n int) run.Batch {
	b := run.Batch{First: run.Seq(first), Last: run.Seq(first) + run.Seq(n) - 1} // small
	for i := range n {
		b.Data = fmt.Appendf(b.Data, "{\"seq\":%-92d}\n", first+uint64(i)) // small
	}
	return b
}

func TestAChangeThatTheJournalRefusesDoesNotHappen(t *testing.T) {
	full := errors.New("disk is full")
	d := &diary{}
	c := newClock()
	e := memengine.New(&memengine.Options{Now: c.Now, Journal: d})
	l := claim(t, e, key)
	if _, err := e.Append(t.Context(), l, events(1, 1)); err != nil {
		t.Fatal(err)
	}
	d.fail = full
	before := *l
	_, appended := e.Append(t.Context(), l, events(2, 1))
	_, claimed := e.Claim(t.Context(), run.ClaimRequest{Key: run.Key{Owner: "o", Thread: "u", Run: "s"}, TTL: time.Minute})
	c.Advance(2 * time.Minute)
	info, _ := e.Lookup(t.Context(), key)
	_, taken := e.TakeOver(t.Context(), info, "m")
	for name, err := range map[string]error{
		"Append": appended, "Claim": claimed, "TakeOver": taken,
		"Finish": e.Finish(t.Context(), l, run.Batch{}, run.Outcome{Status: run.Completed}),
		"Signal": e.Signal(t.Context(), run.Signal{Key: key, Reason: "stopped"}),
	} {
		if !errors.Is(err, full) {
			t.Errorf("%s = %v, want the journal's error", name, err)
		}
	}
	d.fail = nil
	if *l != before {
		t.Errorf("lease = %+v, want it unchanged: %+v", *l, before)
	}
	if got, _ := e.Lookup(t.Context(), key); got != info || got.Head != 1 || got.Status != run.Active {
		t.Errorf("run = %+v, want it unchanged: %+v", got, info)
	}
	if _, err := e.Lookup(t.Context(), run.Key{Owner: "o", Thread: "u"}); !errors.Is(err, run.ErrNoRun) {
		t.Errorf("Lookup of the run that was refused = %v, want no such run", err)
	}
	if answer, err := e.Append(t.Context(), l, events(2, 1)); err != nil || answer.Signal != nil {
		t.Errorf("Append afterwards = %+v, %v", answer, err)
	}
}

func TestALogBeyondItsBoundLosesItsOldestEvents(t *testing.T) {
	e := memengine.New(&memengine.Options{MaxLog: 1000})
	l := claim(t, e, key)
	for i := range uint64(10) {
		if _, err := e.Append(t.Context(), l, events(3*i+1, 3)); err != nil {
			t.Fatal(err)
		}
	}
	for _, tt := range []struct {
		after, first run.Seq
		trimmed      bool
	}{{0, 22, true}, {20, 22, true}, {21, 22, false}, {22, 23, false}, {29, 30, false}} {
		p, err := e.Read(t.Context(), key, tt.after, 100)
		if err != nil || len(p.Batches) == 0 {
			t.Fatalf("Read after %d = %+v, %v", tt.after, p, err)
		}
		if p.Batches[0].First != tt.first || p.Trimmed != tt.trimmed || p.Head != 30 {
			t.Errorf("Read after %d begins with %d, trimmed %v, head %d, want %d, %v, 30", tt.after, p.Batches[0].First, p.Trimmed, p.Head, tt.first, tt.trimmed)
		}
	}
}

func TestLogsOfEndedRunsGoWhenTheirBoundIsReached(t *testing.T) {
	c, d := newClock(), &diary{}
	opts := memengine.Options{Now: c.Now, MaxEnded: 500, Journal: d}
	e := memengine.New(&opts)
	name := func(i int) run.Key { return run.Key{Owner: "o", Thread: fmt.Sprint(i), Run: fmt.Sprint(i)} }
	active := claim(t, e, key)
	if _, err := e.Append(t.Context(), active, events(1, 10)); err != nil {
		t.Fatal(err)
	}
	end := func(i int) {
		t.Helper()
		if err := e.Finish(t.Context(), claim(t, e, name(i)), events(1, 2), run.Outcome{Status: run.Completed, Retain: time.Minute}); err != nil {
			t.Fatal(err)
		}
	}
	want := func(when string, k run.Key, batches int) {
		t.Helper()
		p, err := e.Read(t.Context(), k, 0, 10)
		if err != nil || len(p.Batches) != batches || p.Trimmed != (batches == 0) || p.Ended != (k != key) {
			t.Errorf("%s: Read(%s) = %d batches, trimmed %v, ended %v, %v, want %d", when, k.Run, len(p.Batches), p.Trimmed, p.Ended, err, batches)
		}
	}
	for i := range 4 {
		end(i)
	}
	for i, batches := range []int{0, 0, 1, 1} {
		want("four have ended", name(i), batches)
	}
	want("four have ended", key, 1)
	e = memengine.New(&opts)
	e.Restore(slices.Values(slices.Clone(d.changes)))
	for i, batches := range []int{0, 0, 1, 1} {
		want("restored", name(i), batches)
	}
	c.Advance(2 * time.Minute)
	for i := range 2 {
		end(10 + i)
	}
	for i := range 2 {
		want("those from before are forgotten", name(10+i), 1)
	}
}

func TestAnEngineForgetsWhatHasEnded(t *testing.T) {
	d, c := &diary{}, newClock()
	e := memengine.New(&memengine.Options{Now: c.Now, Journal: d})
	l, err := e.Claim(t.Context(), run.ClaimRequest{Key: key, Idempotency: "i", TTL: time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	if err := e.Finish(t.Context(), l, events(1, 1), run.Outcome{Status: run.Completed, Retain: time.Minute}); err != nil {
		t.Fatal(err)
	}
	c.Advance(time.Minute + time.Second)
	if _, err := e.Lookup(t.Context(), key); !errors.Is(err, run.ErrNoRun) {
		t.Errorf("Lookup = %v, want no such run", err)
	}
	if !slices.Equal(d.forgotten, []run.Key{key}) {
		t.Errorf("the journal was told to forget %v", d.forgotten)
	}
	if _, err := e.Claim(t.Context(), run.ClaimRequest{Key: key, Idempotency: "i", TTL: time.Minute}); err != nil {
		t.Errorf("Claim with names that are forgotten: %v", err)
	}
}

func BenchmarkAppend(b *testing.B) {
	for _, n := range []int{1, 10} {
		b.Run(fmt.Sprintf("batch=%d", n), func(b *testing.B) {
			e := memengine.New(&memengine.Options{MaxLog: 1 << 20})
			l, err := e.Claim(b.Context(), run.ClaimRequest{Key: key, TTL: time.Minute})
			if err != nil {
				b.Fatal(err)
			}
			batch := events(1, n)
			b.SetBytes(int64(len(batch.Data)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := e.Append(b.Context(), l, batch); err != nil {
					b.Fatal(err)
				}
				batch.First, batch.Last = batch.First+run.Seq(n), batch.Last+run.Seq(n) // small
			}
		})
	}
}
