package memstore_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gochatkit/chatkit/core"
	"github.com/gochatkit/chatkit/core/memstore"
	"github.com/gochatkit/chatkit/core/storetest"
)

func TestStore(t *testing.T) {
	storetest.Run(t, func(*testing.T) chatkit.Store { return memstore.New() })
}

func TestStoreWithBoundsThatAreNotReached(t *testing.T) {
	storetest.Run(t, func(*testing.T) chatkit.Store {
		return memstore.New(memstore.WithMaxThreads(1000), memstore.WithMaxAge(time.Hour))
	})
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func put(t testing.TB, s chatkit.Store, owner, id string) {
	t.Helper()
	must(t, s.PutThread(context.Background(), owner, &chatkit.Thread{ID: id, CreatedAt: time.Unix(1, 0)}))
}

func putItem(t testing.TB, s chatkit.Store, owner, threadID, id string, n int) {
	t.Helper()
	must(t, s.PutItem(context.Background(), owner, threadID, &chatkit.AssistantMessageItem{
		ItemMeta: chatkit.ItemMeta{ID: id, ThreadID: threadID, CreatedAt: time.Unix(int64(n), 0)},
		Content:  []chatkit.AssistantMessageContent{{Text: "some text of a usual length, a sentence or two"}},
	}))
}

func wantThreads(t *testing.T, s chatkit.Store, owner string, want ...string) {
	t.Helper()
	p, err := s.Threads(t.Context(), owner, chatkit.PageQuery{Limit: 100})
	must(t, err)
	var got []string
	for _, th := range p.Data {
		got = append(got, th.ID)
	}
	if !slices.Equal(got, want) {
		t.Errorf("threads of %s = %v, want %v", owner, got, want)
	}
}

func TestTheThreadWrittenToLongestAgoGoesFirst(t *testing.T) {
	ctx := t.Context()
	s := memstore.New(memstore.WithMaxThreads(3))
	for _, id := range []string{"a", "b", "c"} {
		put(t, s, "ann", id)
	}
	threadID := "b"
	must(t, s.PutAttachment(ctx, "ann", &chatkit.FileAttachment{AttachmentMeta: chatkit.AttachmentMeta{ID: "atc_1", ThreadID: &threadID}}))
	putItem(t, s, "ann", "a", "m1", 1) // now b is the oldest
	_, err := s.Thread(ctx, "ann", "b")
	must(t, err) // reading is not writing
	put(t, s, "bob", "d")
	wantThreads(t, s, "ann", "a", "c")
	wantThreads(t, s, "bob", "d")
	if _, err := s.Attachment(ctx, "ann", "atc_1"); !errors.Is(err, chatkit.ErrNotFound) {
		t.Errorf("Attachment() of a dropped thread = %v, want ErrNotFound", err)
	}
	must(t, s.DeleteItems(ctx, "ann", "c", "none"))
	put(t, s, "bob", "e")
	wantThreads(t, s, "ann", "c")
	wantThreads(t, s, "bob", "d", "e")
}

func TestABatchIsMeasuredAtItsEnd(t *testing.T) {
	s := memstore.New(memstore.WithMaxThreads(2))
	put(t, s, "ann", "a")
	must(t, s.Batch(t.Context(), "ann", func(tx chatkit.Store) error {
		for _, id := range []string{"b", "c", "d"} {
			put(t, tx, "ann", id)
		}
		must(t, tx.DeleteThread(t.Context(), "ann", "d"))
		wantThreads(t, tx, "ann", "a", "b", "c")
		return nil
	}))
	wantThreads(t, s, "ann", "b", "c")

	stop := errors.New("stop")
	err := s.Batch(t.Context(), "ann", func(tx chatkit.Store) error {
		put(t, tx, "ann", "x")
		put(t, tx, "ann", "y")
		return stop
	})
	if !errors.Is(err, stop) {
		t.Errorf("Batch() = %v, want the function's error", err)
	}
	wantThreads(t, s, "ann", "b", "c")
}

func TestOldThreadsGoAtTheNextWrite(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := memstore.New(memstore.WithMaxAge(time.Hour))
		put(t, s, "ann", "a")
		put(t, s, "ann", "b")
		time.Sleep(40 * time.Minute)
		putItem(t, s, "ann", "a", "m1", 1)
		time.Sleep(40 * time.Minute)
		wantThreads(t, s, "ann", "a", "b")
		put(t, s, "bob", "c")
		wantThreads(t, s, "ann", "a")
		time.Sleep(2 * time.Hour)
		must(t, s.DeleteAttachment(t.Context(), "ann", "none"))
		wantThreads(t, s, "ann")
		wantThreads(t, s, "bob")
	})
}

func BenchmarkPage(b *testing.B) {
	for _, n := range []int{1_000, 100_000} {
		s := memstore.New()
		put(b, s, "o", "thr_1")
		for i := range n {
			putItem(b, s, "o", "thr_1", fmt.Sprint("m", i), i)
		}
		for _, after := range []int{10, n / 2, n - 30} {
			b.Run(fmt.Sprintf("items=%d/after=%d", n, after), func(b *testing.B) {
				for b.Loop() {
					p, err := s.Items(b.Context(), "o", "thr_1", chatkit.PageQuery{After: fmt.Sprint("m", after)})
					if err != nil || len(p.Data) != 20 {
						b.Fatal(len(p.Data), err)
					}
				}
			})
		}
	}
}

func BenchmarkPutItem(b *testing.B) {
	s := memstore.New()
	put(b, s, "o", "thr_1")
	n := 0
	for b.Loop() {
		n++
		putItem(b, s, "o", "thr_1", fmt.Sprint("m", n), n)
	}
}

func ExampleStore_Batch() {
	s := memstore.New()
	ctx := context.Background()
	err := s.Batch(ctx, "ann", func(tx chatkit.Store) error {
		if err := tx.PutThread(ctx, "ann", &chatkit.Thread{ID: "thr_1"}); err != nil {
			return err
		}
		return tx.PutItem(ctx, "ann", "thr_2", &chatkit.EndOfTurnItem{ItemMeta: chatkit.ItemMeta{ID: "m1"}})
	})
	fmt.Println(err)
	_, err = s.Thread(ctx, "ann", "thr_1")
	fmt.Println(err)
	// Output:
	// save item m1 of thread thr_2: not found
	// load thread thr_1: not found
}
