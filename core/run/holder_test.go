package run_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gochatkit/chatkit/core/run"
	"github.com/gochatkit/chatkit/core/run/memengine"
)

// A faulty engine is a good one whose methods can be made to fail.
type faulty struct {
	*memengine.Engine
	mu   sync.Mutex
	fail func(ctx context.Context, method string, b run.Batch) error // nil: all is well
}

func newFaulty() *faulty { return &faulty{Engine: memengine.New(nil)} }

// become makes the engine fail in a way from now on.
func (f *faulty) become(fail func(ctx context.Context, method string, b run.Batch) error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.fail = fail
}

func (f *faulty) try(ctx context.Context, method string, b run.Batch) error {
	f.mu.Lock()
	fail := f.fail
	f.mu.Unlock()
	if fail == nil {
		return nil
	}
	return fail(ctx, method, b)
}

func (f *faulty) Append(ctx context.Context, l *run.Lease, b run.Batch) (run.Feedback, error) {
	if err := f.try(ctx, "Append", b); err != nil {
		return run.Feedback{}, err
	}
	return f.Engine.Append(ctx, l, b)
}

func (f *faulty) Renew(ctx context.Context, l *run.Lease) (run.Feedback, error) {
	if err := f.try(ctx, "Renew", run.Batch{}); err != nil {
		return run.Feedback{}, err
	}
	return f.Engine.Renew(ctx, l)
}

func (f *faulty) Finish(ctx context.Context, l *run.Lease, b run.Batch, o run.Outcome) error {
	if err := f.try(ctx, "Finish", b); err != nil {
		return err
	}
	return f.Engine.Finish(ctx, l, b, o)
}

var errDown = errors.New("engine is down")

func down(context.Context, string, run.Batch) error { return errDown }

func hangs(ctx context.Context, _ string, _ run.Batch) error {
	<-ctx.Done()
	return ctx.Err()
}

func fenced(context.Context, string, run.Batch) error { return run.ErrFenced }

// A job is a run that notes what it is told.
type job struct {
	run.Spec
	self    *run.Run
	stopped run.Stopped
}

// newJob returns a run that makes n events, one each period, and then ends by itself.
func newJob(name string, n int, period time.Duration) *job {
	j := &job{}
	j.Spec = run.Spec{
		ID: "run_" + name, Owner: "o", Thread: "t", Kind: "test", Disconnect: run.Keep(0), KeepInput: true,
		Prepare: func(_ context.Context, r *run.Run) error { j.self = r; return nil },
		Produce: func(ctx context.Context) error {
			for i := range n {
				j.self.Log().Append(fmt.Appendf(nil, `{"n":%d}`, i+1))
				if period == 0 {
					continue
				}
				select {
				case <-time.After(period):
				case <-ctx.Done():
					return context.Cause(ctx)
				}
			}
			return nil
		},
		Finish: func(_ context.Context, s run.Stopped) error {
			j.stopped = s
			j.self.Log().Append([]byte(`{"last":true}`))
			if s.Cause != nil {
				return s.Cause
			}
			return s.Err
		},
	}
	return j
}

func (j *job) key() run.Key { return run.Key{Owner: j.Owner, Thread: j.Thread, Run: j.ID} }

func (j *job) start(t *testing.T, m *run.Manager) *run.Run {
	t.Helper()
	r, reader, err := m.Start(t.Context(), j.Spec)
	if err != nil {
		t.Fatalf("Start(%s): %v", j.ID, err)
	}
	reader.Close()
	return r
}

// stored returns how many events of a run the engine has, having looked at them.
func (j *job) stored(t *testing.T, e run.Engine) int {
	t.Helper()
	p, err := e.Read(t.Context(), j.key(), 0, 1<<20)
	if err != nil {
		t.Fatalf("Read: %v", err)
	}
	n := 0
	for _, b := range p.Batches {
		if b.First.Place() != uint64(n)+1 { // small
			t.Errorf("batch begins with %d after %d events", b.First, n)
		}
		for line := range bytes.Lines(b.Data) {
			n++
			if got := string(line); got != fmt.Sprintf("{\"n\":%d}\n", n) && got != "{\"last\":true}\n" {
				t.Errorf("event %d = %q", n, got)
			}
		}
	}
	return n
}

const ttl = 10 * time.Second

func config(e run.Engine) run.Config {
	return run.Config{Engine: e, LeaseTTL: ttl, Stall: -1, MaxDuration: -1}
}

