package run

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// A diary notes what happens to the runs of a test, in order.
type diary struct {
	mu      sync.Mutex
	entries []string
}

func (d *diary) add(format string, args ...any) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.entries = append(d.entries, fmt.Sprintf(format, args...))
}

func (d *diary) String() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return strings.Join(d.entries, " ")
}

// spec returns a run that writes name, waits for its context or d, and notes how it ended.
func (d *diary) spec(name string, takes time.Duration) Spec {
	var r *Run
	return Spec{
		ID: "run_" + name, Owner: "o", Thread: "t", Kind: "test", KeepInput: true,
		Prepare: func(_ context.Context, run *Run) error { r = run; d.add("u%s", name); return nil },
		Produce: func(ctx context.Context) error {
			r.Log().Append([]byte(`{"a":"` + name + `"}`))
			select {
			case <-time.After(takes):
				return nil
			case <-ctx.Done():
				return context.Cause(ctx)
			}
		},
		Finish: func(_ context.Context, s Stopped) error {
			switch {
			case s.Cause != nil && s.Started:
				d.add("a%s(%v)", name, Reason(s.Cause))
				return s.Cause
			case s.Cause != nil:
				return s.Cause
			case s.Err != nil:
				d.add("a%s(failed)", name)
				return s.Err
			}
			d.add("a%s", name)
			return nil
		},
	}
}

func start(t *testing.T, m *Manager, s Spec) (*Run, *Reader) {
	t.Helper()
	r, reader, err := m.Start(t.Context(), s)
	if err != nil {
		t.Fatalf("Start(%s): %v", s.ID, err)
	}
	return r, reader
}

func drain(t *testing.T, r *Reader) string {
	t.Helper()
	var out []byte
	for {
		var err error
		if out, err = r.Next(t.Context(), out); errors.Is(err, io.EOF) {
			return string(out)
		} else if err != nil {
			t.Fatalf("Next: %v", err)
		}
	}
}

func TestRunEndsByItself(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var d diary
		m := NewManager(Config{NoEventIDs: true})
		r, reader := start(t, m, d.spec("1", time.Second))
		if got := drain(t, reader); got != "data: {\"a\":\"1\"}\n\n" {
			t.Errorf("events = %q", got)
		}
		reader.Close()
		<-r.Done()
		if got := r.End(); got.Status != Completed || got.Cause != nil || got.Duration != time.Second || got.Events != 1 {
			t.Errorf("end = %+v, want completed after 1s with 1 event", got)
		}
		if got := d.String(); got != "u1 a1" {
			t.Errorf("diary = %q", got)
		}
	})
}

func TestEndsAreNamed(t *testing.T) {
	tests := []struct {
		name   string
		cfg    Config
		do     func(m *Manager, r *Run, reader *Reader)
		want   error
		status Status
		after  time.Duration
	}{
		{"stopped", Config{NoEventIDs: true}, func(_ *Manager, r *Run, _ *Reader) { r.Cancel(ErrStopped, "user") }, ErrStopped, Cancelled, 0},
		{"the last reader left", Config{NoEventIDs: true}, func(_ *Manager, _ *Run, reader *Reader) { reader.Close() }, ErrDisconnected, Cancelled, 0},
		{"silent for too long", Config{NoEventIDs: true, Stall: time.Minute, MaxDuration: -1}, func(*Manager, *Run, *Reader) {}, ErrStalled, Interrupted, time.Minute},
		{"too old", Config{NoEventIDs: true, Stall: -1, MaxDuration: time.Minute}, func(*Manager, *Run, *Reader) {}, ErrDeadline, Interrupted, time.Minute},
		{"shutdown", Config{NoEventIDs: true, Drain: -1}, func(m *Manager, _ *Run, _ *Reader) { go func() { _ = m.Shutdown(context.Background()) }() }, ErrShutdown, Interrupted, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var d diary
				var ends []End
				tt.cfg.OnEnd = func(e End) { ends = append(ends, e) }
				m := NewManager(tt.cfg)
				r, reader := start(t, m, d.spec("1", time.Hour))
				defer reader.Close()
				synctest.Wait()
				began := time.Now()
				tt.do(m, r, reader)
				<-r.Done()
				synctest.Wait()
				if !errors.Is(context.Cause(r.Context()), tt.want) || r.Context().Err() != context.Canceled {
					t.Errorf("cause = %v, err = %v, want %v and context canceled", context.Cause(r.Context()), r.Context().Err(), tt.want)
				}
				if took := time.Since(began); took < tt.after || took > tt.after+tt.after/4 {
					t.Errorf("ended after %v, want %v", took, tt.after)
				}
				if len(ends) != 1 || ends[0].Status != tt.status || !errors.Is(ends[0].Cause, tt.want) {
					t.Errorf("ends = %+v, want one %s by %v", ends, tt.status, tt.want)
				}
			})
		})
	}
}

