package run

import (
	"context"
	"errors"
	"math"
	"sync/atomic"
	"time"
)

// A holder keeps a run's log and lease in the engine. To the log it is one more reader: what it has not
// taken yet is what the end of the process would lose.
type holder struct {
	run     *Run
	lease   *Lease
	reader  *Reader // only to be woken
	next    uint64  // number of the next event to store
	stop    context.CancelFunc
	done    chan struct{}         // closed when keep has returned; until then lease and next are keep's
	fenced  atomic.Bool           // somebody else owns the run
	proof   atomic.Int64          // when the last call was sent that proved the opposite, time since the manager's start
	doubt   *time.Timer           // ends the run when the proof is as old as half a lease
	failure atomic.Pointer[error] // of the last call
}

// lease claims the run's thread in the engine, if there is one and the run makes events.
func (r *Run) lease() error {
	cfg := r.m.cfg
	if cfg.Engine == nil || r.spec.Produce == nil {
		return nil
	}
	ctx, cancel := r.detachedContext()
	defer cancel()
	request := ClaimRequest{
		Key: r.key(), Node: r.m.node, Kind: r.spec.Kind, Shared: r.spec.Policy == Parallel, TTL: cfg.LeaseTTL,
	}
	claim := func(ctx context.Context) (*Lease, error) { return cfg.Engine.Claim(ctx, request) }
	lease, err := call(ctx, r.m, claim)
	var busy *BusyError
	if errors.As(err, &busy) && r.m.bury(ctx, busy.Holder) {
		lease, err = call(ctx, r.m, claim)
	}
	if err != nil {
		return err
	}
	h := &holder{
		run: r, lease: lease, reader: &Reader{run: r, keeps: true, wake: make(chan struct{}, 1)},
		next: 1, done: make(chan struct{}),
	}
	keeping, stop := context.WithCancel(context.WithoutCancel(r.ctx))
	h.stop = stop
	h.proof.Store(int64(r.m.since(lease.Sent)))
	h.doubt = time.AfterFunc(max(cfg.LeaseTTL/2-h.age(), cfg.LeaseTTL/10), h.lost)
	r.holder = h
	go h.keep(keeping)
	return nil
}

func (r *Run) key() Key { return Key{Owner: r.spec.Owner, Thread: r.spec.Thread, Run: r.spec.ID} }

// keep stores what is appended to the log, as soon as it is, and prolongs the lease.
func (h *holder) keep(ctx context.Context) {
	defer close(h.done)
	third := h.run.m.cfg.LeaseTTL / 3
	renew := time.NewTimer(third)
	defer renew.Stop()
	var buf []byte
	failed := false // the last call of the engine
	for ctx.Err() == nil {
		var first, next uint64
		buf, first, next = h.run.log.lines(h.reader, h.next, buf[:0], readLimit)
		var answer Feedback
		var err error
		if first > h.next {
			h.run.cancel(&EndError{Reason: ErrEngineLost, Err: errTrimmed})
			return
		}
		switch {
		case len(buf) > 0:
			answer, err = h.store(ctx, buf, next)
		case failed:
			answer, err = h.renew(ctx)
		default:
			renew.Reset(third - h.age())
			select {
			case <-h.reader.wake:
				continue
			case <-renew.C:
				answer, err = h.renew(ctx)
			case <-ctx.Done():
				return
			}
		}
		failed = err != nil
		if !h.heed(ctx, answer, err) {
			return
		}
	}
}

// store appends the events from h.next to the one before next.
func (h *holder) store(ctx context.Context, lines []byte, next uint64) (Feedback, error) {
	ctx, cancel := h.patience(ctx)
	defer cancel()
	answer, err := h.run.m.cfg.Engine.Append(ctx, h.lease, h.batch(lines, next))
	var gap *GapError
	switch {
	case err == nil:
		h.next = next
	case errors.As(err, &gap):
		h.next = gap.Head.Place() + 1 // the engine has lost its tail; send it again
		err = nil
	}
	return answer, err
}

func (h *holder) renew(ctx context.Context) (Feedback, error) {
	ctx, cancel := h.patience(ctx)
	defer cancel()
	return h.run.m.cfg.Engine.Renew(ctx, h.lease)
}

// patience ends a call of the engine in time for another try, and for the run to be ended while its lease
// still holds.
func (h *holder) patience(ctx context.Context) (context.Context, context.CancelFunc) {
	ttl := h.run.m.cfg.LeaseTTL
	return context.WithTimeout(ctx, max((ttl/2-h.age())/2, ttl/20))
}

