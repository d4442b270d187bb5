package memstore

import (
	"context"
	"fmt"

	"github.com/gochatkit/chatkit/core"
)

// access runs a function on the state while it is safe to.
type access interface {
	read(ctx context.Context, owner string, fn func(*state) error) error
	write(ctx context.Context, owner string, fn func(*state) error) error
}

// view is the chatkit.Store over an access: the Store itself, or a batch. Decoding
// happens outside the lock, and encoding too wherever the stored value allows it.
type view struct{ access }

func (v view) Thread(ctx context.Context, owner, id string) (*chatkit.Thread, error) {
	var r row
	err := v.read(ctx, owner, func(s *state) error {
		t := s.thread(owner, id)
		if t == nil {
			return chatkit.ErrNotFound
		}
		r = t.entry.row()
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("load thread %s: %w", id, err)
	}
	return decodeThread(r)
}

func (v view) PutThread(ctx context.Context, owner string, t *chatkit.Thread) error {
	e, err := encodeThread(t)
	if err == nil {
		err = v.write(ctx, owner, func(s *state) error {
			old := s.thread(owner, e.id)
			if old == nil {
				e.seq = s.nextSeq()
				e.thread = &thread{owner: owner, entry: e, items: newIndex()}
				s.addThread(e.thread)
				s.touch(e.thread)
				return nil
			}
			if e.created != old.entry.created {
				if e, err = encodeThread(threadAt(t, old.entry.created)); err != nil {
					return err
				}
			}
			s.replace(old.entry, e.data, false)
			s.touch(old)
			return nil
		})
	}
	if err != nil {
		return fmt.Errorf("save thread %s: %w", t.ID, err)
	}
	return nil
}

func (v view) Threads(ctx context.Context, owner string, q chatkit.PageQuery) (chatkit.Page[*chatkit.Thread], error) {
	page, err := loadPage(q, decodeThread, func(rows *[]row, more *bool) error {
		return v.read(ctx, owner, func(s *state) (err error) {
			*rows, *more, err = s.threads(owner).page(q)
			return err
		})
	})
	if err != nil {
		return page, fmt.Errorf("list threads: %w", err)
	}
	return page, nil
}

func (v view) DeleteThread(ctx context.Context, owner, id string) error {
	err := v.write(ctx, owner, func(s *state) error {
		s.deleteThread(owner, id)
		return nil
	})
	if err != nil {
		return fmt.Errorf("delete thread %s: %w", id, err)
	}
	return nil
}

func (v view) Item(ctx context.Context, owner, threadID, id string) (chatkit.Item, error) {
	var r row
	err := v.read(ctx, owner, func(s *state) error {
		e := s.items(owner, threadID).byID[id]
		if e == nil {
			return chatkit.ErrNotFound
		}
		r = e.row()
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("load item %s of thread %s: %w", id, threadID, err)
	}
	return decodeItem(r)
}

func (v view) PutItem(ctx context.Context, owner, threadID string, it chatkit.Item) error {
	e, err := encodeItem(it)
	if err == nil {
		err = v.write(ctx, owner, func(s *state) error {
			t := s.thread(owner, threadID)
			if t == nil {
				return chatkit.ErrNotFound
			}
			s.touch(t)
			old := t.items.byID[e.id]
			if old == nil {
				e.seq = s.nextSeq()
				s.addItem(t, e)
				return nil
			}
			if e.created != old.created {
				if e, err = encodeItem(itemAt(it, old.created)); err != nil {
					return err
				}
			}
			s.replace(old, e.data, e.hidden)
			return nil
		})
	}
	if err != nil {
		return fmt.Errorf("save item %s of thread %s: %w", it.Meta().ID, threadID, err)
	}
	return nil
}

func (v view) Items(ctx context.Context, owner, threadID string, q chatkit.PageQuery) (chatkit.Page[chatkit.Item], error) {
	page, err := loadPage(q, decodeItem, func(rows *[]row, more *bool) error {
		return v.read(ctx, owner, func(s *state) (err error) {
			*rows, *more, err = s.items(owner, threadID).page(q)
			return err
		})
	})
	if err != nil {
		return page, fmt.Errorf("list items of thread %s: %w", threadID, err)
	}
	return page, nil
}

func (v view) DeleteItems(ctx context.Context, owner, threadID string, ids ...string) error {
	err := v.write(ctx, owner, func(s *state) error {
		t := s.thread(owner, threadID)
		if t == nil {
			return nil
		}
		s.touch(t)
		for _, id := range ids {
			if e := t.items.byID[id]; e != nil {
				s.dropItem(t, e)
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("delete items of thread %s: %w", threadID, err)
	}
	return nil
}

func (v view) Attachment(ctx context.Context, owner, id string) (chatkit.Attachment, error) {
	var data []byte
	err := v.read(ctx, owner, func(s *state) error {
		a, err := s.attachment(owner, id)
		if err == nil {
			data = a.data
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("load attachment %s: %w", id, err)
	}
	return decodeAttachment(id, data)
}

func (v view) PutAttachment(ctx context.Context, owner string, a chatkit.Attachment) error {
	rec, err := encodeAttachment(a)
	if err == nil {
		err = v.write(ctx, owner, func(s *state) error {
			if old, err := s.attachment(owner, rec.id); err == nil {
				s.dropAttachment(owner, old)
			}
			s.addAttachment(owner, rec)
			return nil
		})
	}
	if err != nil {
		return fmt.Errorf("save attachment %s: %w", a.Meta().ID, err)
	}
	return nil
}

func (v view) DeleteAttachment(ctx context.Context, owner, id string) error {
	err := v.write(ctx, owner, func(s *state) error {
		if a, err := s.attachment(owner, id); err == nil {
			s.dropAttachment(owner, a)
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("delete attachment %s: %w", id, err)
	}
	return nil
}

// loadPage takes rows with load and decodes them into a page.
func loadPage[T any](q chatkit.PageQuery, decode func(row) (T, error), load func(*[]row, *bool) error) (chatkit.Page[T], error) {
	var page chatkit.Page[T]
	var rows []row
	if err := load(&rows, &page.HasMore); err != nil {
		return chatkit.Page[T]{}, err
	}
	page.Data = make([]T, len(rows))
	for i, r := range rows {
		v, err := decode(r)
		if err != nil {
			return chatkit.Page[T]{}, err
		}
		page.Data[i] = v
	}
	if page.HasMore {
		page.After = rows[len(rows)-1].id
	}
	return page, nil
}
