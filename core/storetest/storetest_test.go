package storetest

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/gochatkit/chatkit/core"
	"github.com/gochatkit/chatkit/core/memstore"
)

// recorder is the tb of a check that is expected to fail.
type recorder struct {
	ctx context.Context

	mu       sync.Mutex
	failures []string
}

func (r *recorder) Helper()                  {}
func (r *recorder) Context() context.Context { return r.ctx }

func (r *recorder) Errorf(format string, args ...any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.failures = append(r.failures, fmt.Sprintf(format, args...))
}

func (r *recorder) Fatalf(format string, args ...any) {
	r.Errorf(format, args...)
	runtime.Goexit()
}

// failuresOf runs one check on a store and returns its complaints.
func failuresOf(ctx context.Context, c check, s chatkit.Store) []string {
	r := &recorder{ctx: ctx}
	done := make(chan struct{})
	go func() { // Fatalf ends its goroutine
		defer close(done)
		defer func() {
			if v := recover(); v != nil {
				r.Errorf("panic: %v", v)
			}
		}()
		c.run(r, s)
	}()
	<-done
	return r.failures
}

func checkNamed(t *testing.T, name string) check {
	t.Helper()
	i := slices.IndexFunc(checks, func(c check) bool { return c.name == name })
	if i < 0 {
		t.Fatalf("there is no check named %q", name)
	}
	return checks[i]
}

func TestAWorkingStorePassesEveryCheck(t *testing.T) {
	Run(t, func(*testing.T) chatkit.Store { return memstore.New() })
}

func TestABrokenStoreFailsTheCheckForIt(t *testing.T) {
	for _, b := range broken {
		t.Run(b.name, func(t *testing.T) {
			for _, name := range b.fails {
				m := newMutant()
				b.how(m)
				failures := failuresOf(t.Context(), checkNamed(t, name), m)
				if len(failures) == 0 {
					t.Errorf("check %q: no failure, want one", name)
				} else if testing.Verbose() {
					first, _, _ := strings.Cut(failures[0], "\n")
					t.Logf("check %q: %s", name, first)
				}
			}
		})
	}
}

func TestEveryCheckHasABrokenStoreThatFailsIt(t *testing.T) {
	for _, c := range checks {
		if !slices.ContainsFunc(broken, func(b breakage) bool { return slices.Contains(b.fails, c.name) }) {
			t.Errorf("no broken store is listed for check %q", c.name)
		}
	}
}

// A wrapper that changes nothing shows that the failures above are the breakages' doing.
func TestAnUnbrokenWrapperPassesEveryCheck(t *testing.T) {
	for _, c := range checks {
		if failures := failuresOf(t.Context(), c, newMutant()); len(failures) > 0 {
			t.Errorf("check %q: %v, want no failure", c.name, failures)
		}
	}
}

func TestChecksOfBatchesAreSkippedWithoutABatcher(t *testing.T) {
	Run(t, func(*testing.T) chatkit.Store { return struct{ chatkit.Store }{memstore.New()} })
}
