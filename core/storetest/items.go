package storetest

import (
	"encoding/json"
	"strings"

	"github.com/gochatkit/chatkit/core"
)

func itemRoundTrip(t tb, s chatkit.Store) {
	items := everyItem()
	withThread(t, s, items...)
	for _, want := range items {
		id := want.Meta().ID
		got, err := s.Item(t.Context(), alice, "thr_1", id)
		must(t, err)
		wantSame(t, "Item("+id+")", got, want)
	}
	p, err := s.Items(t.Context(), alice, "thr_1", chatkit.PageQuery{Hidden: true})
	must(t, err)
	wantSame(t, "Items()", p.Data, items)
}

func unknownItem(t tb, s chatkit.Store) {
	// Member order, number forms, escapes and a repeated member are all part of the bytes.
	const raw = `{"type":"hologram","id":"u1","thread_id":"thr_1","created_at":"2025-03-01T12:00:01Z",` +
		`"z":1.50e+2,"a":12345678901234567890,"s":"\u00e9\u0000\/<&>","n":null,"o":{"y":[],"x":{}},"z":2}`
	putUnknown := func(raw string) {
		t.Helper()
		it := newUnknown(t, raw)
		putItems(t, s, alice, "thr_1", it)
		for range 2 { // the second time what was read is put back
			got, err := s.Item(t.Context(), alice, "thr_1", "u1")
			must(t, err)
			wantSame(t, "Item() of an unknown kind", got, it)
			if got.ItemType() != "hologram" {
				t.Errorf("ItemType() = %q, want %q", got.ItemType(), "hologram")
			}
			putItems(t, s, alice, "thr_1", got)
		}
	}
	withThread(t, s)
	putUnknown(raw)
	if got := encode(t, newUnknown(t, raw)); got != raw {
		t.Fatalf("the type's own JSON is not the raw one, so this check shows nothing:\ngot  %s\nwant %s", got, raw)
	}
	putUnknown(strings.Replace(raw, `"n":null`, `"n":"replaced"`, 1))
	wantIDs(t, "items", allIDs(t, itemList(t, s, alice, "thr_1")), "u1")
	wantIDs(t, "visible items", walk(t, itemList(t, s, alice, "thr_1"), chatkit.PageQuery{}), "u1")
}

func itemMissing(t tb, s chatkit.Store) {
	missing := func(what, threadID, id string) {
		t.Helper()
		_, err := s.Item(t.Context(), alice, threadID, id)
		wantErr(t, what, err, chatkit.ErrNotFound)
	}
	missing("Item() in an empty store", "thr_1", "m1")
	withThread(t, s, message("m1", at(1), "one"))
	putThreads(t, s, alice, newThread("thr_2", at(0)))
	missing("Item() of an unknown id", "thr_1", "m2")
	missing("Item() of an empty id", "thr_1", "")
	missing("Item() of another thread", "thr_2", "m1")
	missing("Item() of a missing thread", "thr_3", "m1")
	must(t, s.DeleteItems(t.Context(), alice, "thr_1", "m1"))
	missing("Item() after its deletion", "thr_1", "m1")
}

func itemReplaced(t tb, s chatkit.Store) {
	call := &chatkit.ClientToolCallItem{ItemMeta: meta("c1", at(1)), CallID: "call_1", Name: "f", Arguments: json.RawMessage(`{"a":1}`)}
	withThread(t, s, call, message("m1", at(2), "other"))

	call.Status, call.Output = chatkit.ClientToolCallCompleted, json.RawMessage(`{"done":true}`)
	putItems(t, s, alice, "thr_1", call)
	got, err := s.Item(t.Context(), alice, "thr_1", "c1")
	must(t, err)
	wantSame(t, "Item() after it was put again", got, call)

	other := message("c1", at(1), "of another kind")
	putItems(t, s, alice, "thr_1", other)
	p, err := s.Items(t.Context(), alice, "thr_1", chatkit.PageQuery{})
	must(t, err)
	wantSame(t, "Items() after one changed its kind", p.Data, []chatkit.Item{other, message("m1", at(2), "other")})
}

