package run

import (
	"context"
	"time"
)

// A Seq numbers a run's events: the generation in the bits from 40 on, the place from 1 below. Whoever
// takes over a dead run begins a new generation, because the old owner may have shown clients events
// under numbers that the log never got. Generation 0 looks like plain 1, 2, 3, and every value stays
// below 1<<53, so that all clients hold it exactly.
type Seq uint64

const seqBits = 40

// MakeSeq puts a Seq together. Place must be below 1<<40, generation below 1<<13.
func MakeSeq(generation uint32, place uint64) Seq { return Seq(uint64(generation)<<seqBits | place) }

// Generation returns how often the run has changed hands.
func (s Seq) Generation() uint32 { return uint32(s >> seqBits) } // 24 bits

// Place returns the event's place in its run, from 1.
func (s Seq) Place() uint64 { return uint64(s) & (1<<seqBits - 1) }

// A Key addresses a run. All three are always needed: a run's id is no credential.
type Key struct{ Owner, Thread, Run string }

// A ClaimRequest asks for a thread on behalf of a run.
type ClaimRequest struct {
	Key
	Node string // who asks; signals for the run are sent there
	Kind string // the request's type
	// Idempotency is the client's name for its request, scoped by owner; empty for none.
	Idempotency string
	// Shared claims no slot: the run lives beside others on its thread.
	Shared bool
	TTL    time.Duration // how long the lease lasts without Append or Renew
}

// A Lease proves that a run is its holder's. It is changed by Append and Renew, which must not be called
// at the same time for one lease.
type Lease struct {
	Key
	Node       string
	Epoch      uint64    // grows with each change of hands
	Generation uint32    // of the events that this holder makes
	Head       Seq       // the last event that the log has
	Sent       time.Time // when the last call that prolonged the lease was sent, by the holder's clock
	TTL        time.Duration
}

// A Batch is a piece of a run's log: events First to Last, which Data holds, each one a line of JSON.
// Engines store Data as it is.
type Batch struct {
	First, Last Seq
	Data        []byte
}

// A Signal is a wish that concerns a run.
type Signal struct {
	Key
	Reason string // one of the causes, by its name; see ReasonName
	By     string // who wants it, for the log
}

// Feedback is what an engine tells a holder in passing.
type Feedback struct {
	Signal  *Signal // what somebody wishes, told until the run ends
	Watched bool    // somebody on another node reads the run
}

// An Outcome is how a run ended.
type Outcome struct {
	Status Status
	Reason string        // of the cause, by its name; empty for a natural end
	Retain time.Duration // how long the log is to be kept, if there is room
}

// RunInfo is what an engine knows of a run.
type RunInfo struct {
	Key
	Kind     string
	Node     string
	Epoch    uint64
	Head     Seq
	Status   Status // Active until Finish
	Reason   string
	Started  time.Time
	Expired  bool // active, and its lease has run out: it may be taken over
	Duration time.Duration
}

// A LogPage is a piece of a log as Read returns it.
type LogPage struct {
	Batches []Batch
	Head    Seq  // the last event of the whole log
	Trimmed bool // events after the cursor and before the first batch are gone
	Ended   bool // the run has ended, and this is the rest of it
}

// An Engine keeps what outlives a process: who owns which run, and the runs' logs. The rules that every
// engine keeps:
//
//   - At most one unexpired lease exists per thread. Lease times are the engine's clock.
//   - An epoch only grows, even if a key was lost.
//   - Append and Finish with a stale epoch change nothing and return ErrFenced.
//   - Batches are opaque, and are stored in order without a gap; a batch that the log has already is accepted
//     and changes nothing.
//   - Finish is atomic, or can be repeated with the same effect.
//   - A signal is recorded until the holder has been told, by Listen, or by the answer to Append or Renew.
//   - Watch and Listen are hints that may get lost. Truth is what Read, Append and Renew say.
//
// Runs are served by the process that owns them: a [Manager] claims, appends, renews, reads and finishes, and takes
// over what others have left. Signal, Lookup, Watch, Listen, idempotency keys and Feedback.Watched are for a process
// that stops or shows a run of another one; the Manager does not call them yet.
//
// A call returns when its context ends. The Manager leaves one behind that does not, see [Manager.Leaked], and ends its
// run as if the call had failed; what it returns later is not heard.
//
// Package enginetest checks an engine against all of it. Implementations are safe for concurrent use.
type Engine interface {
	// Claim takes the thread's slot and begins the run's log. It returns a *BusyError if another run holds
	// the thread, and a *DuplicateError if the idempotency key has begun a run already.
	Claim(ctx context.Context, r ClaimRequest) (*Lease, error)
	// Append stores a batch and prolongs the lease. It returns ErrFenced if somebody else owns the run,
	// and a *GapError if events are missing before the batch.
	Append(ctx context.Context, l *Lease, b Batch) (Feedback, error)
	// Renew prolongs the lease. It returns ErrFenced if somebody else owns the run.
	Renew(ctx context.Context, l *Lease) (Feedback, error)
	// Finish stores the last batch, which may be empty, records the outcome and frees the slot, in one step.
	Finish(ctx context.Context, l *Lease, b Batch, o Outcome) error
	// Signal records a wish and pushes it to the run's node. The first one wins. A run that has ended
	// takes it in silence.
	Signal(ctx context.Context, s Signal) error
	// Lookup returns what is known of a run; with an empty Run, of the one that holds the thread.
	Lookup(ctx context.Context, k Key) (RunInfo, error)
	// Read returns up to limit batches after the event with the given number. An engine may drop the oldest events
	// of a run, and those of runs that have ended; the page then says Trimmed.
	Read(ctx context.Context, k Key, after Seq, limit int) (LogPage, error)
	// Watch calls f with batches as they are stored, from some moment before it returns until stop.
	Watch(ctx context.Context, k Key, f func(Batch)) (stop func(), err error)
	// Listen calls f with signals for runs of the node, from some moment before it returns until stop.
	Listen(ctx context.Context, node string, f func(Signal)) (stop func(), err error)
	// Orphans returns up to limit active runs whose lease has run out.
	Orphans(ctx context.Context, limit int) ([]RunInfo, error)
	// TakeOver makes node the owner of an orphan, with the next epoch and generation. There is one winner.
	TakeOver(ctx context.Context, r RunInfo, node string) (*Lease, error)
	// Close frees what the engine holds. Leases are left to run out.
	Close() error
}
