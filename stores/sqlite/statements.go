package sqlitestore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// statements are prepared once per connection.
type statements struct {
	thread, putThread, moveThread, threadCursor       *sql.Stmt
	threadsAsc, threadsDesc                           *sql.Stmt
	item, putItem, moveItem, itemCursor, deleteItem   *sql.Stmt
	itemsAsc, itemsDesc                               *sql.Stmt
	attachment, putAttachment, deleteAttachment       *sql.Stmt
	dropThread, dropThreadItems, dropThreadAttachment *sql.Stmt
}

type preparer interface {
	PrepareContext(ctx context.Context, query string) (*sql.Stmt, error)
}

func prepare(ctx context.Context, p preparer) (*statements, error) {
	var s statements
	for _, q := range s.queries() {
		var err error
		if *q.into, err = p.PrepareContext(ctx, q.text); err != nil {
			return nil, fmt.Errorf("prepare %q: %w", q.text, err)
		}
	}
	return &s, nil
}

// close frees the statements. Those of a single connection are not freed along with it,
// and SQLite would keep the file open for them.
func (s *statements) close() error {
	var errs []error
	for _, q := range s.queries() {
		errs = append(errs, (*q.into).Close())
	}
	return errors.Join(errs...)
}

type query struct {
	into **sql.Stmt
	text string
}

func (s *statements) queries() []query {
	return []query{
		{&s.thread, `SELECT id, data FROM chatkit_threads WHERE owner = ? AND id = ?`},
		{&s.putThread, `
			INSERT INTO chatkit_threads (owner, id, created_at, seq, v, data) VALUES (?1, ?2, ?3, 1 + coalesce((
				SELECT max(seq) FROM chatkit_threads WHERE owner = ?1 AND created_at = ?3), 0), ?4, ?5)
			ON CONFLICT (owner, id) DO UPDATE SET v = excluded.v, data = excluded.data
			RETURNING created_at`},
		{&s.moveThread, `UPDATE chatkit_threads SET data = ? WHERE owner = ? AND id = ?`},
		{&s.threadCursor, `SELECT created_at, seq FROM chatkit_threads WHERE owner = ? AND id = ?`},
		{&s.threadsAsc, `
			SELECT id, data FROM chatkit_threads WHERE owner = ? AND (created_at, seq) > (?, ?)
			ORDER BY created_at, seq LIMIT ?`},
		{&s.threadsDesc, `
			SELECT id, data FROM chatkit_threads WHERE owner = ? AND (created_at, seq) < (?, ?)
			ORDER BY created_at DESC, seq DESC LIMIT ?`},
		{&s.dropThread, `DELETE FROM chatkit_threads WHERE owner = ? AND id = ?`},
		{&s.dropThreadItems, `DELETE FROM chatkit_items WHERE owner = ? AND thread_id = ?`},
		{&s.dropThreadAttachment, `DELETE FROM chatkit_attachments WHERE owner = ? AND thread_id = ?`},

		{&s.item, `SELECT id, data FROM chatkit_items WHERE owner = ? AND thread_id = ? AND id = ?`},
		// The thread is looked up in the same statement: without it there is no row to return.
		{&s.putItem, `
			INSERT INTO chatkit_items (owner, thread_id, id, created_at, seq, type, hidden, v, data)
			SELECT ?1, ?2, ?3, ?4, 1 + coalesce((
				SELECT max(seq) FROM chatkit_items WHERE owner = ?1 AND thread_id = ?2 AND created_at = ?4), 0), ?5, ?6, ?7, ?8
			FROM chatkit_threads WHERE owner = ?1 AND id = ?2
			ON CONFLICT (owner, thread_id, id) DO UPDATE
			SET type = excluded.type, hidden = excluded.hidden, v = excluded.v, data = excluded.data
			RETURNING created_at`},
		{&s.moveItem, `UPDATE chatkit_items SET data = ? WHERE owner = ? AND thread_id = ? AND id = ?`},
		{&s.itemCursor, `SELECT created_at, seq FROM chatkit_items WHERE owner = ? AND thread_id = ? AND id = ?`},
		{&s.itemsAsc, `
			SELECT id, data FROM chatkit_items
			WHERE owner = ? AND thread_id = ? AND (created_at, seq) > (?, ?) AND hidden <= ?
			ORDER BY created_at, seq LIMIT ?`},
		{&s.itemsDesc, `
			SELECT id, data FROM chatkit_items
			WHERE owner = ? AND thread_id = ? AND (created_at, seq) < (?, ?) AND hidden <= ?
			ORDER BY created_at DESC, seq DESC LIMIT ?`},
		{&s.deleteItem, `DELETE FROM chatkit_items WHERE owner = ? AND thread_id = ? AND id = ?`},

		{&s.attachment, `SELECT id, data FROM chatkit_attachments WHERE owner = ? AND id = ?`},
		{&s.putAttachment, `
			INSERT INTO chatkit_attachments (owner, id, thread_id, created_at, v, data) VALUES (?, ?, ?, ?, ?, ?)
			ON CONFLICT (owner, id) DO UPDATE SET thread_id = excluded.thread_id, v = excluded.v, data = excluded.data`},
		{&s.deleteAttachment, `DELETE FROM chatkit_attachments WHERE owner = ? AND id = ?`},
	}
}