func TestFirstCauseWins(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var d diary
		m := NewManager(Config{NoEventIDs: true})
		r, reader := start(t, m, d.spec("1", time.Hour))
		synctest.Wait()
		if !r.Cancel(ErrStopped, "") || r.Cancel(ErrShutdown, "") {
			t.Error("Cancel did not say whose cause it is")
		}
		reader.Close()
		<-r.Done()
		if !errors.Is(r.End().Cause, ErrStopped) {
			t.Errorf("cause = %v, want stopped", r.End().Cause)
		}
	})
}

func TestSupersedersRunOnlyTheNewestAndKeepAllWords(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var d diary
		m := NewManager(Config{NoEventIDs: true})
		stubborn := d.spec("1", 0)
		stubborn.Produce = func(ctx context.Context) error { time.Sleep(time.Second); return context.Cause(ctx) }
		_, reader := start(t, m, stubborn)
		defer reader.Close()
		var wg sync.WaitGroup
		for _, name := range []string{"2", "3", "4", "5"} {
			synctest.Wait()
			wg.Go(func() {
				_, reader := start(t, m, d.spec(name, time.Millisecond))
				defer reader.Close()
				_ = drain(t, reader)
			})
		}
		wg.Wait()
		if got, want := d.String(), "u1 a1(superseded by a newer request) u2 u3 u4 u5 a5"; got != want {
			t.Errorf("history = %q, want %q", got, want)
		}
	})
}

func TestProducerThatIgnoresItsContextIsLeftBehind(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var d diary
		m := NewManager(Config{NoEventIDs: true, StopTimeout: 5 * time.Second})
		stubborn := d.spec("1", 0)
		stubborn.Produce = func(context.Context) error { time.Sleep(time.Minute); return nil }
		r, reader := start(t, m, stubborn)
		synctest.Wait()
		began := time.Now()
		reader.Close()
		<-r.Done()
		synctest.Wait()
		if took := time.Since(began); took != 5*time.Second || m.Leaked() != 1 || !r.End().Abandoned {
			t.Errorf("ended after %v, leaked %d, abandoned %v, want 5s, 1, true", took, m.Leaked(), r.End().Abandoned)
		}
		if n := r.Log().Append([]byte("{}")); n != 0 {
			t.Errorf("a late event got number %d, want none", n)
		}
		time.Sleep(2 * time.Minute) // the producer comes back in the end, and nothing happens
		if got := d.String(); got != "u1 a1(client disconnected)" {
			t.Errorf("diary = %q", got)
		}
	})
}

