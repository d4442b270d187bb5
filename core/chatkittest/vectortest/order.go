package vectortest

import (
	"context"
	"maps"
	"strings"
	"sync"
	"time"

	chatkit "github.com/gochatkit/chatkit/core"
)

// inOrder returns a store that lists threads and items in the order in which they
// were first put, whatever their times are.
//
// The recording kept them in that order. Its scripts give items times that lie
// before the question that they answer, and our stores order by time, so that
// "the newest item" would be another one. The stamps that s keeps are therefore
// counted; callers get back the times that they put in.
func inOrder(s chatkit.Store) chatkit.Store {
	w := &orderedStore{Store: s, stamps: &stamps{known: map[string]stamp{}}}
	if b, ok := s.(chatkit.Batcher); ok {
		return &orderedBatcher{w, b}
	}
	return w
}

type stamp struct{ counted, real time.Time }

// stamps are the times of everything that was put.
type stamps struct {
	mu    sync.Mutex
	count int
	known map[string]stamp
}

// put returns the counted time for key. The first real time stays.
func (s *stamps) put(key string, real time.Time) time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	st, ok := s.known[key]
	if !ok {
		s.count++
		st = stamp{time.Unix(int64(s.count), 0).UTC(), real}
		s.known[key] = st
	}
	return st.counted
}

func (s *stamps) real(key string, counted time.Time) time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	if st, ok := s.known[key]; ok {
		return st.real
	}
	return counted
}

func (s *stamps) forget(key string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.known, key)
}

// forgetThread forgets a thread and its items.
func (s *stamps) forgetThread(owner, id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.known, threadKey(owner, id))
	prefix := itemKey(owner, id, "")
	maps.DeleteFunc(s.known, func(key string, _ stamp) bool { return strings.HasPrefix(key, prefix) })
}

func threadKey(owner, id string) string         { return owner + "\x00" + id }
func itemKey(owner, threadID, id string) string { return owner + "\x00" + threadID + "\x00" + id }

type orderedStore struct {
	chatkit.Store
	stamps *stamps
}

type orderedBatcher struct {
	*orderedStore
	batcher chatkit.Batcher
}

func (s *orderedBatcher) Batch(ctx context.Context, owner string, fn func(chatkit.Store) error) error {
	return s.batcher.Batch(ctx, owner, func(tx chatkit.Store) error {
		return fn(&orderedStore{Store: tx, stamps: s.stamps})
	})
}

func (s *orderedStore) Thread(ctx context.Context, owner, id string) (*chatkit.Thread, error) {
	t, err := s.Store.Thread(ctx, owner, id)
	if err == nil {
		t.CreatedAt = s.stamps.real(threadKey(owner, id), t.CreatedAt)
	}
	return t, err
}

func (s *orderedStore) PutThread(ctx context.Context, owner string, t *chatkit.Thread) error {
	c := t.Clone()
	c.CreatedAt = s.stamps.put(threadKey(owner, t.ID), t.CreatedAt)
	return s.Store.PutThread(ctx, owner, c)
}

func (s *orderedStore) Threads(ctx context.Context, owner string, q chatkit.PageQuery) (chatkit.Page[*chatkit.Thread], error) {
	p, err := s.Store.Threads(ctx, owner, q)
	for _, t := range p.Data {
		t.CreatedAt = s.stamps.real(threadKey(owner, t.ID), t.CreatedAt)
	}
	return p, err
}

func (s *orderedStore) DeleteThread(ctx context.Context, owner, id string) error {
	err := s.Store.DeleteThread(ctx, owner, id)
	if err == nil {
		s.stamps.forgetThread(owner, id)
	}
	return err
}

func (s *orderedStore) Item(ctx context.Context, owner, threadID, id string) (chatkit.Item, error) {
	it, err := s.Store.Item(ctx, owner, threadID, id)
	if err == nil {
		it.Meta().CreatedAt = s.stamps.real(itemKey(owner, threadID, id), it.Meta().CreatedAt)
	}
	return it, err
}

func (s *orderedStore) PutItem(ctx context.Context, owner, threadID string, it chatkit.Item) error {
	c := chatkit.CloneItem(it)
	c.Meta().CreatedAt = s.stamps.put(itemKey(owner, threadID, it.Meta().ID), it.Meta().CreatedAt)
	return s.Store.PutItem(ctx, owner, threadID, c)
}

func (s *orderedStore) Items(ctx context.Context, owner, threadID string, q chatkit.PageQuery) (chatkit.Page[chatkit.Item], error) {
	p, err := s.Store.Items(ctx, owner, threadID, q)
	for _, it := range p.Data {
		it.Meta().CreatedAt = s.stamps.real(itemKey(owner, threadID, it.Meta().ID), it.Meta().CreatedAt)
	}
	return p, err
}

func (s *orderedStore) DeleteItems(ctx context.Context, owner, threadID string, ids ...string) error {
	err := s.Store.DeleteItems(ctx, owner, threadID, ids...)
	if err == nil {
		for _, id := range ids {
			s.stamps.forget(itemKey(owner, threadID, id))
		}
	}
	return err
}
