package agent

import "context"

// An Agent is a model with instructions and tools. It may serve many runs at a time.
type Agent struct {
	Name string // for logs
	// Instructions returns the system prompt. See [Say] for a constant. Nil means none.
	Instructions func(ctx context.Context) (string, error)
	Model        Model
	Settings     Settings
	Tools        []Tool // names must differ
}

// Say makes instructions of a constant text.
func Say(text string) func(context.Context) (string, error) {
	return func(context.Context) (string, error) { return text, nil }
}

// Hooks watch a run, for logs, traces and metrics. Each may be nil. They are called from the run's own
// goroutines, tools in parallel, and must not block. One that panics ends the run with that panic, as if it had been
// called by Respond itself.
type Hooks struct {
	OnModelStart func(ctx context.Context, r *Request)
	OnModelEnd   func(ctx context.Context, o *Outcome, err error)
	OnToolStart  func(ctx context.Context, c ToolCall)
	// OnToolEnd gets what the model is told, and the cause if that is not the tool's own result: a
	// *[PanicError] with a stack, a timeout, an error that the model does not get to see.
	OnToolEnd func(ctx context.Context, c ToolCall, output string, err error)
}
