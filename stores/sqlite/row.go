package sqlitestore

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/gochatkit/chatkit/core"
)

var errNoID = errors.New("no id")

// row is what every SELECT for values gives.
type row struct {
	id   string
	data []byte
}

func (r *row) load(found *sql.Row) error {
	err := found.Scan(&r.id, &r.data)
	if errors.Is(err, sql.ErrNoRows) {
		return chatkit.ErrNotFound
	}
	return err
}

func loadAll(ctx context.Context, list *sql.Stmt, args ...any) ([]row, error) {
	found, err := list.QueryContext(ctx, args...)
	if err != nil {
		return nil, err
	}
	defer found.Close()
	var rows []row
	for found.Next() {
		var r row
		if err := found.Scan(&r.id, &r.data); err != nil {
			return nil, err
		}
		rows = append(rows, r)
	}
	return rows, found.Err()
}

// decodePage makes a page of the rows, of which there is one more than the limit if more
// follow.
func decodePage[T any](q chatkit.PageQuery, rows []row, decode func(row) (T, error)) (chatkit.Page[T], error) {
	var page chatkit.Page[T]
	if n := int(limit(q)); len(rows) > n {
		rows = rows[:n]
		page.HasMore, page.After = true, rows[n-1].id
	}
	page.Data = make([]T, len(rows))
	for i, r := range rows {
		v, err := decode(r)
		if err != nil {
			return chatkit.Page[T]{}, err
		}
		page.Data[i] = v
	}
	return page, nil
}

// The encoders return strings, since the columns are text that other tools can read.

func encodeThread(t *chatkit.Thread) (string, error) { return encode(t.ID, t) }

func decodeThread(r row) (*chatkit.Thread, error) {
	t := new(chatkit.Thread)
	if err := json.Unmarshal(r.data, t); err != nil {
		return nil, fmt.Errorf("decode thread %s: %w", r.id, err)
	}
	return t, nil
}

// threadAt returns t as if it had been created at the given time.
func threadAt(t *chatkit.Thread, micros int64) *chatkit.Thread {
	c := *t
	c.CreatedAt = time.UnixMicro(micros).UTC()
	return &c
}

func encodeItem(it chatkit.Item) (string, error) { return encode(it.Meta().ID, it) }

func decodeItem(r row) (chatkit.Item, error) {
	it, err := chatkit.UnmarshalItem(r.data)
	if err != nil {
		return nil, fmt.Errorf("decode item %s: %w", r.id, err)
	}
	return it, nil
}

// itemAt returns a copy of it as if it had been created at the given time.
func itemAt(it chatkit.Item, micros int64) chatkit.Item {
	c := chatkit.CloneItem(it)
	c.Meta().CreatedAt = time.UnixMicro(micros).UTC()
	return c
}

func encodeAttachment(a chatkit.Attachment) (string, error) { return encode(a.Meta().ID, a) }

func decodeAttachment(r row) (chatkit.Attachment, error) {
	a, err := chatkit.UnmarshalAttachment(r.data)
	if err != nil {
		return nil, fmt.Errorf("decode attachment %s: %w", r.id, err)
	}
	return a, nil
}

func encode(id string, v any) (string, error) {
	if id == "" {
		return "", errNoID
	}
	// json.Marshal would escape <, > and & inside JSON that has to stay as it is.
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return strings.TrimSuffix(b.String(), "\n"), err
}
