// Package leaktest fails the tests of a package that leave goroutines behind.
package leaktest

import (
	"flag"
	"fmt"
	"os"
	"runtime"
	"testing"
	"time"
)

// patience is how long goroutines may take to end: connections close in their own time.
const patience = 10 * time.Second

// Main runs the tests and exits, with status 1 if they pass and more goroutines are left than before. A fuzzing run
// is not checked, because the fuzzer listens for signals to its end. It is the whole of a package's TestMain:
//
//	func TestMain(m *testing.M) { leaktest.Main(m) }
func Main(m *testing.M) {
	before := runtime.NumGoroutine()
	code := m.Run()
	if f := flag.Lookup("test.fuzz"); code == 0 && (f == nil || f.Value.String() == "") {
		if left := wait(before, patience); left != "" {
			fmt.Fprintln(os.Stderr, left)
			code = 1
		}
	}
	os.Exit(code)
}

// wait waits until there are no more than n goroutines, and says which there are if that does not happen in time.
func wait(n int, limit time.Duration) string {
	for deadline := time.Now().Add(limit); runtime.NumGoroutine() > n; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			buf := make([]byte, 1<<20)
			return fmt.Sprintf("%d goroutines left behind:\n%s", runtime.NumGoroutine()-n, buf[:runtime.Stack(buf, true)])
		}
	}
	return ""
}
