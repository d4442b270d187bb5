package agenttest

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"sync"

	"github.com/gochatkit/chatkit/core/agent"
)

// A Model is an agent's model that follows a script, one answer per request. When the script has run out, it
// fails. It is safe for concurrent use.
type Model struct {
	mu       sync.Mutex
	answers  []Answer
	requests []*agent.Request
}

// NewModel returns a model that gives the answers in order.
func NewModel(answers ...Answer) *Model { return &Model{answers: answers} }

// Requests returns what the model was asked.
func (m *Model) Requests() []*agent.Request {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.requests)
}

// Stream gives the next answer.
func (m *Model) Stream(ctx context.Context, r *agent.Request) iter.Seq2[agent.Event, error] {
	return func(yield func(agent.Event, error) bool) {
		m.mu.Lock()
		asked := *r
		asked.Input = slices.Clone(r.Input)
		m.requests = append(m.requests, &asked)
		n := len(m.requests)
		var a Answer
		ok := len(m.answers) > 0
		if ok {
			a, m.answers = m.answers[0], m.answers[1:]
		}
		m.mu.Unlock()
		if !ok {
			yield(nil, fmt.Errorf("scripted model: no answer for request %d", n))
			return
		}
		for _, e := range a.Events(n) {
			if ctx.Err() != nil {
				yield(nil, context.Cause(ctx))
				return
			}
			if !yield(e, nil) {
				return
			}
		}
	}
}

// Events returns the answer as events of a source. n makes call ids differ from those of other answers.
func (a Answer) Events(n int) []agent.Event {
	var out []agent.Event
	item := 0
	if len(a.Thoughts) > 0 {
		out = append(out, &agent.ReasoningStart{Item: item})
		for i, text := range a.Thoughts {
			for _, w := range Words(text) {
				out = append(out, &agent.ThoughtDelta{Item: item, Index: i, Text: w})
			}
			out = append(out, &agent.ThoughtDone{Item: item, Index: i, Text: text})
		}
		item++
	}
	if a.Image != "" {
		out = append(out, &agent.ImageStart{Item: item}, &agent.ImageDone{Item: item, Base64: a.Image})
		item++
	}
	if text := a.Text + a.Refusal; text != "" {
		for _, w := range Words(text) {
			out = append(out, &agent.TextDelta{Item: item, Text: w, Refusal: a.Refusal != ""})
		}
		for _, c := range a.Cite {
			out = append(out, &agent.AnnotationAdded{Item: item, Citation: c})
		}
		out = append(out, &agent.MessageDone{Item: item})
		item++
	}
	for i, c := range a.Calls {
		c.Item = item + i
		if c.CallID == "" {
			c.CallID = fmt.Sprintf("call_%d_%d", n, i)
		}
		out = append(out, &c)
	}
	f := &agent.Finish{Reason: agent.ReasonStop, ResponseID: a.ID, Usage: a.Usage}
	switch {
	case a.Cut != "":
		f.Reason = a.Cut
	case len(a.Calls) > 0:
		f.Reason = agent.ReasonToolCalls
	case a.Refusal != "":
		f.Reason = agent.ReasonRefusal
	}
	return append(out, f)
}
