package vectortest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"slices"
	"time"

	chatkit "github.com/gochatkit/chatkit/core"
	"github.com/gochatkit/chatkit/core/agent"
	"github.com/gochatkit/chatkit/core/agent/oaiwire"
	"github.com/gochatkit/chatkit/core/chatkittest"
	"github.com/gochatkit/chatkit/core/widget"
)

type bridgeVector struct {
	Steps         []bridgeStep `json:"steps"`
	PartialImages int          `json:"partial_images"`
	Initial       contents     `json:"initial"`
	Expect        struct {
		Events     []json.RawMessage `json:"events"`
		FinalItems []json.RawMessage `json:"final_items"`
		Raised     string            `json:"raised"`
	} `json:"expect"`
}

type bridgeStep struct {
	OpenAI   json.RawMessage            `json:"openai"`
	Ctx      map[string]json.RawMessage `json:"ctx"`
	ToolCall *struct {
		ID        string `json:"id"`
		CallID    string `json:"call_id"`
		Name      string `json:"name"`
		Arguments string `json:"arguments"`
	} `json:"tool_call_item"`
	ClientToolCall *struct {
		Name      string          `json:"name"`
		Arguments json.RawMessage `json:"arguments"`
	} `json:"client_tool_call"`
	Guardrail string `json:"guardrail"`
}

const bridgeThread = "thr_1"

// ErrTripwire ends a play in which a guardrail finds the answer unfit.
var ErrTripwire = errors.New("a guardrail was tripped")

// A BridgePlay is what an agent's bridge did with a vector.
type BridgePlay struct {
	// Name is the vector's.
	Name string
	// Before are the items that the thread had before, oldest first.
	Before []chatkit.Item
	// Events are what the bridge sent to the turn, Kept the items that it stored without an event.
	Events []chatkit.Event
	Kept   []chatkit.Item
	// Err is what it ended with: nil, or [ErrTripwire].
	Err error

	vector *bridgeVector
}

// PlayBridge plays the vectors in the folder dir/bridge through agent bridges with the given options. It compares
// nothing; [Bridge] does.
func PlayBridge(ctx context.Context, dir string, opts ...agent.Option) ([]*BridgePlay, error) {
	vectors, names, err := load[*bridgeVector](dir, "bridge")
	if err != nil {
		return nil, err
	}
	var plays []*BridgePlay
	for _, name := range names {
		p := &BridgePlay{Name: name, vector: vectors[name]}
		if err := p.play(ctx, opts); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		plays = append(plays, p)
	}
	return plays, nil
}

// Bridge plays the vectors in the folder dir/bridge through an agent's bridge in parity, and compares what comes out.
func Bridge(ctx context.Context, dir string) ([]*Outcome, error) {
	plays, err := PlayBridge(ctx, dir, agent.Parity())
	if err != nil {
		return nil, err
	}
	var outcomes []*Outcome
	for _, p := range plays {
		o := &Outcome{Kind: "bridge", Name: p.Name}
		if err := p.compare(o); err != nil {
			o.problem("%v", err)
		}
		outcomes = append(outcomes, o)
	}
	return outcomes, nil
}

// play runs the steps. Its error is one that no vector asks for.
func (p *BridgePlay) play(ctx context.Context, opts []agent.Option) error {
	v := p.vector
	var newestFirst []chatkit.Item
	for _, raw := range v.Initial.Items[bridgeThread] {
		it, err := chatkit.UnmarshalItem(raw)
		if err != nil {
			return fmt.Errorf("item of the vector: %w", err)
		}
		p.Before = append(p.Before, it)
		newestFirst = slices.Insert(newestFirst, 0, it)
	}
	turn := &bridgeTurn{ids: chatkittest.IDs()}
	b := agent.NewBridge(turn, bridgeThread, newestFirst, append(slices.Clone(opts), agent.PartialImages(v.PartialImages))...)
	err := v.feed(ctx, b, turn)
	if err == nil {
		_, err = b.Close()
	}
	p.Events, p.Kept, p.Err = turn.events, turn.kept, err
	if err != nil && !errors.Is(err, ErrTripwire) {
		return err
	}
	return nil
}

