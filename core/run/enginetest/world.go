package enginetest

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/gochatkit/chatkit/core/run"
)

// patience is how long a check waits for what an engine does in the background. The suite's own tests
// have less of it.
var patience = 10 * time.Second

// crowd is how many goroutines race for one thing.
const crowd = 16

// A world is what a check works with: the engine, and names that nobody else uses.
type world struct {
	tb
	run.Engine
	opened Opened
	reopen func() run.Engine
	ttl    time.Duration
	ctx    context.Context
	prefix string
	names  int
}

func newWorld(t tb, o Opened, reopen func() run.Engine) *world {
	w := &world{tb: t, Engine: o.Engine, opened: o, reopen: reopen, ttl: o.TTL, ctx: t.Context(), prefix: rand.Text()[:10]}
	if w.ttl <= 0 {
		w.ttl = time.Minute
	}
	return w
}

// advance moves the engine's clock.
func (w *world) advance(d time.Duration) { w.opened.Advance(d) }

// expire lets all leases run out.
func (w *world) expire() { w.advance(w.ttl + w.ttl/2) }

// name returns a name that was not used before.
func (w *world) name(kind string) string {
	w.names++
	return fmt.Sprintf("%s_%s_%d", kind, w.prefix, w.names)
}

func (w *world) key() run.Key {
	return run.Key{Owner: w.name("owner"), Thread: w.name("thr"), Run: w.name("run")}
}

// next returns the key of another run on the same thread.
func (w *world) next(k run.Key) run.Key { k.Run = w.name("run"); return k }

func (w *world) request(k run.Key) run.ClaimRequest {
	return run.ClaimRequest{Key: k, Node: "node_a", Kind: "threads.create", TTL: w.ttl}
}

func (w *world) claim(k run.Key) *run.Lease {
	w.Helper()
	return w.claimAs(w.request(k))
}

func (w *world) claimAs(r run.ClaimRequest) *run.Lease {
	w.Helper()
	l, err := w.Claim(w.ctx, r)
	if err != nil {
		w.Fatalf("Claim(%+v): %v", r, err)
	}
	return l
}

// line is the event with a number, as the checks write it.
func line(s run.Seq) string {
	return fmt.Sprintf(`{"seq":%d,"text":"h\u00e9 \\n %s"}`, uint64(s), strings.Repeat("x", int(s.Place()%7)))
}

// batch returns the n events from the place first on, in the generation of a lease.
func batch(l *run.Lease, first uint64, n int) run.Batch {
	b := run.Batch{First: run.MakeSeq(l.Generation, first), Last: run.MakeSeq(l.Generation, first+uint64(n)-1)}
	for i := range n {
		b.Data = append(append(b.Data, line(b.First+run.Seq(i))...), '\n')
	}
	return b
}

// grow appends the next n events to a run's log.
func (w *world) grow(l *run.Lease, n int) run.Feedback {
	w.Helper()
	answer, err := w.Append(w.ctx, l, batch(l, l.Head.Place()+1, n))
	if err != nil {
		w.Fatalf("Append of %d events after %d: %v", n, l.Head, err)
	}
	return answer
}

func (w *world) renew(l *run.Lease) run.Feedback {
	w.Helper()
	answer, err := w.Renew(w.ctx, l)
	if err != nil {
		w.Fatalf("Renew: %v", err)
	}
	return answer
}

func (w *world) end(l *run.Lease) {
	w.Helper()
	if err := w.Finish(w.ctx, l, run.Batch{}, outcome()); err != nil {
		w.Fatalf("Finish: %v", err)
	}
}

func outcome() run.Outcome { return run.Outcome{Status: run.Completed, Retain: time.Hour} }

func (w *world) lookup(k run.Key) run.RunInfo {
	w.Helper()
	info, err := w.Lookup(w.ctx, k)
	if err != nil {
		w.Fatalf("Lookup(%+v): %v", k, err)
	}
	return info
}

func (w *world) takeOver(k run.Key, node string) *run.Lease {
	w.Helper()
	l, err := w.TakeOver(w.ctx, w.lookup(k), node)
	if err != nil {
		w.Fatalf("TakeOver(%+v): %v", k, err)
	}
	return l
}

