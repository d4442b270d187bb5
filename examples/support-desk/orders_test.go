package main

import (
	"sync"
	"testing"
)

func TestTwoCancellationsAtATimeCancelOnce(t *testing.T) {
	s := start(t, t.TempDir(), settings{})
	all := &orders{s.app.db, today, ""}
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if o, err := all.cancel(t.Context(), "alice", "A-1002"); err != nil || o.Status != cancelled {
				t.Errorf("cancel = %s, %v, want cancelled each time", o.Status, err)
			}
			if _, err := all.deliver(t.Context(), "alice", "A-1002", "2026-11-27"); err == nil {
				t.Error("a cancelled order is delivered")
			}
		})
	}
	wg.Wait()
	if got := s.stored("alice", "A-1002").Delivery; got != "2026-11-25" {
		t.Errorf("delivery = %s, want it unchanged", got)
	}
}

func TestSeedingAgainChangesNothing(t *testing.T) {
	dir := t.TempDir()
	s := start(t, dir, settings{})
	if _, err := (&orders{s.app.db, today, ""}).cancel(t.Context(), "alice", "A-1002"); err != nil {
		t.Fatal(err)
	}
	s.stop()
	s = start(t, dir, settings{})
	if got := s.stored("alice", "A-1002").Status; got != cancelled {
		t.Errorf("the order is %s, want %s", got, cancelled)
	}
}
