package chatkit

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/gochatkit/chatkit/core/internal/jsonx"
	"github.com/gochatkit/chatkit/core/run"
)

// maxPage is the largest page that a client gets (ChatKit protocol: paging). Clients ask for 9,999.
const maxPage = 100

// settleTime is how long a read waits for a turn that is just being finished, so that a page that is
// reloaded after a stop finds the partial answer.
const settleTime = 2 * time.Second

// emptyBody answers what has nothing to tell.
var emptyBody = []byte("{}")

// query answers a request that does not stream (ChatKit protocol: requests).
func (s *Server) query(ctx context.Context, owner string, req *Request, r request) ([]byte, error) {
	switch r := r.(type) {
	case *getThreadRequest:
		return s.getThread(ctx, owner, req, r)
	case *listThreadsRequest:
		return s.listThreads(ctx, owner, r)
	case *listItemsRequest:
		return s.listItems(ctx, owner, req, r)
	case *feedbackRequest:
		return s.feedback(ctx, owner, r)
	case *createAttachmentRequest:
		return s.createAttachment(ctx, owner, r)
	case *deleteAttachmentRequest:
		return s.deleteAttachment(ctx, owner, r)
	case *updateThreadRequest:
		return s.updateThread(ctx, owner, r)
	case *deleteThreadRequest:
		return s.deleteThread(ctx, owner, r)
	case *transcribeRequest:
		return s.transcribe(ctx, r)
	case *syncCustomActionRequest:
		return s.syncCustomAction(ctx, owner, r)
	case *cancelRunRequest:
		return s.cancelRun(ctx, owner, r)
	case *activeRunRequest:
		return s.activeRun(ctx, owner, r)
	}
	return nil, ErrUnsupported
}

func clampLimit(limit int64) int {
	if limit <= 0 {
		return DefaultPageLimit
	}
	return int(min(limit, maxPage))
}

func (s *Server) getThread(ctx context.Context, owner string, req *Request, r *getThreadRequest) ([]byte, error) {
	s.runs.Settle(ctx, owner, r.ThreadID, settleTime)
	th, err := s.loadThread(ctx, owner, r.ThreadID)
	if err != nil {
		return nil, err
	}
	if s.runs.Active(owner, r.ThreadID) == nil {
		if err := s.expireToolCalls(ctx, owner, r.ThreadID); err != nil {
			return nil, err
		}
	}
	items, err := s.items(ctx, owner, req, r.ThreadID, PageQuery{Limit: DefaultPageLimit, Order: OrderAsc})
	if err != nil {
		return nil, err
	}
	return appendThreadResponse(nil, &ThreadResponse{Thread: *th, Items: items})
}

func (s *Server) listThreads(ctx context.Context, owner string, r *listThreadsRequest) ([]byte, error) {
	page, err := s.store.Threads(ctx, owner, PageQuery{After: r.After, Limit: clampLimit(r.Limit), Order: r.Order})
	if err != nil {
		return nil, fmt.Errorf("load threads: %w", err)
	}
	shown := Page[*ThreadResponse]{HasMore: page.HasMore, After: page.After}
	for _, th := range page.Data {
		shown.Data = append(shown.Data, threadResponse(th))
	}
	return appendThreadPage(nil, shown)
}

func (s *Server) listItems(ctx context.Context, owner string, req *Request, r *listItemsRequest) ([]byte, error) {
	s.runs.Settle(ctx, owner, r.ThreadID, settleTime)
	if _, err := s.loadThread(ctx, owner, r.ThreadID); err != nil {
		return nil, err
	}
	page, err := s.items(ctx, owner, req, r.ThreadID, PageQuery{After: r.After, Limit: clampLimit(r.Limit), Order: r.Order})
	if err != nil {
		return nil, err
	}
	return appendItemPage(nil, page)
}

