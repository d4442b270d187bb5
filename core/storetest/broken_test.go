package storetest

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/gochatkit/chatkit/core"
)

// breakage is a way to get a store wrong, and the checks that have to notice.
type breakage struct {
	name  string
	fails []string
	how   func(m *mutant)
}

var broken = slices.Concat(brokenThreads, brokenItems, brokenPages, brokenValues, brokenAttachments, brokenBatches)

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

// brokenItemList replaces the item list by one that picks from the whole list.
func brokenItemList(m *mutant, pick func(all []chatkit.Item, q chatkit.PageQuery) (chatkit.Page[chatkit.Item], error)) {
	m.items = func(ctx context.Context, owner, threadID string, q chatkit.PageQuery) (chatkit.Page[chatkit.Item], error) {
		p, err := m.good.Items(ctx, owner, threadID, chatkit.PageQuery{Limit: 1000, Order: q.Order, Hidden: q.Hidden})
		if err != nil {
			return p, err
		}
		return pick(p.Data, q)
	}
}

func cut(items []chatkit.Item, limit int) chatkit.Page[chatkit.Item] {
	p := chatkit.Page[chatkit.Item]{Data: items}
	if len(items) > limit {
		p.Data, p.HasMore, p.After = items[:limit], true, items[limit-1].Meta().ID
	}
	return p
}

func indexOf(items []chatkit.Item, id string) int {
	return slices.IndexFunc(items, func(it chatkit.Item) bool { return it.Meta().ID == id })
}

var brokenPages = []breakage{
	{"items are in the order of arrival", []string{"lists are ordered by creation time, not by arrival"}, func(m *mutant) {
		n := 0
		m.putItem = func(ctx context.Context, owner, threadID string, it chatkit.Item) error {
			it = chatkit.CloneItem(it)
			n++
			it.Meta().CreatedAt = at(n)
			return m.good.PutItem(ctx, owner, threadID, it)
		}
	}},
	{"the cursor is a stamp only", []string{"equal stamps are ordered by arrival and none is lost"}, func(m *mutant) {
		brokenItemList(m, func(all []chatkit.Item, q chatkit.PageQuery) (chatkit.Page[chatkit.Item], error) {
			if i := indexOf(all, q.After); i >= 0 {
				stamp := all[i].Meta().CreatedAt
				for i < len(all) && all[i].Meta().CreatedAt.Equal(stamp) {
					i++
				}
				all = all[i:]
			}
			return cut(all, q.Limit), nil
		})
	}},
	{"the cursor's own element comes again", []string{
		"pages join without gap or repeat", "a reader pages in order while others write",
	}, func(m *mutant) {
		brokenItemList(m, func(all []chatkit.Item, q chatkit.PageQuery) (chatkit.Page[chatkit.Item], error) {
			return cut(all[max(indexOf(all, q.After), 0):], q.Limit), nil
		})
	}},
	{"a full page promises more", []string{"a page says whether more follows"}, func(m *mutant) {
		m.items = func(ctx context.Context, owner, threadID string, q chatkit.PageQuery) (chatkit.Page[chatkit.Item], error) {
			p, err := m.good.Items(ctx, owner, threadID, q)
			if err == nil && len(p.Data) == q.Limit {
				p.HasMore, p.After = true, p.Data[len(p.Data)-1].Meta().ID
			}
			return p, err
		}
	}},
	{"the default page is larger", []string{"a limit of zero or less means the default"}, func(m *mutant) {
		m.threads = func(ctx context.Context, owner string, q chatkit.PageQuery) (chatkit.Page[*chatkit.Thread], error) {
			if q.Limit <= 0 {
				q.Limit = 50
			}
			return m.good.Threads(ctx, owner, q)
		}
	}},
	{"hidden items are taken out of the page", []string{"pages are full although hidden items are left out"}, func(m *mutant) {
		m.items = func(ctx context.Context, owner, threadID string, q chatkit.PageQuery) (chatkit.Page[chatkit.Item], error) {
			all := q
			all.Hidden = true
			p, err := m.good.Items(ctx, owner, threadID, all)
			if !q.Hidden {
				p.Data = slices.DeleteFunc(p.Data, chatkit.Hidden)
			}
			return p, err
		}
	}},
	{"hidden cursors are refused", []string{"a hidden item is a cursor like any other"}, func(m *mutant) {
		m.items = func(ctx context.Context, owner, threadID string, q chatkit.PageQuery) (chatkit.Page[chatkit.Item], error) {
			if it, err := m.good.Item(ctx, owner, threadID, q.After); err == nil && chatkit.Hidden(it) && !q.Hidden {
				return chatkit.Page[chatkit.Item]{}, chatkit.ErrBadCursor
			}
			return m.good.Items(ctx, owner, threadID, q)
		}
	}},
	{"an unknown cursor starts again", []string{"a cursor that names nothing in the list is refused"}, func(m *mutant) {
		m.items = func(ctx context.Context, owner, threadID string, q chatkit.PageQuery) (chatkit.Page[chatkit.Item], error) {
			p, err := m.good.Items(ctx, owner, threadID, q)
			if errors.Is(err, chatkit.ErrBadCursor) {
				q.After = ""
				return m.good.Items(ctx, owner, threadID, q)
			}
			return p, err
		}
	}},
	{"the list of a missing thread is not found", []string{"the list of a missing thread is empty"}, func(m *mutant) {
		m.items = func(ctx context.Context, owner, threadID string, q chatkit.PageQuery) (chatkit.Page[chatkit.Item], error) {
			if _, err := m.good.Thread(ctx, owner, threadID); err != nil {
				return chatkit.Page[chatkit.Item]{}, err
			}
			return m.good.Items(ctx, owner, threadID, q)
		}
	}},
}

