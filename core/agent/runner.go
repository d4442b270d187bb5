package agent

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	chatkit "github.com/gochatkit/chatkit/core"
)

// Run lets an agent answer in a turn: it asks the model, runs the tools that the model calls, and asks
// again until there is nothing left to do or the browser has to run a tool. Everything is shown as it
// happens.
//
// The error is made to be returned from Respond, as that of [Stream]. The outcome is never nil.
func Run(ctx context.Context, t *chatkit.Turn, a *Agent, opts ...Option) (*Outcome, error) {
	b, err := BridgeTo(ctx, t, opts...)
	if err != nil {
		return &Outcome{Reason: ReasonFailed, Err: err}, err
	}
	input := b.opts.input
	if input == nil {
		c := b.opts.converter
		if c == nil {
			c = &Converter{}
		}
		if input, err = c.Input(ctx, t.History(ctx)); err != nil {
			return b.Fail(err), b.shown(fmt.Errorf("convert thread %s: %w", t.Thread.ID, err))
		}
	}
	o, err := b.RunAgent(ctx, a, input)
	return o, b.shown(err)
}

// RunAgent is [Run] on a bridge, with the input given and the error as it is. It ends the bridge.
func (b *Bridge) RunAgent(ctx context.Context, a *Agent, input []json.RawMessage) (*Outcome, error) {
	tools := make(map[string]*Tool, len(a.Tools))
	for i := range a.Tools {
		t := &a.Tools[i]
		if t.Name == "" || tools[t.Name] != nil {
			err := fmt.Errorf("agent %s: tool %q has no name or the name of another", a.Name, t.Name)
			return b.Fail(err), err
		}
		tools[t.Name] = t
	}
	for _, guard := range b.opts.blocking {
		if err := guarded(ctx, guard, input); err != nil {
			err = &GuardError{err}
			return b.refuse(err)
		}
	}
	ctx, cancel := context.WithCancelCause(context.WithValue(ctx, bridgeKey{}, b))
	defer cancel(nil)
	var g guards
	g.start(ctx, b.opts.guards, input, cancel)
	r := &runner{Bridge: b, agent: a, tools: tools, input: append([]json.RawMessage(nil), input...), seen: map[string]int{}}
	err := r.loop(ctx)
	if err != nil && !errors.Is(err, ErrTooLong) {
		cancel(err) // so that guards end too
	}
	if refusal := g.wait(); refusal != nil {
		return b.refuse(refusal)
	}
	if err != nil && !errors.Is(err, ErrTooLong) {
		return b.Fail(err), err
	}
	return b.Close()
}

// refuse ends a run that a guard refused.
func (b *Bridge) refuse(refusal error) (*Outcome, error) {
	if err := b.Retract(refusal); err != nil {
		return b.Outcome(), errors.Join(refusal, err)
	}
	return b.Outcome(), refusal
}

// runner is one run of an agent.
type runner struct {
	*Bridge
	agent *Agent
	tools map[string]*Tool
	input []json.RawMessage
	seen  map[string]int // calls, by name and arguments
}

func (r *runner) loop(ctx context.Context) error {
	ctx, stop := context.WithCancelCause(ctx) // of the tools, too: what one leaves behind may work until the run is over
	defer stop(nil)
	for range r.opts.maxTurns {
		calls, err := r.turn(ctx)
		if err != nil || len(calls) == 0 {
			return err
		}
		for _, c := range calls {
			key := c.Name + "\x00" + c.Arguments
			if r.seen[key]++; r.seen[key] >= 4 {
				return fmt.Errorf("agent %s: %w: %s", r.agent.Name, ErrLoop, c.Name)
			}
		}
		ended, err := r.runTools(ctx, stop, calls)
		if err != nil || ended {
			return err
		}
	}
	return fmt.Errorf("agent %s: %w: %d", r.agent.Name, ErrMaxTurns, r.opts.maxTurns)
}

// turn asks the model once and returns the calls to answer.
func (r *runner) turn(ctx context.Context) ([]ToolCall, error) {
	req := &Request{Settings: r.agent.Settings, Input: r.input}
	if f := r.agent.Instructions; f != nil {
		var err error
		if req.Instructions, err = f(ctx); err != nil {
			return nil, fmt.Errorf("instructions of agent %s: %w", r.agent.Name, err)
		}
	}
	for _, t := range r.agent.Tools {
		req.Tools = append(req.Tools, t.ToolSpec)
	}
	if f := r.opts.hooks.OnModelStart; f != nil {
		f(ctx, req)
	}
	var seen said
	err := r.drain(ctx, r.agent.Model.Stream(ctx, req), seen.see)
	if f := r.opts.hooks.OnModelEnd; f != nil {
		f(ctx, r.Outcome(), err)
	}
	if err != nil {
		return nil, err
	}
	switch seen.reason {
	case ReasonLength, ReasonContentFilter:
		return nil, nil // the arguments may be cut off
	}
	r.input = append(r.input, seen.replay()...)
	return seen.calls, nil
}

// said is what a model said in one turn.
type said struct {
	text   strings.Builder
	calls  []ToolCall
	items  []json.RawMessage
	reason Reason
}

func (s *said) see(e Event) {
	switch e := e.(type) {
	case *TextDelta:
		s.text.WriteString(e.Text)
	case *ToolCall:
		s.calls = append(s.calls, *e)
	case *OutputItem:
		s.items = append(s.items, e.Raw)
	case *Finish:
		s.reason = e.Reason
	}
}

// replay returns the turn as input of the next: word for word if the source gave its items, so that
// reasoning and members of newer APIs survive.
func (s *said) replay() []json.RawMessage {
	if len(s.items) > 0 {
		return s.items
	}
	var out []json.RawMessage
	if s.text.Len() > 0 {
		out = append(out, mustJSON(map[string]any{
			"type": "message", "role": "assistant", "content": []map[string]string{{"type": "output_text", "text": s.text.String()}},
		}))
	}
	for _, c := range s.calls {
		if c.Custom {
			out = append(out, mustJSON(map[string]string{"type": "custom_tool_call", "call_id": c.CallID, "name": c.Name, "input": c.Arguments}))
			continue
		}
		out = append(out, FunctionCall(c.CallID, c.Name, c.Arguments))
	}
	return out
}
