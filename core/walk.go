package chatkit

import (
	"context"
	"iter"
)

// historyPage is how many items are loaded at a time.
const historyPage = 100

// walk returns the items of a thread page by page, hidden ones included, in the order and behind the cursor of q. It
// ends with the first error.
func (s *Server) walk(ctx context.Context, owner, thread string, q PageQuery) iter.Seq2[[]Item, error] {
	q.Limit, q.Hidden = historyPage, true
	return func(yield func([]Item, error) bool) {
		for {
			page, err := s.store.Items(ctx, owner, thread, q)
			if err != nil {
				yield(nil, err)
				return
			}
			if !yield(page.Data, nil) || !page.HasMore || page.After == "" {
				return
			}
			q.After = page.After
		}
	}
}
