package run_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gochatkit/chatkit/core/run"
)

func (f *faulty) Claim(ctx context.Context, r run.ClaimRequest) (*run.Lease, error) {
	if err := f.try(ctx, "Claim", run.Batch{}); err != nil {
		return nil, err
	}
	return f.Engine.Claim(ctx, r)
}

func (f *faulty) TakeOver(ctx context.Context, info run.RunInfo, node string) (*run.Lease, error) {
	if err := f.try(ctx, "TakeOver", run.Batch{}); err != nil {
		return nil, err
	}
	return f.Engine.TakeOver(ctx, info, node)
}

// stuck returns a way to fail: calls of a method do not return before the end of the test.
func stuck(t *testing.T, method string) func(context.Context, string, run.Batch) error {
	over := make(chan struct{})
	t.Cleanup(func() { close(over) })
	return func(_ context.Context, called string, _ run.Batch) error {
		if called == method {
			<-over
		}
		return nil
	}
}

func TestARunEndsAlthoughACallOfTheEngineNeverReturns(t *testing.T) {
	tests := []struct {
		name, method string
		events       int
		period       time.Duration
		want         run.Status
	}{
		{"Append, of a run that goes on", "Append", 100, time.Second, run.Interrupted},
		{"Renew", "Renew", 1, time.Hour, run.Interrupted},
		{"Append, with the end to come", "Append", 3, time.Second, run.Completed},
		{"Finish", "Finish", 3, 0, run.Completed},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				e := newFaulty()
				e.become(stuck(t, tt.method))
				cfg := config(e)
				var told []error
				cfg.OnEngineError = func(_ string, err error) { told = append(told, err) }
				m := run.NewManager(cfg)
				began := time.Now()
				r := newJob("1", tt.events, tt.period).start(t, m)
				<-r.Context().Done()
				if took := time.Since(began); tt.want == run.Interrupted && took != ttl/2 {
					t.Errorf("run was ended after %v, want %v", took, ttl/2)
				}
				<-r.Done()
				if took := time.Since(began); took > ttl {
					t.Errorf("end is on record after %v, want it while the lease of %v holds", took, ttl)
				}
				if end := r.End(); end.Status != tt.want || errors.Is(end.Cause, run.ErrEngineLost) != (tt.want == run.Interrupted) {
					t.Errorf("end = %+v, want %s", end, tt.want)
				}
				if len(told) != 1 || m.Leaked() != 1 {
					t.Errorf("hook was told %v, %d left behind, want once and 1", told, m.Leaked())
				}
			})
		})
	}
}

func TestAThreadIsFreeAlthoughACallOfTheEngineNeverReturns(t *testing.T) {
	for _, method := range []string{"Claim", "TakeOver"} {
		t.Run(method, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				e := newFaulty()
				dead := run.ClaimRequest{Key: newJob("0", 0, 0).key(), Node: "dead", TTL: time.Second}
				if _, err := e.Claim(t.Context(), dead); err != nil {
					t.Fatal(err)
				}
				cfg := config(e)
				cfg.HeaderWait = time.Hour
				m := run.NewManager(cfg)
				if err := m.Recover(t.Context(), func(_ context.Context, o run.Orphan) (run.Spec, [][]byte, error) {
					return run.Spec{ID: o.Run, Owner: o.Owner, Thread: o.Thread}, nil, nil
				}); err != nil {
					t.Fatal(err)
				}
				time.Sleep(2 * time.Second)
				e.become(stuck(t, method))
				if _, _, err := m.Start(t.Context(), newJob("1", 1, 0).Spec); err == nil {
					t.Fatal("Start succeeded without an answer of the engine")
				}
				e.become(nil)
				r := newJob("2", 1, 0).start(t, m)
				<-r.Done()
				if end := r.End(); end.Status != run.Completed {
					t.Errorf("end of the next run = %+v, want completed", end)
				}
			})
		})
	}
}
