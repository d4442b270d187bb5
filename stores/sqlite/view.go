package sqlitestore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/gochatkit/chatkit/core"
)

// format is the number of the stored form that this version writes into the columns v.
const format = 1

// access runs a function on prepared statements: those of the readers, or those of the
// writer inside a transaction.
type access interface {
	read(ctx context.Context, owner string, fn func(context.Context, *statements) error) error
	write(ctx context.Context, owner string, fn func(context.Context, *statements) error) error
}

// view is the chatkit.Store over an access: the Store itself, or a batch. Rows are
// decoded after the connection is free for others.
type view struct{ access }

func (v view) Thread(ctx context.Context, owner, id string) (*chatkit.Thread, error) {
	var r row
	err := v.read(ctx, owner, func(ctx context.Context, st *statements) error {
		return r.load(st.thread.QueryRowContext(ctx, owner, id))
	})
	if err != nil {
		return nil, fmt.Errorf("load thread %s: %w", id, err)
	}
	return decodeThread(r)
}

func (v view) PutThread(ctx context.Context, owner string, t *chatkit.Thread) error {
	data, err := encodeThread(t)
	if err == nil {
		err = v.write(ctx, owner, func(ctx context.Context, st *statements) error {
			put := t.CreatedAt.UnixMicro()
			var created int64
			err := st.putThread.QueryRowContext(ctx, owner, t.ID, put, format, data).Scan(&created)
			if err != nil || created == put {
				return err
			}
			if data, err = encodeThread(threadAt(t, created)); err != nil {
				return err
			}
			_, err = st.moveThread.ExecContext(ctx, data, owner, t.ID)
			return err
		})
	}
	if err != nil {
		return fmt.Errorf("save thread %s: %w", t.ID, err)
	}
	return nil
}

func (v view) Threads(ctx context.Context, owner string, q chatkit.PageQuery) (chatkit.Page[*chatkit.Thread], error) {
	var rows []row
	err := v.read(ctx, owner, func(ctx context.Context, st *statements) error {
		at, err := cursor(ctx, q, st.threadCursor, owner, q.After)
		if err != nil {
			return err
		}
		list := st.threadsAsc
		if q.Order == chatkit.OrderDesc {
			list = st.threadsDesc
		}
		rows, err = loadAll(ctx, list, owner, at.created, at.seq, limit(q)+1)
		return err
	})
	if err != nil {
		return chatkit.Page[*chatkit.Thread]{}, fmt.Errorf("list threads: %w", err)
	}
	return decodePage(q, rows, decodeThread)
}

