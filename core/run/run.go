package run

import (
	"context"
	"errors"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"
)

// A Spec says what a run is for and what happens in its phases.
type Spec struct {
	// ID names the run. It must be unguessable and unique.
	ID string
	// Owner and Thread name the thread whose slot the run takes. Runs of different owners never meet.
	Owner, Thread string
	// Kind is the request's type, for logs.
	Kind string
	// Policy says what happens to a run in progress on the thread, and Cause with which of this
	// package's causes it ends; nil means ErrSuperseded.
	Policy Policy
	Cause  error
	// Disconnect is the policy for a run without readers. Resumable says that the client declared
	// that it can resume.
	Disconnect Disconnect
	Resumable  bool
	// KeepInput says that Prepare must be called even if a newer request took the run's place while
	// it waited: a user's words are stored although nothing answers them.
	KeepInput bool

	// Data is the caller's own, for Run.Data.
	Data any

	// Bind is called once with the run, before anybody else can see it. It must not block. Nil means nothing.
	Bind func(r *Run)
	// Check is called before a run in progress is ended for this one, on a context like that of Prepare. An error
	// ends the run before it began, and the other one goes on. Nil means that there is nothing to check.
	Check func(ctx context.Context) error
	// Prepare is called with the thread's slot held, on a context that a disconnect does not cancel.
	// It loads and stores the input. An error ends the run before it began.
	Prepare func(ctx context.Context, r *Run) error
	// Produce makes the answer. Its context ends with the run's cause. Nil means that there is nothing to do.
	Produce func(ctx context.Context) error
	// Finish is called exactly once after Produce was reached or skipped, on a context that nobody
	// cancelled, with a deadline. It must first refuse whatever a producer left behind still emits. It stores
	// what is to be kept, appends the last events and returns how the run ended: nil for a natural end,
	// else the cause.
	Finish func(ctx context.Context, s Stopped) error
	// Refused returns the event that tells readers that Prepare or the claim failed after they had
	// been told to listen. Nil means none.
	Refused func(err error) []byte
	// Snapshot returns, as server-sent events, the state of the run for a reader that missed events,
	// and the number of the first event that is not part of it. Nil means that nothing stands for them.
	Snapshot func() (frames []byte, next uint64)
}

// Stopped is what is known when the producer has returned or was given up.
type Stopped struct {
	Started   bool  // Produce was called
	Abandoned bool  // Produce was called and ignores that its context ended
	Cause     error // why the context ended; nil if it has not
	Err       error // what Produce returned; an *EndError of ErrPanicked if it panicked
}

// An End is the record of a run's end.
type End struct {
	Run, Owner, Thread, Kind string
	Status                   Status
	Cause                    error // nil for a natural end
	Abandoned                bool  // the producer ignored its context and was left behind
	Duration                 time.Duration
	Events                   uint64 // how many events were made
}

// A Run is one execution on one thread. It is safe for concurrent use.
type Run struct {
	m     *Manager
	spec  Spec
	log   *Log
	ctx   context.Context // lives exactly as long as the run
	end   context.CancelCauseFunc
	ready chan struct{} // closed when Prepare has succeeded or the run was refused
	done  chan struct{} // closed when the end is on record

	seen   atomic.Uint64 // the newest event that reached a client
	holder *holder       // what the engine knows of the run; nil without an engine

	unsaved atomic.Bool  // see Unsaved
	touched atomic.Int64 // when the producer was last heard of, time since the manager's start

	mu        sync.Mutex
	phase     phase
	refused   error
	cause     *EndError
	readers   map[*Reader]struct{}
	detached  *time.Timer
	stopTimer *time.Timer
	begun     time.Duration
	record    End
	expires   time.Duration // when the ended run is to be forgotten; the manager's
	doing     []*string     // see Phase
	heard     uint64        // the newest event at the last beat
	quiet     silence
}

type phase int

const (
	waiting   phase = iota // for the thread
	preparing              // in Prepare
	running                // in Produce
	finishing              // in Finish
	ended
)

// ID returns the run's id.
func (r *Run) ID() string { return r.spec.ID }

// Thread returns the id of the run's thread.
func (r *Run) Thread() string { return r.spec.Thread }

