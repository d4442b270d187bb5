package storetest

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/gochatkit/chatkit/core"
)

func cancelled(t tb, s chatkit.Store) {
	withThread(t, s, message("m1", at(1), "old"))
	must(t, s.PutAttachment(t.Context(), alice, fileAttachment("atc_1", nil)))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, c := range []struct {
		name string
		call func() error
	}{
		{"Thread", func() error { _, err := s.Thread(ctx, alice, "thr_1"); return err }},
		{"PutThread", func() error { return s.PutThread(ctx, alice, fullThread("thr_2")) }},
		{"Threads", func() error { _, err := s.Threads(ctx, alice, chatkit.PageQuery{}); return err }},
		{"DeleteThread", func() error { return s.DeleteThread(ctx, alice, "thr_1") }},
		{"Item", func() error { _, err := s.Item(ctx, alice, "thr_1", "m1"); return err }},
		{"PutItem", func() error { return s.PutItem(ctx, alice, "thr_1", message("m1", at(1), "new")) }},
		{"Items", func() error { _, err := s.Items(ctx, alice, "thr_1", chatkit.PageQuery{}); return err }},
		{"DeleteItems", func() error { return s.DeleteItems(ctx, alice, "thr_1", "m1") }},
		{"Attachment", func() error { _, err := s.Attachment(ctx, alice, "atc_1"); return err }},
		{"PutAttachment", func() error { return s.PutAttachment(ctx, alice, fileAttachment("atc_2", nil)) }},
		{"DeleteAttachment", func() error { return s.DeleteAttachment(ctx, alice, "atc_1") }},
	} {
		wantErr(t, c.name+"() with a cancelled context", c.call(), context.Canceled)
	}
	wantIDs(t, "threads", allIDs(t, threadList(t, s, alice)), "thr_1")
	it, err := s.Item(t.Context(), alice, "thr_1", "m1")
	must(t, err)
	wantSame(t, "Item()", it, message("m1", at(1), "old"))
	_, err = s.Attachment(t.Context(), alice, "atc_1")
	wantErr(t, "Attachment()", err, nil)
	_, err = s.Attachment(t.Context(), alice, "atc_2")
	wantErr(t, "Attachment() that was not put", err, chatkit.ErrNotFound)
}

// parallel runs n calls at once, reports their errors and waits for all of them.
func parallel(t tb, n int, call func(i int) error) {
	t.Helper()
	start := make(chan struct{})
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() {
			<-start
			if err := call(i); err != nil {
				t.Errorf("parallel call %d: %v", i, err)
			}
		})
	}
	close(start)
	wg.Wait()
}

func parallelWriters(t tb, s chatkit.Store) {
	const writers, each = 32, 6
	ctx := t.Context()
	withThread(t, s)
	parallel(t, writers, func(w int) error {
		own := numbered("own_", w)
		if err := s.PutThread(ctx, alice, newThread(own, at(1))); err != nil {
			return err
		}
		for i := range each {
			id := fmt.Sprintf("m_%d_%d", w, i)
			for _, threadID := range []string{"thr_1", own} {
				if err := s.PutItem(ctx, alice, threadID, message(id, at(2), id)); err != nil {
					return err
				}
				if _, err := s.Item(ctx, alice, threadID, id); err != nil {
					return fmt.Errorf("read back: %w", err)
				}
			}
		}
		return nil
	})
	shared := walk(t, itemList(t, s, alice, "thr_1"), chatkit.PageQuery{Limit: 7})
	next := make([]int, writers) // what each writer put comes in the order it put it
	for _, id := range shared {
		var w, i int
		if _, err := fmt.Sscanf(id, "m_%d_%d", &w, &i); err != nil {
			t.Fatalf("shared thread has item %q", id)
		}
		if i != next[w] {
			t.Errorf("item %d of writer %d stands where %d should", i, w, next[w])
		}
		next[w] = i + 1
	}
	if len(shared) != writers*each {
		t.Errorf("shared thread has %d items, want %d", len(shared), writers*each)
	}
	for w := range writers {
		if got := len(allIDs(t, itemList(t, s, alice, numbered("own_", w)))); got != each {
			t.Errorf("thread of writer %d has %d items, want %d", w, got, each)
		}
	}
	if got := len(walk(t, threadList(t, s, alice), chatkit.PageQuery{Limit: 5})); got != writers+1 {
		t.Errorf("%d threads, want %d", got, writers+1)
	}
}

func parallelPutsOfOne(t tb, s chatkit.Store) {
	ctx := t.Context()
	withThread(t, s)
	parallel(t, 16, func(i int) error {
		return errors.Join(
			s.PutThread(ctx, alice, newThread("thr_2", at(i))),
			s.PutItem(ctx, alice, "thr_1", message("m1", at(i), fmt.Sprint(i))),
			s.PutAttachment(ctx, alice, fileAttachment("atc_1", nil)),
		)
	})
	wantIDs(t, "items", allIDs(t, itemList(t, s, alice, "thr_1")), "m1")
	if got := len(allIDs(t, threadList(t, s, alice))); got != 2 {
		t.Errorf("%d threads, want 2", got)
	}
}

func latePut(t tb, s chatkit.Store) {
	ctx := t.Context()
	for round := range 20 {
		id := numbered("thr_", round)
		putThreads(t, s, alice, newThread(id, at(0)))
		parallel(t, 5, func(i int) error {
			if i == 0 {
				return s.DeleteThread(ctx, alice, id)
			}
			err := s.PutItem(ctx, alice, id, message(numbered("m", i), at(1), ""))
			if errors.Is(err, chatkit.ErrNotFound) {
				return nil // the deletion was first
			}
			return err
		})
		_, err := s.Thread(ctx, alice, id)
		wantErr(t, "Thread() after its deletion", err, chatkit.ErrNotFound)
		putThreads(t, s, alice, newThread(id, at(0)))
		wantIDs(t, "items of the thread put anew", allIDs(t, itemList(t, s, alice, id)))
	}
}

func pagingWhileWriting(t tb, s chatkit.Store) {
	const before, during = 30, 60
	ctx := t.Context()
	withThread(t, s)
	var want []string
	for i := range before + during {
		want = append(want, numbered("m", i))
	}
	for i := range before {
		putItems(t, s, alice, "thr_1", message(want[i], at(i), ""))
	}
	parallel(t, 4, func(w int) error {
		if w == 0 {
			for i := before; i < before+during; i++ {
				if err := s.PutItem(ctx, alice, "thr_1", message(want[i], at(i), "")); err != nil {
					return err
				}
			}
			return nil
		}
		for range 5 {
			var got []string
			q := chatkit.PageQuery{Limit: 7}
			for more := true; more; {
				p, err := itemList(t, s, alice, "thr_1")(q)
				if err != nil {
					return err
				}
				got, q.After, more = append(got, p.Data...), p.After, p.HasMore
				if len(got) > len(want) {
					return fmt.Errorf("%d items so far, want at most %d", len(got), len(want))
				}
			}
			if len(got) < before {
				return fmt.Errorf("%d items, want at least %d", len(got), before)
			}
			wantIDs(t, "items read during the writing", got, want[:len(got)]...)
		}
		return nil
	})
	wantIDs(t, "items after the writing", allIDs(t, itemList(t, s, alice, "thr_1")), want...)
}
