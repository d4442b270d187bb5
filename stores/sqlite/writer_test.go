package sqlitestore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gochatkit/chatkit/core"
)

// hold keeps the writer busy with a batch until release is called.
func hold(t *testing.T, s *Store) (release func()) {
	t.Helper()
	begun, end := make(chan struct{}), make(chan struct{})
	done := make(chan error, 1)
	go func() {
		done <- s.Batch(context.WithoutCancel(t.Context()), "holder", func(chatkit.Store) error {
			close(begun)
			<-end
			return nil
		})
	}()
	<-begun
	return sync.OnceFunc(func() {
		close(end)
		if err := <-done; err != nil {
			t.Errorf("Batch() that held the writer = %v, want no error", err)
		}
	})
}

func TestAWriteThatWaitsEndsWithItsContext(t *testing.T) {
	s := openStore(t, newPath(t))
	must(t, s.PutThread(t.Context(), "o", newThread("before")))
	release := hold(t, s)
	defer release()

	ctx, cancel := context.WithCancel(t.Context())
	result := make(chan error, 2)
	go func() { result <- s.PutThread(ctx, "o", newThread("late")) }()
	go func() {
		result <- s.Batch(ctx, "o", func(chatkit.Store) error { return errors.New("the batch ran") })
	}()
	cancel()
	for range 2 {
		if err := <-result; !errors.Is(err, context.Canceled) {
			t.Errorf("write whose context ended while it waited = %v, want context.Canceled", err)
		}
	}
	// Reads do not wait for the writer.
	if _, err := s.Thread(t.Context(), "o", "before"); err != nil {
		t.Errorf("Thread() while a batch runs = %v, want no error", err)
	}
	release()
	must(t, s.PutThread(t.Context(), "o", newThread("after")))
	p, err := s.Threads(t.Context(), "o", chatkit.PageQuery{})
	must(t, err)
	if len(p.Data) != 2 {
		t.Errorf("%d threads, want 2: the write that gave up must not happen", len(p.Data))
	}
}

func TestAFailureInAGroupIsItsOwn(t *testing.T) {
	s := openStore(t, newPath(t))
	must(t, s.PutThread(t.Context(), "o", newThread("thr_1")))
	must(t, s.PutItem(t.Context(), "o", "thr_1", newMessage("old", "")))
	release := hold(t, s) // what follows waits, so that it comes in groups
	stop := errors.New("stop")
	var wg sync.WaitGroup
	for i := range 30 {
		wg.Go(func() {
			id := fmt.Sprintf("m%02d", i)
			var err, want error
			switch i % 3 {
			case 0:
				err = s.PutItem(t.Context(), "o", "thr_1", newMessage(id, ""))
			case 1:
				want = chatkit.ErrNotFound
				err = s.PutItem(t.Context(), "o", "missing", newMessage(id, ""))
			case 2:
				want = stop
				err = s.Batch(t.Context(), "o", func(tx chatkit.Store) error {
					return errors.Join(
						tx.PutItem(t.Context(), "o", "thr_1", newMessage(id, "")),
						tx.DeleteItems(t.Context(), "o", "thr_1", "old"),
						stop,
					)
				})
			}
			if !errors.Is(err, want) {
				t.Errorf("write %d = %v, want %v", i, err, want)
			}
		})
	}
	release()
	wg.Wait()
	got := itemIDs(t, s, "o", "thr_1")
	slices.Sort(got)
	want := []string{"m00", "m03", "m06", "m09", "m12", "m15", "m18", "m21", "m24", "m27", "old"}
	if !slices.Equal(got, want) {
		t.Errorf("items = %v, want %v", got, want)
	}
}

func TestWritesThatWaitShareATransaction(t *testing.T) {
	const n = 40
	path := newPath(t)
	s := openStore(t, path)
	must(t, s.PutThread(t.Context(), "o", newThread("thr_1")))

	before := s.writer.commits.Load()
	release := hold(t, s)
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() {
			if err := s.PutItem(t.Context(), "o", "thr_1", newMessage(fmt.Sprint("m", i), "")); err != nil {
				t.Error(err)
			}
		})
	}
	// Jobs are handed over without a buffer, so those that wait cannot be counted. The
	// holder's own group takes all that have arrived; the rest come in few more.
	release()
	wg.Wait()
	if got := s.writer.commits.Load() - before; got > n/2 {
		t.Errorf("%d commits for %d waiting writes, want far fewer", got, n)
	}
}

