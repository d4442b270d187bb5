package run

import "time"

// A Policy says what a request does when its thread already has a run. The zero value is [Supersede].
type Policy int

// The thread policies.
const (
	// Supersede ends the run in progress, waits until its partial answer is stored, and then begins.
	// Of several superseders only the newest runs; the others store their input and end.
	Supersede Policy = iota
	// Reject refuses the request with ErrBusy and stores nothing.
	Reject
	// Queue waits for its turn, first come first served, at most Config.MaxWaiting of them.
	Queue
	// Parallel begins at once beside the run in progress. Only for handlers that leave the history alone.
	Parallel
)

// String returns the policy's name in lower case.
func (p Policy) String() string {
	return [...]string{"supersede", "reject", "queue", "parallel"}[p&3]
}

// A Disconnect says what becomes of a run whose last reader has left. The zero value is [Auto].
type Disconnect struct {
	mode  disconnectMode
	limit time.Duration
}

type disconnectMode int

const (
	modeAuto disconnectMode = iota
	modeCancel
	modeGrace
	modeKeep
)

var (
	// Auto ends the run at once, unless the client declared that it can resume and stops explicitly:
	// then the run goes on as with Keep(Config.MaxDetached). A plain client has no other way to say
	// stop than to hang up.
	Auto = Disconnect{}
	// CancelRun ends the run at once, whatever the client declared.
	CancelRun = Disconnect{mode: modeCancel}
)

// Grace ends the run d after its last reader left, unless one came back in the meantime.
// Text that nobody saw may be stored, and tools go on for that long after a stop.
func Grace(d time.Duration) Disconnect { return Disconnect{mode: modeGrace, limit: d} }

// Keep lets the run go on without readers for at most d; 0 means Config.MaxDetached. It is then
// stopped by an explicit cancel only.
func Keep(d time.Duration) Disconnect { return Disconnect{mode: modeKeep, limit: d} }

// wait returns how long a run may go on without readers; 0 means not at all.
func (d Disconnect) wait(resumable bool, maxDetached time.Duration) time.Duration {
	switch d.mode {
	case modeCancel:
		return 0
	case modeGrace:
		return d.limit
	case modeKeep:
		if d.limit > 0 {
			return d.limit
		}
		return maxDetached
	}
	if resumable {
		return maxDetached
	}
	return 0
}
