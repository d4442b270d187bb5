package adaptertest

import (
	"fmt"
	"log"
	"log/slog"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// check is the testing.TB of one behaviour. It collects failures instead of reporting them, so that a
// documented exception can be asserted.
type check struct {
	testing.TB
	factory Factory

	mu       sync.Mutex
	failures []string
	skip     string
}

// do runs f on a goroutine of its own, because a fatal failure ends the goroutine.
func (c *check) do(f func(*check)) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer func() {
			switch r := recover().(type) {
			case nil:
			case notApplicable:
				c.skip = string(r)
			default:
				c.Errorf("panic: %v", r)
			}
		}()
		f(c)
	}()
	<-done
}

func (c *check) result() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.failures
}

// Errorf records a failure and goes on.
func (c *check) Errorf(format string, args ...any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.failures = append(c.failures, fmt.Sprintf(format, args...))
}

// Fatalf records a failure and ends the behaviour.
func (c *check) Fatalf(format string, args ...any) {
	c.Errorf(format, args...)
	runtime.Goexit()
}

// Error, Fatal, Fail and FailNow go the same way, for what a factory may call.
func (c *check) Error(args ...any) { c.Errorf("%s", fmt.Sprint(args...)) }
func (c *check) Fatal(args ...any) { c.Fatalf("%s", fmt.Sprint(args...)) }
func (c *check) Fail()             { c.Errorf("failed") }
func (c *check) FailNow()          { c.Fatalf("failed") }

// within takes a time three times and wants the best one below limit. A machine under load is late now and then; a
// transport that polls, or waits for a write, is late every time.
func (c *check) within(limit time.Duration, what string, measure func() time.Duration) {
	c.Helper()
	best := time.Hour
	for range 3 {
		if best = min(best, measure()); best < limit {
			return
		}
	}
	c.Errorf("%s took %v at best, want < %v", what, best, limit)
}

// patience is how long a behaviour waits for something that has to happen.
func patience() time.Duration { return time.Duration(patienceNanos.Load()) }

// patienceNanos can be shortened by the tests of this package, while streams of an earlier one still wait.
var patienceNanos atomic.Int64

func init() { patienceNanos.Store(int64(10 * time.Second)) }

// wait receives from ch, but not for ever.
func wait[T any](c *check, ch <-chan T, what string) T {
	c.Helper()
	select {
	case v := <-ch:
		return v
	case <-time.After(patience()):
		c.Fatalf("%s: not within %v", what, patience())
		panic("unreachable")
	}
}

// background are the functions of goroutines that frameworks start once, or that end by themselves after
// sleeping for seconds; no stream is behind them.
var background = []string{
	"fasthttp.(*workerPool).Start", "fasthttp.updateServerDate", "fasthttp/stackless",
	"StartTimeStampUpdater", "/middleware/cache.New", "/internal/storage/memory.(*Storage).gc", "/internal/memory.(*Storage).gc",
}

// quiet keeps what f makes packages log to the default loggers out of the test's output.
func quiet(f func()) {
	logger, out, flags := slog.Default(), log.Writer(), log.Flags()
	slog.SetDefault(slog.New(slog.DiscardHandler))
	defer func() {
		slog.SetDefault(logger)
		log.SetOutput(out) // which SetDefault has redirected
		log.SetFlags(flags)
	}()
	f()
}

// goroutines returns the stacks of all goroutines but the ones in the background.
func goroutines() []string {
	buf := make([]byte, 4<<20)
	var stacks []string
	for stack := range strings.SplitSeq(string(buf[:runtime.Stack(buf, true)]), "\n\n") {
		if !slices.ContainsFunc(background, func(f string) bool { return strings.Contains(stack, f) }) {
			stacks = append(stacks, stack)
		}
	}
	return stacks
}