func (v view) DeleteThread(ctx context.Context, owner, id string) error {
	err := v.write(ctx, owner, func(ctx context.Context, st *statements) error {
		for _, drop := range []*sql.Stmt{st.dropThreadItems, st.dropThreadAttachment, st.dropThread} {
			if _, err := drop.ExecContext(ctx, owner, id); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("delete thread %s: %w", id, err)
	}
	return nil
}

func (v view) Item(ctx context.Context, owner, threadID, id string) (chatkit.Item, error) {
	var r row
	err := v.read(ctx, owner, func(ctx context.Context, st *statements) error {
		return r.load(st.item.QueryRowContext(ctx, owner, threadID, id))
	})
	if err != nil {
		return nil, fmt.Errorf("load item %s of thread %s: %w", id, threadID, err)
	}
	return decodeItem(r)
}

func (v view) PutItem(ctx context.Context, owner, threadID string, it chatkit.Item) error {
	m := it.Meta()
	data, err := encodeItem(it)
	if err == nil {
		err = v.write(ctx, owner, func(ctx context.Context, st *statements) error {
			put := m.CreatedAt.UnixMicro()
			var created int64
			err := st.putItem.QueryRowContext(ctx,
				owner, threadID, m.ID, put, it.ItemType(), bit(chatkit.Hidden(it)), format, data).Scan(&created)
			if errors.Is(err, sql.ErrNoRows) {
				return chatkit.ErrNotFound
			}
			if err != nil || created == put {
				return err
			}
			if data, err = encodeItem(itemAt(it, created)); err != nil {
				return err
			}
			_, err = st.moveItem.ExecContext(ctx, data, owner, threadID, m.ID)
			return err
		})
	}
	if err != nil {
		return fmt.Errorf("save item %s of thread %s: %w", m.ID, threadID, err)
	}
	return nil
}

func (v view) Items(ctx context.Context, owner, threadID string, q chatkit.PageQuery) (chatkit.Page[chatkit.Item], error) {
	var rows []row
	err := v.read(ctx, owner, func(ctx context.Context, st *statements) error {
		at, err := cursor(ctx, q, st.itemCursor, owner, threadID, q.After)
		if err != nil {
			return err
		}
		list := st.itemsAsc
		if q.Order == chatkit.OrderDesc {
			list = st.itemsDesc
		}
		rows, err = loadAll(ctx, list, owner, threadID, at.created, at.seq, bit(q.Hidden), limit(q)+1)
		return err
	})
	if err != nil {
		return chatkit.Page[chatkit.Item]{}, fmt.Errorf("list items of thread %s: %w", threadID, err)
	}
	return decodePage(q, rows, decodeItem)
}

func (v view) DeleteItems(ctx context.Context, owner, threadID string, ids ...string) error {
	err := v.write(ctx, owner, func(ctx context.Context, st *statements) error {
		for _, id := range ids {
			if _, err := st.deleteItem.ExecContext(ctx, owner, threadID, id); err != nil {
				return err
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
	var r row
	err := v.read(ctx, owner, func(ctx context.Context, st *statements) error {
		return r.load(st.attachment.QueryRowContext(ctx, owner, id))
	})
	if err != nil {
		return nil, fmt.Errorf("load attachment %s: %w", id, err)
	}
	return decodeAttachment(r)
}

func (v view) PutAttachment(ctx context.Context, owner string, a chatkit.Attachment) error {
	m := a.Meta()
	data, err := encodeAttachment(a)
	if err == nil {
		err = v.write(ctx, owner, func(ctx context.Context, st *statements) error {
			_, err := st.putAttachment.ExecContext(ctx, owner, m.ID, m.ThreadID, time.Now().UnixMicro(), format, data)
			return err
		})
	}
	if err != nil {
		return fmt.Errorf("save attachment %s: %w", m.ID, err)
	}
	return nil
}

func (v view) DeleteAttachment(ctx context.Context, owner, id string) error {
	err := v.write(ctx, owner, func(ctx context.Context, st *statements) error {
		_, err := st.deleteAttachment.ExecContext(ctx, owner, id)
		return err
	})
	if err != nil {
		return fmt.Errorf("delete attachment %s: %w", id, err)
	}
	return nil
}

// position is a place in a list; lists begin behind it.
type position struct{ created, seq int64 }

// cursor looks up the place of q.After, the last of args, or gives the start of the list.
func cursor(ctx context.Context, q chatkit.PageQuery, lookup *sql.Stmt, args ...any) (position, error) {
	if q.After == "" {
		if q.Order == chatkit.OrderDesc {
			return position{math.MaxInt64, math.MaxInt64}, nil
		}
		return position{math.MinInt64, math.MinInt64}, nil
	}
	var p position
	err := lookup.QueryRowContext(ctx, args...).Scan(&p.created, &p.seq)
	if errors.Is(err, sql.ErrNoRows) {
		err = chatkit.ErrBadCursor
	}
	return p, err
}

func limit(q chatkit.PageQuery) int64 {
	if q.Limit <= 0 {
		return chatkit.DefaultPageLimit
	}
	return int64(min(q.Limit, math.MaxInt32)) // leaves room for the one more that is asked for
}

func bit(b bool) int {
	if b {
		return 1
	}
	return 0
}