// compare compares what came out with what the vector demands.
func (p *BridgePlay) compare(o *Outcome) error {
	expect := p.vector.Expect
	if raised := expect.Raised != ""; raised != (p.Err != nil) {
		o.problem("ended with %v, want a tripped guardrail: %v", p.Err, raised)
	}

	want, err := parseAll(expect.Events)
	if err != nil {
		return err
	}
	got, err := eventValues(p.Events)
	if err != nil {
		return err
	}
	c := comparer{durations: true}
	c.compare("events", got, want)

	thread := slices.Clone(p.Before)
	for _, it := range p.Kept {
		i := slices.IndexFunc(thread, func(x chatkit.Item) bool { return x.Meta().ID == it.Meta().ID })
		if i >= 0 {
			thread[i] = it
		} else {
			thread = append(thread, it)
		}
	}
	if want, err = parseAll(expect.FinalItems); err != nil {
		return err
	}
	if got, err = storedValues(thread); err != nil {
		return err
	}
	c.compare("final_items", got, want)
	o.Problems = append(o.Problems, c.problems...)
	return nil
}

// feed gives the bridge the model's events, with the other steps between them.
func (v *bridgeVector) feed(ctx context.Context, b *agent.Bridge, turn *bridgeTurn) error {
	var failure error
	events := func(yield func(json.RawMessage, error) bool) {
		for _, s := range v.Steps {
			if s.OpenAI != nil {
				if !yield(s.OpenAI, nil) {
					return
				}
			} else if failure = s.play(ctx, b, turn); failure != nil {
				return
			}
		}
	}
	for e, err := range oaiwire.ResponsesEvents(iter.Seq2[json.RawMessage, error](events), oaiwire.KeepIDs(true)) {
		if errors.Is(err, agent.ErrTruncated) {
			break // the vectors leave the response's last event out
		}
		if err == nil {
			err = b.Handle(ctx, e)
		}
		if err != nil {
			return err
		}
	}
	return failure
}

// play does what a tool, the agent or a guardrail does.
func (s *bridgeStep) play(ctx context.Context, b *agent.Bridge, turn *bridgeTurn) error {
	switch {
	case s.ToolCall != nil:
		c := s.ToolCall
		return b.Handle(ctx, &agent.ToolCall{Item: 1000, ID: c.ID, CallID: c.CallID, Name: c.Name, Arguments: c.Arguments})
	case s.ClientToolCall != nil:
		return b.CallClientTool(s.ClientToolCall.Name, s.ClientToolCall.Arguments)
	case s.Guardrail != "":
		return errors.Join(b.Retract(ErrTripwire), ErrTripwire)
	case s.Ctx["stream_widget"] != nil:
		return s.streamWidget(b, turn)
	}
	for name, arg := range s.Ctx {
		return playTool(b, name, arg)
	}
	return errors.New("step of the vector does nothing known")
}

func playTool(b *agent.Bridge, name string, arg json.RawMessage) error {
	var a struct {
		Task     json.RawMessage `json:"task"`
		Index    int             `json:"task_index"`
		Summary  json.RawMessage `json:"summary"`
		Expanded bool            `json:"expanded"`
	}
	if err := json.Unmarshal(arg, &a); err != nil {
		return err
	}
	switch name {
	case "stream":
		e, err := chatkit.UnmarshalEvent(arg)
		if err != nil {
			return err
		}
		return b.Emit(e)
	case "start_workflow":
		w, err := workflow(arg)
		if err != nil {
			return err
		}
		return b.StartWorkflow(*w)
	case "add_workflow_task":
		task, err := chatkit.UnmarshalTask(arg)
		if err == nil {
			_, err = b.AddTask(task)
		}
		return err
	case "update_workflow_task":
		task, err := chatkit.UnmarshalTask(a.Task)
		if err != nil {
			return err
		}
		return b.UpdateTask(a.Index, task)
	case "end_workflow":
		var summary chatkit.WorkflowSummary
		if a.Summary != nil {
			w, err := workflow(json.RawMessage(`{"type":"custom","tasks":[],"summary":` + string(a.Summary) + `}`))
			if err != nil {
				return err
			}
			summary = w.Summary
		}
		return b.EndWorkflow(summary, a.Expanded)
	}
	return fmt.Errorf("unknown tool step %q", name)
}

