package chatkit

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync/atomic"
	"time"

	"github.com/gochatkit/chatkit/core/run"
)

// lostTries is how often the store is asked to take what is left of a lost turn. The tries are a lease apart.
const lostTries = 5

// recoveryPause is how long after a recovery that failed no request tries again.
const recoveryPause = time.Second

// A recovery ends the turns of processes that have died before the first request is answered. Whoever holds
// turn does it; the others wait.
type recovery struct {
	turn  chan struct{} // 1 slot
	done  atomic.Bool
	tried time.Time // when it was last found that something remains; whoever holds turn may use it
}

// Recover ends the turns of a process that has died, as interrupted: what was shown of their answers is
// stored, and a note for the model. Stores and OnCancel get a context without values. It needs
// Options.Run.Engine, and does nothing without it. The first request calls it if nobody has; call it at the
// start to see its error. Once it has succeeded it does nothing more; until then requests try again.
//
// A turn that the store refuses does not keep the others from being ended, and no request fails for it but those
// that would write to its thread, which are refused like those to a thread in use. It is tried again when its lease
// has run out, five times in all; then it is ended without what could not be stored. An error of OnCancel is logged.
func (s *Server) Recover(ctx context.Context) error { return s.recover(ctx, 0) }

// recover is Recover, unless the last one has failed less than pause ago.
func (s *Server) recover(ctx context.Context, pause time.Duration) error {
	r := &s.recovery
	if s.opts.Run.Engine == nil || r.done.Load() {
		return nil
	}
	select {
	case r.turn <- struct{}{}:
		defer func() { <-r.turn }()
	case <-ctx.Done():
		return fmt.Errorf("wait for the recovery of turns: %w", context.Cause(ctx))
	}
	if r.done.Load() || time.Since(r.tried) < pause {
		return nil
	}
	if err := s.runs.Recover(context.WithoutCancel(ctx), s.endLost); err != nil {
		r.tried = time.Now()
		s.opts.Logger.ErrorContext(ctx, "chatkit: recover turns of a process that died", "err", err)
		return fmt.Errorf("recover turns of a process that died: %w", err)
	}
	r.done.Store(true)
	return nil
}

// A bare context has the end of another one and none of its values.
type bare struct{ context.Context }

func (bare) Value(any) any { return nil }

// endLost ends one turn whose process has died: its pending items are made again from its events. The request
// that happens to find the turn may be anybody's, so nothing of it reaches a hook or the store.
func (s *Server) endLost(ctx context.Context, o run.Orphan) (run.Spec, [][]byte, error) {
	ctx = bare{ctx}
	rec := &recorder{srv: s, owner: o.Owner, thread: o.Thread, ctx: ctx, ref: newTurnRef(o.Thread), lost: true}
	rec.ref.run = o.Run
	for _, data := range o.Events {
		e, err := UnmarshalEvent(data)
		if err != nil {
			s.opts.Logger.WarnContext(ctx, "chatkit: event of a lost turn cannot be read", "run", o.Run, "err", err)
			continue
		}
		rec.track(e) // the store has it already
	}
	end := s.endingOf(run.ErrLost, true)
	log := s.opts.Logger.With("thread", o.Thread, "run", o.Run)
	if err := guard(ctx, func() error { return s.keepLost(ctx, rec, end, log) }); err != nil {
		if o.Failed+1 < lostTries {
			return run.Spec{}, nil, err
		}
		log.ErrorContext(ctx, "chatkit: a lost turn is ended without what could not be stored", "err", err)
	}
	log.Log(ctx, end.level, "chatkit: the process of a turn died; what was shown is stored")
	last, err := appendEvent(nil, end.event)
	if err != nil {
		return run.Spec{}, nil, err
	}
	spec := run.Spec{ID: o.Run, Owner: o.Owner, Thread: o.Thread, Kind: o.Kind, Data: rec}
	spec.Snapshot = func() ([]byte, uint64) { return rec.stored(), 0 }
	return spec, [][]byte{last}, nil
}

// keepLost stores what is left of a lost turn. It returns the errors of the store; those of OnCancel would come again.
func (s *Server) keepLost(ctx context.Context, rec *recorder, end ending, log *slog.Logger) error {
	th, err := s.store.Thread(ctx, rec.owner, rec.thread)
	if errors.Is(err, ErrNotFound) { // deleted in the meantime
		return nil
	}
	if err != nil {
		return fmt.Errorf("load thread %s: %w", rec.thread, err)
	}
	pending, err := s.unstored(ctx, rec)
	if err != nil {
		return err
	}
	c := &Cancellation{
		Thread: th, Pending: pending, Note: end.note, Cause: &run.EndError{Reason: run.ErrLost}, RunID: rec.ref.run,
		Owner: rec.owner, rec: rec,
	}
	if err := guard(ctx, func() error { return s.opts.OnCancel(ctx, c) }); err != nil {
		if c.failed != nil {
			return fmt.Errorf("store the end of a lost turn: %w", err)
		}
		log.ErrorContext(ctx, "chatkit: store the end of a turn", "err", err)
	}
	rec.mu.Lock()
	defer rec.mu.Unlock()
	for _, it := range c.Pending {
		rec.shown = append(rec.shown, it.Meta().ID)
	}
	return nil
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