// page reads a page and returns its events' numbers, having looked at the events.
func (w *world) page(k run.Key, after run.Seq, limit int) ([]run.Seq, run.LogPage) {
	w.Helper()
	p, err := w.Read(w.ctx, k, after, limit)
	if err != nil {
		w.Fatalf("Read(%+v, %d, %d): %v", k, after, limit, err)
	}
	if len(p.Batches) > limit {
		w.Errorf("Read(after %d, limit %d) returned %d batches", after, limit, len(p.Batches))
	}
	var all []run.Seq
	for _, b := range p.Batches {
		all = append(all, w.events(b)...)
	}
	return all, p
}

// events returns the numbers of a batch's events, which must be those that line makes.
func (w *world) events(b run.Batch) (all []run.Seq) {
	w.Helper()
	s := b.First
	for l := range bytes.Lines(b.Data) {
		if got, want := string(l), line(s)+"\n"; got != want {
			w.Errorf("event %d of batch %d to %d = %q, want %q", s, b.First, b.Last, got, want)
		}
		all = append(all, s)
		s++
	}
	if s != b.Last+1 {
		w.Errorf("batch %d to %d holds %d events", b.First, b.Last, len(all))
	}
	return all
}

// wantLog checks that a run's log holds exactly the events with the given numbers.
func (w *world) wantLog(k run.Key, want ...run.Seq) {
	w.Helper()
	got, p := w.page(k, 0, 1000)
	if !slices.Equal(got, want) {
		w.Errorf("log of %s = %d, want %d", k.Run, got, want)
	}
	var head run.Seq
	if len(want) > 0 {
		head = want[len(want)-1]
	}
	if p.Head != head || p.Trimmed {
		w.Errorf("Read says head %d, trimmed %v, want %d, false", p.Head, p.Trimmed, head)
	}
}

// seqs returns the numbers from first to last in a generation.
func seqs(generation uint32, first, last uint64) (all []run.Seq) {
	for i := first; i <= last; i++ {
		all = append(all, run.MakeSeq(generation, i))
	}
	return all
}

func (w *world) wantError(what string, err, want error) {
	w.Helper()
	if !errors.Is(err, want) {
		w.Errorf("%s = %v, want %v", what, err, want)
	}
}

func (w *world) wantGap(what string, err error, head run.Seq) {
	w.Helper()
	var gap *run.GapError
	if !errors.As(err, &gap) {
		w.Errorf("%s = %v, want a GapError", what, err)
	} else if gap.Head != head {
		w.Errorf("%s says that the log ends at %d, want %d", what, gap.Head, head)
	}
}

// orphan reports whether a run is among the orphans.
func (w *world) orphan(k run.Key) bool {
	w.Helper()
	all, err := w.Orphans(w.ctx, 1000)
	if err != nil {
		w.Fatalf("Orphans: %v", err)
	}
	return slices.ContainsFunc(all, func(r run.RunInfo) bool { return r.Key == k })
}

// race calls f from many goroutines at once and returns what they returned.
func race[T any](f func(i int) T) []T {
	out := make([]T, crowd)
	start := make(chan struct{})
	var all sync.WaitGroup
	for i := range crowd {
		all.Add(1)
		go func() {
			defer all.Done()
			<-start
			out[i] = f(i)
		}()
	}
	close(start)
	all.Wait()
	return out
}

// An inbox collects what an engine pushes.
type inbox[T any] struct {
	mu    sync.Mutex
	all   []T
	arrow chan struct{} // told of each arrival
}

func newInbox[T any]() *inbox[T] { return &inbox[T]{arrow: make(chan struct{}, 1)} }

func (in *inbox[T]) put(v T) {
	in.mu.Lock()
	in.all = append(in.all, v)
	in.mu.Unlock()
	select {
	case in.arrow <- struct{}{}:
	default:
	}
}

func (in *inbox[T]) get() []T {
	in.mu.Lock()
	defer in.mu.Unlock()
	return slices.Clone(in.all)
}

// wait returns what has come once ok says that it is enough, or patience is at an end.
func (in *inbox[T]) wait(ok func([]T) bool) []T {
	timer := time.NewTimer(patience)
	defer timer.Stop()
	for {
		if all := in.get(); ok(all) {
			return all
		}
		select {
		case <-in.arrow:
		case <-timer.C:
			return in.get()
		}
	}
}
