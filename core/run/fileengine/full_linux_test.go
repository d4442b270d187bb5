package fileengine_test

import (
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"syscall"
	"testing"

	"github.com/gochatkit/chatkit/core/run"
	"github.com/gochatkit/chatkit/core/run/fileengine"
)

// fullEnv makes this test binary a process whose disk is full at times: it names the folder.
const fullEnv = "FILEENGINE_TEST_FULL"

func init() { otherChildren[fullEnv] = fillDisk }

// fillDisk appends events to a file that may not grow beyond a limit, which cuts records off in the middle, and
// goes on each time there is room again.
func fillDisk(dir string) error {
	signal.Ignore(syscall.SIGXFSZ)
	limit := func(n uint64) error {
		return syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: n, Max: 1 << 40})
	}
	e, err := fileengine.Open(dir, nil)
	if err != nil {
		return err
	}
	ctx, cancel := timeout()
	defer cancel()
	l, err := e.Claim(ctx, run.ClaimRequest{Key: key, TTL: 1 << 40})
	if err != nil {
		return err
	}
	for room := uint64(1000); room < 20_000; room += 1000 {
		if err := limit(room); err != nil {
			return err
		}
		for err = nil; err == nil; {
			_, err = e.Append(ctx, l, events(l, 2))
		}
		if _, err := e.Append(ctx, l, events(l, 2)); err == nil {
			return fmt.Errorf("nothing was too much for %d bytes", room)
		}
		if _, err := e.Claim(ctx, run.ClaimRequest{Key: run.Key{Thread: fmt.Sprint(room), Run: string(make([]byte, room))}, TTL: 1}); err == nil {
			return fmt.Errorf("a run of %d bytes found room", room)
		}
	}
	if err := limit(1 << 30); err != nil {
		return err
	}
	if _, err := e.Append(ctx, l, events(l, 2)); err != nil {
		return fmt.Errorf("after the disk was full: %w", err)
	}
	fmt.Print(uint64(l.Head))
	return e.Close()
}

func TestAFullDiskCostsNoEventThatWasTaken(t *testing.T) {
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	child := exec.CommandContext(t.Context(), exe, "-test.run=^$")
	child.Env = append(os.Environ(), fullEnv+"="+dir)
	out, err := child.Output()
	var head int
	if _, scanErr := fmt.Sscan(string(out), &head); err != nil || scanErr != nil {
		t.Fatalf("child = %v, says %q", err, out)
	}
	logFile(t, dir) // of the runs that found no room nothing is left
	e := open(t, dir, nil)
	got := numbers(t, e, key)
	if len(got) != head || head < 100 {
		t.Fatalf("%d events, want the %d that were taken", len(got), head)
	}
	for i, n := range got {
		if n != uint64(i)+1 { // small
			t.Fatalf("event %d says %d", i+1, n)
		}
	}
}
