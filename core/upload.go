package chatkit

import (
	"context"
	"errors"
	"fmt"
	"net/http"
)

// An AttachmentStore keeps the bytes of attachments; their records are kept by the [Store]. Methods are
// called from many goroutines at once (ChatKit protocol: attachments). A store may also implement
// [AttachmentVerifier] and [AttachmentPresenter]; package attach has one that does all of it.
type AttachmentStore interface {
	// CreateAttachment answers the first phase of an upload with a record that says where the bytes go:
	// its UploadDescriptor. The server puts the record into the Store.
	CreateAttachment(ctx context.Context, owner string, a *AttachmentCreate) (Attachment, error)
	// DeleteAttachment deletes the bytes. Deleting what does not exist succeeds. The server has checked
	// that the record is the owner's, and deletes the record afterwards. It does so when a client asks for
	// it, for the messages that a retry deletes, and for all messages of a thread that is deleted.
	DeleteAttachment(ctx context.Context, owner, id string) error
}

// An AttachmentCreate is what a client says of a file that it wants to upload. Nothing of it can be
// trusted.
type AttachmentCreate struct {
	Name     string
	Size     int64 // bytes, never negative
	MimeType string
}

// An AttachmentVerifier is an [AttachmentStore] that looks at the bytes before a message carries them.
// Nothing in the protocol tells the server that an upload has finished: the next it hears of the file is
// its id in a message (ChatKit protocol: attachments). It is optional; package attach implements it.
type AttachmentVerifier interface {
	// VerifyAttachment is called before a message with the attachment is stored, and each time an id is
	// used. It returns the record as it is to be stored: usually without its UploadDescriptor, and with
	// the type that the bytes have. The id has to stay. A *StreamError refuses the message with 400 and
	// its text, before anything is stored and before the turn begins.
	VerifyAttachment(ctx context.Context, owner string, a Attachment) (Attachment, error)
}

// An AttachmentPresenter is an [AttachmentStore] whose preview URLs are made for one reader and expire. It
// is optional; package attach implements it.
type AttachmentPresenter interface {
	// PresentAttachment returns a as a client is to see it, for example with a fresh preview URL. It is
	// called whenever a record is about to be sent and never for what is stored. It may change a and
	// return it: a is a copy.
	PresentAttachment(ctx context.Context, owner string, a Attachment) (Attachment, error)
}

// takeAttachment loads an attachment that a message names, checked, and bound to the message's thread.
func (s *Server) takeAttachment(ctx context.Context, owner, thread, id string) (Attachment, error) {
	a, err := s.store.Attachment(ctx, owner, id)
	if errors.Is(err, ErrNotFound) {
		return nil, refuse(http.StatusNotFound, "The attachment does not exist.")
	}
	if err != nil {
		return nil, fmt.Errorf("load attachment %s: %w", id, err)
	}
	if bound := a.Meta().ThreadID; bound != nil && *bound != thread {
		return nil, refuse(http.StatusConflict, "The attachment belongs to another conversation.")
	}
	if v, ok := s.opts.Attachments.(AttachmentVerifier); ok {
		if a, err = v.VerifyAttachment(ctx, owner, a); err != nil {
			return nil, fmt.Errorf("verify attachment %s: %w", id, err)
		}
		if isNil(a) || a.Meta().ID != id {
			return nil, fmt.Errorf("verify attachment %s: the store returned another one", id)
		}
	}
	a.Meta().ThreadID = &thread
	return a, nil
}

// present returns an attachment as a client is to see it. One that cannot be presented is shown as it is
// stored: a conversation without a picture is better than none.
func (s *Server) present(ctx context.Context, owner string, a Attachment) Attachment {
	p, ok := s.opts.Attachments.(AttachmentPresenter)
	if !ok {
		return a
	}
	shown, err := p.PresentAttachment(ctx, owner, CloneAttachment(a))
	if err != nil || isNil(shown) {
		s.opts.Logger.WarnContext(ctx, "chatkit: present attachment", "attachment", a.Meta().ID, "err", err)
		return a
	}
	return shown
}

// presentItem returns an item as a client is to see it.
func (s *Server) presentItem(ctx context.Context, owner string, it Item) Item {
	message, ok := it.(*UserMessageItem)
	if _, presents := s.opts.Attachments.(AttachmentPresenter); !ok || !presents || len(message.Attachments) == 0 {
		return it
	}
	shown := CloneItem(message).(*UserMessageItem) // a clone has its own type
	for i, a := range shown.Attachments {
		shown.Attachments[i] = s.present(ctx, owner, a)
	}
	return shown
}

// dropAttachments deletes the files of messages that have been deleted, or are about to be, and their
// records. Kept names what other messages still carry. Errors are joined; the files that can be deleted are.
func (s *Server) dropAttachments(ctx context.Context, owner string, gone []Item, kept map[string]bool) error {
	if s.opts.Attachments == nil {
		return nil
	}
	var errs []error
	for _, id := range attachmentIDs(gone) {
		if kept[id] {
			continue
		}
		if err := s.opts.Attachments.DeleteAttachment(ctx, owner, id); err != nil {
			errs = append(errs, fmt.Errorf("delete attachment %s: %w", id, err))
			continue
		}
		if err := s.store.DeleteAttachment(ctx, owner, id); err != nil {
			errs = append(errs, fmt.Errorf("delete attachment record %s: %w", id, err))
		}
	}
	return errors.Join(errs...)
}

// dropTail deletes the files of messages that a retry has deleted, unless an earlier message carries them,
// too. What fails is left behind: the retry is more important.
func (s *Server) dropTail(ctx context.Context, owner, thread string, tail []Item) {
	if s.opts.Attachments == nil || len(attachmentIDs(tail)) == 0 {
		return
	}
	rest, err := s.loadTail(ctx, owner, thread, "")
	if err == nil {
		kept := map[string]bool{}
		for _, id := range attachmentIDs(rest) {
			kept[id] = true
		}
		err = s.dropAttachments(ctx, owner, tail, kept)
	}
	if err != nil {
		s.opts.Logger.WarnContext(ctx, "chatkit: attachments of deleted messages are left behind", "thread", thread, "err", err)
	}
}

// attachmentIDs returns the ids of the attachments that items carry.
func attachmentIDs(items []Item) (ids []string) {
	for _, it := range items {
		if message, ok := it.(*UserMessageItem); ok {
			for _, a := range message.Attachments {
				ids = append(ids, a.Meta().ID)
			}
		}
	}
	return ids
}