// workflow reads a workflow through an item, the only place where it has a decoder.
func workflow(raw json.RawMessage) (*chatkit.Workflow, error) {
	it, err := chatkit.UnmarshalItem([]byte(
		`{"type":"workflow","id":"x","thread_id":"x","created_at":"2026-01-02T03:04:05","workflow":` + string(raw) + `}`))
	if err != nil {
		return nil, err
	}
	item, ok := it.(*chatkit.WorkflowItem)
	if !ok {
		return nil, fmt.Errorf("no workflow: %s", raw)
	}
	return &item.Workflow, nil
}

// streamWidget shows a widget: whole, or as a series of states.
func (s *bridgeStep) streamWidget(b *agent.Bridge, turn *bridgeTurn) error {
	var states []json.RawMessage
	var many bool
	var copyText *string
	for name, to := range map[string]any{"stream_widget": &states, "many": &many, "copy_text": &copyText} {
		if raw := s.Ctx[name]; raw != nil {
			if err := json.Unmarshal(raw, to); err != nil {
				return err
			}
		}
	}
	if len(states) == 0 {
		return errors.New("a widget without states")
	}
	it := &chatkit.WidgetItem{
		ItemMeta: chatkit.ItemMeta{ID: turn.ids(chatkit.IDMessage), ThreadID: bridgeThread, CreatedAt: turn.Now()},
		Widget:   states[0], CopyText: copyText,
	}
	if many {
		if err := b.Emit(&chatkit.ThreadItemAddedEvent{Item: chatkit.CloneItem(it)}); err != nil {
			return err
		}
	}
	for i := 1; i < len(states); i++ {
		updates, err := widget.Diff(states[i-1], states[i])
		if err != nil {
			return err
		}
		for _, u := range updates {
			e := &chatkit.ThreadItemUpdatedEvent{ItemID: it.ID}
			switch u := u.(type) {
			case *widget.TextDelta:
				e.Update = &chatkit.WidgetStreamingTextValueDelta{ComponentID: u.ComponentID, Delta: u.Delta, Done: u.Done}
			case *widget.RootUpdated:
				e.Update = &chatkit.WidgetRootUpdated{Widget: u.Widget}
			}
			if err := b.Emit(e); err != nil {
				return err
			}
		}
		it.Widget = states[i]
	}
	return b.Emit(&chatkit.ThreadItemDoneEvent{Item: it})
}

// bridgeTurn records what a bridge does to its turn.
type bridgeTurn struct {
	ids    func(chatkit.IDKind) string
	events []chatkit.Event
	kept   []chatkit.Item
}

func (t *bridgeTurn) Emit(e chatkit.Event) error {
	t.events = append(t.events, chatkit.CloneEvent(e))
	return nil
}

func (t *bridgeTurn) Keep(it chatkit.Item) error {
	t.kept = append(t.kept, chatkit.CloneItem(it))
	return nil
}

func (t *bridgeTurn) NewID(kind chatkit.IDKind) string { return t.ids(kind) }
func (t *bridgeTurn) Now() time.Time                   { return chatkittest.Time }

// eventValues are events as JSON. Those with hidden items have no form on the wire;
// the recordings have them, because they were made in front of what swallows them.
func eventValues(events []chatkit.Event) (any, error) {
	list := []any{}
	for _, e := range events {
		var item chatkit.Item
		switch e := e.(type) {
		case *chatkit.ThreadItemAddedEvent:
			item = e.Item
		case *chatkit.ThreadItemDoneEvent:
			item = e.Item
		case *chatkit.ThreadItemReplacedEvent:
			item = e.Item
		}
		var v any
		var err error
		if item != nil && chatkit.Hidden(item) {
			v, err = stored(item)
			v = map[string]any{"type": e.EventType(), "item": v}
		} else {
			v, err = stored(e)
		}
		if err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	return list, nil
}

func storedValues(items []chatkit.Item) (any, error) {
	list := []any{}
	for _, it := range items {
		v, err := stored(it)
		if err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	return list, nil
}
