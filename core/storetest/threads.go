package storetest

import (
	"github.com/gochatkit/chatkit/core"
)

func threadRoundTrip(t tb, s chatkit.Store) {
	threads := []*chatkit.Thread{
		fullThread("full"),
		newThread("bare", at(1)),
		{ID: "empty title", CreatedAt: at(2), Title: ptr(""), Metadata: map[string]any{}},
		{ID: "no domains", CreatedAt: at(3), AllowedImageDomains: []string{}},
		{ID: "closed", CreatedAt: at(4), Status: chatkit.ThreadStatus{Type: chatkit.ThreadClosed, Reason: ptr("")}},
	}
	putThreads(t, s, alice, threads...)
	for _, want := range threads {
		got, err := s.Thread(t.Context(), alice, want.ID)
		must(t, err)
		wantSame(t, "Thread("+want.ID+")", got, want)
	}
	p, err := s.Threads(t.Context(), alice, chatkit.PageQuery{})
	must(t, err)
	wantSame(t, "Threads()", p.Data, threads)
}

func threadMissing(t tb, s chatkit.Store) {
	_, err := s.Thread(t.Context(), alice, "thr_1")
	wantErr(t, "Thread() in an empty store", err, chatkit.ErrNotFound)
	putThreads(t, s, alice, newThread("thr_1", at(0)))
	_, err = s.Thread(t.Context(), alice, "thr_2")
	wantErr(t, "Thread() beside another", err, chatkit.ErrNotFound)
	_, err = s.Thread(t.Context(), alice, "")
	wantErr(t, "Thread() with an empty id", err, chatkit.ErrNotFound)
	must(t, s.DeleteThread(t.Context(), alice, "thr_1"))
	_, err = s.Thread(t.Context(), alice, "thr_1")
	wantErr(t, "Thread() after its deletion", err, chatkit.ErrNotFound)
}

func threadReplaced(t tb, s chatkit.Store) {
	putThreads(t, s, alice, fullThread("thr_1"))
	putItems(t, s, alice, "thr_1", message("m1", at(1), "kept"))

	bare := newThread("thr_1", at(0))
	putThreads(t, s, alice, bare)
	got, err := s.Thread(t.Context(), alice, "thr_1")
	must(t, err)
	wantSame(t, "Thread() after a put without fields", got, bare)

	titled := newThread("thr_1", at(0))
	titled.Title = ptr("A new title")
	putThreads(t, s, alice, titled)
	p, err := s.Threads(t.Context(), alice, chatkit.PageQuery{})
	must(t, err)
	wantSame(t, "Threads() after a put with a title", p.Data, []*chatkit.Thread{titled})
	wantIDs(t, "items of a replaced thread", allIDs(t, itemList(t, s, alice, "thr_1")), "m1")
}

func threadKeepsPlace(t tb, s chatkit.Store) {
	putThreads(t, s, alice, newThread("a", at(1)), newThread("b", at(1)), newThread("c", at(2)))
	for i, id := range []string{"a", "b", "c"} {
		moved := newThread(id, at(9-i))
		moved.Title = ptr(id)
		putThreads(t, s, alice, moved)
	}
	wantIDs(t, "threads after puts with other stamps", allIDs(t, threadList(t, s, alice)), "a", "b", "c")
	for id, created := range map[string]int{"a": 1, "b": 1, "c": 2} {
		got, err := s.Thread(t.Context(), alice, id)
		must(t, err)
		want := newThread(id, at(created))
		want.Title = ptr(id)
		wantSame(t, "Thread("+id+") after a put with another stamp", got, want)
	}
}

