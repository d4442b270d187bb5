package leaktest

import (
	"runtime"
	"strings"
	"testing"
	"time"
)

func TestMain(m *testing.M) { Main(m) }

func TestAGoroutineThatStaysIsFound(t *testing.T) {
	before := runtime.NumGoroutine()
	stay := make(chan struct{})
	go func() { <-stay }()
	if got := wait(before, time.Millisecond); !strings.HasPrefix(got, "1 goroutines left behind:") || !strings.Contains(got, "TestAGoroutineThatStays") {
		t.Errorf("wait = %.200q, want the goroutine", got)
	}
	time.AfterFunc(20*time.Millisecond, func() { close(stay) })
	if got := wait(before, time.Minute); got != "" {
		t.Errorf("wait = %.200q, want nothing once it has ended", got)
	}
}
