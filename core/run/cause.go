package run

import (
	"cmp"
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

// A cause is one of the above and what it is to engines, clients and the record of a run.
type cause struct {
	err    error
	name   string
	status Status
}

// causes are all of them, the most telling one first: an error that wraps two is the first of the two.
var causes = []cause{
	{ErrStopped, "stopped", Cancelled},
	{ErrDisconnected, "disconnected", Cancelled},
	{ErrSuperseded, "superseded", Cancelled},
	{ErrRetried, "retried", Cancelled},
	{ErrThreadDeleted, "thread_deleted", Cancelled},
	{ErrStalled, "stalled", Interrupted},
	{ErrDeadline, "deadline", Interrupted},
	{ErrShutdown, "shutdown", Interrupted},
	{ErrEngineLost, "engine_lost", Interrupted},
	{ErrLost, "lost", Interrupted},
	{ErrFenced, "fenced", Interrupted},
	{ErrPanicked, "panic", Failed},
	{ErrRespond, "error", Failed},
}

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

// A PanicError is a recovered panic of the producer. A producer that recovers one in another goroutine panics with it
// in its own, so that the stack is that of the first one.
type PanicError struct {
	Value any    // the value given to panic
	Stack []byte // the stack at the panic, as debug.Stack prints it
}

// Error says what was panicked with; the stack is left to the log.
func (e *PanicError) Error() string { return fmt.Sprintf("panic: %v", e.Value) }

// causeOf returns the cause that err wraps; a zero one if it wraps none of this package's.
func causeOf(err error) cause {
	for _, c := range causes {
		if errors.Is(err, c.err) {
			return c
		}
	}
	return cause{}
}

// Reason returns the cause that err wraps, or nil if it wraps none of this package's.
func Reason(err error) error { return causeOf(err).err }

// ReasonName returns the short name of the cause that err wraps, as engines and clients see it: "stopped",
// "superseded" and so on; empty for none.
func ReasonName(err error) string { return causeOf(err).name }

// ReasonNamed returns the cause with the given short name, or nil.
func ReasonNamed(name string) error {
	for _, c := range causes {
		if c.name == name {
			return c.err
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

// StatusOf returns the status of a run that ended with the given cause, nil meaning that it finished. A cause
// that is none of this package's is a failure.
func StatusOf(err error) Status {
	if err == nil {
		return Completed
	}
	return cmp.Or(causeOf(err).status, Failed)
}
