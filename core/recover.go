package chatkit

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"

	"github.com/gochatkit/chatkit/core/run"
)

// A recovery ends the turns of processes that have died before the first request is answered. Whoever holds
// turn does it; the others wait.
type recovery struct {
	turn chan struct{} // 1 slot
	done atomic.Bool
}

// Recover ends the turns of a process that has died, as interrupted: what was shown of their answers is
// stored, and a note for the model. Stores and OnCancel get a context without values. It needs Options.Run.Engine, and does nothing without it. The first
// request calls it if nobody has; call it at the start to see its error. Once it has succeeded it does
// nothing more; until then each request tries again.
func (s *Server) Recover(ctx context.Context) error {
	if s.opts.Run.Engine == nil || s.recovery.done.Load() {
		return nil
	}
	select {
	case s.recovery.turn <- struct{}{}:
		defer func() { <-s.recovery.turn }()
	case <-ctx.Done():
		return fmt.Errorf("wait for the recovery of turns: %w", context.Cause(ctx))
	}
	if s.recovery.done.Load() {
		return nil
	}
	if err := s.runs.Recover(context.WithoutCancel(ctx), s.endLost); err != nil {
		s.opts.Logger.ErrorContext(ctx, "chatkit: recover turns of a process that died", "err", err)
		return fmt.Errorf("recover turns of a process that died: %w", err)
	}
	s.recovery.done.Store(true)
	return nil
}

// A bare context has the end of another one and none of its values.
type bare struct{ context.Context }

func (bare) Value(any) any { return nil }

// endLost ends one turn whose process has died: its pending items are made again from its events. The request
// that happens to find the turn may be anybody's, so nothing of it reaches a hook or the store.
func (s *Server) endLost(ctx context.Context, o run.Orphan) (run.Spec, [][]byte, error) {
	ctx = bare{ctx}
	rec := &recorder{srv: s, owner: o.Owner, thread: o.Thread, ctx: ctx, ref: newTurnRef(o.Thread)}
	rec.ref.run = o.Run
	for _, data := range o.Events {
		e, err := UnmarshalEvent(data)
		if err != nil {
			s.opts.Logger.WarnContext(ctx, "chatkit: event of a lost turn cannot be read", "run", o.Run, "err", err)
			continue
		}
		rec.track(e) // the store has it already
	}
	cause := &run.EndError{Reason: run.ErrLost}
	end := s.endingOf(cause, true)
	th, err := s.store.Thread(ctx, o.Owner, o.Thread)
	switch {
	case errors.Is(err, ErrNotFound): // deleted in the meantime
	case err != nil:
		return run.Spec{}, nil, fmt.Errorf("load thread %s: %w", o.Thread, err)
	default:
		pending, err := s.unstored(ctx, rec)
		if err != nil {
			return run.Spec{}, nil, err
		}
		c := &Cancellation{
			Thread: th, Pending: pending, Note: end.note, Cause: cause, RunID: o.Run, Owner: o.Owner, rec: rec,
		}
		if err := guard(ctx, func() error { return s.opts.OnCancel(ctx, c) }); err != nil {
			return run.Spec{}, nil, fmt.Errorf("store the end of a lost turn: %w", err)
		}
		for _, it := range c.Pending {
			rec.shown = append(rec.shown, it.Meta().ID)
		}
	}
	s.opts.Logger.Log(ctx, end.level, "chatkit: the process of a turn died; what was shown is stored", "thread", o.Thread, "run", o.Run)
	last, err := appendEvent(nil, end.event)
	if err != nil {
		return run.Spec{}, nil, err
	}
	spec := run.Spec{ID: o.Run, Owner: o.Owner, Thread: o.Thread, Kind: o.Kind, Data: rec}
	spec.Snapshot = func() ([]byte, uint64) { return rec.stored(), 0 }
	return spec, [][]byte{last}, nil
}

// unstored returns the pending items of a lost turn that the store does not have. The dead process may have
// stored an item whose last events did not get into the log any more; what it stored is the longer one.
func (s *Server) unstored(ctx context.Context, rec *recorder) (pending []Item, err error) {
	for _, it := range rec.unfinished() {
		switch _, err := s.store.Item(ctx, rec.owner, rec.thread, it.Meta().ID); {
		case err == nil:
			rec.complete(it)
		case errors.Is(err, ErrNotFound):
			pending = append(pending, it)
		default:
			return nil, fmt.Errorf("load item %s: %w", it.Meta().ID, err)
		}
	}
	return pending, nil
}

// noteID returns the id of a turn's note for the model. It follows from the run, so that whoever ends the
// turn a second time, because the first end was not recorded, writes the same note. With the application's own ids
// it does not follow from anything, and a second end writes a second note.
func (s *Server) noteID(runID string) string {
	if s.ownIDs {
		return s.opts.NewID(IDHiddenContext)
	}
	return idPrefixes[IDHiddenContext] + strings.TrimPrefix(runID, "run_")
}
