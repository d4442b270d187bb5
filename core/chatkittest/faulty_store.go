package chatkittest

import (
	"context"

	chatkit "github.com/gochatkit/chatkit/core"
)

// faultyStore sends every call through its faults.
type faultyStore struct {
	faults *Faults
	store  chatkit.Store
}

func (s *faultyStore) Thread(ctx context.Context, owner, id string) (*chatkit.Thread, error) {
	return faulty(ctx, s.faults, func() (*chatkit.Thread, error) { return s.store.Thread(ctx, owner, id) }, "Thread", id)
}

func (s *faultyStore) PutThread(ctx context.Context, owner string, t *chatkit.Thread) error {
	return s.faults.call(ctx, func() error { return s.store.PutThread(ctx, owner, t) }, "PutThread", t.ID)
}

func (s *faultyStore) Threads(ctx context.Context, owner string, q chatkit.PageQuery) (chatkit.Page[*chatkit.Thread], error) {
	return faulty(ctx, s.faults, func() (chatkit.Page[*chatkit.Thread], error) { return s.store.Threads(ctx, owner, q) }, "Threads")
}

func (s *faultyStore) DeleteThread(ctx context.Context, owner, id string) error {
	return s.faults.call(ctx, func() error { return s.store.DeleteThread(ctx, owner, id) }, "DeleteThread", id)
}

func (s *faultyStore) Item(ctx context.Context, owner, threadID, id string) (chatkit.Item, error) {
	return faulty(ctx, s.faults, func() (chatkit.Item, error) { return s.store.Item(ctx, owner, threadID, id) }, "Item", threadID, id)
}

func (s *faultyStore) PutItem(ctx context.Context, owner, threadID string, it chatkit.Item) error {
	return s.faults.call(ctx, func() error { return s.store.PutItem(ctx, owner, threadID, it) }, "PutItem", threadID, it.Meta().ID)
}

func (s *faultyStore) Items(ctx context.Context, owner, threadID string, q chatkit.PageQuery) (chatkit.Page[chatkit.Item], error) {
	return faulty(ctx, s.faults, func() (chatkit.Page[chatkit.Item], error) { return s.store.Items(ctx, owner, threadID, q) }, "Items", threadID)
}

func (s *faultyStore) DeleteItems(ctx context.Context, owner, threadID string, ids ...string) error {
	return s.faults.call(ctx, func() error { return s.store.DeleteItems(ctx, owner, threadID, ids...) },
		"DeleteItems", append([]string{threadID}, ids...)...)
}

func (s *faultyStore) Attachment(ctx context.Context, owner, id string) (chatkit.Attachment, error) {
	return faulty(ctx, s.faults, func() (chatkit.Attachment, error) { return s.store.Attachment(ctx, owner, id) }, "Attachment", id)
}

func (s *faultyStore) PutAttachment(ctx context.Context, owner string, a chatkit.Attachment) error {
	return s.faults.call(ctx, func() error { return s.store.PutAttachment(ctx, owner, a) }, "PutAttachment", a.Meta().ID)
}

func (s *faultyStore) DeleteAttachment(ctx context.Context, owner, id string) error {
	return s.faults.call(ctx, func() error { return s.store.DeleteAttachment(ctx, owner, id) }, "DeleteAttachment", id)
}