func TestAWriteFailsWhenAnotherProcessHoldsTheFile(t *testing.T) {
	ctx, path := t.Context(), newPath(t)
	s := openStore(t, path, WithBusyTimeout(30*time.Millisecond))
	must(t, s.PutThread(ctx, "o", newThread("thr_1")))

	db, err := sql.Open("sqlite", path)
	must(t, err)
	defer db.Close()
	db.SetMaxOpenConns(1)
	_, err = db.ExecContext(ctx, "BEGIN IMMEDIATE")
	must(t, err)
	err = s.PutThread(ctx, "o", newThread("thr_2"))
	if err == nil || !strings.Contains(err.Error(), "locked") {
		t.Errorf("PutThread() on a locked file = %v, want an error that says so", err)
	}
	if err := s.Batch(ctx, "o", func(chatkit.Store) error { return nil }); err == nil {
		t.Errorf("Batch() on a locked file = no error, want one")
	}
	if _, err := s.Thread(ctx, "o", "thr_1"); err != nil {
		t.Errorf("Thread() on a locked file = %v, want no error", err)
	}
	_, err = db.ExecContext(ctx, "ROLLBACK")
	must(t, err)
	must(t, s.PutThread(ctx, "o", newThread("thr_2")))
}

func TestAFailedCommitIsEveryonesError(t *testing.T) {
	ctx := t.Context()
	s := openStore(t, newPath(t))
	must(t, s.PutThread(ctx, "o", newThread("thr_1")))
	_, err := s.writer.conn.ExecContext(ctx, `
		CREATE TABLE parent (id INTEGER PRIMARY KEY);
		CREATE TABLE child (parent INTEGER REFERENCES parent DEFERRABLE INITIALLY DEFERRED);
		PRAGMA foreign_keys = on;
		CREATE TRIGGER doom AFTER INSERT ON chatkit_items BEGIN INSERT INTO child VALUES (1); END;`)
	must(t, err)
	if err := s.PutItem(ctx, "o", "thr_1", newMessage("m1", "")); err == nil {
		t.Errorf("PutItem() whose commit failed = no error, want one")
	}
	err = s.Batch(ctx, "o", func(tx chatkit.Store) error { return tx.PutItem(ctx, "o", "thr_1", newMessage("m2", "")) })
	if err == nil {
		t.Errorf("Batch() whose commit failed = no error, want one")
	}
	if got := itemIDs(t, s, "o", "thr_1"); len(got) != 0 {
		t.Errorf("items after failed commits = %v, want none", got)
	}
	_, err = s.writer.conn.ExecContext(ctx, `DROP TRIGGER doom`)
	must(t, err)
	must(t, s.PutItem(ctx, "o", "thr_1", newMessage("m3", "")))
}

// A cancellation that comes while the writer picks the batch up must neither lose the
// batch's answer nor leave the writer waiting for it.
func TestCancelledBatchesNeverBlockTheWriter(t *testing.T) {
	s := openStore(t, newPath(t))
	var stored, put atomic.Int64
	var wg sync.WaitGroup
	for w := range 4 {
		wg.Go(func() {
			for i := range 50 {
				ctx, cancel := context.WithCancel(t.Context())
				go cancel()
				err := s.Batch(ctx, "o", func(tx chatkit.Store) error {
					put.Add(1)
					return tx.PutThread(context.WithoutCancel(ctx), "o", newThread(fmt.Sprintf("thr_%d_%d", w, i)))
				})
				if err == nil {
					stored.Add(1)
				} else if !errors.Is(err, context.Canceled) {
					t.Errorf("Batch() = %v, want no error or context.Canceled", err)
				}
			}
		})
	}
	finished := make(chan struct{})
	go func() { wg.Wait(); close(finished) }()
	select {
	case <-finished:
	case <-time.After(time.Minute):
		t.Fatal("the batches have not ended after a minute")
	}
	p, err := s.Threads(t.Context(), "o", chatkit.PageQuery{Limit: 1000})
	must(t, err)
	if got := int64(len(p.Data)); got != stored.Load() || got != put.Load() {
		t.Errorf("%d threads, want %d acknowledged ones and %d that were put", got, stored.Load(), put.Load())
	}
}