func TestThreadPolicies(t *testing.T) {
	tests := []struct {
		policy Policy
		want   string
		err    error
	}{
		{Supersede, "u1 a1(superseded by a newer request) u2 a2", nil},
		{Reject, "u1 a1", ErrBusy},
		{Queue, "u1 a1 u2 a2", nil},
		{Parallel, "u1 u2 a1 a2", nil},
	}
	for _, tt := range tests {
		t.Run(tt.policy.String(), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var d diary
				m := NewManager(Config{NoEventIDs: true})
				one, reader := start(t, m, d.spec("1", time.Second))
				defer reader.Close()
				synctest.Wait()
				second := d.spec("2", time.Second)
				second.Policy = tt.policy
				time.Sleep(100 * time.Millisecond)
				two, reader2, err := m.Start(t.Context(), second)
				if !errors.Is(err, tt.err) {
					t.Fatalf("Start: %v, want %v", err, tt.err)
				}
				if err == nil {
					_ = drain(t, reader2)
					reader2.Close()
					<-two.Done()
				}
				<-one.Done()
				if got := d.String(); got != tt.want {
					t.Errorf("history = %q, want %q", got, tt.want)
				}
			})
		})
	}
}

func TestOnlyARequestThatPassesItsCheckEndsARun(t *testing.T) {
	boom := errors.New("boom")
	for err, want := range map[error]string{nil: "u1 a1(superseded by a newer request) u2 a2", boom: "u1 a1"} {
		synctest.Test(t, func(t *testing.T) {
			var d diary
			m := NewManager(Config{NoEventIDs: true})
			one, reader := start(t, m, d.spec("1", time.Second))
			defer reader.Close()
			synctest.Wait()
			second := d.spec("2", time.Second)
			second.Check = func(context.Context) error { return err }
			_, reader, refused := m.Start(t.Context(), second)
			if !errors.Is(refused, err) {
				t.Errorf("Start: %v, want %v", refused, err)
			}
			if refused == nil {
				_ = drain(t, reader)
				reader.Close()
			}
			<-one.Done()
			if got := d.String(); got != want {
				t.Errorf("history = %q, want %q", got, want)
			}
		})
	}
}

// Whoever does not come through the check leaves the line, and ends nobody.
func TestARequestThatEndsInItsCheckEndsNoRun(t *testing.T) {
	for name, check := range map[string]func(context.Context) error{
		"goexit":       func(context.Context) error { runtime.Goexit(); return nil },
		"client gone":  func(context.Context) error { time.Sleep(5 * time.Second); return nil },
		"check panics": func(context.Context) error { panic("check") },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var d diary
				m := NewManager(Config{NoEventIDs: true})
				one, reader := start(t, m, d.spec("1", 20*time.Second))
				defer reader.Close()
				second := d.spec("2", time.Second)
				second.Check, second.KeepInput = check, false
				if _, gone, err := m.Start(t.Context(), second); err == nil {
					gone.Close()
				}
				<-one.Done()
				_, third := start(t, m, d.spec("3", time.Second))
				defer third.Close()
				_ = drain(t, third)
				if got, want := d.String(), "u1 a1 u3 a3"; got != want {
					t.Errorf("history = %q, want %q", got, want)
				}
			})
		})
	}
}

func TestACheckThatTakesLongCostsNoPlaceInLine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var d diary
		m := NewManager(Config{NoEventIDs: true, HeaderWait: time.Millisecond})
		_, one := start(t, m, d.spec("1", time.Hour))
		defer one.Close()
		second := d.spec("2", time.Second)
		second.Check = func(context.Context) error { time.Sleep(time.Second); return nil }
		_, two := start(t, m, second)
		defer two.Close()
		_, three := start(t, m, d.spec("3", time.Second))
		defer three.Close()
		_ = drain(t, three)
		if got, want := d.String(), "u1 a1(superseded by a newer request) u2 u3 a3"; got != want {
			t.Errorf("history = %q, want %q", got, want)
		}
	})
}

