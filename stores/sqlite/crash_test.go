package sqlitestore

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"

	"github.com/gochatkit/chatkit/core"
	"github.com/gochatkit/chatkit/core/chatkittest/leaktest"
)

// crashEnv makes the test binary a process that writes until it is killed. Its value is
// the database's path.
const crashEnv = "SQLITESTORE_CRASH_TEST"

func TestMain(m *testing.M) {
	if path := os.Getenv(crashEnv); path != "" {
		fmt.Fprintln(os.Stderr, writeUntilKilled(path))
		os.Exit(1)
	}
	leaktest.Main(m)
}

// writeUntilKilled writes from sixteen goroutines and prints a line for each write that
// was acknowledged, after it was.
func writeUntilKilled(path string) error {
	s, err := Open(path)
	if err != nil {
		return err
	}
	ctx := context.Background()
	var mu sync.Mutex
	failed := make(chan error)
	for w := range 16 {
		go func() {
			owner, thread := fmt.Sprint("o", w%3), fmt.Sprint("thr_", w)
			if err := s.PutThread(ctx, owner, newThread(thread)); err != nil {
				failed <- err
			}
			for i := 0; ; i++ {
				id := fmt.Sprint("m", i)
				var err error
				if i%4 == 3 { // some writes are batches of two
					err = s.Batch(ctx, owner, func(tx chatkit.Store) error {
						if err := tx.PutItem(ctx, owner, thread, newMessage(id, strings.Repeat(id, 50))); err != nil {
							return err
						}
						return tx.PutItem(ctx, owner, thread, newMessage("twin_"+id, ""))
					})
				} else {
					err = s.PutItem(ctx, owner, thread, newMessage(id, strings.Repeat(id, 50)))
				}
				if err != nil {
					failed <- err
				}
				mu.Lock()
				fmt.Println(owner, thread, id)
				mu.Unlock()
			}
		}()
	}
	return <-failed
}

func TestAcknowledgedWritesSurviveAKill(t *testing.T) {
	for round := range 3 {
		path := newPath(t)
		self, err := os.Executable()
		must(t, err)
		cmd := exec.CommandContext(t.Context(), self)
		cmd.Env = append(os.Environ(), crashEnv+"="+path)
		var stderr strings.Builder
		cmd.Stderr = &stderr
		out, err := cmd.StdoutPipe()
		must(t, err)
		must(t, cmd.Start())

		type write struct{ owner, thread, id string }
		var acknowledged []write
		lines := bufio.NewScanner(out)
		for lines.Scan() {
			var a write
			if n, _ := fmt.Sscan(lines.Text(), &a.owner, &a.thread, &a.id); n != 3 {
				continue // the last line may be cut
			}
			acknowledged = append(acknowledged, a)
			if len(acknowledged) == 300+170*round {
				must(t, cmd.Process.Kill())
			}
		}
		err = cmd.Wait()
		if len(acknowledged) < 300 {
			t.Fatalf("the process wrote %d times and ended by itself: %v\n%s", len(acknowledged), err, stderr.String())
		}

		s := openStore(t, path)
		var integrity string
		must(t, s.readers.QueryRowContext(t.Context(), "PRAGMA integrity_check").Scan(&integrity))
		if integrity != "ok" {
			t.Errorf("integrity check = %s, want ok", integrity)
		}
		for _, a := range acknowledged {
			it, err := s.Item(t.Context(), a.owner, a.thread, a.id)
			if err != nil {
				t.Errorf("acknowledged write is lost: %v", err)
				continue
			}
			if got, want := it.(*chatkit.AssistantMessageItem).Content[0].Text, strings.Repeat(a.id, 50); got != want {
				t.Errorf("text of %s = %q, want %q", a.id, got, want)
			}
		}
		var halves int
		must(t, s.readers.QueryRowContext(t.Context(), `
			SELECT count(*) FROM chatkit_items i WHERE CAST(substr(id, 2) AS INTEGER) % 4 = 3 AND id GLOB 'm*' AND NOT EXISTS (
				SELECT 1 FROM chatkit_items t WHERE t.owner = i.owner AND t.thread_id = i.thread_id AND t.id = 'twin_' || i.id)`).Scan(&halves))
		if halves != 0 {
			t.Errorf("%d batches are there by half, want none", halves)
		}
		must(t, s.PutThread(t.Context(), "o", newThread("after the crash")))
		t.Logf("killed after %d acknowledged writes", len(acknowledged))
	}
}
