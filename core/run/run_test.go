package run

import (
	"context"
	"runtime"
	"testing"
	"testing/synctest"
	"time"
)

// A test that fails in a phase ends its goroutine. The run ends all the same, and at once.
func TestAPhaseThatEndsItsGoroutineEndsTheRun(t *testing.T) {
	for phase, want := range map[string]Status{"Prepare": "", "Produce": Failed, "Finish": Failed, "OnEnd": Completed} {
		t.Run(phase, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				exit := func(here string) {
					if here == phase {
						runtime.Goexit()
					}
				}
				var ends []Status
				m := NewManager(Config{HeaderWait: time.Hour, OnEnd: func(e End) {
					ends = append(ends, e.Status)
					exit("OnEnd")
				}})
				s := new(diary).spec("1", 0)
				finish := s.Finish
				s.Prepare = func(context.Context, *Run) error { exit("Prepare"); return nil }
				s.Produce = func(context.Context) error { exit("Produce"); return nil }
				s.Finish = func(ctx context.Context, s Stopped) error { exit("Finish"); return finish(ctx, s) }
				began := time.Now()
				_, reader, err := m.Start(t.Context(), s)
				if (err == nil) != (want != "") {
					t.Errorf("Start = %v", err)
				}
				if err == nil {
					_ = drain(t, reader)
					reader.Close()
				}
				if err := m.Shutdown(t.Context()); err != nil || time.Since(began) > 0 {
					t.Errorf("Shutdown = %v after %v, want nothing to wait for", err, time.Since(began))
				}
				if want != "" && (len(ends) != 1 || ends[0] != want) {
					t.Errorf("ends = %v, want %s", ends, want)
				}
			})
		})
	}
}