// age is how long ago the last call was sent that proved that the run is this process's own.
func (h *holder) age() time.Duration { return h.run.m.now() - time.Duration(h.proof.Load()) }

// lost ends the run while its lease still holds, so that what it has can be stored. It is a timer that calls it:
// whoever waits for the engine may wait for long.
func (h *holder) lost() {
	err := errUnanswered
	if failure := h.failure.Load(); failure != nil {
		err = *failure
	}
	h.run.cancel(&EndError{Reason: ErrEngineLost, Err: err})
}

func (h *holder) batch(lines []byte, next uint64) Batch {
	generation := h.lease.Generation
	return Batch{First: MakeSeq(generation, h.next), Last: MakeSeq(generation, next-1), Data: lines}
}

// heed acts on an answer of the engine and reports whether the run is still this process's own.
func (h *holder) heed(ctx context.Context, answer Feedback, err error) bool {
	ttl := h.run.m.cfg.LeaseTTL
	switch {
	case errors.Is(err, ErrFenced):
		h.fenced.Store(true)
		h.run.Cancel(ErrFenced, "")
		return false
	case ctx.Err() != nil:
	case err != nil:
		h.failure.Store(&err)
		select {
		case <-time.After(ttl / 50):
		case <-ctx.Done():
		}
	default:
		h.proof.Store(int64(h.run.m.since(h.lease.Sent)))
		h.failure.Store(nil)
		h.doubt.Reset(ttl/2 - h.age())
	}
	if answer.Signal != nil {
		if reason := ReasonNamed(answer.Signal.Reason); reason != nil {
			h.run.Cancel(reason, answer.Signal.By)
		}
	}
	return true
}

// finish stores the rest of the log and the run's outcome. If the engine does not take them while the lease holds, the
// outcome is recorded when it has run out and the thread is next asked for.
func (h *holder) finish(cause error) {
	h.stop()
	h.doubt.Stop()
	m := h.run.m
	ctx, cancel := h.lastCalls()
	defer cancel()
	outcome := Outcome{Status: StatusOf(cause), Reason: ReasonName(cause), Retain: m.cfg.Retain}
	err := errUnanswered
	if _, ok := await(ctx, m, h.done); ok {
		if errors.Is(cause, ErrFenced) {
			return
		}
		err = h.record(ctx, outcome)
	}
	if err != nil {
		if !h.run.unsaved.Load() {
			m.owe(h.run.key(), outcome)
		}
		if m.cfg.OnEngineError != nil {
			m.cfg.OnEngineError(h.run.spec.ID, err)
		}
	}
}

// lastCalls ends the calls that end a run before its lease does, after which they would prove nothing.
func (h *holder) lastCalls() (context.Context, context.CancelFunc) {
	ctx, cancel := h.run.detachedContext()
	ttl := h.run.m.cfg.LeaseTTL
	ctx, stop := context.WithTimeout(ctx, max(ttl*9/10-h.age(), ttl/10))
	return ctx, func() { stop(); cancel() }
}

// record stores the rest of the log and the run's outcome. It tries until ctx ends.
func (h *holder) record(ctx context.Context, outcome Outcome) error {
	for {
		lines, first, next := h.run.log.lines(h.reader, h.next, nil, math.MaxInt)
		var batch Batch
		if len(lines) > 0 && first == h.next { // else the log has dropped what would come before
			batch = h.batch(lines, next)
		}
		err := h.try(ctx, batch, outcome)
		var gap *GapError
		switch {
		case errors.As(err, &gap) && gap.Head.Place()+1 < h.next:
			h.next = gap.Head.Place() + 1
			continue
		case err == nil, errors.Is(err, ErrFenced), errors.Is(err, errUnanswered):
			return err
		}
		select {
		case <-time.After(h.run.m.cfg.LeaseTTL / 50):
		case <-ctx.Done():
			return err
		}
	}
}

// try calls the engine's Finish so that there is time for another try.
func (h *holder) try(ctx context.Context, b Batch, o Outcome) error {
	if end, ok := ctx.Deadline(); ok {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, max(time.Until(end)/2, h.run.m.cfg.LeaseTTL/20))
		defer cancel()
	}
	return h.run.m.callFinish(ctx, h.lease, b, o)
}
