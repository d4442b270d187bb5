package run

import (
	"context"
	"errors"
	"slices"
	"time"
)

type slotKey struct{ owner, thread string }

// A slot is a thread's claim to be written by one run at a time.
type slot struct {
	holder *Run
	queue  []*ticket
}

// A ticket is a place in a slot's line.
type ticket struct {
	run     *Run
	granted chan struct{}
}

// claim takes the thread's slot for r, waiting for it as the policy says. Places are given in the
// order in which they were asked for; that of several superseders only the newest runs follows from
// each one ending those before it.
func (m *Manager) claim(r *Run) error {
	if r.spec.Policy == Parallel {
		return nil
	}
	t, err := m.enter(r)
	if t == nil {
		return err
	}
	if r.spec.Policy == Supersede {
		err := r.check()
		if err == nil && !r.spec.KeepInput && r.ctx.Err() != nil {
			err = r.dropped() // it ends nobody any more
		}
		if err != nil {
			m.leave(r, t)
			return err
		}
		m.supersede(r, t)
	}
	patience := time.NewTimer(m.cfg.Handoff)
	defer patience.Stop()
	// A run whose input is to be kept waits on although its client has left or a newer request came.
	var gone <-chan struct{}
	if !r.spec.KeepInput {
		gone = r.ctx.Done()
	}
	select {
	case <-t.granted:
		return nil
	case <-gone:
		err = r.dropped()
	case <-patience.C:
		err = ErrBusy
	}
	if m.leave(r, t) {
		return nil // it was granted in the same moment
	}
	return err
}

// check reports whether the run can take the place of another one.
func (r *Run) check() (err error) {
	if r.spec.Check == nil {
		return nil
	}
	defer recovered(&err)
	ctx, cancel := r.detachedContext()
	defer cancel()
	return r.spec.Check(ctx)
}

// dropped is the error of a run that was ended before it began.
func (r *Run) dropped() error {
	e := &EndError{Reason: ErrDropped, Err: context.Cause(r.ctx)}
	if errors.Is(e.Err, ErrShutdown) {
		e.Reason = ErrClosed
	}
	return e
}

// enter takes the slot if it is free, else a ticket for it.
func (m *Manager) enter(r *Run) (*ticket, error) {
	key := slotKey{r.spec.Owner, r.spec.Thread}
	m.mu.Lock()
	defer m.mu.Unlock()
	s := m.slots[key]
	if s == nil {
		m.slots[key] = &slot{holder: r}
		return nil, nil
	}
	busy := len(s.queue) > 0 || !s.holder.settling()
	if r.spec.Policy == Reject && busy || len(s.queue) >= m.cfg.MaxWaiting {
		return nil, ErrBusy
	}
	t := &ticket{run: r, granted: make(chan struct{})}
	s.queue = append(s.queue, t)
	return t, nil
}

// supersede ends whatever stands before a run in the thread's line.
func (m *Manager) supersede(r *Run, t *ticket) {
	m.mu.Lock()
	defer m.mu.Unlock()
	s := m.slots[slotKey{r.spec.Owner, r.spec.Thread}]
	if s == nil || s.holder == r {
		return // its turn has come
	}
	cause := r.spec.Cause
	if cause == nil {
		cause = ErrSuperseded
	}
	s.holder.Cancel(cause, "")
	for _, other := range s.queue[:max(slices.Index(s.queue, t), 0)] {
		if other.run.spec.Policy == Supersede {
			other.run.Cancel(cause, "")
		}
	}
}

// leave gives a ticket back. It reports true if the slot was granted in the meantime.
func (m *Manager) leave(r *Run, t *ticket) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	s := m.slots[slotKey{r.spec.Owner, r.spec.Thread}]
	if s == nil || s.holder == r {
		return true
	}
	if i := slices.Index(s.queue, t); i >= 0 {
		s.queue = slices.Delete(s.queue, i, i+1)
	}
	return false
}

// release gives the slot to the next in line, if r holds it. If r stands in the line itself, it leaves that.
func (m *Manager) release(r *Run) {
	key := slotKey{r.spec.Owner, r.spec.Thread}
	m.mu.Lock()
	defer m.mu.Unlock()
	s := m.slots[key]
	if s == nil {
		return
	}
	if s.holder != r {
		s.queue = slices.DeleteFunc(s.queue, func(t *ticket) bool { return t.run == r })
		return
	}
	if len(s.queue) == 0 {
		delete(m.slots, key)
		return
	}
	next := s.queue[0]
	s.queue = slices.Delete(s.queue, 0, 1)
	s.holder = next.run
	close(next.granted)
}

// settling reports whether the run is on its way out.
func (r *Run) settling() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.phase >= finishing || r.cause != nil
}
