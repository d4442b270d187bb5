package run

import (
	"errors"
	"fmt"
)

// The causes of an end. Inside the producer, context.Cause(ctx) is an
// [*EndError] that wraps one of them, so errors.Is tells which it was, while
// ctx.Err() stays context.Canceled for model clients that look no further.
var (
	// ErrStopped says that the user asked for the end.
	ErrStopped = errors.New("stopped by the user")
	// ErrDisconnected says that the last reader left and the run's Disconnect
	// policy ends runs nobody watches.
	ErrDisconnected = errors.New("client disconnected")
	// ErrSuperseded says that a newer request took the thread over.
	ErrSuperseded = errors.New("superseded by a newer request")
	// ErrRetried says that the user asked for another answer to the same message.
	ErrRetried = errors.New("retried")
	// ErrThreadDeleted says that the thread was deleted under the run.
	ErrThreadDeleted = errors.New("thread deleted")
	// ErrStalled says that nothing was heard from the producer for Config.Stall.
	ErrStalled = errors.New("stalled: no event for too long")
	// ErrDeadline says that the run outlived Config.MaxDuration.
	ErrDeadline = errors.New("ran for too long")
	// ErrShutdown says that the server is shutting down.
	ErrShutdown = errors.New("server shutting down")
	// ErrEngineLost says that this process could not prove for too long that the run is its own.
	ErrEngineLost = errors.New("engine lost")
	// ErrLost says that the process that owned the run died.
	ErrLost = errors.New("owner of the run died")
	// ErrFenced says that another process owns the run now. This process writes nothing more.
	ErrFenced = errors.New("run is owned by another process")
	// ErrRespond says that the producer returned an error of its own.
	ErrRespond = errors.New("responder failed")
	// ErrPanicked says that the producer panicked. The error also wraps a *PanicError.
	ErrPanicked = errors.New("responder panicked")
)

// ErrEnded is returned for writes to a run that has already ended.
var ErrEnded = errors.New("the run has ended")

// ErrBusy is returned by [Manager.Start] when the thread has a run and the policy is [Reject],
// or when too many requests wait for the thread already.
var ErrBusy = errors.New("another response is in progress on this thread")

// ErrClosed is returned by [Manager.Start] while the manager shuts down.
var ErrClosed = errors.New("server is shutting down")

// ErrDropped is returned by [Manager.Start] when a newer request took the place of this one
// before it began.
var ErrDropped = errors.New("dropped in favour of a newer request")

// An EndError is the cause with which a run's context ends. It is immutable.
type EndError struct {
	Reason error  // one of the causes above
	By     string // who asked for it, for the log; may be empty
	Err    error  // what lies behind it; may be nil
}

// Error says the reason, who asked for it and what lies behind it.
func (e *EndError) Error() string {
	s := e.Reason.Error()
	if e.By != "" {
		s += " (" + e.By + ")"
	}
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

// Unwrap returns the reason and what lies behind it, for errors.Is and errors.As.
func (e *EndError) Unwrap() []error {
	if e.Err == nil {
		return []error{e.Reason}
	}
	return []error{e.Reason, e.Err}
}

// A PanicError is a recovered panic of the producer.
type PanicError struct {
	Value any    // the value given to panic
	Stack []byte // the stack at the panic, as debug.Stack prints it
}

// Error says what was panicked with; the stack is left to the log.
func (e *PanicError) Error() string { return fmt.Sprintf("panic: %v", e.Value) }

// Reason returns the cause that err wraps, or nil if it wraps none of this package's.
func Reason(err error) error {
	for _, reason := range []error{
		ErrStopped, ErrDisconnected, ErrSuperseded, ErrRetried, ErrThreadDeleted, ErrStalled, ErrDeadline,
		ErrShutdown, ErrEngineLost, ErrLost, ErrFenced, ErrPanicked, ErrRespond,
	} {
		if errors.Is(err, reason) {
			return reason
		}
	}
	return nil
}

// A Status is how a run ended.
type Status string

// The statuses of a run. Active is the only one that is not final.
const (
	Active      Status = "active"
	Completed   Status = "completed"   // the producer finished
	Failed      Status = "failed"      // the producer returned an error or panicked
	Cancelled   Status = "cancelled"   // somebody wanted the end: stop, disconnect, supersede, retry, delete
	Interrupted Status = "interrupted" // something broke: stall, deadline, shutdown, a lost engine or owner
)

// StatusOf returns the status of a run that ended with the given cause, nil meaning that it finished.
func StatusOf(cause error) Status {
	switch Reason(cause) {
	case ErrStopped, ErrDisconnected, ErrSuperseded, ErrRetried, ErrThreadDeleted: //nolint:errorlint // Reason returns the sentinels themselves
		return Cancelled
	case ErrStalled, ErrDeadline, ErrShutdown, ErrEngineLost, ErrLost, ErrFenced:
		return Interrupted
	case nil:
		if cause == nil {
			return Completed
		}
	}
	return Failed
}
