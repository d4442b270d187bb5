package run

import (
	"errors"
	"fmt"
)

// What a [Manager] answers when a run cannot begin, be found or be read.
var (
	// ErrBusy is returned by [Manager.Start] when the thread has a run and the policy is [Reject],
	// or when too many requests wait for the thread already.
	ErrBusy = errors.New("another response is in progress on this thread")
	// ErrTooManyRuns is returned by [Manager.Start] when as many runs are in progress as may be, in all or of
	// one owner.
	ErrTooManyRuns = errors.New("too many responses are in progress")
	// ErrClosed is returned by [Manager.Start] while the manager shuts down.
	ErrClosed = errors.New("server is shutting down")
	// ErrDropped is returned by [Manager.Start] when a newer request took the place of this one
	// before it began.
	ErrDropped = errors.New("dropped in favour of a newer request")
	// ErrEnded is returned for writes to a run that has already ended.
	ErrEnded = errors.New("the run has ended")
	// ErrUnknownRun is returned for a run that does not exist, has been forgotten or belongs to somebody else.
	ErrUnknownRun = errors.New("unknown run")
	// ErrTooManyReaders is returned when a run has as many readers as it may have.
	ErrTooManyReaders = errors.New("too many readers of this response")
)

// What an [Engine] answers, besides ErrFenced.
var (
	// ErrNoRun is returned by engines for a run that they do not know, or under another owner or thread.
	ErrNoRun = errors.New("no such run")
	// ErrTaken is returned by TakeOver when somebody else was faster, or the run is not expired.
	ErrTaken = errors.New("run was taken over by another node")
)

// A BusyError says who holds a thread that could not be claimed.
type BusyError struct{ Holder RunInfo }

// Error names the holder.
func (e *BusyError) Error() string { return fmt.Sprintf("thread is held by run %s", e.Holder.Run) }

// Is makes a BusyError match ErrBusy.
func (e *BusyError) Is(target error) bool { return target == ErrBusy }

// A DuplicateError says that the run for an idempotency key exists already.
type DuplicateError struct{ Run RunInfo }

// Error names the run.
func (e *DuplicateError) Error() string {
	return fmt.Sprintf("request has begun run %s already", e.Run.Run)
}

// A GapError says that the log ends earlier than a batch begins: the holder must send the events from
// Head on again.
type GapError struct{ Head Seq }

// Error says where the log ends.
func (e *GapError) Error() string { return fmt.Sprintf("log ends at %d", e.Head) }
