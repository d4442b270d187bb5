package agent

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	chatkit "github.com/gochatkit/chatkit/core"
)

// maxPart is the highest content part that a message may have. The index comes from the upstream: a
// hostile one must not choose how much memory we take.
const maxPart = 1024

// message is an assistant message of the current response.
type message struct {
	item    int
	id      string
	created time.Time
	parts   map[int]*part
	bytes   int
	done    bool
	aside   bool // commentary, shown as thoughts
}

type part struct {
	text        strings.Builder
	annotations []chatkit.Annotation
	shown       bool
	done        bool
}

func (m *message) part(i int) *part {
	p := m.parts[i]
	if p == nil {
		p = &part{}
		m.parts[i] = p
	}
	return p
}

// content returns the streamed parts in order.
func (m *message) content() []chatkit.AssistantMessageContent {
	var keys []int
	for i, p := range m.parts {
		if p.shown {
			keys = append(keys, i)
		}
	}
	slices.Sort(keys)
	out := make([]chatkit.AssistantMessageContent, 0, len(keys))
	for _, i := range keys {
		p := m.parts[i]
		out = append(out, chatkit.AssistantMessageContent{Text: p.text.String(), Annotations: slices.Clone(p.annotations)})
	}
	return out
}

func (b *Bridge) messageStart(e *MessageStart) error {
	if m := b.messages[e.Item]; m != nil {
		if m.done || !b.on(implicitStarts) {
			b.outcome.Dropped++
		}
		return nil // a delta came before and opened it
	}
	_, err := b.openMessage(e)
	return err
}

func (b *Bridge) openMessage(e *MessageStart) (*message, error) {
	m := &message{item: e.Item, parts: map[int]*part{}}
	b.messages[e.Item] = m
	b.order = append(b.order, m)
	if b.opts.commentary && e.Phase == "commentary" {
		m.aside = true
		return m, b.reasoningStart(&ReasoningStart{Item: e.Item})
	}
	if err := b.endWorkflow(nil, false); err != nil {
		return nil, err
	}
	b.delayed = false
	m.id = b.newID(chatkit.IDMessage, e.ID)
	meta := b.meta(m.id)
	m.created = meta.CreatedAt
	b.produce(m.id)
	it := &chatkit.AssistantMessageItem{ItemMeta: meta}
	for i, c := range e.Content {
		conv := b.convert(c)
		it.Content = append(it.Content, conv)
		p := m.part(i)
		p.shown = true
		p.text.WriteString(conv.Text)
		p.annotations = slices.Clone(conv.Annotations)
	}
	return m, b.emit(&chatkit.ThreadItemAddedEvent{Item: it})
}

// open returns the message and part that an update needs, or nil if the update must be dropped.
func (b *Bridge) open(item, index int) (*message, *part, error) {
	m := b.messages[item]
	if m == nil {
		var err error
		if m, err = b.openMessage(&MessageStart{Item: item}); err != nil {
			return nil, nil, err
		}
	}
	if m.done || index < 0 || index > maxPart {
		b.outcome.Dropped++
		return nil, nil, nil
	}
	return m, m.part(index), nil
}

// show announces a part that nobody announced.
func (b *Bridge) show(m *message, index int, p *part) error {
	if p.shown {
		return nil
	}
	p.shown = true
	if !b.on(implicitStarts) || m.aside {
		return nil
	}
	return b.update(m.id, &chatkit.AssistantMessageContentPartAdded{ContentIndex: index})
}

func (b *Bridge) partStart(e *PartStart) error {
	m, p, err := b.open(e.Item, e.Part)
	if err != nil || p == nil || m.aside {
		return err
	}
	if p.shown && b.on(implicitStarts) {
		return nil
	}
	c := b.convert(e.Content)
	p.shown = true
	p.text.Reset()
	p.text.WriteString(c.Text)
	p.annotations = slices.Clone(c.Annotations)
	return b.update(m.id, &chatkit.AssistantMessageContentPartAdded{ContentIndex: e.Part, Content: c})
}

func (b *Bridge) textDelta(e *TextDelta) error {
	if e.Refusal && !b.on(streamedRefusals) || e.Text == "" && b.on(implicitStarts) {
		return nil
	}
	m, p, err := b.open(e.Item, e.Part)
	if err != nil || p == nil {
		return err
	}
	if m.aside {
		return b.thoughtDelta(&ThoughtDelta{Item: e.Item, Index: e.Part, Text: e.Text})
	}
	if err := b.show(m, e.Part, p); err != nil {
		return err
	}
	text, cut := e.Text, false
	if m.bytes += len(text); m.bytes > b.opts.maxMessage {
		text, cut = cutText(text, len(text)-(m.bytes-b.opts.maxMessage)), true
	}
	p.text.WriteString(text)
	if err := b.sendText(m.id, e.Part, text); err != nil {
		return err
	}
	if cut {
		return b.tooLong()
	}
	return nil
}

