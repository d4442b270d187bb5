package chatkit

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"

	"github.com/gochatkit/chatkit/core/internal/jsonx"
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

// resume answers a streaming request whose client has seen part of its turn already: what is stored is
// never stored again.
func (s *Server) resume(ctx context.Context, owner string, req *Request, r request) (*Result, error) {
	thread := threadOf(r)
	found, number, err := s.runs.FindEvent(owner, thread, req.header(headerLastEventID))
	if err != nil {
		input, err := s.findInput(ctx, owner, thread, r)
		if err != nil {
			return nil, err
		}
		return s.replay(ctx, owner, thread, input)
	}
	if err := s.authorize(ctx, VerbAttach, found); err != nil {
		return nil, err
	}
	rec, ok := found.Data().(*recorder)
	if !ok {
		return nil, run.ErrUnknownRun // it makes no events
	}
	return s.rejoin(ctx, owner, req, rec.ref, number)
}

// rejoin lets a client that was gone see the rest of its turn, or of the one that answers its message now. If
// that was ended because its client seemed to be gone, the leaving was no stop, and the message is answered again.
func (s *Server) rejoin(ctx context.Context, owner string, req *Request, ref *turnRef, after uint64) (*Result, error) {
	for {
		if last := ref.last(); last != ref {
			ref, after = last, 0 // the client has seen nothing of it
		}
		found, err := s.runs.Find(owner, ref.thread, ref.run)
		if err != nil {
			return s.replay(ctx, owner, ref.thread, ref.inputID())
		}
		if !found.CausedBy(run.ErrDisconnected) {
			return s.attach(req, found, after)
		}
		select { // it may still turn out that the answer was complete
		case <-found.Done():
		case <-ctx.Done():
			return nil, fmt.Errorf("wait for the end of run %s: %w", found.ID(), ctx.Err())
		}
		if rec, ok := found.Data().(*recorder); ok && ref.inputID() != "" && found.CausedBy(run.ErrDisconnected) {
			if again, err := s.again(ctx, owner, req, rec); again != nil || err != nil {
				return again, err
			}
		}
		if ref.last() == ref {
			return s.attach(req, found, after)
		}
	}
}

func (s *Server) attach(req *Request, to *run.Run, after uint64) (*Result, error) {
	reader, err := s.runs.Attach(to, after)
	if err != nil {
		return nil, fmt.Errorf("attach to run %s: %w", to.ID(), err)
	}
	return resultOf(reader, req), nil
}

// again answers a message anew whose turn was ended because its client seemed to be gone: what that turn
// stored is taken back. It returns nil if something else has happened on the thread since, or if another
// request was faster.
func (s *Server) again(ctx context.Context, owner string, req *Request, ended *recorder) (*Result, error) {
	ref := ended.ref
	select {
	case ref.following <- struct{}{}:
		defer func() { <-ref.following }()
	case <-ctx.Done():
		return nil, fmt.Errorf("wait for an equal request: %w", ctx.Err())
	}
	if ref.last() != ref {
		return nil, nil
	}
	r := &retryAfterItemRequest{ThreadID: ref.thread, ItemID: ref.inputID()}
	r.requestBase.begin("threads.retry_after_item", nil)
	spec := s.retryAfterItem(r)
	spec.yields = true // its turn has ended: whoever has the thread now is newer
	check, prepare := spec.check, spec.prepare
	var tail []Item
	spec.check = func(ctx context.Context, t *Turn) (err error) {
		if tail, err = s.loadTail(ctx, owner, r.ThreadID, r.ItemID); err != nil {
			return err
		}
		for _, it := range tail {
			if _, own := ended.made.Load(it.Meta().ID); !own {
				return errMovedOn
			}
		}
		return check(ctx, t)
	}
	spec.prepare = func(ctx context.Context, t *Turn) error {
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
	switch {
	case errors.Is(err, errMovedOn), errors.Is(err, run.ErrBusy), errors.Is(err, run.ErrDropped):
		return nil, nil
	case err != nil:
		return nil, err
	}
	ref.follower.Store(result.turn())
	return result, nil
}

// errMovedOn says that a thread has more behind the message that was to be answered again than its old answer.
var errMovedOn = refuse(http.StatusConflict, "The conversation has moved on.")

// findInput returns the id of the newest message of a thread that says the same as a request, "" if
// there is none.
func (s *Server) findInput(ctx context.Context, owner, thread string, r request) (string, error) {
	message, ok := r.(*addUserMessageRequest)
	if !ok {
		return "", nil
	}
	if _, err := s.loadThread(ctx, owner, thread); err != nil {
		return "", err
	}
	page, err := s.store.Items(ctx, owner, thread, PageQuery{Limit: historyPage, Order: OrderDesc})
	if err != nil {
		return "", fmt.Errorf("load newest items: %w", err)
	}
	for _, it := range page.Data {
		if m, ok := it.(*UserMessageItem); ok && sameContent(m.Content, message.Input.Content) {
			return m.ID, nil
		}
	}
	return "", nil
}

// replay answers a repeated request whose turn is no longer known: the message and what followed it, as
// they are stored. Without a message the stream is empty.
func (s *Server) replay(ctx context.Context, owner, thread, input string) (*Result, error) {
	var frames recorded
	if input == "" {
		return &Result{source: &frames}, nil
	}
	it, err := s.loadItem(ctx, owner, thread, input)
	if err != nil {
		return nil, err
	}
	tail, err := s.loadTail(ctx, owner, thread, input)
	if err != nil {
		return nil, err
	}
	for _, it := range append([]Item{it}, tail...) {
		if Hidden(it) {
			continue
		}
		frame, err := appendEvent(nil, &ThreadItemDoneEvent{Item: it})
		if err != nil {
			return nil, err
		}
		frames = appendFrame(frames, frame)
	}
	return &Result{source: &frames}, nil
}

func sameContent(a, b []UserMessageContent) bool {
	return slices.EqualFunc(a, b, func(a, b UserMessageContent) bool {
		x, errA := jsonx.Marshal(a)
		y, errB := jsonx.Marshal(b)
		return errA == nil && errB == nil && bytes.Equal(x, y)
	})
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