// items loads a page as a client sees it. At the new end of the thread it holds what a turn in progress has
// not finished, as it is now, unless the client will attach to the turn and get it there.
func (s *Server) items(ctx context.Context, owner string, req *Request, thread string, q PageQuery) (Page[Item], error) {
	var open []Item
	if active := s.runs.Active(owner, thread); active != nil && !req.resumes() {
		if rec, ok := active.Data().(*recorder); ok {
			open = rec.unfinished() // before the page: an item that is done in between is then in the page
		}
	}
	page, err := s.loadPage(ctx, owner, thread, q)
	if err != nil {
		return page, err
	}
	for _, it := range open {
		known := func(other Item) bool { return other.Meta().ID == it.Meta().ID }
		switch {
		case slices.ContainsFunc(page.Data, known):
		case q.Order == OrderAsc && !page.HasMore:
			page.Data = append(page.Data, it)
		case q.Order == OrderDesc && q.After == "":
			page.Data = append([]Item{it}, page.Data...)
		}
	}
	return page, nil
}

// Bounds of a page by its size: a client that asks for a hundred large items gets fewer, and the way on.
const (
	pageBytes = 4 << 20
	pageStep  = DefaultPageLimit // how many items are loaded before their size is looked at
)

// loadPage loads a page in steps, until it is full or large.
func (s *Server) loadPage(ctx context.Context, owner, thread string, q PageQuery) (page Page[Item], err error) {
	size, limit := 0, q.Limit
	var raw []byte // only its length counts; the page is encoded when it is complete
	for {
		q.Limit = min(limit-len(page.Data), pageStep)
		next, err := s.store.Items(ctx, owner, thread, q)
		if err != nil {
			return page, fmt.Errorf("load items: %w", err)
		}
		for _, it := range next.Data {
			page.Data = append(page.Data, s.presentItem(ctx, owner, it))
			if raw, err = appendItem(raw[:0], it, wireForm); err != nil {
				return page, fmt.Errorf("encode item %s: %w", it.Meta().ID, err)
			}
			if size += len(raw); size > pageBytes && len(page.Data) < limit {
				rest := next.HasMore || it.Meta().ID != next.Data[len(next.Data)-1].Meta().ID
				page.HasMore = rest
				if rest {
					page.After = it.Meta().ID
				}
				return page, nil
			}
		}
		page.HasMore, page.After = next.HasMore, next.After
		if !next.HasMore || len(page.Data) >= limit || len(next.Data) == 0 {
			return page, nil
		}
		q.After = next.After
	}
}

// maxTitle bounds the title of a thread, in bytes.
const maxTitle = 4 << 10

func (s *Server) feedback(ctx context.Context, owner string, r *feedbackRequest) ([]byte, error) {
	if _, err := s.loadThread(ctx, owner, r.Feedback.ThreadID); err != nil {
		return nil, err
	}
	if s.opts.Feedback != nil {
		if err := s.opts.Feedback(ctx, owner, &r.Feedback); err != nil {
			return nil, fmt.Errorf("feedback: %w", err)
		}
	}
	return emptyBody, nil
}

func (s *Server) createAttachment(ctx context.Context, owner string, r *createAttachmentRequest) ([]byte, error) {
	if s.opts.Attachments == nil {
		return nil, ErrUnsupported
	}
	if r.AttachmentCreate.Size < 0 {
		return nil, refuse(http.StatusBadRequest, "params.size: want a size that is not negative")
	}
	a, err := s.opts.Attachments.CreateAttachment(ctx, owner, &r.AttachmentCreate)
	if err != nil {
		return nil, fmt.Errorf("create attachment: %w", err)
	}
	body, err := appendAttachment(nil, s.present(ctx, owner, a), wireForm)
	if err != nil {
		return nil, err
	}
	if err := s.store.PutAttachment(ctx, owner, a); err != nil {
		return nil, fmt.Errorf("store attachment: %w", err)
	}
	return body, nil
}

