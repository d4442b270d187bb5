package agent_test

import (
	"encoding/json"
	"errors"
	"iter"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	chatkit "github.com/gochatkit/chatkit/core"
	"github.com/gochatkit/chatkit/core/agent"
	"github.com/gochatkit/chatkit/core/agent/oaiwire"
	"github.com/gochatkit/chatkit/core/widget"
)

type bridgeVector struct {
	Name    string       `json:"name"`
	Steps   []bridgeStep `json:"steps"`
	Partial int          `json:"partial_images"`
	Initial struct {
		Items map[string][]json.RawMessage `json:"items"`
	} `json:"initial"`
	Expect struct {
		Events []json.RawMessage `json:"events"`
		Final  []json.RawMessage `json:"final_items"`
		Raised string            `json:"raised"`
	} `json:"expect"`
}

type bridgeStep struct {
	OpenAI     json.RawMessage            `json:"openai"`
	Ctx        map[string]json.RawMessage `json:"ctx"`
	ToolCall   *wireCall                  `json:"tool_call_item"`
	ClientCall *struct {
		Name      string          `json:"name"`
		Arguments json.RawMessage `json:"arguments"`
	} `json:"client_tool_call"`
	Guardrail string `json:"guardrail"`
}

type wireCall struct {
	ID        string `json:"id"`
	CallID    string `json:"call_id"`
	Name      string `json:"name"`
	Arguments string `json:"arguments"`
}

func TestBridgeAnswersTheGoldenVectors(t *testing.T) {
	for _, file := range vectorFiles(t, "bridge") {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".json"), func(t *testing.T) {
			var v bridgeVector
			readVector(t, file, &v)
			target, initial, err := playVector(t, &v, agent.Parity())
			if got, want := errors.Is(err, errTripwire), v.Expect.Raised != ""; got != want || err != nil && !got {
				t.Errorf("error = %v, want a tripwire: %v", err, want)
			}
			sameLines(t, target.lines(t), texts(v.Expect.Events))
			final := initial
			for _, it := range target.kept {
				i := slices.IndexFunc(final, func(o chatkit.Item) bool { return o.Meta().ID == it.Meta().ID })
				if i >= 0 {
					final[i] = it
				} else {
					final = append(final, it)
				}
			}
			var got []string
			for _, it := range final {
				got = append(got, marshal(t, it))
			}
			sameLines(t, got, texts(v.Expect.Final))
		})
	}
}

func texts(raw []json.RawMessage) []string {
	var out []string
	for _, r := range raw {
		out = append(out, string(r))
	}
	return out
}

// playVector runs the steps of a vector through a bridge.
func playVector(t *testing.T, v *bridgeVector, opts ...agent.Option) (*target, []chatkit.Item, error) {
	t.Helper()
	var initial, tail []chatkit.Item
	for _, raw := range v.Initial.Items["thr_1"] {
		it, err := chatkit.UnmarshalItem(raw)
		if err != nil {
			t.Fatal(err)
		}
		initial = append(initial, it)
		tail = append([]chatkit.Item{it}, tail...)
	}
	target := newTarget()
	b := agent.NewBridge(target, "thr_1", tail, append(opts, agent.PartialImages(v.Partial))...)
	// One decoder over all upstream events, with the other steps between them.
	var failure error
	events := func(yield func(json.RawMessage, error) bool) {
		for _, s := range v.Steps {
			if s.OpenAI != nil {
				if !yield(s.OpenAI, nil) {
					return
				}
				continue
			}
			if failure = playStep(t, b, target, &s); failure != nil {
				return
			}
		}
	}
	src := oaiwire.ResponsesEvents(iter.Seq2[json.RawMessage, error](events), oaiwire.KeepIDs(true))
	for e, err := range src {
		if errors.Is(err, agent.ErrTruncated) {
			break // the vectors leave out the last event
		}
		if err != nil {
			t.Fatal(err)
		}
		handle(t, b, e)
	}
	if failure != nil {
		return target, initial, failure
	}
	_, err := b.Close()
	return target, initial, err
}

