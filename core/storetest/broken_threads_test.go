package storetest

import (
	"context"
	"errors"

	"github.com/gochatkit/chatkit/core"
)

var brokenThreads = []breakage{
	{"titles are lost", []string{"a thread comes back as it was put"}, func(m *mutant) {
		m.putThread = func(ctx context.Context, owner string, t *chatkit.Thread) error {
			t = t.Clone()
			t.Title = nil
			return m.good.PutThread(ctx, owner, t)
		}
	}},
	{"a missing thread is nil without an error", []string{"a thread that is not there is not found"}, func(m *mutant) {
		m.thread = func(ctx context.Context, owner, id string) (*chatkit.Thread, error) {
			t, err := m.good.Thread(ctx, owner, id)
			if errors.Is(err, chatkit.ErrNotFound) {
				err = nil
			}
			return t, err
		}
	}},
	{"threads are only inserted", []string{"putting a thread again replaces its fields"}, func(m *mutant) {
		m.putThread = func(ctx context.Context, owner string, t *chatkit.Thread) error {
			if _, err := m.good.Thread(ctx, owner, t.ID); err == nil {
				return nil
			}
			return m.good.PutThread(ctx, owner, t)
		}
	}},
	{"a replaced thread is deleted first", []string{"putting a thread again keeps its place and creation time"}, func(m *mutant) {
		m.putThread = func(ctx context.Context, owner string, t *chatkit.Thread) error {
			if err := m.good.DeleteThread(ctx, owner, t.ID); err != nil {
				return err
			}
			return m.good.PutThread(ctx, owner, t)
		}
	}},
	{"threads are the caller's", []string{"threads are copies"}, func(m *mutant) {
		kept := map[string]*chatkit.Thread{}
		m.putThread = func(ctx context.Context, owner string, t *chatkit.Thread) error {
			kept[t.ID] = t
			return m.good.PutThread(ctx, owner, t)
		}
		m.thread = func(_ context.Context, _, id string) (*chatkit.Thread, error) { return kept[id], nil }
	}},
	{"empty ids are swallowed", []string{
		"a thread without an id is refused", "an item without an id is refused", "an attachment without an id is refused",
	}, func(m *mutant) {
		m.putThread = func(context.Context, string, *chatkit.Thread) error { return nil }
		m.putItem = func(context.Context, string, string, chatkit.Item) error { return nil }
		m.putAttachment = func(context.Context, string, chatkit.Attachment) error { return nil }
	}},
	{"attachments outlive their thread", []string{"deleting a thread takes its items and attachments along"}, func(m *mutant) {
		var kept []func()
		m.putAttachment = func(ctx context.Context, owner string, a chatkit.Attachment) error {
			kept = append(kept, func() { _ = m.good.PutAttachment(ctx, owner, a) })
			return m.good.PutAttachment(ctx, owner, a)
		}
		m.deleteThread = func(ctx context.Context, owner, id string) error {
			err := m.good.DeleteThread(ctx, owner, id)
			for _, putBack := range kept {
				putBack()
			}
			return err
		}
	}},
	{"items outlive their thread", []string{"a thread put anew after its deletion begins empty"}, func(m *mutant) {
		var kept []chatkit.Item
		m.putItem = func(ctx context.Context, owner, threadID string, it chatkit.Item) error {
			kept = append(kept, it)
			return m.good.PutItem(ctx, owner, threadID, it)
		}
		m.putThread = func(ctx context.Context, owner string, t *chatkit.Thread) error {
			err := m.good.PutThread(ctx, owner, t)
			for _, it := range kept {
				_ = m.good.PutItem(ctx, owner, t.ID, it)
			}
			return err
		}
	}},
	{"deleting a missing thread is an error", []string{"deleting nothing succeeds"}, func(m *mutant) {
		m.deleteThread = func(ctx context.Context, owner, id string) error {
			if _, err := m.good.Thread(ctx, owner, id); err != nil {
				return err
			}
			return m.good.DeleteThread(ctx, owner, id)
		}
	}},
	{"owners are ignored", []string{
		"owners do not see each other's threads", "owners do not see each other's items", "owners do not see each other's attachments",
	}, func(m *mutant) {
		m.thread = func(ctx context.Context, _, id string) (*chatkit.Thread, error) { return m.good.Thread(ctx, "", id) }
		m.putThread = func(ctx context.Context, _ string, t *chatkit.Thread) error { return m.good.PutThread(ctx, "", t) }
		m.putItem = func(ctx context.Context, _, threadID string, it chatkit.Item) error {
			return m.good.PutItem(ctx, "", threadID, it)
		}
		m.item = func(ctx context.Context, _, threadID, id string) (chatkit.Item, error) {
			return m.good.Item(ctx, "", threadID, id)
		}
		m.attachment = func(ctx context.Context, _, id string) (chatkit.Attachment, error) {
			return m.good.Attachment(ctx, "", id)
		}
		m.putAttachment = func(ctx context.Context, _ string, a chatkit.Attachment) error {
			return m.good.PutAttachment(ctx, "", a)
		}
	}},
}

var brokenAttachments = []breakage{
	{"attachment metadata is lost", []string{"an attachment comes back as it was put"}, func(m *mutant) {
		m.putAttachment = func(ctx context.Context, owner string, a chatkit.Attachment) error {
			a = chatkit.CloneAttachment(a)
			a.Meta().Metadata = nil
			return m.good.PutAttachment(ctx, owner, a)
		}
	}},
	{"a missing attachment is nil without an error", []string{"an attachment that is not there is not found"}, func(m *mutant) {
		m.attachment = func(ctx context.Context, owner, id string) (chatkit.Attachment, error) {
			a, err := m.good.Attachment(ctx, owner, id)
			if errors.Is(err, chatkit.ErrNotFound) {
				err = nil
			}
			return a, err
		}
	}},
	{"attachments are only inserted", []string{"putting an attachment again replaces it"}, func(m *mutant) {
		m.putAttachment = func(ctx context.Context, owner string, a chatkit.Attachment) error {
			if _, err := m.good.Attachment(ctx, owner, a.Meta().ID); err == nil {
				return nil
			}
			return m.good.PutAttachment(ctx, owner, a)
		}
	}},
	{"attachments stay", []string{"a deleted attachment is not found"}, func(m *mutant) {
		m.deleteAttachment = func(context.Context, string, string) error { return nil }
	}},
	{"attachments are the caller's", []string{"attachments are copies"}, func(m *mutant) {
		kept := map[string]chatkit.Attachment{}
		m.putAttachment = func(ctx context.Context, owner string, a chatkit.Attachment) error {
			kept[a.Meta().ID] = chatkit.CloneAttachment(a)
			return m.good.PutAttachment(ctx, owner, a)
		}
		m.attachment = func(_ context.Context, _, id string) (chatkit.Attachment, error) { return kept[id], nil }
	}},
}
