package enginetest

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/gochatkit/chatkit/core/run"
	"github.com/gochatkit/chatkit/core/run/memengine"
)

// A mutant is a good engine in which single methods are replaced by broken ones. A nil field is the good
// method.
type mutant struct {
	*memengine.Engine
	mu    sync.Mutex
	names map[string]string  // what a breakage remembers
	keys  map[string]run.Key // of runs, by id

	claim    func(ctx context.Context, r run.ClaimRequest) (*run.Lease, error)
	append   func(ctx context.Context, l *run.Lease, b run.Batch) (run.Feedback, error)
	renew    func(ctx context.Context, l *run.Lease) (run.Feedback, error)
	finish   func(ctx context.Context, l *run.Lease, b run.Batch, o run.Outcome) error
	signal   func(ctx context.Context, s run.Signal) error
	lookup   func(ctx context.Context, k run.Key) (run.RunInfo, error)
	read     func(ctx context.Context, k run.Key, after run.Seq, limit int) (run.LogPage, error)
	watch    func(ctx context.Context, k run.Key, f func(run.Batch)) (func(), error)
	listen   func(ctx context.Context, node string, f func(run.Signal)) (func(), error)
	orphans  func(ctx context.Context, limit int) ([]run.RunInfo, error)
	takeOver func(ctx context.Context, r run.RunInfo, node string) (*run.Lease, error)
	close    func() error
}

func newMutant(now func() time.Time) *mutant {
	e := memengine.New(&memengine.Options{Now: now})
	return &mutant{
		Engine: e, names: map[string]string{}, keys: map[string]run.Key{},
		claim: e.Claim, append: e.Append, renew: e.Renew, finish: e.Finish, signal: e.Signal, lookup: e.Lookup, read: e.Read,
		watch: e.Watch, listen: e.Listen, orphans: e.Orphans, takeOver: e.TakeOver, close: e.Close,
	}
}

func (m *mutant) Claim(ctx context.Context, r run.ClaimRequest) (*run.Lease, error) {
	m.mu.Lock()
	m.keys[r.Run] = r.Key
	m.mu.Unlock()
	return m.claim(ctx, r)
}

func (m *mutant) Append(ctx context.Context, l *run.Lease, b run.Batch) (run.Feedback, error) {
	return m.append(ctx, l, b)
}

func (m *mutant) Renew(ctx context.Context, l *run.Lease) (run.Feedback, error) {
	return m.renew(ctx, l)
}

func (m *mutant) Finish(ctx context.Context, l *run.Lease, b run.Batch, o run.Outcome) error {
	return m.finish(ctx, l, b, o)
}

func (m *mutant) Signal(ctx context.Context, s run.Signal) error { return m.signal(ctx, s) }

func (m *mutant) Lookup(ctx context.Context, k run.Key) (run.RunInfo, error) { return m.lookup(ctx, k) }

func (m *mutant) Read(ctx context.Context, k run.Key, after run.Seq, limit int) (run.LogPage, error) {
	return m.read(ctx, k, after, limit)
}

func (m *mutant) Watch(ctx context.Context, k run.Key, f func(run.Batch)) (func(), error) {
	return m.watch(ctx, k, f)
}

func (m *mutant) Listen(ctx context.Context, node string, f func(run.Signal)) (func(), error) {
	return m.listen(ctx, node, f)
}

func (m *mutant) Orphans(ctx context.Context, limit int) ([]run.RunInfo, error) {
	return m.orphans(ctx, limit)
}

func (m *mutant) TakeOver(ctx context.Context, r run.RunInfo, node string) (*run.Lease, error) {
	return m.takeOver(ctx, r, node)
}

func (m *mutant) Close() error { return m.close() }

// current is a lease with the epoch that is right now, however old the one that was given.
func (m *mutant) current(ctx context.Context, l *run.Lease) *run.Lease {
	c := *l
	if info, err := m.Engine.Lookup(ctx, l.Key); err == nil {
		c.Epoch = info.Epoch
	}
	return &c
}

// first reports whether something happens for the first time.
func (m *mutant) first(what string) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	_, seen := m.names[what]
	m.names[what] = ""
	return !seen
}

// A breakage is a way to get an engine wrong, and the checks that have to notice, among others.
type breakage struct {
	name  string
	fails []string
	how   func(m *mutant)
}

