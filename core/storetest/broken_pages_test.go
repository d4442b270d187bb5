package storetest

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/gochatkit/chatkit/core"
)

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