func TestWhatARunMakesIsInTheEngine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := newFaulty()
		m := run.NewManager(config(e))
		slow, fast := newJob("slow", 50, time.Second), newJob("fast", 20_000, 0)
		fast.Thread = "u"
		slow.start(t, m)
		fast.start(t, m)
		time.Sleep(20*time.Second + time.Millisecond)
		synctest.Wait()
		if got := slow.stored(t, e); got != 21 {
			t.Errorf("the engine has %d events of a run that has made 21", got)
		}
		time.Sleep(time.Minute)
		for j, want := range map[*job]int{slow: 51, fast: 20_001} {
			if got := j.stored(t, e); got != want {
				t.Errorf("the engine has %d events of %s, want %d", got, j.ID, want)
			}
			if info, err := e.Lookup(t.Context(), j.key()); err != nil || info.Status != run.Completed {
				t.Errorf("Lookup(%s) = %+v, %v, want completed", j.ID, info, err)
			}
		}
	})
}

func TestALeaseHoldsWhileTheProducerIsSilent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := newFaulty()
		j := newJob("1", 2, 10*time.Minute)
		r := j.start(t, run.NewManager(config(e)))
		for range 100 {
			time.Sleep(7 * time.Second)
			if info, err := e.Lookup(t.Context(), j.key()); err != nil || info.Expired {
				t.Fatalf("Lookup = %+v, %v, want it held", info, err)
			}
		}
		r.Cancel(run.ErrStopped, "")
		<-r.Done()
	})
}

func TestASignalEndsARun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := newFaulty()
		j := newJob("1", 2, time.Hour)
		r := j.start(t, run.NewManager(config(e)))
		synctest.Wait()
		began := time.Now()
		if err := e.Signal(t.Context(), run.Signal{Key: j.key(), Reason: "superseded", By: "node 7"}); err != nil {
			t.Fatal(err)
		}
		<-r.Done()
		if end := r.End(); !errors.Is(end.Cause, run.ErrSuperseded) || time.Since(began) > ttl/3 {
			t.Errorf("end = %+v after %v, want superseded within %v", end, time.Since(began), ttl/3)
		}
		if info, err := e.Lookup(t.Context(), j.key()); err != nil || info.Status != run.Cancelled || info.Reason != "superseded" {
			t.Errorf("Lookup = %+v, %v", info, err)
		}
	})
}

// A run is ended while its lease still holds, however the engine fails.
func TestARunEndsBeforeItsLeaseDoes(t *testing.T) {
	for name, fail := range map[string]func(context.Context, string, run.Batch) error{"down": down, "hangs": hangs} {
		for _, period := range []time.Duration{300 * time.Millisecond, time.Hour} {
			t.Run(fmt.Sprintf("%s, an event each %v", name, period), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					e := newFaulty()
					cfg := config(e)
					var told []error
					cfg.OnEngineError = func(_ string, err error) { told = append(told, err) }
					j := newJob("1", 100_000, period)
					r := j.start(t, run.NewManager(cfg))
					time.Sleep(time.Minute)
					synctest.Wait()
					e.become(fail)
					began := time.Now()
					<-r.Context().Done()
					took := time.Since(began)
					if !errors.Is(context.Cause(r.Context()), run.ErrEngineLost) || took > ttl*6/10 || took < ttl/2-ttl/3 {
						t.Errorf("ended with %v after %v, want engine lost after about %v", context.Cause(r.Context()), took, ttl/2)
					}
					<-r.Done()
					if r.End().Status != run.Interrupted || len(told) != 1 {
						t.Errorf("end = %+v, hook was told %v, want interrupted, and once of the engine's error", r.End(), told)
					}
				})
			})
		}
	}
}

func TestAShortFailureOfTheEngineCostsNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := newFaulty()
		j := newJob("1", 60, time.Second)
		r := j.start(t, run.NewManager(config(e)))
		for i := range 8 {
			time.Sleep(3 * time.Second)
			e.become([]func(context.Context, string, run.Batch) error{down, hangs}[i%2])
			time.Sleep(3500 * time.Millisecond)
			e.become(nil)
		}
		<-r.Done()
		if end, got := r.End(), j.stored(t, e); end.Status != run.Completed || got != 61 {
			t.Errorf("end = %+v with %d events stored, want completed with 61", end, got)
		}
	})
}

// An engine that has lost the end of a log, as after a failover, gets it again.
func TestWhatTheEngineHasLostIsSentAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := newFaulty()
		lost := &forgetful{faulty: e}
		j := newJob("1", 40, time.Second)
		r := j.start(t, run.NewManager(config(lost)))
		<-r.Done()
		if end, got := r.End(), j.stored(t, e); end.Status != run.Completed || got != 41 || lost.n < 20 {
			t.Errorf("end = %+v with %d events stored in %d calls, want completed with 41", end, got, lost.n)
		}
	})
}