var broken = []breakage{
	{"a thread is given to two", []string{"of many claimers of a thread one wins", "a claim of a held thread names the holder"}, func(m *mutant) {
		m.claim = func(ctx context.Context, r run.ClaimRequest) (*run.Lease, error) {
			l, err := m.Engine.Claim(ctx, r)
			if errors.Is(err, run.ErrBusy) {
				r.Shared = true
				return m.Engine.Claim(ctx, r)
			}
			return l, err
		}
	}},
	{"busy without a holder", []string{"a claim of a held thread names the holder"}, func(m *mutant) {
		m.claim = func(ctx context.Context, r run.ClaimRequest) (*run.Lease, error) {
			l, err := m.Engine.Claim(ctx, r)
			if errors.Is(err, run.ErrBusy) {
				err = run.ErrBusy
			}
			return l, err
		}
	}},
	{"idempotency keys are dropped", []string{"an idempotency key begins one run", "of many claimers with one idempotency key one wins"}, func(m *mutant) {
		m.claim = func(ctx context.Context, r run.ClaimRequest) (*run.Lease, error) {
			r.Idempotency = ""
			return m.Engine.Claim(ctx, r)
		}
	}},
	{"idempotency keys of all owners are one", []string{"an idempotency key begins one run"}, func(m *mutant) {
		m.claim = func(ctx context.Context, r run.ClaimRequest) (*run.Lease, error) {
			l, err := m.Engine.Claim(ctx, r)
			if err == nil && r.Idempotency != "" && !m.first(r.Idempotency) {
				return nil, &run.DuplicateError{}
			}
			return l, err
		}
	}},
	{"a shared claim takes the slot", []string{"a shared claim takes no slot"}, func(m *mutant) {
		m.claim = func(ctx context.Context, r run.ClaimRequest) (*run.Lease, error) {
			r.Shared = false
			return m.Engine.Claim(ctx, r)
		}
	}},
	{"an expired holder is thrown out", []string{"a run whose lease ran out still holds its thread"}, func(m *mutant) {
		m.claim = func(ctx context.Context, r run.ClaimRequest) (*run.Lease, error) {
			l, err := m.Engine.Claim(ctx, r)
			var busy *run.BusyError
			if errors.As(err, &busy) && busy.Holder.Expired {
				r.Shared = true
				return m.Engine.Claim(ctx, r)
			}
			return l, err
		}
	}},
	{"Append has no fence", []string{"a stale epoch changes nothing", "an epoch that was never given changes nothing"}, func(m *mutant) {
		m.append = func(ctx context.Context, l *run.Lease, b run.Batch) (run.Feedback, error) {
			return m.Engine.Append(ctx, m.current(ctx, l), b)
		}
	}},
	{"Renew has no fence", []string{"a stale epoch changes nothing"}, func(m *mutant) {
		m.renew = func(ctx context.Context, l *run.Lease) (run.Feedback, error) {
			return m.Engine.Renew(ctx, m.current(ctx, l))
		}
	}},
	{"Finish has no fence", []string{"a stale epoch changes nothing"}, func(m *mutant) {
		m.finish = func(ctx context.Context, l *run.Lease, b run.Batch, o run.Outcome) error {
			return m.Engine.Finish(ctx, m.current(ctx, l), b, o)
		}
	}},
	{"a refused Renew prolongs the lease", []string{"a stale epoch changes nothing"}, func(m *mutant) {
		m.renew = func(ctx context.Context, l *run.Lease) (run.Feedback, error) {
			_, err := m.Engine.Renew(ctx, l)
			if err != nil {
				_, _ = m.Engine.Renew(ctx, m.current(ctx, l))
			}
			return run.Feedback{}, err
		}
	}},
	{"a gap is hidden", []string{"a batch behind a gap is refused and told where the log ends"}, func(m *mutant) {
		m.append = func(ctx context.Context, l *run.Lease, b run.Batch) (run.Feedback, error) {
			answer, err := m.Engine.Append(ctx, l, b)
			var gap *run.GapError
			if errors.As(err, &gap) {
				err = nil
			}
			return answer, err
		}
	}},
	{"a repeated batch is a gap", []string{"a repeated batch is accepted and changes nothing"}, func(m *mutant) {
		m.append = func(ctx context.Context, l *run.Lease, b run.Batch) (run.Feedback, error) {
			if info, err := m.Engine.Lookup(ctx, l.Key); err == nil && b.Last <= info.Head {
				return run.Feedback{}, &run.GapError{Head: info.Head}
			}
			return m.Engine.Append(ctx, l, b)
		}
	}},
	{"an overlapping batch is dropped", []string{"an overlapping batch adds only what is new"}, func(m *mutant) {
		m.append = func(ctx context.Context, l *run.Lease, b run.Batch) (run.Feedback, error) {
			if info, err := m.Engine.Lookup(ctx, l.Key); err == nil && b.First <= info.Head {
				b = run.Batch{}
			}
			return m.Engine.Append(ctx, l, b)
		}
	}},
	{"Append leaves the lease as it was", []string{"Append moves the head of the lease and its time"}, func(m *mutant) {
		m.append = func(ctx context.Context, l *run.Lease, b run.Batch) (run.Feedback, error) {
			c := *l
			answer, err := m.Engine.Append(ctx, &c, b)
			l.Head = c.Head
			return answer, err
		}
	}},
	{"Renew does nothing", []string{"Renew prolongs a lease"}, func(m *mutant) {
		m.renew = func(context.Context, *run.Lease) (run.Feedback, error) { return run.Feedback{}, nil }
	}},
	{"Read gives whole batches", []string{"Read continues after any event, also within a batch"}, func(m *mutant) {
		m.read = func(ctx context.Context, k run.Key, after run.Seq, limit int) (run.LogPage, error) {
			p, err := m.Engine.Read(ctx, k, after, limit)
			all, _ := m.Engine.Read(ctx, k, 0, 10_000)
			for i := range p.Batches {
				for _, b := range all.Batches {
					if b.Last == p.Batches[i].Last {
						p.Batches[i] = b
					}
				}
			}
			return p, err
		}
	}},
	{"Read has no limit", []string{"pages join without gap or repeat"}, func(m *mutant) {
		m.read = func(ctx context.Context, k run.Key, after run.Seq, _ int) (run.LogPage, error) {
			return m.Engine.Read(ctx, k, after, 10_000)
		}
	}},
	{"Read goes by the place", []string{"a cursor that a dead owner gave out misses nothing of the next generation"}, func(m *mutant) {
		m.read = func(ctx context.Context, k run.Key, after run.Seq, limit int) (run.LogPage, error) {
			p, err := m.Engine.Read(ctx, k, after, limit)
			if len(p.Batches) > 0 && p.Batches[0].First.Place() <= after.Place() {
				p.Batches = nil
			}
			return p, err
		}
	}},
	{"every page of an ended run is the last", []string{"only the last page of an ended run says that it has ended"}, func(m *mutant) {
		m.read = func(ctx context.Context, k run.Key, after run.Seq, limit int) (run.LogPage, error) {
			p, err := m.Engine.Read(ctx, k, after, limit)
			info, _ := m.Engine.Lookup(ctx, k)
			p.Ended = info.Status != run.Active
			return p, err
		}
	}},
	{"a run is found by its id alone", []string{"a run is found under its owner and thread only"}, func(m *mutant) {
		m.read = func(ctx context.Context, k run.Key, after run.Seq, limit int) (run.LogPage, error) {
			m.mu.Lock()
			k = m.keys[k.Run]
			m.mu.Unlock()
			return m.Engine.Read(ctx, k, after, limit)
		}
	}},
	{"two take a run over", []string{"of many that take a run over one wins", "a run whose lease holds cannot be taken over"}, func(m *mutant) {
		m.takeOver = func(ctx context.Context, r run.RunInfo, node string) (*run.Lease, error) {
			l, err := m.Engine.TakeOver(ctx, r, node)
			if errors.Is(err, run.ErrTaken) {
				return &run.Lease{Key: r.Key, Node: node, Epoch: r.Epoch + 1}, nil
			}
			return l, err
		}
	}},
	{"who takes over stays in the generation", []string{"who takes a run over gets the next epoch and generation"}, func(m *mutant) {
		m.takeOver = func(ctx context.Context, r run.RunInfo, node string) (*run.Lease, error) {
			l, err := m.Engine.TakeOver(ctx, r, node)
			if err == nil {
				l.Generation--
			}
			return l, err
		}
	}},
	{"Orphans has no limit", []string{"Orphans returns the runs of all owners, up to its limit"}, func(m *mutant) {
		m.orphans = func(ctx context.Context, _ int) ([]run.RunInfo, error) { return m.Engine.Orphans(ctx, 10_000) }
	}},
	{"nothing is ever an orphan", []string{"a lease runs out"}, func(m *mutant) {
		m.orphans = func(context.Context, int) ([]run.RunInfo, error) { return nil, nil }
	}},
	{"Finish works once", []string{"Finish can be repeated", "a late repeat of Finish does not free the thread of another run"}, func(m *mutant) {
		m.finish = func(ctx context.Context, l *run.Lease, b run.Batch, o run.Outcome) error {
			if info, err := m.Engine.Lookup(ctx, l.Key); err == nil && info.Status != run.Active && info.Epoch == l.Epoch {
				return run.ErrNoRun
			}
			return m.Engine.Finish(ctx, l, b, o)
		}
	}},
	{"a repeated Finish frees the thread again", []string{"a late repeat of Finish does not free the thread of another run"}, func(m *mutant) {
		m.finish = func(ctx context.Context, l *run.Lease, b run.Batch, o run.Outcome) error {
			err := m.Engine.Finish(ctx, l, b, o)
			if info, e := m.Engine.Lookup(ctx, run.Key{Owner: l.Owner, Thread: l.Thread}); e == nil && err == nil {
				_ = m.Engine.Finish(ctx, &run.Lease{Key: info.Key, Epoch: info.Epoch}, run.Batch{}, o)
			}
			return err
		}
	}},
	{"Finish leaves the thread held", []string{"Finish stores the rest and the outcome and frees the thread"}, func(m *mutant) {
		m.finish = func(ctx context.Context, l *run.Lease, b run.Batch, _ run.Outcome) error {
			_, err := m.Engine.Append(ctx, l, b)
			return err
		}
	}},
	{"Finish loses the rest", []string{"Finish stores the rest and the outcome and frees the thread"}, func(m *mutant) {
		m.finish = func(ctx context.Context, l *run.Lease, _ run.Batch, o run.Outcome) error {
			return m.Engine.Finish(ctx, l, run.Batch{}, o)
		}
	}},
	{"ended runs are forgotten at once", []string{"an ended run is kept for as long as was asked"}, func(m *mutant) {
		m.finish = func(ctx context.Context, l *run.Lease, b run.Batch, o run.Outcome) error {
			o.Retain = 0
			return m.Engine.Finish(ctx, l, b, o)
		}
	}},
	{"ended runs are never forgotten", []string{"an ended run is kept for as long as was asked"}, func(m *mutant) {
		m.finish = func(ctx context.Context, l *run.Lease, b run.Batch, o run.Outcome) error {
			o.Retain = 1e6 * time.Hour
			return m.Engine.Finish(ctx, l, b, o)
		}
	}},
	{"answers say nothing of signals", []string{"a signal is told by the answers to Append and Renew until the end"}, func(m *mutant) {
		m.renew = func(ctx context.Context, l *run.Lease) (run.Feedback, error) {
			answer, err := m.Engine.Renew(ctx, l)
			answer.Signal = nil
			return answer, err
		}
	}},
	{"a signal is told once", []string{"a signal is told by the answers to Append and Renew until the end"}, func(m *mutant) {
		m.append = func(ctx context.Context, l *run.Lease, b run.Batch) (run.Feedback, error) {
			answer, err := m.Engine.Append(ctx, l, b)
			if answer.Signal != nil && !m.first(l.Run) {
				answer.Signal = nil
			}
			return answer, err
		}
	}},
	{"signals are not pushed", []string{"a signal is pushed to the run's node"}, func(m *mutant) {
		m.listen = func(context.Context, string, func(run.Signal)) (func(), error) { return func() {}, nil }
	}},
	{"a signal for a run that has ended is an error", []string{"a run that has ended takes a signal in silence"}, func(m *mutant) {
		m.signal = func(ctx context.Context, s run.Signal) error {
			if info, err := m.Engine.Lookup(ctx, s.Key); err == nil && info.Status != run.Active {
				return run.ErrNoRun
			}
			return m.Engine.Signal(ctx, s)
		}
	}},
	{"a signal for an unknown run is taken", []string{"a run is found under its owner and thread only"}, func(m *mutant) {
		m.signal = func(ctx context.Context, s run.Signal) error {
			if err := m.Engine.Signal(ctx, s); !errors.Is(err, run.ErrNoRun) {
				return err
			}
			return nil
		}
	}},
	{"watchers get what was refused", []string{"a watcher does not get what was refused"}, func(m *mutant) {
		var all []func(run.Batch)
		m.watch = func(ctx context.Context, k run.Key, f func(run.Batch)) (func(), error) {
			all = append(all, f)
			return m.Engine.Watch(ctx, k, func(run.Batch) {})
		}
		m.append = func(ctx context.Context, l *run.Lease, b run.Batch) (run.Feedback, error) {
			for _, f := range all {
				f(b)
			}
			return m.Engine.Append(ctx, l, b)
		}
	}},
	{"a watcher goes on after its stop", []string{"a watcher gets what is stored after Watch has returned"}, func(m *mutant) {
		m.watch = func(ctx context.Context, k run.Key, f func(run.Batch)) (func(), error) {
			_, err := m.Engine.Watch(ctx, k, f)
			return func() {}, err
		}
	}},
	{"a cancelled context is ignored", []string{"a cancelled context stops every method"}, func(m *mutant) {
		m.append = func(ctx context.Context, l *run.Lease, b run.Batch) (run.Feedback, error) {
			return m.Engine.Append(context.WithoutCancel(ctx), l, b)
		}
	}},
	{"Close does nothing", []string{"a closed engine refuses every method"}, func(m *mutant) {
		m.close = func() error { return nil }
	}},
	{"a lost epoch begins anew", []string{"epochs grow from run to run"}, func(m *mutant) {
		m.takeOver = func(ctx context.Context, r run.RunInfo, node string) (*run.Lease, error) {
			l, err := m.Engine.TakeOver(ctx, r, node)
			if err == nil {
				l.Epoch = 1
			}
			return l, err
		}
	}},
}

