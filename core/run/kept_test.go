package run

import (
	"errors"
	"fmt"
	"runtime"
	"testing"
	"testing/synctest"
	"time"
	"weak"
)

func TestARunThatIsDroppedIsFree(t *testing.T) {
	for name, cfg := range map[string]Config{"MaxKept": {MaxKept: 1}, "MaxTotalSize": {MaxTotalSize: 100}} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				m := NewManager(cfg)
				var runs []weak.Pointer[Run]
				for i := range 4 {
					r, reader := start(t, m, new(diary).spec(fmt.Sprint(i), 0))
					<-r.Done()
					reader.Close()
					synctest.Wait() // for the run to be kept
					runs = append(runs, weak.Make(r))
				}
				time.Sleep(9 * time.Second) // the manager looks at the sizes at the next beat
				synctest.Wait()
				runtime.GC()
				for i, r := range runs {
					if held, kept := r.Value() != nil, i == len(runs)-1; held != kept {
						t.Errorf("run %d is in memory: %v, want %v", i, held, kept)
					}
				}
				runtime.KeepAlive(m)
			})
		})
	}
}

func TestEachEndedRunIsKeptForTheSameTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := NewManager(Config{Retain: time.Minute, MaxKept: 2})
		for i := range 3 {
			r, reader := start(t, m, new(diary).spec(fmt.Sprint(i), 0))
			<-r.Done()
			reader.Close()
			time.Sleep(20 * time.Second)
		}
		for i, want := range []string{"12", "2", "2", ""} { // 60, 81, 91 and 111 s after the first
			found := ""
			for id := range 3 {
				if _, err := m.Find("o", "t", fmt.Sprintf("run_%d", id)); !errors.Is(err, ErrUnknownRun) {
					found += fmt.Sprint(id)
				}
			}
			if found != want {
				t.Errorf("look %d finds the runs %q, want %q", i, found, want)
			}
			time.Sleep([]time.Duration{21, 10, 20, 0}[i] * time.Second)
		}
	})
}
