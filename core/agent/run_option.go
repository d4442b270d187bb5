package agent

import (
	"context"
	"encoding/json"
)

// MaxTurns limits how often a run may ask its model. Then it ends with [ErrMaxTurns]. Defaults to 10.
func MaxTurns(n int) Option { return func(o *options) { o.maxTurns = n } }

// Parallel limits how many tools of one turn run at a time. Defaults to 8.
func Parallel(n int) Option { return func(o *options) { o.parallel = max(1, n) } }

// MaxToolOutput limits the result of a tool, in bytes. What is longer is cut, and the model is told.
// Defaults to 256 KiB.
func MaxToolOutput(n int) Option { return func(o *options) { o.maxOutput = n } }

// Input is what the model is asked, instead of the thread's history.
func Input(items ...json.RawMessage) Option { return func(o *options) { o.input = items } }

// Convert is how [Run] turns the thread's history into the model's input. Defaults to a zero [Converter],
// which knows neither attachments nor tags.
func Convert(c *Converter) Option { return func(o *options) { o.converter = c } }

// InputGuard lets a guard look at the input while the model works already. When it refuses, model and tools
// are stopped at once, and everything that was shown is taken back.
func InputGuard(g Guard) Option { return func(o *options) { o.guards = append(o.guards, g) } }

// BlockingGuard lets a guard look at the input before the model is asked.
func BlockingGuard(g Guard) Option { return func(o *options) { o.blocking = append(o.blocking, g) } }

// Watch sets the hooks of a run.
func Watch(h Hooks) Option { return func(o *options) { o.hooks = h } }

// ToolErrors chooses what the model is told about a tool that failed, instead of "The tool failed." Its
// text is read by the model, and may find its way to the user.
func ToolErrors(f func(ctx context.Context, c ToolCall, err error) string) Option {
	return func(o *options) { o.toolError = f }
}