// Owner returns the owner of the run's thread.
func (r *Run) Owner() string { return r.spec.Owner }

// Data returns what Spec.Data was.
func (r *Run) Data() any { return r.spec.Data }

// Log returns the run's log.
func (r *Run) Log() *Log { return r.log }

// Done returns a channel that is closed when the run's end is on record.
func (r *Run) Done() <-chan struct{} { return r.done }

// End returns the record of the run's end. Its Status is Active before Done is closed.
func (r *Run) End() End {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.record
}

// Touch says that the producer is alive although it makes no events, which keeps the run from being
// ended as stalled.
func (r *Run) Touch() { r.touched.Store(int64(r.m.now())) }

// Unsaved says, in Finish, that something of the run could not be stored. If its outcome cannot be recorded in the engine
// either, the run is ended again like that of a process that has died.
func (r *Run) Unsaved() { r.unsaved.Store(true) }

// CausedBy reports whether the run ended, or is about to end, for the given reason.
func (r *Run) CausedBy(reason error) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.phase == ended {
		return errors.Is(r.record.Cause, reason)
	}
	return r.cause != nil && r.cause.Reason == reason //nolint:errorlint // both are sentinels themselves
}

// Seen returns the number of the newest event that has reached any client.
func (r *Run) Seen() uint64 { return r.seen.Load() }

// Readers returns how many readers the run has.
func (r *Run) Readers() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.readers)
}

// Cancel ends the run with the given reason, one of this package's causes. The first cause wins: it
// reports whether this one did. It returns at once; Done tells when the end is on record.
func (r *Run) Cancel(reason error, by string) bool {
	return r.cancel(&EndError{Reason: reason, By: by})
}

func (r *Run) cancel(cause *EndError) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.cancelLocked(cause)
}

// cancelLocked is cancel for those who hold r.mu.
func (r *Run) cancelLocked(cause *EndError) bool {
	if r.cause != nil || r.phase >= finishing {
		return false
	}
	r.cause = cause
	r.end(cause)
	if r.phase == running {
		r.giveUpLater()
	}
	return true
}

// giveUpLater leaves a producer behind that ignores the end of its context. r.mu is held.
func (r *Run) giveUpLater() {
	r.stopTimer = time.AfterFunc(r.m.cfg.StopTimeout, func() {
		r.finish(Stopped{Started: true, Abandoned: true})
	})
}

// errExited says that a phase has ended its goroutine, as a test does that fails in it.
var errExited = errors.New("runtime.Goexit was called")

// execute is the run's goroutine, from the claim to the end. It is over in all cases when the goroutine is.
func (r *Run) execute() {
	err := errExited
	defer func() {
		if err != nil {
			r.refuse(err)
		}
	}()
	if err = r.begin(); err != nil {
		return
	}
	close(r.ready)
	s := Stopped{Started: true, Err: errExited}
	defer func() { r.finish(s) }()
	s = r.produce()
}

// begin takes what the run needs, and stores the input.
func (r *Run) begin() error {
	if err := r.m.claim(r); err != nil {
		return err
	}
	if r.ctx.Err() != nil && !r.spec.KeepInput {
		return r.dropped()
	}
	if err := r.lease(); err != nil {
		return err
	}
	return r.prepare()
}

func (r *Run) prepare() (err error) {
	defer recovered(&err)
	r.mu.Lock()
	r.phase = preparing
	r.mu.Unlock()
	ctx, cancel := r.detachedContext()
	defer cancel()
	return r.spec.Prepare(ctx, r)
}

// detachedContext keeps the values of the run's context, but not its end.
func (r *Run) detachedContext() (context.Context, context.CancelFunc) {
	return context.WithTimeoutCause(context.WithoutCancel(r.ctx), r.m.cfg.FinalizeTimeout, ErrDeadline)
}

func (r *Run) produce() (s Stopped) {
	r.mu.Lock()
	if r.cause != nil || r.spec.Produce == nil {
		r.mu.Unlock()
		return s
	}
	r.phase = running
	r.begun = r.m.now()
	r.touched.Store(int64(r.begun))
	r.mu.Unlock()

	s.Started = true
	defer recovered(&s.Err)
	s.Err = r.spec.Produce(r.ctx)
	return s
}