// A clock is moved by hand.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time { c.mu.Lock(); defer c.mu.Unlock(); return c.now }

func (c *clock) Advance(d time.Duration) { c.mu.Lock(); defer c.mu.Unlock(); c.now = c.now.Add(d) }

// A witness notes that a check has failed, in place of a test.
type witness struct {
	*testing.T
	mu     sync.Mutex
	failed []string
}

func (w *witness) Errorf(format string, args ...any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.failed = append(w.failed, fmt.Sprintf(format, args...))
}

func (w *witness) Fatalf(format string, args ...any) {
	w.Errorf(format, args...)
	runtime.Goexit()
}

// try runs a check over an engine and returns what it complains of.
func try(t *testing.T, c check, how func(m *mutant)) []string {
	w := &witness{T: t}
	hands := &clock{now: time.Now()}
	m := newMutant(hands.Now)
	how(m)
	done := make(chan struct{})
	go func() {
		defer close(done)
		c.run(newWorld(w, Opened{Engine: m, Advance: hands.Advance}, nil))
	}()
	<-done
	return w.failed
}

func checkNamed(t *testing.T, name string) check {
	t.Helper()
	for _, c := range checks {
		if c.name == name {
			return c
		}
	}
	t.Fatalf("there is no check %q", name)
	return check{}
}

