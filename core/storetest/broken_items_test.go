package storetest

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/gochatkit/chatkit/core"
)

var brokenItems = []breakage{
	{"quotes are lost", []string{"an item of every kind comes back as it was put"}, func(m *mutant) {
		m.putItem = func(ctx context.Context, owner, threadID string, it chatkit.Item) error {
			if u, ok := it.(*chatkit.UserMessageItem); ok {
				u = chatkit.CloneItem(u).(*chatkit.UserMessageItem)
				u.QuotedText = nil
				it = u
			}
			return m.good.PutItem(ctx, owner, threadID, it)
		}
	}},
	{"unknown items are decoded and encoded", []string{"an item of an unknown kind keeps every byte"}, func(m *mutant) {
		m.putItem = func(ctx context.Context, owner, threadID string, it chatkit.Item) error {
			if u, ok := it.(*chatkit.UnknownItem); ok {
				var v any
				if err := json.Unmarshal(u.Raw, &v); err != nil {
					return err
				}
				u = chatkit.CloneItem(u).(*chatkit.UnknownItem)
				u.Raw, _ = json.Marshal(v)
				it = u
			}
			return m.good.PutItem(ctx, owner, threadID, it)
		}
	}},
	{"a missing item is nil without an error", []string{"an item that is not there is not found"}, func(m *mutant) {
		m.item = func(ctx context.Context, owner, threadID, id string) (chatkit.Item, error) {
			it, err := m.good.Item(ctx, owner, threadID, id)
			if errors.Is(err, chatkit.ErrNotFound) {
				err = nil
			}
			return it, err
		}
	}},
	{"items are only inserted", []string{"putting an item again replaces it"}, func(m *mutant) {
		m.putItem = func(ctx context.Context, owner, threadID string, it chatkit.Item) error {
			if _, err := m.good.Item(ctx, owner, threadID, it.Meta().ID); err == nil {
				return nil
			}
			return m.good.PutItem(ctx, owner, threadID, it)
		}
	}},
	{"putting an item again is a key clash", []string{"parallel puts of one item make one item"}, func(m *mutant) {
		m.putItem = func(ctx context.Context, owner, threadID string, it chatkit.Item) error {
			if _, err := m.good.Item(ctx, owner, threadID, it.Meta().ID); err == nil {
				return errors.New("UNIQUE constraint failed")
			}
			return m.good.PutItem(ctx, owner, threadID, it)
		}
	}},
	{"a replaced item is deleted first", []string{"putting an item again keeps its place and creation time"}, func(m *mutant) {
		m.putItem = func(ctx context.Context, owner, threadID string, it chatkit.Item) error {
			if err := m.good.DeleteItems(ctx, owner, threadID, it.Meta().ID); err != nil {
				return err
			}
			return m.good.PutItem(ctx, owner, threadID, it)
		}
	}},
	{"a replaced item stays hidden", []string{"an item can become hidden and visible again"}, func(m *mutant) {
		hidden := map[string]bool{}
		m.putItem = func(ctx context.Context, owner, threadID string, it chatkit.Item) error {
			if chatkit.Hidden(it) {
				hidden[it.Meta().ID] = true
			}
			return m.good.PutItem(ctx, owner, threadID, it)
		}
		m.items = func(ctx context.Context, owner, threadID string, q chatkit.PageQuery) (chatkit.Page[chatkit.Item], error) {
			p, err := m.good.Items(ctx, owner, threadID, q)
			if !q.Hidden {
				p.Data = slices.DeleteFunc(p.Data, func(it chatkit.Item) bool { return hidden[it.Meta().ID] })
			}
			return p, err
		}
	}},
	{"items are the caller's", []string{"items are copies"}, func(m *mutant) {
		kept := map[string]chatkit.Item{}
		m.putItem = func(ctx context.Context, owner, threadID string, it chatkit.Item) error {
			kept[it.Meta().ID] = it
			return m.good.PutItem(ctx, owner, threadID, it)
		}
		m.item = func(_ context.Context, _, _, id string) (chatkit.Item, error) { return kept[id], nil }
	}},
	{"an item makes its thread", []string{
		"an item put into a missing thread is not found", "a late put never revives a deleted thread",
	}, func(m *mutant) {
		m.putItem = func(ctx context.Context, owner, threadID string, it chatkit.Item) error {
			err := m.good.PutItem(ctx, owner, threadID, it)
			if errors.Is(err, chatkit.ErrNotFound) && threadID != "" {
				_ = m.good.PutThread(ctx, owner, newThread(threadID, at(0)))
				return m.good.PutItem(ctx, owner, threadID, it)
			}
			return err
		}
	}},
	{"item ids are unique per owner", []string{"two threads may have items of the same id"}, func(m *mutant) {
		thread := map[string]string{}
		m.putItem = func(ctx context.Context, owner, threadID string, it chatkit.Item) error {
			id := it.Meta().ID
			if was, ok := thread[id]; ok && was != threadID {
				_ = m.good.DeleteItems(ctx, owner, was, id)
			}
			thread[id] = threadID
			return m.good.PutItem(ctx, owner, threadID, it)
		}
	}},
	{"deleting stops at an unknown id", []string{"deleting items takes the named ones only"}, func(m *mutant) {
		m.deleteItems = func(ctx context.Context, owner, threadID string, ids ...string) error {
			for _, id := range ids {
				if _, err := m.good.Item(ctx, owner, threadID, id); errors.Is(err, chatkit.ErrNotFound) {
					return nil
				}
				if err := m.good.DeleteItems(ctx, owner, threadID, id); err != nil {
					return err
				}
			}
			return nil
		}
	}},
	{"a deleted item leaves its stamp", []string{"an item put again after its deletion is new"}, func(m *mutant) {
		first := map[string]time.Time{}
		m.putItem = func(ctx context.Context, owner, threadID string, it chatkit.Item) error {
			it = chatkit.CloneItem(it)
			if at, ok := first[it.Meta().ID]; ok {
				it.Meta().CreatedAt = at
			}
			first[it.Meta().ID] = it.Meta().CreatedAt
			return m.good.PutItem(ctx, owner, threadID, it)
		}
	}},
	{"every fiftieth put is lost", []string{"parallel writers lose nothing"}, func(m *mutant) {
		var mu sync.Mutex
		n := 0
		m.putItem = func(ctx context.Context, owner, threadID string, it chatkit.Item) error {
			mu.Lock()
			n++
			lost := n%50 == 0
			mu.Unlock()
			if lost {
				return nil
			}
			return m.good.PutItem(ctx, owner, threadID, it)
		}
	}},
	{"contexts are ignored", []string{"a cancelled context stops every method"}, func(m *mutant) {
		m.putItem = func(ctx context.Context, owner, threadID string, it chatkit.Item) error {
			return m.good.PutItem(context.WithoutCancel(ctx), owner, threadID, it)
		}
	}},
}
