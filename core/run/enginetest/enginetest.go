// Package enginetest checks that a [run.Engine] keeps the promises of its interface. Every engine of this
// project passes it; so can yours:
//
//	func TestEngine(t *testing.T) {
//		enginetest.Run(t, func(t *testing.T) enginetest.Opened {
//			e := myengine.Open(t, prefixOf(t))
//			t.Cleanup(func() { e.Close() })
//			return enginetest.Opened{Engine: e, Advance: time.Sleep, TTL: 300 * time.Millisecond}
//		})
//	}
//
// Run it with -race: some of the checks race for the same thing from many goroutines.
package enginetest

import (
	"context"
	"testing"
	"time"

	"github.com/gochatkit/chatkit/core/run"
)

// Opened is an engine to be checked. The checks use random names, so that engines over one shared service
// need not be empty.
type Opened struct {
	Engine run.Engine
	// Advance moves the engine's clock forward by d. An engine that reads the clock of a service waits
	// instead. It is called from the goroutine of the check.
	Advance func(d time.Duration)
	// TTL is for how long the checks take leases. It should be long enough for a few calls of the engine, and
	// short if Advance waits. Defaults to one minute.
	TTL time.Duration
	// Reopen closes the engine and opens it again, as another process would. Nil means that the engine
	// keeps nothing beyond Close; the checks of what it keeps are then skipped.
	Reopen func(t *testing.T) run.Engine
}

// Run runs the conformance suite. Each check is a subtest that calls open for an engine of its own; open
// registers its clean-up with t.Cleanup and ends the test itself if it cannot.
func Run(t *testing.T, open func(t *testing.T) Opened) {
	t.Helper()
	for _, c := range checks {
		t.Run(c.name, func(t *testing.T) {
			o := open(t)
			if c.reopens && o.Reopen == nil {
				t.Skip("the engine keeps nothing beyond Close")
			}
			var reopen func() run.Engine
			if o.Reopen != nil {
				reopen = func() run.Engine { return o.Reopen(t) }
			}
			c.run(newWorld(t, o, reopen))
		})
	}
}

// tb is the part of testing.T that checks use. It is an interface so that the suite's own tests can watch
// a check fail.
type tb interface {
	Helper()
	Context() context.Context
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
}

// A check is one promise. Its name is a sentence about the engine.
type check struct {
	name    string
	run     func(w *world)
	reopens bool
}

var checks = []check{
	{name: "a claim begins a run", run: claimBegins},
	{name: "of many claimers of a thread one wins", run: claimRace},
	{name: "a claim of a held thread names the holder", run: claimBusy},
	{name: "threads and owners do not stand in each other's way", run: claimNeighbours},
	{name: "a run cannot be claimed twice", run: claimTwice},
	{name: "an idempotency key begins one run", run: claimDuplicate},
	{name: "of many claimers with one idempotency key one wins", run: claimDuplicateRace},
	{name: "a shared claim takes no slot", run: claimShared},
	{name: "epochs grow from run to run", run: epochsGrow},

	{name: "a log is read as it was written", run: logRoundTrip},
	{name: "batches are opaque bytes", run: logOpaque},
	{name: "a batch's memory belongs to the caller again after Append", run: logCopies},
	{name: "Append moves the head of the lease and its time", run: appendMovesLease},
	{name: "a repeated batch is accepted and changes nothing", run: appendRepeated},
	{name: "an overlapping batch adds only what is new", run: appendOverlapping},
	{name: "a batch behind a gap is refused and told where the log ends", run: appendGap},
	{name: "Read continues after any event, also within a batch", run: readCursors},
	{name: "pages join without gap or repeat", run: readPages},
	{name: "only the last page of an ended run says that it has ended", run: readEnd},
	{name: "a cursor that a dead owner gave out misses nothing of the next generation", run: readOldGeneration},
	{name: "runs that grow side by side keep their own logs", run: logsSideBySide},

	{name: "a lease runs out", run: leaseExpires},
	{name: "Append prolongs a lease", run: appendProlongs},
	{name: "Renew prolongs a lease", run: renewProlongs},
	{name: "a run whose lease ran out still holds its thread", run: expiredHolds},
	{name: "an owner that is late goes on if nobody took its run", run: lateOwner},
	{name: "Orphans returns the runs of all owners, up to its limit", run: orphans},
	{name: "a run whose lease holds cannot be taken over", run: takeOverTooEarly},
	{name: "of many that take a run over one wins", run: takeOverRace},
	{name: "who takes a run over gets the next epoch and generation", run: takeOverLease},
	{name: "a stale epoch changes nothing", run: staleEpoch},
	{name: "an epoch that was never given changes nothing", run: wrongEpoch},

	{name: "Finish stores the rest and the outcome and frees the thread", run: finish},
	{name: "Finish can be repeated", run: finishRepeated},
	{name: "a late repeat of Finish does not free the thread of another run", run: finishRepeatedLate},
	{name: "Finish behind a gap is refused", run: finishGap},
	{name: "Finish takes a batch that the log has already", run: finishOverlapping},
	{name: "an ended run takes no more events", run: appendAfterFinish},
	{name: "an ended run is kept for as long as was asked", run: retention},

	{name: "a signal is pushed to the run's node", run: signalListen},
	{name: "a signal is told by the answers to Append and Renew until the end", run: signalAnswers},
	{name: "the first signal wins", run: signalFirst},
	{name: "a run that has ended takes a signal in silence", run: signalEnded},
	{name: "a signal outlives its run's owner", run: signalTakenOver},

	{name: "a watcher gets what is stored after Watch has returned", run: watch},
	{name: "a watcher does not get what was refused", run: watchRefused},
	{name: "the owner is told that somebody watches", run: watched},

	{name: "a run is found under its owner and thread only", run: foreignKeys},
	{name: "names are opaque", run: oddNames},
	{name: "a cancelled context stops every method", run: cancelled},
	{name: "a closed engine refuses every method", run: closed},

	{name: "a run outlives its process", run: reopenRun, reopens: true},
	{name: "an ended run outlives its process", run: reopenEnded, reopens: true},
	{name: "a taken-over run outlives its second process", run: reopenTakenOver, reopens: true},
}