// tooLong ends the run at the limit. The text so far is a whole message.
func (b *Bridge) tooLong() error {
	if err := b.flushText(); err != nil {
		return err
	}
	if err := b.closeOpen(); err != nil {
		return err
	}
	b.outcome.Reason = ReasonLength
	return ErrTooLong
}

// cutText returns at most n bytes of s, whole runes only.
func cutText(s string, n int) string {
	if n >= len(s) {
		return s
	}
	n = max(n, 0)
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

func (b *Bridge) annotationAdded(e *AnnotationAdded) error {
	m, p, err := b.open(e.Item, e.Part)
	if err != nil || p == nil || m.aside {
		return err
	}
	a := b.opts.annotate(e.Citation)
	if a == nil {
		b.outcome.Dropped++
		return nil
	}
	if err := b.show(m, e.Part, p); err != nil {
		return err
	}
	p.annotations = append(p.annotations, *a)
	return b.update(m.id, &chatkit.AssistantMessageContentPartAnnotationAdded{
		ContentIndex: e.Part, AnnotationIndex: len(p.annotations) - 1, Annotation: *a,
	})
}

func (b *Bridge) partDone(e *PartDone) error {
	if e.Refusal && !b.on(streamedRefusals) {
		return nil
	}
	m, p, err := b.open(e.Item, e.Part)
	if err != nil || p == nil {
		return err
	}
	if m.aside {
		return b.thoughtDone(&ThoughtDone{Item: e.Item, Index: e.Part, Text: e.Text})
	}
	if err := b.show(m, e.Part, p); err != nil {
		return err
	}
	p.done = true
	p.text.Reset()
	p.text.WriteString(e.Text)
	c := chatkit.AssistantMessageContent{Text: e.Text}
	if b.on(keptAnnotations) {
		c.Annotations = slices.Clone(p.annotations)
	}
	return b.update(m.id, &chatkit.AssistantMessageContentPartDone{ContentIndex: e.Part, Content: c})
}

func (b *Bridge) messageDone(e *MessageDone) error {
	m := b.messages[e.Item]
	switch {
	case m == nil && b.on(implicitStarts):
		// Nothing was streamed: the whole message comes at once.
		if b.opts.commentary && e.Phase == "commentary" {
			return b.asideDone(e)
		}
		if err := b.endWorkflow(nil, false); err != nil {
			return err
		}
		m = &message{item: e.Item, id: b.newID(chatkit.IDMessage, e.ID), created: b.target.Now(), parts: map[int]*part{}}
		b.messages[e.Item] = m
	case m == nil:
		m = &message{item: e.Item, id: b.newID(chatkit.IDMessage, e.ID)}
		b.messages[e.Item] = m
	case m.done:
		b.outcome.Dropped++
		return nil
	case m.aside:
		m.done = true
		return b.flushThought()
	}
	m.done = true
	var content []chatkit.AssistantMessageContent
	for _, c := range e.Content {
		content = append(content, b.convert(c))
	}
	if len(e.Content) == 0 && b.on(closedItems) {
		content = m.content()
	}
	announced := b.used[m.id]
	text := joined(content)
	if text == "" && b.on(noEmptyMessages) {
		b.outcome.Dropped++
		if !announced {
			return nil
		}
		return b.remove(m.id)
	}
	b.outcome.Text = text
	meta := b.meta(m.id)
	if b.on(oneTimestamp) {
		meta.CreatedAt = m.created
	}
	b.produce(m.id)
	return b.emit(&chatkit.ThreadItemDoneEvent{Item: &chatkit.AssistantMessageItem{ItemMeta: meta, Content: content}})
}

// asideDone shows a commentary that came in one piece.
func (b *Bridge) asideDone(e *MessageDone) error {
	if err := b.reasoningStart(&ReasoningStart{Item: e.Item}); err != nil {
		return err
	}
	for i, c := range e.Content {
		if err := b.thoughtDone(&ThoughtDone{Item: e.Item, Index: i, Text: c.Text}); err != nil {
			return err
		}
	}
	return nil
}

func (b *Bridge) remove(id string) error {
	b.produced = slices.DeleteFunc(b.produced, func(s string) bool { return s == id })
	return b.emit(&chatkit.ThreadItemRemovedEvent{ItemID: id})
}

func joined(content []chatkit.AssistantMessageContent) string {
	if len(content) == 1 {
		return content[0].Text
	}
	var s strings.Builder
	for _, c := range content {
		s.WriteString(c.Text)
	}
	return s.String()
}
