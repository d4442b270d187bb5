package storetest

import "github.com/gochatkit/chatkit/core"

func foreignThreads(t tb, s chatkit.Store) {
	ctx := t.Context()
	putThreads(t, s, alice, fullThread("thr_1"), newThread("thr_2", at(1)))
	for _, owner := range []string{bob, "", "Alice", "alice ", "%", "alic_"} {
		_, err := s.Thread(ctx, owner, "thr_1")
		wantErr(t, "Thread() of owner "+owner, err, chatkit.ErrNotFound)
		wantIDs(t, "threads of owner "+owner, allIDs(t, threadList(t, s, owner)))
		must(t, s.DeleteThread(ctx, owner, "thr_1"))
	}
	putThreads(t, s, bob, newThread("thr_1", at(9)))
	got, err := s.Thread(ctx, alice, "thr_1")
	must(t, err)
	wantSame(t, "Thread() after others deleted and put theirs", got, fullThread("thr_1"))
	got, err = s.Thread(ctx, bob, "thr_1")
	must(t, err)
	wantSame(t, "Thread() of the other owner", got, newThread("thr_1", at(9)))
	wantIDs(t, "threads", allIDs(t, threadList(t, s, alice)), "thr_1", "thr_2")
	wantIDs(t, "threads of the other owner", allIDs(t, threadList(t, s, bob)), "thr_1")
}

func foreignItems(t tb, s chatkit.Store) {
	ctx := t.Context()
	withThread(t, s, message("m1", at(1), "alice's"), message("m2", at(2), "too"))
	foreign := func(owner string) {
		t.Helper()
		_, err := s.Item(ctx, owner, "thr_1", "m1")
		wantErr(t, "Item() of owner "+owner, err, chatkit.ErrNotFound)
		wantIDs(t, "items of owner "+owner, allIDs(t, itemList(t, s, owner, "thr_1")))
		_, err = s.Items(ctx, owner, "thr_1", chatkit.PageQuery{After: "m1"})
		wantErr(t, "Items() of owner "+owner+" after a foreign item", err, chatkit.ErrBadCursor)
		must(t, s.DeleteItems(ctx, owner, "thr_1", "m1", "m2"))
	}
	for _, owner := range []string{bob, "", "Alice"} {
		foreign(owner)
		err := s.PutItem(ctx, owner, "thr_1", message("m1", at(1), owner))
		wantErr(t, "PutItem() of owner "+owner, err, chatkit.ErrNotFound)
	}
	putThreads(t, s, bob, newThread("thr_1", at(0)))
	foreign(bob)
	putItems(t, s, bob, "thr_1", message("m1", at(5), "bob's"))
	for owner, want := range map[string]chatkit.Item{alice: message("m1", at(1), "alice's"), bob: message("m1", at(5), "bob's")} {
		got, err := s.Item(ctx, owner, "thr_1", "m1")
		must(t, err)
		wantSame(t, "Item() of "+owner, got, want)
	}
	wantIDs(t, "items", allIDs(t, itemList(t, s, alice, "thr_1")), "m1", "m2")
}

func foreignAttachments(t tb, s chatkit.Store) {
	ctx := t.Context()
	withThread(t, s)
	want := fileAttachment("atc_1", ptr("thr_1"))
	must(t, s.PutAttachment(ctx, alice, want))
	for _, owner := range []string{bob, "", "Alice"} {
		_, err := s.Attachment(ctx, owner, "atc_1")
		wantErr(t, "Attachment() of owner "+owner, err, chatkit.ErrNotFound)
		must(t, s.DeleteAttachment(ctx, owner, "atc_1"))
		must(t, s.DeleteThread(ctx, owner, "thr_1"))
	}
	bobs := imageAttachment("atc_1", nil)
	must(t, s.PutAttachment(ctx, bob, bobs))
	for owner, want := range map[string]chatkit.Attachment{alice: want, bob: bobs} {
		got, err := s.Attachment(ctx, owner, "atc_1")
		must(t, err)
		wantSame(t, "Attachment() of "+owner, got, want)
	}
}
