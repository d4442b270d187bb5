package chatkit

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/gochatkit/chatkit/core/run"
)

// The headers with which a client says what it can do, and finds its way back.
const (
	// headerResume, set to 1, declares that the client follows a turn by event ids and stops it with a
	// request of its own, so that a lost connection is no stop.
	headerResume = "ChatKit-Resume"
	// headerLastEventID makes a repeated request the same turn again.
	headerLastEventID = "Last-Event-ID"
	// headerRun tells a client the name of its turn before the first event: thread/run.
	headerRun = "ChatKit-Run"
)

// header returns a request header, or "".
func (r *Request) header(name string) string {
	if r.Header == nil {
		return ""
	}
	return r.Header(name)
}

func (r *Request) resumes() bool { return r.header(headerResume) == "1" }

// resume answers a streaming request whose client has seen part of its turn already: what is stored is
// never stored again.
func (s *Server) resume(ctx context.Context, owner string, req *Request, r request) (*Result, error) {
	thread := threadOf(r)
	found, number, err := s.runs.FindEvent(owner, thread, req.header(headerLastEventID))
	if err != nil {
		return s.replay(ctx, owner, thread, r)
	}
	if err := s.authorize(ctx, VerbAttach, found); err != nil {
		return nil, err
	}
	if t, ok := found.Data().(*Turn); ok && errors.Is(found.End().Cause, run.ErrDisconnected) && t.Input != nil {
		// The client is back, so its leaving was no stop.
		if again, err := s.again(ctx, owner, req, r, t); again != nil || err != nil {
			return again, err
		}
	}
	return s.attach(req, found, number)
}

func (s *Server) attach(req *Request, to *run.Run, after uint64) (*Result, error) {
	reader, err := s.runs.Attach(to, after)
	if err != nil {
		return nil, fmt.Errorf("attach to run %s: %w", to.ID(), err)
	}
	return &Result{reader: reader, tellsEnd: req.resumes()}, nil
}

// again answers the message of a turn that was ended because its client seemed to be gone: what that turn
// stored is taken back, and it begins anew. It returns nil if something else has happened on the thread
// since.
func (s *Server) again(ctx context.Context, owner string, req *Request, r request, old *Turn) (*Result, error) {
	spec := s.retryAfterItem(&retryAfterItemRequest{ThreadID: old.Thread.ID, ItemID: old.Input.ID})
	prepare := spec.prepare
	spec.prepare = func(ctx context.Context, t *Turn) error {
		tail, err := s.loadTail(ctx, owner, old.Thread.ID, old.Input.ID)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(tail, func(it Item) bool { _, ok := it.(*UserMessageItem); return ok }) {
			return errMovedOn
		}
		if err := prepare(ctx, t); err != nil {
			return err
		}
		for _, it := range tail {
			if !Hidden(it) {
				t.rec.announce(&ThreadItemRemovedEvent{ItemID: it.Meta().ID})
			}
		}
		return nil
	}
	result, err := s.begin(ctx, owner, req, r, spec)
	if errors.Is(err, errMovedOn) {
		return nil, nil
	}
	return result, err
}

// errMovedOn says that a thread has newer messages than the one that was to be answered again.
var errMovedOn = errors.New("the thread has moved on")

// replay answers a repeated request whose turn is no longer known: the items that followed the message,
// as they are stored. Without such a message the stream is empty.
func (s *Server) replay(ctx context.Context, owner, thread string, r request) (*Result, error) {
	var in *userMessageInput
	if r, ok := r.(*addUserMessageRequest); ok {
		in = &r.Input
	}
	result := &Result{frames: []byte{}}
	if in == nil || thread == "" {
		return result, nil
	}
	if _, err := s.loadThread(ctx, owner, thread); err != nil {
		return nil, err
	}
	page, err := s.store.Items(ctx, owner, thread, PageQuery{Limit: historyPage, Order: OrderDesc})
	if err != nil {
		return nil, fmt.Errorf("load newest items: %w", err)
	}
	i := slices.IndexFunc(page.Data, func(it Item) bool {
		m, ok := it.(*UserMessageItem)
		return ok && sameContent(m.Content, in.Content)
	})
	for ; i > 0; i-- {
		frame, err := appendEvent(nil, &ThreadItemDoneEvent{Item: page.Data[i-1]})
		if err != nil {
			return nil, err
		}
		result.frames = append(append(append(result.frames, "data: "...), frame...), "\n\n"...)
	}
	return result, nil
}

func sameContent(a, b []UserMessageContent) bool {
	return slices.EqualFunc(a, b, func(a, b UserMessageContent) bool {
		x, errA := marshalPlain(a)
		y, errB := marshalPlain(b)
		return errA == nil && errB == nil && bytes.Equal(x, y)
	})
}

// loadTail returns the items after the one with the given id, hidden ones included.
func (s *Server) loadTail(ctx context.Context, owner, thread, id string) ([]Item, error) {
	var tail []Item
	q := PageQuery{After: id, Limit: historyPage, Order: OrderAsc, Hidden: true}
	for {
		page, err := s.store.Items(ctx, owner, thread, q)
		if err != nil {
			return nil, fmt.Errorf("load items after %s: %w", id, err)
		}
		tail = append(tail, page.Data...)
		if !page.HasMore || page.After == "" {
			return tail, nil
		}
		q.After = page.After
	}
}

// threadOf returns the thread that a request names, "" if it makes a new one.
func threadOf(r request) string {
	switch r := r.(type) {
	case *addUserMessageRequest:
		return r.ThreadID
	case *addClientToolOutputRequest:
		return r.ThreadID
	case *addStructuredInputRequest:
		return r.ThreadID
	case *retryAfterItemRequest:
		return r.ThreadID
	case *customActionRequest:
		return r.ThreadID
	}
	return ""
}
