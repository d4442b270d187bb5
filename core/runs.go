package chatkit

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/gochatkit/chatkit/core/internal/jsonx"
	"github.com/gochatkit/chatkit/core/run"
)

// The requests of this file are this server's own. They ride on the one route of the protocol, so that no
// application has another one to mount and to protect.

type attachRunRequest struct {
	requestBase
	ThreadID string
	RunID    string // empty for the one in progress
	After    int64  // the number of the last event the client has, 0 for none
}

type cancelRunRequest struct {
	requestBase
	ThreadID string
	RunID    string // empty for the one in progress
	Wait     bool   // answer when the end is stored
}

type activeRunRequest struct {
	requestBase
	ThreadID string
}

// An Access is what a client wants with a turn in progress.
type Access struct {
	Verb     Verb
	Owner    string // of the thread; whoever asks is the same
	ThreadID string
	RunID    string
}

// A Verb is what can be done with a turn in progress.
type Verb string

// The verbs of an [Access].
const (
	VerbAttach Verb = "attach" // watch it
	VerbCancel Verb = "cancel" // end it
)

func (s *Server) authorize(ctx context.Context, verb Verb, r *run.Run) error {
	if s.opts.Authorize == nil {
		return nil
	}
	a := Access{Verb: verb, Owner: r.Owner(), ThreadID: r.Thread(), RunID: r.ID()}
	if err := s.opts.Authorize(ctx, a); err != nil {
		s.opts.Logger.InfoContext(ctx, "chatkit: access to a turn refused", "verb", verb, "thread", a.ThreadID, "run", a.RunID, "err", err)
		return run.ErrUnknownRun
	}
	return nil
}

// findRun returns the run that a client means: the one it names, or the one in progress.
func (s *Server) findRun(ctx context.Context, verb Verb, owner, thread, id string) (*run.Run, error) {
	var r *run.Run
	if id == "" {
		r = s.runs.Active(owner, thread)
	} else {
		r, _ = s.runs.Find(owner, thread, id)
	}
	if r == nil {
		return nil, run.ErrUnknownRun
	}
	return r, s.authorize(ctx, verb, r)
}

// attachRun answers with the events of a turn after the one the client has.
func (s *Server) attachRun(ctx context.Context, owner string, req *Request, r *attachRunRequest) (*Result, error) {
	found, err := s.findRun(ctx, VerbAttach, owner, r.ThreadID, r.RunID)
	if err != nil {
		return nil, err
	}
	return s.attach(req, found, uint64(max(r.After, 0)))
}

// cancelWait is how long an answer to a cancel may wait for the end to be stored.
const cancelWait = 10 * time.Second

// cancelRun ends a turn because the user said so. That it has ended already is no error: the user has what
// they wanted.
func (s *Server) cancelRun(ctx context.Context, owner string, r *cancelRunRequest) ([]byte, error) {
	found, err := s.findRun(ctx, VerbCancel, owner, r.ThreadID, r.RunID)
	if errors.Is(err, run.ErrUnknownRun) && r.RunID == "" {
		if _, err := s.loadThread(ctx, owner, r.ThreadID); err != nil {
			return nil, err
		}
		return emptyBody, nil // nothing is in progress
	}
	if err != nil {
		return nil, err
	}
	found.Cancel(run.ErrStopped, "")
	if r.Wait {
		timer := time.NewTimer(cancelWait)
		defer timer.Stop()
		select {
		case <-found.Done():
		case <-timer.C:
		case <-ctx.Done():
			return nil, fmt.Errorf("wait for the end of run %s: %w", found.ID(), ctx.Err())
		}
	}
	return runBody(found)
}

// activeRun tells which turn is in progress on a thread.
func (s *Server) activeRun(ctx context.Context, owner string, r *activeRunRequest) ([]byte, error) {
	if _, err := s.loadThread(ctx, owner, r.ThreadID); err != nil {
		return nil, err
	}
	found, err := s.findRun(ctx, VerbAttach, owner, r.ThreadID, "")
	if err != nil {
		return emptyBody, nil // no turn, or none that concerns this client
	}
	return runBody(found)
}

func runBody(r *run.Run) ([]byte, error) {
	return jsonx.Marshal(struct {
		RunID  string     `json:"run_id"`
		Status run.Status `json:"status"`
	}{r.ID(), r.End().Status})
}
