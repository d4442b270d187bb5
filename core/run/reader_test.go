package run

import (
	"context"
	"testing"
	"testing/synctest"
	"time"
)

// forever returns a run that goes on until it is ended.
func forever(d Disconnect) Spec {
	return Spec{
		ID: "run_1", Thread: "t", Disconnect: d,
		Prepare: func(context.Context, *Run) error { return nil },
		Produce: func(ctx context.Context) error { <-ctx.Done(); return nil },
		Finish:  func(_ context.Context, s Stopped) error { return s.Cause },
	}
}

// A reader comes in the moment in which the time without one is over, and leaves again: it is a new time that runs.
func TestATimeWithoutReadersThatIsNoLongerTheLastEndsNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := NewManager(Config{Stall: -1})
		r, reader := start(t, m, forever(Grace(time.Second)))
		synctest.Wait()
		reader.Close()
		r.mu.Lock()
		time.Sleep(time.Second) // the timer has gone off, and waits for the lock
		r.detached = time.AfterFunc(time.Second, func() { r.Cancel(ErrDisconnected, "") })
		r.mu.Unlock()
		synctest.Wait()
		if r.CausedBy(ErrDisconnected) {
			t.Error("run was ended by the time that was over before its last reader came")
		}
		<-r.Done()
	})
}