// A forgetful engine takes every third batch and does not keep it.
type forgetful struct {
	*faulty
	n int
}

func (f *forgetful) Append(ctx context.Context, l *run.Lease, b run.Batch) (run.Feedback, error) {
	if f.n++; f.n%3 == 0 {
		l.Sent = time.Now()
		return run.Feedback{}, nil
	}
	return f.faulty.Append(ctx, l, b)
}

func TestARunOfWhichTheEngineCannotHaveAllEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := newFaulty()
		cfg := config(e)
		cfg.MaxLogEvents = 10
		j := newJob("1", 1000, 50*time.Millisecond)
		r := j.start(t, run.NewManager(cfg))
		time.Sleep(time.Second + time.Millisecond)
		e.become(func(_ context.Context, method string, _ run.Batch) error {
			if method == "Finish" {
				return nil
			}
			return errDown
		})
		time.Sleep(2 * time.Second) // 40 events, 10 of which the log holds
		e.become(nil)
		<-r.Done()
		if end := r.End(); !errors.Is(end.Cause, run.ErrEngineLost) {
			t.Errorf("end = %+v, want engine lost", end)
		}
		if got := j.stored(t, e); got != 21 {
			t.Errorf("the engine has %d events, want the 21 from before", got)
		}
		if info, err := e.Lookup(t.Context(), j.key()); err != nil || info.Status != run.Interrupted || info.Reason != "engine_lost" {
			t.Errorf("Lookup = %+v, %v, want the end on record", info, err)
		}
	})
}

func TestAFencedRunWritesNothingMore(t *testing.T) {
	tests := []struct {
		name string
		do   func(e *faulty, r *run.Run)
	}{
		{"found by Append", func(e *faulty, _ *run.Run) { e.become(fenced) }},
		{"and stopped a moment before", func(e *faulty, r *run.Run) {
			e.become(func(ctx context.Context, _ string, _ run.Batch) error {
				r.Cancel(run.ErrStopped, "")
				return run.ErrFenced
			})
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				e := newFaulty()
				j := newJob("1", 1000, time.Second)
				produce := j.Produce
				j.Produce = func(ctx context.Context) error {
					err := produce(ctx)
					time.Sleep(time.Second) // clean up
					return err
				}
				r := j.start(t, run.NewManager(config(e)))
				time.Sleep(3*time.Second + time.Millisecond)
				synctest.Wait()
				tt.do(e, r)
				<-r.Done()
				if !errors.Is(j.stopped.Cause, run.ErrFenced) || !errors.Is(r.End().Cause, run.ErrFenced) {
					t.Errorf("Finish was told %v, end = %+v, want fenced", j.stopped.Cause, r.End())
				}
				e.become(nil)
				if info, err := e.Lookup(t.Context(), j.key()); err != nil || info.Status != run.Active || info.Head != 4 {
					t.Errorf("Lookup = %+v, %v, want it untouched", info, err)
				}
			})
		})
	}
}

func TestTheEndOfARunIsRecordedAfterAFailure(t *testing.T) {
	for name, fail := range map[string]func(context.Context, string, run.Batch) error{"down": down, "hangs": hangs} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				e := newFaulty()
				tries := 0
				e.become(func(ctx context.Context, method string, b run.Batch) error {
					if method != "Finish" || tries == 2 {
						return nil
					}
					tries++
					return fail(ctx, method, b)
				})
				cfg := config(e)
				cfg.OnEngineError = func(_ string, err error) { t.Errorf("hook was told %v", err) }
				m := run.NewManager(cfg)
				first := newJob("1", 3, 0)
				<-first.start(t, m).Done()
				if info, err := e.Lookup(t.Context(), first.key()); err != nil || info.Status != run.Completed || tries != 2 {
					t.Errorf("Lookup = %+v, %v after %d failures, want completed after 2", info, err, tries)
				}
				if got := first.stored(t, e); got != 4 {
					t.Errorf("the engine has %d events, want 4", got)
				}
				<-newJob("2", 1, 0).start(t, m).Done()
			})
		})
	}
}

