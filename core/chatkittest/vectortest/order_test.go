package vectortest

import (
	"context"
	"strings"
	"testing"
	"time"

	chatkit "github.com/gochatkit/chatkit/core"
	"github.com/gochatkit/chatkit/core/chatkittest"
	"github.com/gochatkit/chatkit/core/memstore"
)

func TestOrderedStoreKeepsTheOrderOfPutsAndTheTimes(t *testing.T) {
	ctx := t.Context()
	s := inOrder(memstore.New())
	at := func(hours int) time.Time { return chatkittest.Time.Add(time.Duration(hours) * time.Hour) }
	put := func(s chatkit.Store, id string, created time.Time) {
		t.Helper()
		it := &chatkit.EndOfTurnItem{ItemMeta: chatkit.ItemMeta{ID: id, ThreadID: "t", CreatedAt: created}}
		if err := s.PutItem(ctx, "", "t", it); err != nil {
			t.Fatal(err)
		}
		if !it.CreatedAt.Equal(created) {
			t.Errorf("PutItem changed the caller's item to %v", it.CreatedAt)
		}
	}
	for i, id := range []string{"u", "t"} {
		if err := s.PutThread(ctx, "", &chatkit.Thread{ID: id, CreatedAt: at(-i)}); err != nil {
			t.Fatal(err)
		}
	}
	put(s, "b", at(2))
	put(s, "a", at(1))
	put(s, "b", at(9)) // keeps its place and time
	b, ok := s.(chatkit.Batcher)
	if !ok {
		t.Fatal("the store has no batches any more")
	}
	if err := b.Batch(ctx, "", func(tx chatkit.Store) error { put(tx, "c", at(-5)); return nil }); err != nil {
		t.Fatal(err)
	}
	check := func(want string) {
		t.Helper()
		page, err := s.Items(ctx, "", "t", chatkit.PageQuery{})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, it := range page.Data {
			got = append(got, it.Meta().ID+it.Meta().CreatedAt.Sub(chatkittest.Time).String())
			one, err := s.Item(ctx, "", "t", it.Meta().ID)
			if err != nil || !one.Meta().CreatedAt.Equal(it.Meta().CreatedAt) {
				t.Errorf("Item(%s) = %v, %v, want the time of the page", it.Meta().ID, one, err)
			}
		}
		if strings.Join(got, " ") != want {
			t.Errorf("items = %q, want %q", strings.Join(got, " "), want)
		}
	}
	check("b2h0m0s a1h0m0s c-5h0m0s")
	if err := s.DeleteItems(ctx, "", "t", "b"); err != nil {
		t.Fatal(err)
	}
	put(s, "b", at(3))
	check("a1h0m0s c-5h0m0s b3h0m0s")

	threads, err := s.Threads(context.Background(), "", chatkit.PageQuery{})
	if err != nil || len(threads.Data) != 2 || threads.Data[0].ID != "u" || !threads.Data[1].CreatedAt.Equal(at(-1)) {
		t.Errorf("Threads() = %v, %v, want u and t with its time", threads.Data, err)
	}
	if th, err := s.Thread(ctx, "", "t"); err != nil || !th.CreatedAt.Equal(at(-1)) {
		t.Errorf("Thread() = %v, %v, want its time", th, err)
	}
}
