package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	chatkit "github.com/gochatkit/chatkit/core"
)

// ratings are the customers' thumbs.
type ratings struct {
	db      *sql.DB
	threads chatkit.Store
}

// save is the chat's Options.Feedback. The ids come from a browser, so what the customer does not have is left out.
// A second thumb replaces the first.
func (r *ratings) save(ctx context.Context, owner string, f *chatkit.Feedback) error {
	for _, id := range f.ItemIDs {
		_, err := r.threads.Item(ctx, owner, f.ThreadID, id)
		if errors.Is(err, chatkit.ErrNotFound) {
			continue
		}
		if err == nil {
			_, err = r.db.ExecContext(ctx, `INSERT INTO desk_ratings (owner, thread_id, item_id, kind) VALUES (?, ?, ?, ?)
				ON CONFLICT DO UPDATE SET kind = excluded.kind`, owner, f.ThreadID, id, f.Kind)
		}
		if err != nil {
			return fmt.Errorf("save rating: %w", err)
		}
	}
	return nil
}
