package agent

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime/debug"
	"strings"
	"sync"
	"sync/atomic"

	chatkit "github.com/gochatkit/chatkit/core"
	"github.com/gochatkit/chatkit/core/run"
)

type (
	bridgeKey struct{}
	callKey   struct{}
)

// BridgeFrom returns the bridge of the run that ctx belongs to, for tools that show something. It reports
// false outside of a run.
func BridgeFrom(ctx context.Context) (*Bridge, bool) {
	b, ok := ctx.Value(bridgeKey{}).(*Bridge)
	return b, ok
}

// CallFrom returns the call that a tool answers. It reports false outside of a tool.
func CallFrom(ctx context.Context) (ToolCall, bool) {
	c, ok := ctx.Value(callKey{}).(ToolCall)
	return c, ok
}

// Task shows a task in the workflow of the run that ctx belongs to, loading until Done:
//
//	task := agent.Task(ctx, "Looking at the sky")
//	defer task.Done()
//
// It returns nil, which does nothing, outside of a run and when the run is over.
func Task(ctx context.Context, title string) *TaskRef {
	b, ok := BridgeFrom(ctx)
	if !ok {
		return nil
	}
	t, err := b.AddTask(&chatkit.CustomTask{Title: title, StatusIndicator: chatkit.StatusLoading})
	if err != nil {
		return nil
	}
	return t
}

// runTools answers all calls and reports whether the run ends, because the browser has to answer one. Stop ends ctx.
func (r *runner) runTools(ctx context.Context, stop context.CancelCauseFunc, calls []ToolCall) (ended bool, err error) {
	outputs := make([]string, len(calls))
	client := -1
	var wg sync.WaitGroup
	var fault atomic.Pointer[run.PanicError]
	slots := make(chan struct{}, r.opts.parallel)
	for i, c := range calls {
		t := r.tools[c.Name]
		switch {
		case t == nil:
			outputs[i] = r.end(ctx, c, fmt.Sprintf("There is no tool named %q.", c.Name), Tell("unknown tool"))
			continue
		case t.Client() && client >= 0:
			outputs[i] = r.end(ctx, c, "Only one tool of this kind can be called at a time.", ErrOneClientTool)
			continue
		case t.Client():
			client = i
			continue
		}
		wg.Go(func() {
			defer func() { // tools are recovered where they are called: this is a hook of the application's
				if v := recover(); v != nil {
					p := &run.PanicError{Value: v, Stack: debug.Stack()}
					fault.CompareAndSwap(nil, p)
					stop(p)
				}
			}()
			select {
			case slots <- struct{}{}:
			case <-ctx.Done():
				return
			}
			defer func() { <-slots }()
			outputs[i] = r.answerCall(ctx, t, c)
		})
	}
	wg.Wait()
	if p := fault.Load(); p != nil {
		panic(p) // here it ends the turn; there it would end the process
	}
	if ctx.Err() != nil {
		return false, context.Cause(ctx)
	}
	for i, c := range calls {
		if i == client {
			continue
		}
		if err := r.Handle(ctx, &ToolResult{CallID: c.CallID, Output: outputs[i]}); err != nil {
			return false, err
		}
		if c.Custom {
			r.input = append(r.input, mustJSON(map[string]string{"type": "custom_tool_call_output", "call_id": c.CallID, "output": outputs[i]}))
			continue
		}
		r.input = append(r.input, FunctionOutput(c.CallID, outputs[i]))
	}
	if client < 0 {
		return false, nil
	}
	c := calls[client]
	args := json.RawMessage(c.Arguments)
	var object map[string]json.RawMessage
	if json.Unmarshal(args, &object) != nil || object == nil {
		output := r.end(ctx, c, "The arguments are not valid: a JSON object is needed.", Tell("invalid arguments"))
		if err := r.Handle(ctx, &ToolResult{CallID: c.CallID, Output: output}); err != nil {
			return false, err
		}
		r.input = append(r.input, FunctionOutput(c.CallID, output))
		return false, nil
	}
	return true, r.callClient(c.CallID, c.Name, args)
}

// answerCall runs one tool and returns what the model is told.
func (r *runner) answerCall(ctx context.Context, t *Tool, c ToolCall) string {
	if f := r.opts.hooks.OnToolStart; f != nil {
		f(ctx, c)
	}
	defer phase(ctx, "in tool "+c.Name)()
	output, err := runTool(context.WithValue(ctx, callKey{}, c), t, c)
	if err != nil {
		output = "The tool failed."
		var told *toldError
		switch {
		case r.opts.toolError != nil:
			output = r.opts.toolError(ctx, c, err)
		case errors.As(err, &told):
			output = told.Error()
		case errors.Is(err, ErrToolTimeout):
			output = "The tool took too long."
		}
	}
	return r.end(ctx, c, output, err)
}

// end cuts an output to its limit and tells the hook.
func (r *runner) end(ctx context.Context, c ToolCall, output string, err error) string {
	output = strings.ToValidUTF8(output, "\ufffd")
	if len(output) > r.opts.maxOutput {
		output = cutText(output, r.opts.maxOutput) + fmt.Sprintf("\n[cut off: the whole output has %d bytes]", len(output))
	}
	if f := r.opts.hooks.OnToolEnd; f != nil {
		f(ctx, c, output, err)
	}
	return output
}

type result struct {
	output string
	err    error
}

// runTool calls the tool's function. One that does not heed its context is left behind: there is no way to
// stop it, and nobody should wait for it.
func runTool(ctx context.Context, t *Tool, c ToolCall) (string, error) {
	if t.Timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeoutCause(ctx, t.Timeout, ErrToolTimeout)
		defer cancel()
	}
	args := json.RawMessage(c.Arguments)
	if c.Custom {
		args = mustJSON(c.Arguments)
	}
	done := make(chan result, 1)
	go func() {
		var res result
		defer func() {
			if v := recover(); v != nil {
				res = result{err: &PanicError{Value: v, Stack: debug.Stack()}}
			}
			done <- res
		}()
		res.output, res.err = t.call(ctx, args)
	}()
	select {
	case res := <-done:
		if res.err != nil && ctx.Err() != nil && errors.Is(res.err, ctx.Err()) {
			res.err = context.Cause(ctx)
		}
		return res.output, res.err
	case <-ctx.Done():
		return "", context.Cause(ctx)
	}
}