func TestARequestThatGivesWayIsRefusedBehindOneThatWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var d diary
		m := NewManager(Config{NoEventIDs: true, HeaderWait: time.Millisecond})
		stubborn := d.spec("1", 0)
		stubborn.Produce = func(ctx context.Context) error { time.Sleep(time.Second); return context.Cause(ctx) }
		_, one := start(t, m, stubborn)
		defer one.Close()
		synctest.Wait()
		_, two := start(t, m, d.spec("2", time.Second))
		defer two.Close()
		third := d.spec("3", time.Second)
		third.Policy = Reject
		if _, _, err := m.Start(t.Context(), third); !errors.Is(err, ErrBusy) {
			t.Errorf("Start: %v, want %v", err, ErrBusy)
		}
		_ = drain(t, two)
		if got, want := d.String(), "u1 a1(superseded by a newer request) u2 a2"; got != want {
			t.Errorf("history = %q, want %q", got, want)
		}
	})
}

func TestWaitersBeyondTheLimitAreRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var d diary
		m := NewManager(Config{NoEventIDs: true, MaxWaiting: 2, HeaderWait: time.Millisecond})
		_, first := start(t, m, d.spec("1", time.Second))
		defer first.Close()
		var readers []*Reader
		for i := range 3 {
			s := d.spec(fmt.Sprint(i+2), time.Millisecond)
			s.Policy = Queue
			_, reader, err := m.Start(t.Context(), s)
			if want := i == 2; errors.Is(err, ErrBusy) != want {
				t.Errorf("waiter %d: err = %v, refused want %v", i, err, want)
			}
			if err == nil {
				readers = append(readers, reader)
			}
		}
		for _, r := range readers {
			_ = drain(t, r)
			r.Close()
		}
	})
}

func TestDetachedRuns(t *testing.T) {
	tests := []struct {
		name     string
		policy   Disconnect
		resume   bool
		back     time.Duration // when a reader comes back; 0 for never
		finished bool
		after    time.Duration
	}{
		{"auto ends a plain client's run", Auto, false, 0, false, 0},
		{"auto keeps a resuming client's run", Auto, true, 0, true, time.Minute},
		{"cancel ends a resuming client's run too", CancelRun, true, 0, false, 0},
		{"grace runs out", Grace(10 * time.Second), false, 0, false, 10 * time.Second},
		{"grace is ended by a return", Grace(10 * time.Second), false, 9 * time.Second, true, time.Minute},
		{"keep has a limit", Keep(20 * time.Second), false, 0, false, 20 * time.Second},
		{"keep finishes", Keep(0), false, 0, true, time.Minute},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var d diary
				m := NewManager(Config{NoEventIDs: true})
				s := d.spec("1", time.Minute)
				s.Disconnect, s.Resumable = tt.policy, tt.resume
				r, reader := start(t, m, s)
				synctest.Wait()
				began := time.Now()
				reader.Close()
				if tt.back > 0 {
					time.Sleep(tt.back)
					again, err := m.Attach(r, 0)
					if err != nil {
						t.Fatal(err)
					}
					defer again.Close()
				}
				<-r.Done()
				if took := time.Since(began); took != tt.after || (r.End().Cause == nil) != tt.finished {
					t.Errorf("ended after %v with %v, want %v, finished %v", took, r.End().Cause, tt.after, tt.finished)
				}
			})
		})
	}
}

func TestRefusalInPrepareReachesTheCaller(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var d diary
		m := NewManager(Config{NoEventIDs: true})
		boom := errors.New("boom")
		s := d.spec("1", 0)
		s.Prepare = func(context.Context, *Run) error { return boom }
		if _, _, err := m.Start(t.Context(), s); !errors.Is(err, boom) {
			t.Errorf("Start = %v, want boom", err)
		}
		s.Prepare = func(context.Context, *Run) error { panic("oops") }
		if _, _, err := m.Start(t.Context(), s); !errors.Is(err, ErrPanicked) {
			t.Errorf("Start = %v, want a panic", err)
		}
		synctest.Wait()
		if m.Running() != 0 || m.Active("o", "t") != nil {
			t.Error("a refused run still holds its thread")
		}
		_, reader := start(t, m, d.spec("2", 0))
		_ = drain(t, reader)
		reader.Close()
	})
}