// recovered turns a panic into an error. It is to be deferred.
func recovered(err *error) {
	v := recover()
	if v == nil {
		return
	}
	p, ok := v.(*PanicError)
	if !ok {
		p = &PanicError{Value: v, Stack: debug.Stack()}
	}
	*err = &EndError{Reason: ErrPanicked, Err: p}
}

// finish ends the run. It is called by the run's goroutine when the producer has returned, and by a
// timer when it does not; the first one does the work.
func (r *Run) finish(s Stopped) {
	r.mu.Lock()
	if r.phase >= finishing {
		r.mu.Unlock()
		return
	}
	r.phase = finishing
	if r.stopTimer != nil {
		r.stopTimer.Stop()
	}
	if r.cause != nil {
		s.Cause = r.cause
	}
	if r.holder != nil && r.holder.fenced.Load() {
		s.Cause = &EndError{Reason: ErrFenced} // whatever came first: nothing more is to be written
	}
	r.mu.Unlock()

	cause := error(&EndError{Reason: ErrRespond, Err: errExited})
	defer func() { r.close(cause, s.Abandoned) }()
	cause = r.callFinish(s)
}

func (r *Run) callFinish(s Stopped) (cause error) {
	defer recovered(&cause)
	ctx, cancel := r.detachedContext()
	defer cancel()
	return r.spec.Finish(ctx, s)
}

// refuse ends a run that never began. Start returns err if it is still there to do so.
func (r *Run) refuse(err error) {
	r.mu.Lock()
	r.phase, r.refused = finishing, err
	r.mu.Unlock()
	if r.spec.Refused != nil {
		if event := r.spec.Refused(err); event != nil {
			r.log.Append(event)
		}
	}
	close(r.ready)
	r.close(err, false)
}

// close puts the end on record and tells everybody, in this order: readers, the next in line, the hook.
func (r *Run) close(cause error, abandoned bool) {
	if r.holder != nil {
		r.holder.finish(cause)
	}
	now := r.m.now()
	r.mu.Lock()
	r.phase = ended
	r.record = End{
		Run: r.spec.ID, Owner: r.spec.Owner, Thread: r.spec.Thread, Kind: r.spec.Kind,
		Status: StatusOf(cause), Cause: cause, Abandoned: abandoned,
		Duration: now - r.begun, Events: r.log.Last(),
	}
	if r.detached != nil {
		r.detached.Stop()
	}
	record := r.record
	r.mu.Unlock()
	r.end(ErrEnded) // frees the context; a cause that was set before stays
	r.log.end()
	r.m.release(r)
	close(r.done)
	r.m.closed(r, record)
}

// beat looks after the run once: it ends it when it is stalled or too old, asks idle readers for a heartbeat, and
// returns what there is to tell about its silence.
func (r *Run) beat(now time.Duration) []Quiet {
	cfg := r.m.cfg
	r.mu.Lock()
	told := r.listen(now)
	active, age := r.phase == running, now-r.begun
	if cfg.Heartbeat > 0 {
		for reader := range r.readers {
			if now-reader.idle() >= cfg.Heartbeat {
				reader.beat.Store(true)
				reader.signal()
			}
		}
	}
	r.mu.Unlock()
	switch {
	case !active:
	case cfg.MaxDuration > 0 && age >= cfg.MaxDuration:
		r.Cancel(ErrDeadline, r.Busy())
	case cfg.Stall > 0 && now-time.Duration(r.touched.Load()) >= cfg.Stall:
		r.Cancel(ErrStalled, r.Busy())
	}
	return told
}

// Context returns the run's context: it carries the request's values and ends with the run's cause.
func (r *Run) Context() context.Context { return r.ctx }

// forgetPhases frees what the phases of an ended run hold on to: a run that can still be read costs its log
// and little more.
func (r *Run) forgetPhases() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.spec.Bind, r.spec.Check, r.spec.Prepare, r.spec.Produce, r.spec.Finish, r.spec.Refused = nil, nil, nil, nil, nil, nil
}
