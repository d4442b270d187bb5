package storetest

import (
	"context"

	"github.com/gochatkit/chatkit/core"
	"github.com/gochatkit/chatkit/core/memstore"
)

// mutant is a good store in which single methods are replaced by broken ones.
type mutant struct {
	good *memstore.Store

	thread           func(ctx context.Context, owner, id string) (*chatkit.Thread, error)
	putThread        func(ctx context.Context, owner string, t *chatkit.Thread) error
	threads          func(ctx context.Context, owner string, q chatkit.PageQuery) (chatkit.Page[*chatkit.Thread], error)
	deleteThread     func(ctx context.Context, owner, id string) error
	item             func(ctx context.Context, owner, threadID, id string) (chatkit.Item, error)
	putItem          func(ctx context.Context, owner, threadID string, it chatkit.Item) error
	items            func(ctx context.Context, owner, threadID string, q chatkit.PageQuery) (chatkit.Page[chatkit.Item], error)
	deleteItems      func(ctx context.Context, owner, threadID string, ids ...string) error
	attachment       func(ctx context.Context, owner, id string) (chatkit.Attachment, error)
	putAttachment    func(ctx context.Context, owner string, a chatkit.Attachment) error
	deleteAttachment func(ctx context.Context, owner, id string) error
	batch            func(ctx context.Context, owner string, fn func(chatkit.Store) error) error
}

func newMutant() *mutant {
	s := memstore.New()
	return &mutant{
		good:   s,
		thread: s.Thread, putThread: s.PutThread, threads: s.Threads, deleteThread: s.DeleteThread,
		item: s.Item, putItem: s.PutItem, items: s.Items, deleteItems: s.DeleteItems,
		attachment: s.Attachment, putAttachment: s.PutAttachment, deleteAttachment: s.DeleteAttachment,
		batch: s.Batch,
	}
}

func (m *mutant) Thread(ctx context.Context, owner, id string) (*chatkit.Thread, error) {
	return m.thread(ctx, owner, id)
}

func (m *mutant) PutThread(ctx context.Context, owner string, t *chatkit.Thread) error {
	return m.putThread(ctx, owner, t)
}

func (m *mutant) Threads(ctx context.Context, owner string, q chatkit.PageQuery) (chatkit.Page[*chatkit.Thread], error) {
	return m.threads(ctx, owner, q)
}

func (m *mutant) DeleteThread(ctx context.Context, owner, id string) error {
	return m.deleteThread(ctx, owner, id)
}

func (m *mutant) Item(ctx context.Context, owner, threadID, id string) (chatkit.Item, error) {
	return m.item(ctx, owner, threadID, id)
}

func (m *mutant) PutItem(ctx context.Context, owner, threadID string, it chatkit.Item) error {
	return m.putItem(ctx, owner, threadID, it)
}

func (m *mutant) Items(ctx context.Context, owner, threadID string, q chatkit.PageQuery) (chatkit.Page[chatkit.Item], error) {
	return m.items(ctx, owner, threadID, q)
}

func (m *mutant) DeleteItems(ctx context.Context, owner, threadID string, ids ...string) error {
	return m.deleteItems(ctx, owner, threadID, ids...)
}

func (m *mutant) Attachment(ctx context.Context, owner, id string) (chatkit.Attachment, error) {
	return m.attachment(ctx, owner, id)
}

func (m *mutant) PutAttachment(ctx context.Context, owner string, a chatkit.Attachment) error {
	return m.putAttachment(ctx, owner, a)
}

func (m *mutant) DeleteAttachment(ctx context.Context, owner, id string) error {
	return m.deleteAttachment(ctx, owner, id)
}

func (m *mutant) Batch(ctx context.Context, owner string, fn func(chatkit.Store) error) error {
	return m.batch(ctx, owner, fn)
}