// changedItems puts items after a change to a copy.
func changedItems(m *mutant, change func(chatkit.Item)) {
	m.putItem = func(ctx context.Context, owner, threadID string, it chatkit.Item) error {
		it = chatkit.CloneItem(it)
		change(it)
		return m.good.PutItem(ctx, owner, threadID, it)
	}
}

var brokenValues = []breakage{
	{"stamps are cut to milliseconds", []string{"stamps keep their microseconds and nothing below"}, func(m *mutant) {
		changedItems(m, func(it chatkit.Item) {
			it.Meta().CreatedAt = it.Meta().CreatedAt.Truncate(time.Millisecond)
		})
	}},
	{"zones are dropped", []string{"stamps of any zone are one instant in UTC"}, func(m *mutant) {
		changedItems(m, func(it chatkit.Item) {
			c := it.Meta().CreatedAt
			it.Meta().CreatedAt = time.Date(c.Year(), c.Month(), c.Day(), c.Hour(), c.Minute(), c.Second(), c.Nanosecond(), time.UTC)
		})
	}},
	{"columns are short", []string{"a megabyte fits into an item"}, func(m *mutant) {
		changedItems(m, func(it chatkit.Item) {
			if a, ok := it.(*chatkit.AssistantMessageItem); ok {
				a.Content[0].Text = a.Content[0].Text[:min(len(a.Content[0].Text), 1<<16-1)]
			}
		})
	}},
	{"text ends at NUL", []string{"text of any script and NUL come back"}, func(m *mutant) {
		changedItems(m, func(it chatkit.Item) {
			a := it.(*chatkit.AssistantMessageItem)
			a.Content[0].Text, _, _ = strings.Cut(a.Content[0].Text, "\x00")
		})
	}},
	{"ids are folded to lower case", []string{"ids are opaque"}, func(m *mutant) {
		changedItems(m, func(it chatkit.Item) { it.Meta().ID = strings.ToLower(it.Meta().ID) })
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

var brokenBatches = []breakage{
	{"a batch reads around itself", []string{"a batch sees its own writes"}, func(m *mutant) {
		m.batch = func(ctx context.Context, owner string, fn func(chatkit.Store) error) error {
			return m.good.Batch(ctx, owner, func(s chatkit.Store) error {
				inner := newMutant() // its reads go to an empty store
				inner.putThread, inner.putItem, inner.deleteThread, inner.deleteItems = s.PutThread, s.PutItem, s.DeleteThread, s.DeleteItems
				return fn(inner)
			})
		}
	}},
	{"a batch is never stored", []string{"a batch without error is stored"}, func(m *mutant) {
		m.batch = func(ctx context.Context, owner string, fn func(chatkit.Store) error) error {
			var result error
			_ = m.good.Batch(ctx, owner, func(s chatkit.Store) error {
				result = fn(s)
				return errors.New("roll back")
			})
			return result
		}
	}},
	{"a batch is no transaction", []string{
		"a batch with an error leaves nothing behind", "a batch that panics leaves nothing behind", "nobody sees half a batch",
		"a batch serves its owner, until it ends",
	}, func(m *mutant) {
		m.batch = func(_ context.Context, _ string, fn func(chatkit.Store) error) error { return fn(m.good) }
	}},
	{"a batch swallows panics", []string{"a batch that panics leaves nothing behind"}, func(m *mutant) {
		m.batch = func(ctx context.Context, owner string, fn func(chatkit.Store) error) (err error) {
			defer func() {
				if recover() != nil {
					err = errors.New("panic")
				}
			}()
			return m.good.Batch(ctx, owner, fn)
		}
	}},
	{"a batch ignores its context", []string{"a cancelled context stops a batch"}, func(m *mutant) {
		m.batch = func(ctx context.Context, owner string, fn func(chatkit.Store) error) error {
			return m.good.Batch(context.WithoutCancel(ctx), owner, fn)
		}
	}},
}