func itemKeepsPlace(t tb, s chatkit.Store) {
	unknown := func(created string) chatkit.Item {
		return newUnknown(t, `{"type":"hologram","id":"u","thread_id":"thr_1","created_at":"`+created+`","x":1}`)
	}
	first := unknown("2025-03-01T12:00:03Z")
	withThread(t, s, message("a", at(1), "1"), message("b", at(1), "2"), message("c", at(2), "3"), first)
	putItems(t, s, alice, "thr_1", unknown("2025-03-01T12:00:00Z"))
	for i, id := range []string{"a", "b", "c"} {
		putItems(t, s, alice, "thr_1", message(id, at(9-i), "new"))
	}
	l := itemList(t, s, alice, "thr_1")
	wantIDs(t, "items after puts with other stamps", allIDs(t, l), "a", "b", "c", "u")
	wantIDs(t, "the same read backwards by twos", walk(t, l, chatkit.PageQuery{Limit: 2, Order: chatkit.OrderDesc}), "u", "c", "b", "a")
	want := []chatkit.Item{message("a", at(1), "new"), message("b", at(1), "new"), message("c", at(2), "new"), first}
	for _, want := range want {
		got, err := s.Item(t.Context(), alice, "thr_1", want.Meta().ID)
		must(t, err)
		wantSame(t, "Item() after a put with another stamp", got, want)
	}
}

func itemChangesVisibility(t tb, s chatkit.Store) {
	withThread(t, s, message("a", at(1), "1"), hiddenNote("b", at(2)))
	putItems(t, s, alice, "thr_1", hiddenNote("a", at(1)), message("b", at(2), "2"))
	l := itemList(t, s, alice, "thr_1")
	wantIDs(t, "visible items", walk(t, l, chatkit.PageQuery{}), "b")
	wantIDs(t, "all items", allIDs(t, l), "a", "b")
}

func itemCopies(t tb, s chatkit.Store) {
	spoil := func(it chatkit.Item) {
		m := it.(*chatkit.UserMessageItem)
		m.ThreadID = "spoiled"
		m.Content[0].(*chatkit.InputText).Text = "spoiled"
		copy(m.Content[1].(*chatkit.InputTag).Data, `{"id":0}`)
		m.Attachments[0].Meta().Metadata["bucket"] = "spoiled"
		*m.QuotedText = "spoiled"
	}
	it, want := everyItem()[0], everyItem()[0]
	withThread(t, s, it)
	spoil(it)
	got, err := s.Item(t.Context(), alice, "thr_1", "user")
	must(t, err)
	wantSame(t, "Item() after what was put changed", got, want)
	spoil(got)
	p, err := s.Items(t.Context(), alice, "thr_1", chatkit.PageQuery{})
	must(t, err)
	wantSame(t, "Items() after what Item() gave changed", p.Data, []chatkit.Item{want})
	for _, it := range p.Data {
		spoil(it)
	}
	got, err = s.Item(t.Context(), alice, "thr_1", "user")
	must(t, err)
	wantSame(t, "Item() after what Items() gave changed", got, want)
}

func itemWithoutID(t tb, s chatkit.Store) {
	withThread(t, s)
	if err := s.PutItem(t.Context(), alice, "thr_1", message("", at(1), "x")); err == nil {
		t.Errorf("PutItem() without an id: error = nil, want one")
	}
	wantIDs(t, "items", allIDs(t, itemList(t, s, alice, "thr_1")))
}

func itemIntoMissingThread(t tb, s chatkit.Store) {
	ctx := t.Context()
	putThreads(t, s, alice, newThread("other", at(0)), newThread("deleted", at(0)))
	putThreads(t, s, bob, newThread("bobs", at(0)))
	must(t, s.DeleteThread(ctx, alice, "deleted"))
	for _, id := range []string{"missing", "deleted", "bobs", ""} {
		err := s.PutItem(ctx, alice, id, message("m1", at(1), "late"))
		wantErr(t, "PutItem() into thread "+id, err, chatkit.ErrNotFound)
		wantIDs(t, "items of thread "+id, allIDs(t, itemList(t, s, alice, id)))
		_, err = s.Thread(ctx, alice, id)
		wantErr(t, "Thread("+id+") after the put", err, chatkit.ErrNotFound)
	}
	wantIDs(t, "items of the other owner's thread", allIDs(t, itemList(t, s, bob, "bobs")))
	putThreads(t, s, alice, newThread("missing", at(0)))
	wantIDs(t, "items of a thread made later", allIDs(t, itemList(t, s, alice, "missing")))
}