func TestRefusalAfterTheHeaderBecomesAnEvent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var d diary
		m := NewManager(Config{NoEventIDs: true, HeaderWait: time.Second})
		_, first := start(t, m, d.spec("1", 10*time.Second))
		defer first.Close()
		s := d.spec("2", 0)
		s.Policy = Queue
		s.Prepare = func(context.Context, *Run) error { return errors.New("gone") }
		s.Refused = func(err error) []byte { return []byte(`{"error":"` + err.Error() + `"}`) }
		_, reader := start(t, m, s)
		defer reader.Close()
		if got := drain(t, reader); got != "data: {\"error\":\"gone\"}\n\n" {
			t.Errorf("events = %q", got)
		}
	})
}

func TestExclusiveWaitsForTheEndOfTheRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var d diary
		m := NewManager(Config{NoEventIDs: true})
		_, reader := start(t, m, d.spec("1", time.Hour))
		defer reader.Close()
		synctest.Wait()
		err := m.Exclusive(t.Context(), Spec{ID: "x", Owner: "o", Thread: "t", Cause: ErrThreadDeleted, KeepInput: true},
			func(context.Context) error { d.add("deleted"); return nil })
		if err != nil {
			t.Fatal(err)
		}
		if got := d.String(); got != "u1 a1(thread deleted) deleted" {
			t.Errorf("diary = %q", got)
		}
	})
}

func TestHeartbeatsComeOnlyWhenIdle(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := NewManager(Config{NoEventIDs: true, Heartbeat: 8 * time.Second})
		var d diary
		s := d.spec("1", 0)
		var r *Run
		s.Prepare = func(_ context.Context, run *Run) error { r = run; return nil }
		s.Produce = func(context.Context) error {
			for range 10 { // busy: an event a second
				r.Log().Append([]byte(`{}`))
				time.Sleep(time.Second)
			}
			time.Sleep(30 * time.Second) // idle
			return nil
		}
		_, reader := start(t, m, s)
		defer reader.Close()
		out := drain(t, reader)
		events, beats := strings.Count(out, "data:"), strings.Count(out, ": ping\n")
		if events != 10 || beats != 3 || strings.Contains(out, ": ping\n\n") {
			t.Errorf("%d events, %d heartbeats in %q, want 10 and 3, none followed by a blank line", events, beats, out)
		}
		if i := strings.Index(out, ": ping"); strings.Contains(out[i:], "data:") {
			t.Error("a heartbeat came while events were coming")
		}
	})
}

func TestShutdownWaitsThenEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var d diary
		m := NewManager(Config{NoEventIDs: true, Drain: 10 * time.Second})
		short := d.spec("1", 5*time.Second)
		long := d.spec("2", time.Hour)
		long.Thread = "t2"
		_, r1 := start(t, m, short)
		_, r2 := start(t, m, long)
		defer r1.Close()
		defer r2.Close()
		synctest.Wait()
		began := time.Now()
		if err := m.Shutdown(t.Context()); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(began); took != 10*time.Second {
			t.Errorf("Shutdown took %v, want 10s", took)
		}
		if got := d.String(); !strings.Contains(got, "a1 a2(server shutting down)") {
			t.Errorf("diary = %q", got)
		}
		if _, _, err := m.Start(t.Context(), d.spec("3", 0)); !errors.Is(err, ErrClosed) {
			t.Errorf("Start after Shutdown = %v, want ErrClosed", err)
		}
	})
}

