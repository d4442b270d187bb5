package agent

import (
	"time"

	chatkit "github.com/gochatkit/chatkit/core"
)

// thought is the one thought that streams: the first of a fresh reasoning workflow. Later ones appear
// whole.
type thought struct {
	w     *workflow
	task  int // its index in the workflow
	item  int
	index int
	text  []byte
	sent  int // bytes of text the client has
	wire  int // bytes that were sent in all
	last  time.Time
}

func (b *Bridge) reasoningStart(e *ReasoningStart) error {
	b.reasoning[e.Item] = true
	if b.workflow != nil {
		return nil
	}
	if b.opts.delayReasoning {
		b.delayed = true
		return nil
	}
	return b.startWorkflow(chatkit.Workflow{Type: chatkit.WorkflowReasoning})
}

// think makes sure that there is a workflow for a thought of the item, and reports whether there is.
func (b *Bridge) think(item int, raw bool) (bool, error) {
	if raw && !b.opts.rawThoughts {
		return false, nil
	}
	if b.workflow != nil {
		return true, nil
	}
	if b.delayed || b.on(implicitStarts) && !b.reasoning[item] {
		b.delayed = false
		b.reasoning[item] = true
		return true, b.startWorkflow(chatkit.Workflow{Type: chatkit.WorkflowReasoning})
	}
	return false, nil // its workflow has ended: something was shown below it
}

func (b *Bridge) thoughtDelta(e *ThoughtDelta) error {
	ok, err := b.think(e.Item, e.Raw)
	if !ok || err != nil {
		return err
	}
	w := b.workflow
	flow := &w.item.Workflow
	if flow.Type == chatkit.WorkflowReasoning && len(flow.Tasks) == 0 {
		b.thought = &thought{w: w, item: e.Item, index: e.Index, text: []byte(e.Text), sent: len(e.Text), last: b.target.Now()}
		_, err := b.addTask(&chatkit.ThoughtTask{Content: e.Text})
		return err
	}
	t := b.streaming(e.Item, e.Index)
	if t == nil {
		return nil
	}
	t.text = append(t.text, e.Text...)
	if b.on(throttledThoughts) && !t.due(b.target.Now(), b.opts.thoughtEvery) {
		return nil
	}
	return b.flushThought()
}

// due reports whether it is time to send the thought again. Each update carries the whole text, so the
// more there is, the rarer they come: when it grew by a tenth, or ten times slower as long as all
// updates together stay below twelve times the text.
func (t *thought) due(now time.Time, every time.Duration) bool {
	passed := now.Sub(t.last)
	grown := len(t.text) - t.sent
	return passed >= every && (grown*10 >= t.sent || passed >= 10*every && t.wire+len(t.text) <= 12*len(t.text))
}

// streaming returns the streaming thought, if it is this one.
func (b *Bridge) streaming(item, index int) *thought {
	t := b.thought
	if t == nil || t.w != b.workflow || t.item != item || t.index != index {
		return nil
	}
	return t
}

// flushThought sends what the throttle has held back.
func (b *Bridge) flushThought() error {
	t := b.thought
	if t == nil || t.w != b.workflow || t.sent == len(t.text) {
		return nil
	}
	t.sent = len(t.text)
	t.wire += t.sent
	t.last = b.target.Now()
	return b.updateTask(t.w, t.task, &chatkit.ThoughtTask{Content: string(t.text)})
}

func (b *Bridge) thoughtDone(e *ThoughtDone) error {
	ok, err := b.think(e.Item, e.Raw)
	if !ok || err != nil {
		return err
	}
	if t := b.streaming(e.Item, e.Index); t != nil {
		b.thought = nil
		return b.updateTask(t.w, t.task, &chatkit.ThoughtTask{Content: e.Text})
	}
	if e.Text == "" && b.on(noEmptyMessages) {
		return nil
	}
	_, err = b.addTask(&chatkit.ThoughtTask{Content: e.Text})
	return err
}