func TestBrokenEnginesAreNoticed(t *testing.T) {
	patienceOf(t, 50*time.Millisecond)
	for _, b := range broken {
		t.Run(b.name, func(t *testing.T) {
			for _, name := range b.fails {
				c := checkNamed(t, name)
				if failed := try(t, c, func(*mutant) {}); len(failed) > 0 {
					t.Errorf("%q fails for a good engine: %s", name, failed[0])
				}
				if failed := try(t, c, b.how); len(failed) == 0 {
					t.Errorf("%q does not notice", name)
				}
			}
		})
	}
}

// A forgetful engine comes back empty.
func TestAnEngineThatForgetsIsNoticed(t *testing.T) {
	for _, c := range checks {
		if !c.reopens {
			continue
		}
		w := &witness{T: t}
		hands := &clock{now: time.Now()}
		done := make(chan struct{})
		go func() {
			defer close(done)
			c.run(newWorld(w, Opened{Engine: newMutant(hands.Now), Advance: hands.Advance}, func() run.Engine { return newMutant(hands.Now) }))
		}()
		<-done
		if len(w.failed) == 0 {
			t.Errorf("%q does not notice", c.name)
		}
	}
}

func patienceOf(t *testing.T, d time.Duration) {
	old := patience
	patience = d
	t.Cleanup(func() { patience = old })
}
