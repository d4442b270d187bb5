package storetest

import "github.com/gochatkit/chatkit/core"

func attachmentRoundTrip(t tb, s chatkit.Store) {
	for _, want := range []chatkit.Attachment{
		fileAttachment("file", ptr("thr_1")),
		imageAttachment("image", nil),
		&chatkit.FileAttachment{AttachmentMeta: chatkit.AttachmentMeta{ID: "bare", Name: "n", MimeType: "text/plain"}},
	} {
		must(t, s.PutAttachment(t.Context(), alice, want))
		got, err := s.Attachment(t.Context(), alice, want.Meta().ID)
		must(t, err)
		wantSame(t, "Attachment("+want.Meta().ID+")", got, want)
	}
}

func attachmentMissing(t tb, s chatkit.Store) {
	_, err := s.Attachment(t.Context(), alice, "atc_1")
	wantErr(t, "Attachment() in an empty store", err, chatkit.ErrNotFound)
	must(t, s.PutAttachment(t.Context(), alice, fileAttachment("atc_1", nil)))
	_, err = s.Attachment(t.Context(), alice, "atc_2")
	wantErr(t, "Attachment() beside another", err, chatkit.ErrNotFound)
	_, err = s.Attachment(t.Context(), alice, "")
	wantErr(t, "Attachment() with an empty id", err, chatkit.ErrNotFound)
}

func attachmentReplaced(t tb, s chatkit.Store) {
	ctx := t.Context()
	putThreads(t, s, alice, newThread("thr_1", at(0)))
	must(t, s.PutAttachment(ctx, alice, fileAttachment("atc_1", nil)))
	used := fileAttachment("atc_1", ptr("thr_1"))
	used.UploadDescriptor, used.Metadata = nil, nil
	must(t, s.PutAttachment(ctx, alice, used))
	got, err := s.Attachment(ctx, alice, "atc_1")
	must(t, err)
	wantSame(t, "Attachment() after its first use", got, used)

	freed := imageAttachment("atc_1", nil)
	must(t, s.PutAttachment(ctx, alice, freed))
	must(t, s.DeleteThread(ctx, alice, "thr_1"))
	got, err = s.Attachment(ctx, alice, "atc_1")
	must(t, err)
	wantSame(t, "Attachment() that left the deleted thread before", got, freed)
}

func attachmentDeleted(t tb, s chatkit.Store) {
	ctx := t.Context()
	must(t, s.PutAttachment(ctx, alice, fileAttachment("atc_1", nil)))
	must(t, s.PutAttachment(ctx, alice, fileAttachment("atc_2", nil)))
	must(t, s.DeleteAttachment(ctx, alice, "atc_1"))
	_, err := s.Attachment(ctx, alice, "atc_1")
	wantErr(t, "Attachment() after its deletion", err, chatkit.ErrNotFound)
	_, err = s.Attachment(ctx, alice, "atc_2")
	wantErr(t, "Attachment() beside a deleted one", err, nil)
}

func attachmentCopies(t tb, s chatkit.Store) {
	spoil := func(a chatkit.Attachment) {
		m := a.Meta()
		m.Name = "spoiled"
		*m.ThreadID = "spoiled"
		m.Metadata["bucket"] = "spoiled"
		m.UploadDescriptor.Headers["x-token"] = "spoiled"
	}
	a, want := fileAttachment("atc_1", ptr("thr_1")), fileAttachment("atc_1", ptr("thr_1"))
	must(t, s.PutAttachment(t.Context(), alice, a))
	spoil(a)
	for range 2 {
		got, err := s.Attachment(t.Context(), alice, "atc_1")
		must(t, err)
		wantSame(t, "Attachment() after a copy changed", got, want)
		spoil(got)
	}
}

func attachmentWithoutID(t tb, s chatkit.Store) {
	if err := s.PutAttachment(t.Context(), alice, fileAttachment("", nil)); err == nil {
		t.Errorf("PutAttachment() without an id: error = nil, want one")
	}
	_, err := s.Attachment(t.Context(), alice, "")
	wantErr(t, "Attachment() with an empty id", err, chatkit.ErrNotFound)
}
