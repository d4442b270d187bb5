package storetest

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/gochatkit/chatkit/core"
)

func batch(t tb, s chatkit.Store, fn func(chatkit.Store) error) error {
	t.Helper()
	b, ok := s.(chatkit.Batcher)
	if !ok {
		t.Fatalf("%T is no chatkit.Batcher", s)
	}
	return b.Batch(t.Context(), alice, fn)
}

// changeAll writes with every method of s to what settle has put.
func changeAll(t tb, s chatkit.Store) error {
	ctx := t.Context()
	titled := newThread("thr_1", at(0))
	titled.Title = ptr("changed")
	return errors.Join(
		s.PutThread(ctx, alice, titled),
		s.PutThread(ctx, alice, newThread("new", at(9))),
		s.PutItem(ctx, alice, "new", message("n1", at(9), "in a new thread")),
		s.PutItem(ctx, alice, "thr_1", message("n2", at(0), "before the others")),
		s.PutItem(ctx, alice, "thr_1", hiddenNote("m1", at(7))),
		s.DeleteItems(ctx, alice, "thr_1", "m2", "m4"),
		s.PutAttachment(ctx, alice, fileAttachment("atc_new", ptr("new"))),
		s.PutAttachment(ctx, alice, imageAttachment("atc_1", nil)),
		s.DeleteAttachment(ctx, alice, "atc_2"),
		s.DeleteThread(ctx, alice, "thr_2"),
		s.PutThread(ctx, alice, newThread("brief", at(5))),
		s.PutItem(ctx, alice, "brief", message("x", at(9), "")),
		s.DeleteThread(ctx, alice, "brief"),
	)
}

func settle(t tb, s chatkit.Store) {
	t.Helper()
	ctx := t.Context()
	withThread(t, s, message("m1", at(1), "1"), message("m2", at(1), "2"), hiddenNote("m3", at(1)), message("m4", at(2), "4"))
	putThreads(t, s, alice, newThread("thr_2", at(0)), newThread("thr_3", at(0)))
	putItems(t, s, alice, "thr_2", message("m1", at(1), "of thr_2"))
	must(t, s.PutAttachment(ctx, alice, fileAttachment("atc_1", ptr("thr_1"))))
	must(t, s.PutAttachment(ctx, alice, fileAttachment("atc_2", ptr("thr_1"))))
	must(t, s.PutAttachment(ctx, alice, fileAttachment("atc_3", ptr("thr_2"))))
}

// contents is all that alice has, as text.
func contents(t tb, s chatkit.Store) string {
	t.Helper()
	var out string
	threads, err := s.Threads(t.Context(), alice, chatkit.PageQuery{Limit: 100})
	must(t, err)
	for _, th := range threads.Data {
		title := "-"
		if th.Title != nil {
			title = *th.Title
		}
		out += fmt.Sprintf("thread %s %s\n", th.ID, title)
		items, err := s.Items(t.Context(), alice, th.ID, chatkit.PageQuery{Limit: 100, Hidden: true})
		must(t, err)
		for _, it := range items.Data {
			out += fmt.Sprintf("  %s %s %s\n", it.Meta().ID, it.ItemType(), it.Meta().CreatedAt.Format("05"))
		}
	}
	for _, id := range []string{"atc_1", "atc_2", "atc_3", "atc_new"} {
		a, err := s.Attachment(t.Context(), alice, id)
		if errors.Is(err, chatkit.ErrNotFound) {
			continue
		}
		must(t, err)
		thread := "-"
		if a.Meta().ThreadID != nil {
			thread = *a.Meta().ThreadID
		}
		out += fmt.Sprintf("attachment %s %s %s\n", id, a.AttachmentType(), thread)
	}
	return out
}

const changed = `thread thr_1 changed
  n2 assistant_message 00
  m1 hidden_context_item 01
  m3 hidden_context_item 01
thread thr_3 -
thread new -
  n1 assistant_message 09
attachment atc_1 image -
attachment atc_new file new
`

func wantText(t tb, what, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("%s:\ngot\n%swant\n%s", what, got, want)
	}
}

func batchSeesItself(t tb, s chatkit.Store) {
	settle(t, s)
	must(t, batch(t, s, func(s chatkit.Store) error {
		if err := changeAll(t, s); err != nil {
			return err
		}
		wantText(t, "contents inside the batch", contents(t, s), changed)
		err := s.PutItem(t.Context(), alice, "thr_2", message("late", at(1), ""))
		wantErr(t, "PutItem() into a thread the batch deleted", err, chatkit.ErrNotFound)
		_, err = s.Items(t.Context(), alice, "thr_1", chatkit.PageQuery{After: "m2"})
		wantErr(t, "Items() after an item the batch deleted", err, chatkit.ErrBadCursor)
		return nil
	}))
}