// To a client the one means that it may ask again, the other that it need not.
func TestARequestThatWaitsForItsThreadIsToldWhyItWillNotBegin(t *testing.T) {
	for _, tt := range []struct {
		name string
		end  func(ctx context.Context, m *Manager, waiting *Run)
		want error
	}{
		{"shutdown", func(ctx context.Context, m *Manager, _ *Run) { _ = m.Shutdown(ctx) }, ErrClosed},
		{"a newer request", func(_ context.Context, _ *Manager, waiting *Run) { waiting.Cancel(ErrSuperseded, "") }, ErrDropped},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var d diary
				m := NewManager(Config{HeaderWait: time.Hour, Drain: time.Second})
				_, reader := start(t, m, d.spec("1", time.Minute))
				defer reader.Close()
				s := d.spec("2", 0)
				s.Policy, s.KeepInput = Queue, false
				waiting := make(chan *Run, 1)
				s.Bind = func(r *Run) { waiting <- r }
				go func() {
					time.Sleep(time.Second)
					tt.end(t.Context(), m, <-waiting)
				}()
				if _, _, err := m.Start(t.Context(), s); !errors.Is(err, tt.want) {
					t.Errorf("Start = %v, want %v", err, tt.want)
				}
			})
		})
	}
}

func TestEndedRunsAreKeptForAWhile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var d diary
		m := NewManager(Config{NoEventIDs: true, Retain: time.Minute})
		r, reader := start(t, m, d.spec("1", 0))
		_ = drain(t, reader)
		reader.Close()
		<-r.Done()
		synctest.Wait()
		if _, err := m.Find("o", "t", "run_1"); err != nil {
			t.Errorf("Find = %v", err)
		}
		for _, other := range [][2]string{{"o", "t2"}, {"o2", "t"}} {
			if _, err := m.Find(other[0], other[1], "run_1"); !errors.Is(err, ErrUnknownRun) {
				t.Errorf("Find as %v = %v, want ErrUnknownRun", other, err)
			}
		}
		time.Sleep(time.Minute + time.Second)
		if _, err := m.Find("o", "t", "run_1"); !errors.Is(err, ErrUnknownRun) || m.total.Load() != 0 {
			t.Errorf("Find after a minute = %v, %d bytes held, want nothing", err, m.total.Load())
		}
	})
}

func TestReaderThatFellOutOfTheLogGetsASnapshot(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := NewManager(Config{NoEventIDs: true, MaxLogEvents: 5})
		var d diary
		s := d.spec("1", 0)
		var r *Run
		gate := make(chan struct{})
		s.Prepare = func(_ context.Context, run *Run) error { r = run; return nil }
		s.Produce = func(context.Context) error {
			for i := range 20 {
				r.Log().Append(fmt.Appendf(nil, `{"n":%d}`, i))
			}
			<-gate
			r.Log().Append([]byte(`{"n":"last"}`))
			return nil
		}
		s.Snapshot = func() ([]byte, uint64) { return []byte("data: {\"snapshot\":true}\n\n"), r.Log().Last() + 1 }
		_, reader := start(t, m, s)
		defer reader.Close()
		synctest.Wait()
		got, err := reader.Next(t.Context(), nil)
		if err != nil || string(got) != "data: {\"snapshot\":true}\n\n" {
			t.Errorf("Next = %q, %v, want the snapshot", got, err)
		}
		close(gate)
		if got := drain(t, reader); got != "data: {\"n\":\"last\"}\n\n" {
			t.Errorf("then %q", got)
		}
	})
}

func TestStopAndNaturalEndInTheSameInstant(t *testing.T) {
	for range 10_000 {
		m := NewManager(Config{NoEventIDs: true, Retain: -1})
		var d diary
		gate := make(chan struct{})
		s := d.spec("1", 0)
		s.Produce = func(context.Context) error { <-gate; return nil }
		r, reader := start(t, m, s)
		go func() { close(gate) }()
		r.Cancel(ErrStopped, "")
		<-r.Done()
		reader.Close()
		got := d.String()
		if !slices.Contains([]string{"u1", "u1 a1", "u1 a1(stopped by the user)"}, got) {
			t.Fatalf("diary = %q, want one end", got)
		}
	}
}
