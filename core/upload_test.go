package chatkit_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	chatkit "github.com/gochatkit/chatkit/core"
)

// uploads is an AttachmentStore that keeps no bytes, but says what was asked of it.
type uploads struct {
	verify  error
	present error
	deleted []string
}

func (u *uploads) CreateAttachment(context.Context, string, *chatkit.AttachmentCreate) (chatkit.Attachment, error) {
	return &chatkit.ImageAttachment{
		AttachmentMeta: chatkit.AttachmentMeta{
			ID: "atc_1", Name: "a.png", MimeType: "image/png",
			UploadDescriptor: &chatkit.UploadDescriptor{URL: "https://x/up", Method: "PUT"},
		},
		PreviewURL: "https://x/stored",
	}, nil
}

func (u *uploads) DeleteAttachment(_ context.Context, _, id string) error {
	u.deleted = append(u.deleted, id)
	return nil
}

func (u *uploads) VerifyAttachment(_ context.Context, _ string, a chatkit.Attachment) (chatkit.Attachment, error) {
	a.Meta().UploadDescriptor = nil
	return a, u.verify
}

func (u *uploads) PresentAttachment(_ context.Context, _ string, a chatkit.Attachment) (chatkit.Attachment, error) {
	a.(*chatkit.ImageAttachment).PreviewURL = "https://x/fresh"
	return a, u.present
}

const create = `{"type":"attachments.create","params":{"name":"a.png","size":3,"mime_type":"image/png"}}`

func withFile(thread, id string) string {
	return strings.Replace(message(thread, "look"), `"attachments":[]`, `"attachments":["`+id+`"]`, 1)
}

func TestAnAttachmentIsVerifiedBeforeTheTurnAndPresentedWheneverItIsSent(t *testing.T) {
	u := &uploads{}
	r := newRig(t, func(_ context.Context, t *chatkit.Turn) error { return t.Text("nice") },
		func(o *chatkit.Options) { o.Attachments = u })
	if body := r.ask(create); !strings.Contains(body, "https://x/fresh") || !strings.Contains(body, "upload_descriptor") {
		t.Errorf("create = %s, want a fresh preview and where to upload", body)
	}
	thread := r.thread()

	u.verify = &chatkit.StreamError{Message: "it has not been uploaded"}
	_, err := r.process(withFile(thread, "atc_1"))
	if status, text := chatkit.HTTPStatus(err); status != 400 || text != "it has not been uploaded" {
		t.Errorf("a message with a missing file: %d %s, want 400 and the text", status, text)
	}
	u.verify = errors.New("bucket is away")
	_, err = r.process(withFile(thread, "atc_1"))
	if status, text := chatkit.HTTPStatus(err); status != 500 || strings.Contains(text, "bucket") {
		t.Errorf("a message while the bucket is away: %d %s, want 500 without the reason", status, text)
	}
	if got := r.history(thread); got != "" {
		t.Errorf("history after refused messages = %s, want none", got)
	}

	u.verify = nil
	answers := map[string]string{
		"message":    r.ask(withFile(thread, "atc_1")),
		"thread":     r.ask(`{"type":"threads.get_by_id","params":{"thread_id":"` + thread + `"}}`),
		"items.list": r.ask(`{"type":"items.list","params":{"thread_id":"` + thread + `"}}`),
	}
	for name, body := range answers {
		if !strings.Contains(body, "https://x/fresh") || strings.Contains(body, "upload_descriptor") {
			t.Errorf("%s = %s, want a fresh preview and no upload", name, body)
		}
	}
	a, err := r.store.Attachment(t.Context(), "", "atc_1")
	if err != nil {
		t.Fatal(err)
	}
	if image := a.(*chatkit.ImageAttachment); image.UploadDescriptor != nil || image.PreviewURL != "https://x/stored" || *image.ThreadID != thread {
		t.Errorf("stored = %+v, want it bound, uploaded, and with the URL that was stored", image)
	}

	u.present = errors.New("no key")
	if body := r.ask(`{"type":"items.list","params":{"thread_id":"` + thread + `"}}`); !strings.Contains(body, "https://x/stored") {
		t.Errorf("items.list while nothing can be presented = %s, want the stored form", body)
	}
}

func TestFilesGoWithTheMessagesThatCarriedThem(t *testing.T) {
	u := &uploads{}
	r := newRig(t, func(_ context.Context, t *chatkit.Turn) error { return t.Text("ok") },
		func(o *chatkit.Options) { o.Attachments = u })
	put := func(id string) {
		if err := r.store.PutAttachment(t.Context(), "", &chatkit.ImageAttachment{
			AttachmentMeta: chatkit.AttachmentMeta{ID: id, Name: id}, PreviewURL: "https://x/" + id,
		}); err != nil {
			t.Fatal(err)
		}
	}
	put("atc_a")
	put("atc_b")
	thread := r.thread()
	r.ask(withFile(thread, "atc_a"))
	r.ask(strings.Replace(withFile(thread, "atc_b"), `["atc_b"]`, `["atc_b","atc_a"]`, 1))
	page, err := r.store.Items(t.Context(), "", thread, chatkit.PageQuery{Limit: 10})
	if err != nil {
		t.Fatal(err)
	}
	r.ask(`{"type":"threads.retry_after_item","params":{"thread_id":"` + thread + `","item_id":"` + page.Data[0].Meta().ID + `"}}`)
	if want := []string{"atc_b"}; !slices.Equal(u.deleted, want) {
		t.Errorf("deleted by a retry = %v, want %v: the first message still has the other", u.deleted, want)
	}
	if _, err := r.store.Attachment(t.Context(), "", "atc_b"); !errors.Is(err, chatkit.ErrNotFound) {
		t.Errorf("record of a deleted file: %v, want ErrNotFound", err)
	}
	r.ask(`{"type":"threads.delete","params":{"thread_id":"` + thread + `"}}`)
	if want := []string{"atc_b", "atc_a"}; !slices.Equal(u.deleted, want) {
		t.Errorf("deleted with the thread = %v, want %v", u.deleted, want)
	}
}
