package run

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

// An Orphan is a run whose process has died, taken over by this one.
type Orphan struct {
	RunInfo
	// Events are the events that the dead process had put into the log, as JSON, in order.
	Events [][]byte
	// Trimmed says that events before these were dropped.
	Trimmed bool
	// Failed is how often this process has tried in vain to end the run.
	Failed int
}

// readBatches is how many batches of an orphan's log are read at a time.
const readBatches = 256

// An endFunc stores what is to be kept of a run whose process has died, and returns the run's last events
// and what describes the run to clients that come back to it. It may be called again for a run whose end
// could not be recorded.
type endFunc = func(ctx context.Context, o Orphan) (Spec, [][]byte, error)

// Recover takes over the runs whose processes have died. It calls end for each, which stores what is to be
// kept and returns the run's last events and what describes the run to clients that come back to it. It
// returns when there are no more, or with what the engine or end had to complain of; one run does not keep
// the others from being ended. A run that is found dead later is ended in the same way when its thread is next asked
// for. One that this process has ended itself, and whose outcome could not be recorded, is only recorded then.
func (m *Manager) Recover(ctx context.Context, end func(ctx context.Context, o Orphan) (Spec, [][]byte, error)) error {
	engine := m.cfg.Engine
	if engine == nil {
		return nil
	}
	m.mu.Lock()
	m.end = end
	m.mu.Unlock()
	var errs []error
	tried := map[Key]bool{}
	for {
		orphans, err := call(ctx, m, func(ctx context.Context) ([]RunInfo, error) { return engine.Orphans(ctx, len(tried)+64) })
		if err != nil {
			return errors.Join(append(errs, fmt.Errorf("find runs that lost their process: %w", err))...)
		}
		orphans = slices.DeleteFunc(orphans, func(info RunInfo) bool { return tried[info.Key] })
		if len(orphans) == 0 {
			return errors.Join(errs...)
		}
		for _, info := range orphans {
			tried[info.Key] = true
			if err := m.adopt(ctx, info, end); err != nil && !errors.Is(err, ErrTaken) {
				errs = append(errs, fmt.Errorf("take over run %s: %w", info.Run, err))
			}
		}
	}
}

// bury ends a run that holds a thread although its owner is dead, and reports whether the thread is free.
func (m *Manager) bury(ctx context.Context, info RunInfo) bool {
	m.mu.Lock()
	end := m.end
	m.mu.Unlock()
	if end == nil || !info.Expired {
		return false
	}
	err := m.adopt(ctx, info, end)
	if err != nil && m.cfg.OnEngineError != nil {
		m.cfg.OnEngineError(info.Run, err)
	}
	return err == nil
}

func (m *Manager) adopt(ctx context.Context, info RunInfo, end endFunc) error {
	engine := m.cfg.Engine
	lease, err := call(ctx, m, func(ctx context.Context) (*Lease, error) { return engine.TakeOver(ctx, info, m.node) })
	if err != nil {
		return err
	}
	if outcome, ok := m.owes(info.Key); ok {
		return m.pay(ctx, lease, outcome)
	}
	o := Orphan{RunInfo: info}
	for after, ended := Seq(0), false; !ended; {
		page, err := call(ctx, m, func(ctx context.Context) (LogPage, error) { return engine.Read(ctx, info.Key, after, readBatches) })
		if err != nil {
			return err
		}
		o.Trimmed = o.Trimmed || page.Trimmed
		for _, b := range page.Batches {
			for line := range bytes.Lines(b.Data) {
				o.Events = append(o.Events, bytes.TrimSuffix(line, []byte("\n")))
			}
			after = b.Last
		}
		ended = page.Ended || len(page.Batches) == 0 || after >= page.Head
	}
	spec, last, err := m.endOrphan(ctx, o, end)
	if err != nil {
		return err
	}
	first := lease.Head.Place() + 1
	batch := Batch{}
	if len(last) > 0 {
		batch = Batch{
			First: MakeSeq(lease.Generation, first), Last: MakeSeq(lease.Generation, first+uint64(len(last))-1),
			Data: append(bytes.Join(last, []byte("\n")), '\n'),
		}
	}
	outcome := Outcome{Status: Interrupted, Reason: ReasonName(ErrLost), Retain: m.cfg.Retain}
	// Whatever time the end took: it has to be recorded now.
	if err := m.callFinish(context.WithoutCancel(ctx), lease, batch, outcome); err != nil {
		return err
	}
	m.mu.Lock()
	delete(m.failed, info.Key)
	m.mu.Unlock()
	m.revive(spec, batch.First, last, &EndError{Reason: ErrLost}, info)
	return nil
}

// endOrphan calls end and counts its failures.
func (m *Manager) endOrphan(ctx context.Context, o Orphan, end endFunc) (Spec, [][]byte, error) {
	m.mu.Lock()
	o.Failed = m.failed[o.Key]
	m.mu.Unlock()
	ctx, cancel := context.WithTimeoutCause(ctx, m.cfg.FinalizeTimeout, ErrDeadline)
	defer cancel()
	spec, last, err := end(ctx, o)
	m.mu.Lock()
	defer m.mu.Unlock()
	if err != nil {
		m.failed[o.Key]++
	}
	return spec, last, err
}

// revive makes an ended run of another process known to clients that come back to it: what they have seen is
// of another generation, so that they get a snapshot and the last events.
func (m *Manager) revive(spec Spec, first Seq, events [][]byte, cause error, info RunInfo) {
	if m.cfg.Retain <= 0 {
		return
	}
	r := &Run{
		m: m, spec: spec, phase: ended, ready: make(chan struct{}), done: make(chan struct{}), readers: map[*Reader]struct{}{},
		record: End{
			Run: info.Run, Owner: info.Owner, Thread: info.Thread, Kind: info.Kind,
			Status: Interrupted, Cause: cause, Duration: time.Since(info.Started),
		},
	}
	r.ctx, r.end = context.WithCancelCause(context.Background())
	r.end(cause)
	r.log = newLog(m.cfg.MaxLogSize, m.cfg.MaxLogEvents, &m.total)
	r.log.first = uint64(max(first, 1))
	for _, e := range events {
		r.log.Append(e)
	}
	r.log.end()
	if snapshot := spec.Snapshot; snapshot != nil {
		r.spec.Snapshot = func() ([]byte, uint64) {
			frames, _ := snapshot()
			return frames, r.log.first
		}
	}
	close(r.ready)
	close(r.done)
	m.mu.Lock()
	defer m.mu.Unlock()
	if known := m.tags[tagOf(spec.ID)]; known != nil && known.spec.ID == spec.ID {
		return // it was this process's own, and clients can still read all of it
	}
	m.tags[tagOf(spec.ID)] = r
	m.keep(r)
}