func sameItemIDInTwoThreads(t tb, s chatkit.Store) {
	withThread(t, s, message("m1", at(1), "one"))
	putThreads(t, s, alice, newThread("thr_2", at(0)))
	putItems(t, s, alice, "thr_2", message("m1", at(2), "two"))
	for _, c := range []struct {
		threadID string
		want     chatkit.Item
	}{
		{"thr_1", message("m1", at(1), "one")},
		{"thr_2", message("m1", at(2), "two")},
	} {
		got, err := s.Item(t.Context(), alice, c.threadID, "m1")
		must(t, err)
		wantSame(t, "Item() of "+c.threadID, got, c.want)
	}
}

func deleteItems(t tb, s chatkit.Store) {
	ctx := t.Context()
	withThread(t, s, message("a", at(1), ""), message("b", at(2), ""), hiddenNote("c", at(3)), message("d", at(4), ""))
	putThreads(t, s, alice, newThread("thr_2", at(0)))
	putItems(t, s, alice, "thr_2", message("a", at(1), ""))
	putThreads(t, s, bob, newThread("thr_1", at(0)))
	putItems(t, s, bob, "thr_1", message("a", at(1), ""))

	must(t, s.DeleteItems(ctx, alice, "thr_1", "c", "nothing", "a", "a"))
	wantIDs(t, "items", allIDs(t, itemList(t, s, alice, "thr_1")), "b", "d")
	wantIDs(t, "items of another thread", allIDs(t, itemList(t, s, alice, "thr_2")), "a")
	wantIDs(t, "items of another owner", allIDs(t, itemList(t, s, bob, "thr_1")), "a")

	many := []string{"b"}
	for i := range 2000 {
		many = append(many, numbered("none", i))
	}
	must(t, s.DeleteItems(ctx, alice, "thr_1", append(many, "d")...))
	wantIDs(t, "items after many were deleted", allIDs(t, itemList(t, s, alice, "thr_1")))
}

func deleteNothing(t tb, s chatkit.Store) {
	ctx := t.Context()
	nothing := func() {
		t.Helper()
		must(t, s.DeleteThread(ctx, alice, "none"))
		must(t, s.DeleteItems(ctx, alice, "none", "m1"))
		must(t, s.DeleteItems(ctx, alice, "thr_1", "none"))
		must(t, s.DeleteItems(ctx, alice, "thr_1"))
		must(t, s.DeleteAttachment(ctx, alice, "none"))
	}
	nothing()
	withThread(t, s, message("m1", at(1), ""))
	must(t, s.PutAttachment(ctx, alice, fileAttachment("atc_1", nil)))
	nothing()
	wantIDs(t, "threads", allIDs(t, threadList(t, s, alice)), "thr_1")
	wantIDs(t, "items", allIDs(t, itemList(t, s, alice, "thr_1")), "m1")
	_, err := s.Attachment(ctx, alice, "atc_1")
	wantErr(t, "Attachment()", err, nil)
}

func itemPutAnew(t tb, s chatkit.Store) {
	withThread(t, s, message("a", at(1), ""), message("b", at(1), ""), message("c", at(2), ""))
	must(t, s.DeleteItems(t.Context(), alice, "thr_1", "a", "c"))
	putItems(t, s, alice, "thr_1", message("a", at(1), "again"), message("c", at(0), "again"))
	wantIDs(t, "items", allIDs(t, itemList(t, s, alice, "thr_1")), "c", "b", "a")
	got, err := s.Item(t.Context(), alice, "thr_1", "c")
	must(t, err)
	wantSame(t, "Item() put again after its deletion", got, message("c", at(0), "again"))
}