func batchCommits(t tb, s chatkit.Store) {
	settle(t, s)
	must(t, batch(t, s, func(s chatkit.Store) error { return changeAll(t, s) }))
	wantText(t, "contents after the batch", contents(t, s), changed)
	must(t, batch(t, s, func(chatkit.Store) error { return nil }))
	wantText(t, "contents after an empty batch", contents(t, s), changed)
}

// stillWorks checks a store after a batch that did not happen: all is as before, and
// both kinds of writes still work.
func stillWorks(t tb, s chatkit.Store, before string) {
	t.Helper()
	wantText(t, "contents after the batch", contents(t, s), before)
	must(t, changeAll(t, s))
	wantText(t, "contents after the same writes one by one", contents(t, s), changed)
	must(t, batch(t, s, func(s chatkit.Store) error { return s.DeleteThread(t.Context(), alice, "new") }))
	_, err := s.Thread(t.Context(), alice, "new")
	wantErr(t, "Thread() deleted by a later batch", err, chatkit.ErrNotFound)
}

func batchRollsBack(t tb, s chatkit.Store) {
	settle(t, s)
	before := contents(t, s)
	stop := errors.New("stop")
	err := batch(t, s, func(s chatkit.Store) error {
		must(t, changeAll(t, s))
		return fmt.Errorf("in the middle: %w", stop)
	})
	wantErr(t, "Batch() whose function failed", err, stop)
	stillWorks(t, s, before)
}

func batchPanics(t tb, s chatkit.Store) {
	settle(t, s)
	before := contents(t, s)
	func() {
		defer func() {
			if got := recover(); got != "out of order" {
				t.Errorf("Batch() panicked with %v, want the function's own value", got)
			}
		}()
		err := batch(t, s, func(s chatkit.Store) error {
			must(t, changeAll(t, s))
			panic("out of order")
		})
		t.Errorf("Batch() = %v, want a panic", err)
	}()
	stillWorks(t, s, before)
}

func batchIsAtomic(t tb, s chatkit.Store) {
	ctx := t.Context()
	withThread(t, s)
	var done atomic.Bool
	parallel(t, 4, func(w int) error {
		if w == 0 {
			defer done.Store(true)
			for i := range 25 {
				err := batch(t, s, func(s chatkit.Store) error {
					if err := s.PutItem(ctx, alice, "thr_1", message(numbered("a", i), at(i), "")); err != nil {
						return err
					}
					time.Sleep(time.Millisecond) // in which the others look
					return s.PutItem(ctx, alice, "thr_1", message(numbered("b", i), at(i), ""))
				})
				if err != nil {
					return err
				}
			}
			return nil
		}
		for !done.Load() {
			p, err := s.Items(ctx, alice, "thr_1", chatkit.PageQuery{Limit: 100, Order: chatkit.OrderDesc})
			if err != nil {
				return err
			}
			if len(p.Data)%2 != 0 {
				return fmt.Errorf("%d items are there, want an even number: batches put two", len(p.Data))
			}
		}
		return nil
	})
	if got := len(allIDs(t, itemList(t, s, alice, "thr_1"))); got != 50 {
		t.Errorf("%d items, want 50", got)
	}
}

func batchBounds(t tb, s chatkit.Store) {
	ctx := t.Context()
	withThread(t, s)
	putThreads(t, s, bob, newThread("thr_1", at(0)))
	var kept chatkit.Store
	must(t, batch(t, s, func(s chatkit.Store) error {
		kept = s
		if err := s.DeleteThread(ctx, bob, "thr_1"); err == nil {
			t.Errorf("DeleteThread() of another owner in a batch: error = nil, want one")
		}
		if _, err := s.Thread(ctx, bob, "thr_1"); err == nil {
			t.Errorf("Thread() of another owner in a batch: error = nil, want one")
		}
		return nil
	}))
	if err := kept.DeleteThread(ctx, alice, "thr_1"); err == nil {
		t.Errorf("DeleteThread() on a batch that ended: error = nil, want one")
	}
	if _, err := kept.Thread(ctx, alice, "thr_1"); err == nil {
		t.Errorf("Thread() on a batch that ended: error = nil, want one")
	}
	for _, owner := range []string{alice, bob} {
		wantIDs(t, "threads of "+owner, allIDs(t, threadList(t, s, owner)), "thr_1")
	}
}

func batchCancelled(t tb, s chatkit.Store) {
	withThread(t, s)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	b, ok := s.(chatkit.Batcher)
	if !ok {
		t.Fatalf("%T is no chatkit.Batcher", s)
	}
	err := b.Batch(ctx, alice, func(chatkit.Store) error {
		t.Errorf("Batch() with a cancelled context called its function")
		return nil
	})
	wantErr(t, "Batch() with a cancelled context", err, context.Canceled)
	must(t, s.PutItem(t.Context(), alice, "thr_1", message("m1", at(1), "")))
}