func playStep(t *testing.T, b *agent.Bridge, target *target, s *bridgeStep) error {
	t.Helper()
	switch {
	case s.ToolCall != nil:
		c := s.ToolCall
		handle(t, b, &agent.ToolCall{Item: 1000, ID: c.ID, CallID: c.CallID, Name: c.Name, Arguments: c.Arguments})
	case s.ClientCall != nil:
		return b.CallClientTool(s.ClientCall.Name, s.ClientCall.Arguments)
	case s.Guardrail != "":
		if err := b.Retract(errTripwire); err != nil {
			return err
		}
		return errTripwire
	}
	if raw := s.Ctx["stream_widget"]; raw != nil {
		var states []json.RawMessage
		var many bool
		var copyText *string
		decode(t, raw, &states)
		if r := s.Ctx["many"]; r != nil {
			decode(t, r, &many)
		}
		if r := s.Ctx["copy_text"]; r != nil {
			decode(t, r, &copyText)
		}
		return streamWidget(t, b, target, states, many, copyText)
	}
	for op, arg := range s.Ctx {
		if err := playCtx(t, b, op, arg); err != nil {
			return err
		}
	}
	return nil
}

func playCtx(t *testing.T, b *agent.Bridge, op string, arg json.RawMessage) error {
	t.Helper()
	switch op {
	case "stream":
		e, err := chatkit.UnmarshalEvent(arg)
		if err != nil {
			t.Fatal(err)
		}
		return b.Emit(e)
	case "start_workflow":
		return b.StartWorkflow(workflowOf(t, arg))
	case "add_workflow_task":
		_, err := b.AddTask(taskOf(t, arg))
		return err
	case "update_workflow_task":
		var a struct {
			Task  json.RawMessage `json:"task"`
			Index int             `json:"task_index"`
		}
		decode(t, arg, &a)
		return b.UpdateTask(a.Index, taskOf(t, a.Task))
	case "end_workflow":
		var a struct {
			Summary  json.RawMessage `json:"summary"`
			Expanded bool            `json:"expanded"`
		}
		decode(t, arg, &a)
		var sum chatkit.WorkflowSummary
		if a.Summary != nil {
			sum = workflowOf(t, json.RawMessage(`{"type":"custom","tasks":[],"summary":`+string(a.Summary)+`}`)).Summary
		}
		return b.EndWorkflow(sum, a.Expanded)
	}
	t.Fatalf("unknown step %s", op)
	return nil
}

func decode(t *testing.T, raw json.RawMessage, into any) {
	t.Helper()
	if err := json.Unmarshal(raw, into); err != nil {
		t.Fatal(err)
	}
}

func taskOf(t *testing.T, raw json.RawMessage) chatkit.Task {
	t.Helper()
	return workflowOf(t, json.RawMessage(`{"type":"custom","tasks":[`+string(raw)+`]}`)).Tasks[0]
}

func workflowOf(t *testing.T, raw json.RawMessage) chatkit.Workflow {
	t.Helper()
	it, err := chatkit.UnmarshalItem([]byte(`{"type":"workflow","id":"x","thread_id":"t","created_at":"2026-01-02T03:04:05","workflow":` + string(raw) + `}`))
	if err != nil {
		t.Fatal(err)
	}
	return it.(*chatkit.WorkflowItem).Workflow
}

// streamWidget does what a turn does with a sequence of widget states.
func streamWidget(t *testing.T, b *agent.Bridge, target *target, states []json.RawMessage, many bool, copyText *string) error {
	t.Helper()
	it := &chatkit.WidgetItem{
		ItemMeta: chatkit.ItemMeta{ID: target.NewID("message"), ThreadID: "thr_1", CreatedAt: target.Now()}, Widget: states[0], CopyText: copyText,
	}
	if many {
		if err := b.Emit(&chatkit.ThreadItemAddedEvent{Item: chatkit.CloneItem(it)}); err != nil {
			return err
		}
	}
	for i := 1; i < len(states); i++ {
		updates, err := widget.Diff(states[i-1], states[i])
		if err != nil {
			t.Fatal(err)
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
