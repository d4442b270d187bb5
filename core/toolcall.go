package chatkit

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/gochatkit/chatkit/core/run"
)

// DanglingToolCalls says what becomes of client tool calls that have no result when the conversation goes
// on without it: a tab was closed, a page reloaded, or the user did not wait. Models refuse a history with
// a call that was never answered.
type DanglingToolCalls int

const (
	// CompleteDangling completes the calls with a result that tells the model what happened, the object
	// {"error": "…"}. The model knows that it has asked, and may ask again.
	CompleteDangling DanglingToolCalls = iota
	// DeleteDangling deletes the calls, as if the model had never asked.
	DeleteDangling
	// KeepDangling keeps the calls as they are, pending, as the Python server does. Whoever makes model
	// input of the history has to leave them out.
	KeepDangling
)

// The results of calls that got none.
const (
	resultSuperseded = "the user sent a new message before there was a result"
	resultTimeout    = "there was no result in time"
)

func (s *Server) addClientToolOutput(r *addClientToolOutputRequest) *turnSpec {
	var waiting, older []*ClientToolCallItem
	none := refuse(http.StatusConflict, "No client tool call is waiting for a result.")
	more := false // another call waits for its result
	return &turnSpec{
		// The turn that asked may be about to end; it must not be cut off by its own answer.
		thread: r.ThreadID, policy: run.Queue, keepInput: true,
		check: func(ctx context.Context, t *Turn) (err error) {
			if t.Thread, err = s.loadThread(ctx, t.rec.owner, r.ThreadID); err != nil {
				return err
			}
			waiting, older, err = s.waitingToolCalls(ctx, t.rec.owner, r.ThreadID)
			if err == nil && len(waiting) == 0 {
				err = none
			}
			return err
		},
		prepare: func(ctx context.Context, t *Turn) (err error) {
			owner := t.rec.owner
			if waiting, err = s.expire(ctx, owner, r.ThreadID, waiting); err != nil {
				return err
			}
			if len(waiting) == 0 {
				return none
			}
			call, stale := waiting[0], append(waiting[1:], older...)
			if s.opts.ClientToolsInOrder {
				call, stale = waiting[len(waiting)-1], older
				more = len(waiting) > 1
				t.rec.quiet = more
			}
			call.Output, call.Status = r.Result, ClientToolCallCompleted
			t.ToolCall = CloneItem(call).(*ClientToolCallItem) // a clone has its own type
			options := s.opts.StreamOptions(ctx, t.Thread.Clone())
			err = s.batch(ctx, owner, func(store Store) error {
				if err := store.PutItem(ctx, owner, r.ThreadID, call); err != nil {
					return fmt.Errorf("store tool output: %w", err)
				}
				if len(stale) == 0 {
					return nil
				}
				if err := store.DeleteItems(ctx, owner, r.ThreadID, callIDs(stale)...); err != nil {
					return fmt.Errorf("delete stale tool calls: %w", err)
				}
				return nil
			})
			if err != nil {
				return err
			}
			if len(stale) > 0 {
				s.opts.Logger.WarnContext(ctx, "chatkit: client tool calls without a result were deleted",
					"thread", r.ThreadID, "items", callIDs(stale))
			}
			t.rec.announce(&StreamOptionsEvent{StreamOptions: options})
			return nil
		},
		respond: func(ctx context.Context, t *Turn) error {
			if more {
				return nil
			}
			return s.respond(ctx, t)
		},
	}
}

// waitingToolCalls returns the calls that wait for a result, newest first: those behind the last message of
// the user, whatever else was stored there. Older ones cannot be meant; those of them that it passes are
// returned apart.
func (s *Server) waitingToolCalls(ctx context.Context, owner, thread string) (waiting, older []*ClientToolCallItem, err error) {
	behind := false // the last message of the user has been passed
	for page, err := range s.walk(ctx, owner, thread, PageQuery{Order: OrderDesc}) {
		if err != nil {
			return nil, nil, fmt.Errorf("load newest items: %w", err)
		}
		for _, it := range page {
			switch it := it.(type) {
			case *UserMessageItem:
				behind = true
			case *ClientToolCallItem:
				switch {
				case it.Status != ClientToolCallPending:
				case behind:
					older = append(older, it)
				default:
					waiting = append(waiting, it)
				}
			default: // tells nothing
			}
		}
		if behind {
			break
		}
	}
	return waiting, older, nil
}

// resolveToolCalls does to calls that will get no result what Options.DanglingToolCalls says.
func (s *Server) resolveToolCalls(ctx context.Context, store Store, owner, thread string, calls []*ClientToolCallItem, why string) error {
	if len(calls) == 0 {
		return nil
	}
	switch s.opts.DanglingToolCalls {
	case KeepDangling:
		return nil
	case DeleteDangling:
		if err := store.DeleteItems(ctx, owner, thread, callIDs(calls)...); err != nil {
			return fmt.Errorf("delete dangling tool calls: %w", err)
		}
		return nil
	case CompleteDangling:
	}
	result, err := json.Marshal(map[string]string{"error": why})
	if err != nil {
		return fmt.Errorf("complete dangling tool calls: %w", err)
	}
	for _, call := range calls {
		call.Status, call.Output = ClientToolCallCompleted, result
		if err := store.PutItem(ctx, owner, thread, call); err != nil {
			return fmt.Errorf("complete dangling tool call %s: %w", call.ID, err)
		}
	}
	return nil
}

// expireToolCalls resolves the calls that have waited for longer than Options.ClientToolTimeout.
func (s *Server) expireToolCalls(ctx context.Context, owner, thread string) error {
	if s.opts.ClientToolTimeout <= 0 || s.opts.DanglingToolCalls == KeepDangling {
		return nil
	}
	waiting, _, err := s.waitingToolCalls(ctx, owner, thread)
	if err != nil {
		return err
	}
	_, err = s.expire(ctx, owner, thread, waiting)
	return err
}

// expire resolves those of the calls that have waited for too long, and returns the others.
func (s *Server) expire(ctx context.Context, owner, thread string, waiting []*ClientToolCallItem) (others []*ClientToolCallItem, err error) {
	if s.opts.ClientToolTimeout <= 0 || s.opts.DanglingToolCalls == KeepDangling {
		return waiting, nil
	}
	oldest := s.now().Add(-s.opts.ClientToolTimeout)
	var late []*ClientToolCallItem
	for _, call := range waiting {
		if call.CreatedAt.After(oldest) {
			others = append(others, call)
		} else {
			late = append(late, call)
		}
	}
	return others, s.resolveToolCalls(ctx, s.store, owner, thread, late, resultTimeout)
}

func callIDs(calls []*ClientToolCallItem) []string {
	ids := make([]string, len(calls))
	for i, call := range calls {
		ids[i] = call.ID
	}
	return ids
}