func threadCopies(t tb, s chatkit.Store) {
	spoil := func(th *chatkit.Thread) {
		*th.Title = "spoiled"
		*th.Status.Reason = "spoiled"
		th.AllowedImageDomains[0] = "spoiled"
		th.Metadata["plan"] = "spoiled"
		th.Metadata["nested"].(map[string]any)["list"] = "spoiled"
	}
	th, want := fullThread("thr_1"), fullThread("thr_1")
	putThreads(t, s, alice, th)
	spoil(th)
	got, err := s.Thread(t.Context(), alice, "thr_1")
	must(t, err)
	wantSame(t, "Thread() after what was put changed", got, want)
	spoil(got)
	p, err := s.Threads(t.Context(), alice, chatkit.PageQuery{})
	must(t, err)
	wantSame(t, "Threads() after what Thread() gave changed", p.Data, []*chatkit.Thread{want})
	for _, th := range p.Data {
		spoil(th)
	}
	got, err = s.Thread(t.Context(), alice, "thr_1")
	must(t, err)
	wantSame(t, "Thread() after what Threads() gave changed", got, want)
}

func threadWithoutID(t tb, s chatkit.Store) {
	if err := s.PutThread(t.Context(), alice, newThread("", at(0))); err == nil {
		t.Errorf("PutThread() without an id: error = nil, want one")
	}
	wantIDs(t, "threads", allIDs(t, threadList(t, s, alice)))
}

func deleteCascades(t tb, s chatkit.Store) {
	ctx := t.Context()
	for _, owner := range []string{alice, bob} {
		putThreads(t, s, owner, newThread("thr_1", at(0)), newThread("thr_2", at(1)))
		for _, id := range []string{"thr_1", "thr_2"} {
			putItems(t, s, owner, id, message("m1", at(2), id), hiddenNote("h1", at(3)))
			must(t, s.PutAttachment(ctx, owner, fileAttachment("of_"+id, ptr(id))))
		}
		must(t, s.PutAttachment(ctx, owner, fileAttachment("unused", nil)))
		must(t, s.PutAttachment(ctx, owner, fileAttachment("moved", ptr("thr_1"))))
		must(t, s.PutAttachment(ctx, owner, fileAttachment("moved", ptr("thr_2"))))
	}
	must(t, s.DeleteThread(ctx, alice, "thr_1"))

	wantIDs(t, "threads", allIDs(t, threadList(t, s, alice)), "thr_2")
	wantIDs(t, "items of the deleted thread", allIDs(t, itemList(t, s, alice, "thr_1")))
	_, err := s.Item(ctx, alice, "thr_1", "m1")
	wantErr(t, "Item() of the deleted thread", err, chatkit.ErrNotFound)
	_, err = s.Attachment(ctx, alice, "of_thr_1")
	wantErr(t, "Attachment() of the deleted thread", err, chatkit.ErrNotFound)

	wantIDs(t, "items of the other thread", allIDs(t, itemList(t, s, alice, "thr_2")), "m1", "h1")
	wantIDs(t, "threads of the other owner", allIDs(t, threadList(t, s, bob)), "thr_1", "thr_2")
	wantIDs(t, "items of the other owner", allIDs(t, itemList(t, s, bob, "thr_1")), "m1", "h1")
	must(t, s.PutAttachment(ctx, alice, fileAttachment("late", ptr("thr_1"))))
	must(t, s.DeleteThread(ctx, alice, "thr_1"))
	_, err = s.Attachment(ctx, alice, "late")
	wantErr(t, "Attachment() that came after its thread was deleted, which is deleted again", err, chatkit.ErrNotFound)
	for _, kept := range [][2]string{{alice, "of_thr_2"}, {alice, "unused"}, {alice, "moved"}, {bob, "of_thr_1"}} {
		_, err := s.Attachment(ctx, kept[0], kept[1])
		wantErr(t, "Attachment("+kept[1]+") of "+kept[0]+" after the deletion", err, nil)
	}
}

func threadPutAnew(t tb, s chatkit.Store) {
	withThread(t, s, message("m1", at(1), "old"))
	putThreads(t, s, alice, newThread("thr_2", at(0)))
	must(t, s.DeleteThread(t.Context(), alice, "thr_1"))
	putThreads(t, s, alice, newThread("thr_1", at(0)))
	wantIDs(t, "items of the new thread", allIDs(t, itemList(t, s, alice, "thr_1")))
	wantIDs(t, "threads", allIDs(t, threadList(t, s, alice)), "thr_2", "thr_1")
}