func (s *Server) deleteAttachment(ctx context.Context, owner string, r *deleteAttachmentRequest) ([]byte, error) {
	if s.opts.Attachments == nil {
		return nil, ErrUnsupported
	}
	if _, err := s.store.Attachment(ctx, owner, r.AttachmentID); err != nil {
		if errors.Is(err, ErrNotFound) {
			return nil, refuse(http.StatusNotFound, "The attachment does not exist.")
		}
		return nil, fmt.Errorf("load attachment: %w", err)
	}
	if err := s.opts.Attachments.DeleteAttachment(ctx, owner, r.AttachmentID); err != nil {
		return nil, fmt.Errorf("delete attachment: %w", err)
	}
	if err := s.store.DeleteAttachment(ctx, owner, r.AttachmentID); err != nil {
		return nil, fmt.Errorf("delete attachment record: %w", err)
	}
	return emptyBody, nil
}

func (s *Server) updateThread(ctx context.Context, owner string, r *updateThreadRequest) ([]byte, error) {
	if len(r.Title) > maxTitle {
		return nil, refuse(http.StatusBadRequest, "params.title: want at most %d bytes", maxTitle)
	}
	unlock, err := s.threads.lock(ctx, owner, r.ThreadID)
	if err != nil {
		return nil, err
	}
	defer unlock()
	th, err := s.loadThread(ctx, owner, r.ThreadID)
	if err != nil {
		return nil, err
	}
	th.Title = &r.Title
	if err := s.store.PutThread(ctx, owner, th); err != nil {
		return nil, fmt.Errorf("store thread: %w", err)
	}
	return appendThreadResponse(nil, threadResponse(th))
}

// deleteThread ends a turn in progress first: what it would still store must not come after the
// deletion.
func (s *Server) deleteThread(ctx context.Context, owner string, r *deleteThreadRequest) ([]byte, error) {
	err := s.runs.Exclusive(ctx, run.Spec{
		ID: newRunID(), Owner: owner, Thread: r.ThreadID, Kind: r.requestType(), Cause: run.ErrThreadDeleted, KeepInput: true,
	}, func(ctx context.Context) error {
		unlock, err := s.threads.lock(ctx, owner, r.ThreadID)
		if err != nil {
			return err
		}
		defer unlock()
		if s.opts.Attachments != nil { // the files first: nobody would find them without the thread
			items, err := s.loadTail(ctx, owner, r.ThreadID, "")
			if err != nil {
				return err
			}
			if err := s.dropAttachments(ctx, owner, items, nil); err != nil {
				return err
			}
		}
		return s.store.DeleteThread(ctx, owner, r.ThreadID)
	})
	if err != nil {
		return nil, fmt.Errorf("delete thread %s: %w", r.ThreadID, err)
	}
	return emptyBody, nil
}

func (s *Server) transcribe(ctx context.Context, r *transcribeRequest) ([]byte, error) {
	if s.opts.Transcribe == nil {
		return nil, ErrUnsupported
	}
	text, err := s.opts.Transcribe(ctx, &r.Audio)
	if err != nil {
		return nil, fmt.Errorf("transcribe: %w", err)
	}
	return jsonx.Marshal(struct {
		Text string `json:"text"`
	}{text})
}

func (s *Server) syncCustomAction(ctx context.Context, owner string, r *syncCustomActionRequest) ([]byte, error) {
	if s.opts.SyncAction == nil {
		return nil, ErrUnsupported
	}
	th, err := s.loadThread(ctx, owner, r.ThreadID)
	if err != nil {
		return nil, err
	}
	if r.Action.Sender, err = s.loadSender(ctx, owner, r.ThreadID, r.ItemID); err != nil {
		return nil, err
	}
	updated, err := s.opts.SyncAction(ctx, th, &r.Action)
	if err != nil {
		return nil, fmt.Errorf("action %q: %w", r.Action.Type, err)
	}
	if updated == nil || Hidden(updated) {
		return emptyBody, nil
	}
	body, err := appendItem([]byte(`{"updated_item":`), updated, wireForm)
	if err != nil {
		return nil, fmt.Errorf("action %q: %w", r.Action.Type, err)
	}
	return append(body, '}'), nil
}
