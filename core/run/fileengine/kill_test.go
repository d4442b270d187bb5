package fileengine_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/gochatkit/chatkit/core/chatkittest/leaktest"
	"github.com/gochatkit/chatkit/core/run"
	"github.com/gochatkit/chatkit/core/run/fileengine"
)

// childEnv makes this test binary the process that is to be killed: it names the folder.
const childEnv = "FILEENGINE_TEST_CHILD"

// otherChildren are what else this test binary can be, by environment variable.
var otherChildren = map[string]func(dir string) error{}

func TestMain(m *testing.M) {
	if dir := os.Getenv(childEnv); dir != "" {
		os.Exit(appendForEver(dir))
	}
	for env, do := range otherChildren {
		if dir := os.Getenv(env); dir != "" {
			if err := do(dir); err != nil {
				fmt.Println(err)
				os.Exit(1)
			}
			return
		}
	}
	leaktest.Main(m)
}

// appendForEver appends numbered events to two runs and prints each number once the engine has it.
func appendForEver(dir string) int {
	e, err := fileengine.Open(dir, nil)
	if err != nil {
		fmt.Println(err)
		return 1
	}
	ctx, cancel := timeout()
	defer cancel()
	var leases [2]*run.Lease
	for i := range leases {
		leases[i], err = e.Claim(ctx, run.ClaimRequest{Key: childKey(i), Node: "child", TTL: time.Minute})
		if err != nil {
			fmt.Println(err)
			return 1
		}
	}
	for n := 0; ; n++ {
		l := leases[n%2]
		if _, err := e.Append(ctx, l, events(l, n%5+1)); err != nil {
			fmt.Println(err)
			return 1
		}
		fmt.Printf("%d %d\n", n%2, uint64(l.Head))
	}
}

func childKey(i int) run.Key {
	return run.Key{Owner: "o", Thread: fmt.Sprint("t", i), Run: fmt.Sprint("r", i)}
}

// What an engine has taken is there after the process was killed, whenever that was.
func TestEveryEventThatWasTakenOutlivesAKilledProcess(t *testing.T) {
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for _, lines := range []int{1, 50, 333, 1000} {
		dir := t.TempDir()
		child := exec.CommandContext(t.Context(), exe, "-test.run=^$")
		child.Env = append(os.Environ(), childEnv+"="+dir)
		out, err := child.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := child.Start(); err != nil {
			t.Fatal(err)
		}
		var taken [2]uint64
		in := bufio.NewScanner(out)
		for n := 0; in.Scan(); n++ {
			which, head, _ := strings.Cut(in.Text(), " ")
			number, err := strconv.ParseUint(head, 10, 64)
			if err != nil {
				t.Fatalf("child says %q", in.Text())
			}
			taken[which[0]-'0'] = number
			if n == lines {
				if e, err := fileengine.Open(dir, nil); err == nil {
					_ = e.Close()
					t.Errorf("the folder could be opened while the child uses it")
				}
				if err := child.Process.Kill(); err != nil {
					t.Fatal(err)
				}
			}
		}
		_ = child.Wait() // killed
		e := open(t, dir, nil)
		for i, last := range taken {
			got := numbers(t, e, childKey(i))
			for j, n := range got {
				if n != uint64(j)+1 { // small
					t.Fatalf("event %d of run %d says %d", j+1, i, n)
				}
			}
			if last == 0 || uint64(len(got)) < last {
				t.Errorf("run %d has %d events, but the child was told that it has %d", i, len(got), last)
			}
		}
		orphans, err := e.Orphans(t.Context(), 10)
		if err != nil || len(orphans) != 2 {
			t.Errorf("Orphans = %d, %v, want both runs", len(orphans), err)
		}
		_ = e.Close()
	}
}

// timeout bounds the child's life in case nobody kills it.
func timeout() (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.Background(), time.Minute)
}
