package agent

import (
	"time"

	chatkit "github.com/gochatkit/chatkit/core"
)

// coalesced is text that waits for more of it.
type coalesced struct {
	id    string
	part  int
	text  []byte
	timer *time.Timer
}

func (c *coalesced) drop() {
	c.text = c.text[:0]
	if c.timer != nil {
		c.timer.Stop()
	}
}

// sendText sends a delta, now or with the next ones.
func (b *Bridge) sendText(id string, part int, text string) error {
	if b.opts.coalesce <= 0 {
		return b.update(id, &chatkit.AssistantMessageContentPartTextDelta{ContentIndex: part, Delta: text})
	}
	p := &b.pending
	if len(p.text) > 0 && (p.id != id || p.part != part) {
		if err := b.flushText(); err != nil {
			return err
		}
	}
	if len(p.text) == 0 {
		p.id, p.part = id, part
		if p.timer == nil {
			p.timer = time.AfterFunc(b.opts.coalesce, b.flushLate)
		} else {
			p.timer.Reset(b.opts.coalesce)
		}
	}
	p.text = append(p.text, text...)
	if len(p.text) >= b.opts.coalesceBytes {
		return b.flushText()
	}
	return nil
}

// flushText sends the text that waits. The timer needs no owner that waits for it: it finds nothing.
func (b *Bridge) flushText() error {
	p := &b.pending
	if len(p.text) == 0 {
		return nil
	}
	text := string(p.text)
	p.drop()
	return b.update(p.id, &chatkit.AssistantMessageContentPartTextDelta{ContentIndex: p.part, Delta: text})
}

func (b *Bridge) flushLate() {
	_ = b.do(b.flushText) // a failure is remembered and stops the next event
}
