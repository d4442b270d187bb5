package chatkit

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"

	"github.com/gochatkit/chatkit/core/run"
)

// A recovery ends the turns of processes that have died, once, before the first request is answered.
type recovery struct {
	once sync.Once
	done chan struct{}
	err  error
}

// Recover ends the turns of a process that has died, as interrupted: what was shown of their answers is
// stored, and a note for the model. It needs Options.Run.Engine, and does nothing without it. The first
// request calls it if nobody has; call it at the start to see its error. It works once.
func (s *Server) Recover(ctx context.Context) error {
	if s.opts.Run.Engine == nil {
		return nil
	}
	s.recovery.once.Do(func() {
		defer close(s.recovery.done)
		s.recovery.err = s.runs.Recover(context.WithoutCancel(ctx), s.endLost)
		if s.recovery.err != nil {
			s.opts.Logger.ErrorContext(ctx, "chatkit: recover turns of a process that died", "err", s.recovery.err)
		}
	})
	select {
	case <-s.recovery.done:
		return s.recovery.err
	case <-ctx.Done():
		return fmt.Errorf("wait for the recovery of turns: %w", context.Cause(ctx))
	}
}

// endLost ends one turn whose process has died: its pending items are made again from its events.
func (s *Server) endLost(ctx context.Context, o run.Orphan) (run.Spec, [][]byte, error) {
	rec := &recorder{srv: s, owner: o.Owner, thread: o.Thread, ctx: ctx}
	for _, data := range o.Events {
		e, err := UnmarshalEvent(data)
		if err != nil {
			s.opts.Logger.WarnContext(ctx, "chatkit: event of a lost turn cannot be read", "run", o.Run, "err", err)
			continue
		}
		rec.retrace(e)
	}
	cause := &run.EndError{Reason: run.ErrLost}
	end := s.endingOf(cause, true)
	th, err := s.store.Thread(ctx, o.Owner, o.Thread)
	switch {
	case errors.Is(err, ErrNotFound): // deleted in the meantime
	case err != nil:
		return run.Spec{}, nil, fmt.Errorf("load thread %s: %w", o.Thread, err)
	default:
		c := &Cancellation{
			Thread: th, Pending: rec.unfinished(), Note: end.note, Cause: cause, RunID: o.Run, owner: o.Owner, srv: s,
		}
		if err := guard(func() error { return s.opts.OnCancel(ctx, c) }); err != nil {
			return run.Spec{}, nil, fmt.Errorf("store the end of a lost turn: %w", err)
		}
		for _, it := range c.Pending {
			rec.shown = append(rec.shown, it.Meta().ID)
		}
	}
	s.opts.Logger.LogAttrs(ctx, end.level, "chatkit: the process of a turn died; what was shown is stored")
	last, err := appendEvent(nil, end.event)
	if err != nil {
		return run.Spec{}, nil, err
	}
	t := &Turn{Thread: th, rec: rec}
	spec := run.Spec{ID: o.Run, Owner: o.Owner, Thread: o.Thread, Kind: o.Kind, Data: t}
	spec.Snapshot = func() ([]byte, uint64) { return rec.stored(), 0 }
	return spec, [][]byte{last}, nil
}

// retrace follows an event that was recorded before: the store has it already.
func (r *recorder) retrace(e Event) {
	switch e := e.(type) {
	case *ThreadItemAddedEvent:
		r.add(e.Item)
	case *ThreadItemUpdatedEvent:
		if p := r.find(e.ItemID); p != nil {
			p.apply(e.Update)
		}
	case *ThreadItemDoneEvent:
		r.settled(e.Item)
	case *ThreadItemReplacedEvent:
		r.settled(e.Item)
	case *ThreadItemRemovedEvent:
		r.settle(e.ItemID)
	default: // passed by
	}
}

func (r *recorder) settled(it Item) {
	r.settle(it.Meta().ID)
	r.shown = append(r.shown, it.Meta().ID)
}

// noteID returns the id of a turn's note for the model. It follows from the run, so that whoever ends the
// turn a second time, because the first end was not recorded, writes the same note.
func (s *Server) noteID(runID string) string {
	if s.ownIDs {
		return s.opts.NewID(IDHiddenContext)
	}
	return idPrefixes[IDHiddenContext] + strings.TrimPrefix(runID, "run_")
}