// The end of a run that could not be recorded is recorded once its lease is over, and the thread goes on.
func TestAThreadIsFreedOfARunWhoseEndCouldNotBeRecorded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := newFaulty()
		m := run.NewManager(config(e))
		var buried []run.Orphan
		if err := m.Recover(t.Context(), func(_ context.Context, o run.Orphan) (run.Spec, [][]byte, error) {
			buried = append(buried, o)
			return run.Spec{ID: o.Run, Owner: o.Owner, Thread: o.Thread}, nil, nil
		}); err != nil {
			t.Fatal(err)
		}
		first := newJob("11111111", 5, time.Second)
		r := first.start(t, m)
		time.Sleep(2500 * time.Millisecond)
		e.become(down)
		<-r.Done()
		e.become(nil)
		if _, _, err := m.Start(t.Context(), newJob("22222222", 1, 0).Spec); !errors.Is(err, run.ErrBusy) {
			t.Errorf("Start while the lease holds = %v, want busy", err)
		}
		time.Sleep(ttl)
		second := newJob("33333333", 1, 0).start(t, m)
		<-second.Done()
		if second.End().Status != run.Completed {
			t.Errorf("end of the next run = %+v", second.End())
		}
		if len(buried) != 0 {
			t.Errorf("ended again: %+v, want only the outcome to be recorded", buried)
		}
		if info, err := e.Lookup(t.Context(), first.key()); err != nil || info.Status != run.Completed || info.Reason != "" {
			t.Errorf("Lookup = %+v, %v, want completed", info, err)
		}
		if known, err := m.Find("o", "t", first.ID); err != nil || known != r {
			t.Errorf("Find = %p, %v, want the run that this process has made, %p", known, err, r)
		}
	})
}

func TestOneRunThatCannotBeEndedDoesNotKeepTheOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := newFaulty()
		for i := range 100 {
			_, err := e.Claim(t.Context(), run.ClaimRequest{
				Key: run.Key{Owner: "o", Thread: fmt.Sprint(i), Run: fmt.Sprintf("run_%08d", i)}, Node: "dead", TTL: time.Second,
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		time.Sleep(2 * time.Second)
		broken := errors.New("store is down")
		ended := 0
		m := run.NewManager(config(e))
		err := m.Recover(t.Context(), func(_ context.Context, o run.Orphan) (run.Spec, [][]byte, error) {
			if o.Thread == "7" {
				return run.Spec{}, nil, broken
			}
			ended++
			return run.Spec{ID: o.Run, Owner: o.Owner, Thread: o.Thread}, nil, nil
		})
		if !errors.Is(err, broken) || ended != 99 {
			t.Errorf("Recover = %v with %d runs ended, want the store's error and 99", err, ended)
		}
	})
}

func TestRecoverReadsALongLogWhole(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := newFaulty()
		j := newJob("12345678", 0, 0)
		l, err := e.Claim(t.Context(), run.ClaimRequest{Key: j.key(), Node: "dead", Kind: "k", TTL: time.Second})
		if err != nil {
			t.Fatal(err)
		}
		const n = 1000
		for i := range n {
			b := run.Batch{First: run.Seq(2*i + 1), Last: run.Seq(2*i + 2)} // small
			b.Data = fmt.Appendf(nil, "{\"n\":%d}\n{\"n\":%d}\n", 2*i+1, 2*i+2)
			if _, err := e.Append(t.Context(), l, b); err != nil {
				t.Fatal(err)
			}
		}
		time.Sleep(2 * time.Second)
		m := run.NewManager(config(e))
		var got run.Orphan
		err = m.Recover(t.Context(), func(_ context.Context, o run.Orphan) (run.Spec, [][]byte, error) {
			got = o
			return run.Spec{ID: o.Run, Owner: o.Owner, Thread: o.Thread}, [][]byte{[]byte(`{"last":1}`), []byte(`{"last":2}`)}, nil
		})
		if err != nil || got.Key != j.key() || got.Kind != "k" || len(got.Events) != 2*n || got.Trimmed {
			t.Fatalf("Recover = %v, orphan %+v with %d events", err, got.RunInfo, len(got.Events))
		}
		for i, event := range got.Events {
			if want := fmt.Sprintf(`{"n":%d}`, i+1); string(event) != want {
				t.Fatalf("event %d = %s, want %s", i+1, event, want)
			}
		}
		p, err := e.Read(t.Context(), j.key(), 2*n, 10)
		if err != nil || !p.Ended || len(p.Batches) != 1 || p.Batches[0].First != run.MakeSeq(1, 2*n+1) || p.Head != run.MakeSeq(1, 2*n+2) {
			t.Errorf("Read after the end = %+v, %v, want two events of generation 1", p, err)
		}
		r, err := m.Find("o", "t", j.ID)
		if err != nil || r.End().Status != run.Interrupted || !errors.Is(r.End().Cause, run.ErrLost) {
			t.Fatalf("Find = %v, want the run, interrupted", err)
		}
	})
}
