package chatkit

import (
	"cmp"
	"slices"
	"strings"

	"github.com/gochatkit/chatkit/core/widget"
)

// A pendingItem is an item that was added and is not done: the server's copy of what the user sees of it.
// Texts are kept in buffers, because joining each token to a string is quadratic.
type pendingItem struct {
	item  Item
	parts []pendingPart     // content, if the item is an assistant message
	grown map[string][]byte // by component: how its text has grown, if the item is a widget
}

type pendingPart struct {
	text        []byte
	annotations []Annotation
	marks       []mark // how the text grew, if it may have to be cut
}

// A mark says how long a text was when an event was made.
type mark struct {
	event  uint64
	length int
}

// cut shortens the texts to what they were when the event with the given number was made.
func (p *pendingItem) cut(seen uint64) {
	for i := range p.parts {
		part := &p.parts[i]
		n, _ := slices.BinarySearchFunc(part.marks, seen+1, func(m mark, event uint64) int { return cmp.Compare(m.event, event) })
		length := 0
		if n > 0 {
			length = part.marks[n-1].length
		}
		part.text = part.text[:min(length, len(part.text))]
	}
}

func newPending(it Item) *pendingItem {
	p := &pendingItem{item: CloneItem(it)}
	if m, ok := p.item.(*AssistantMessageItem); ok {
		for _, c := range m.Content {
			p.parts = append(p.parts, pendingPart{text: []byte(c.Text), annotations: c.Annotations})
		}
		m.Content = nil
	}
	return p
}

// id returns the item's id.
func (p *pendingItem) id() string { return p.item.Meta().ID }

// part returns the content part at index i, and makes it and those before it if they are missing.
func (p *pendingItem) part(i int) *pendingPart {
	for len(p.parts) <= i {
		p.parts = append(p.parts, pendingPart{})
	}
	return &p.parts[i]
}

// apply follows an update (ChatKit protocol: applying updates to pending items). What does not fit the
// item changes nothing.
func (p *pendingItem) apply(u ItemUpdate) {
	switch it := p.item.(type) {
	case *AssistantMessageItem:
		p.applyToMessage(u)
	case *WorkflowItem:
		switch u := u.(type) {
		case *WorkflowTaskAdded:
			it.Workflow.Tasks = append(it.Workflow.Tasks, CloneTask(u.Task))
		case *WorkflowTaskUpdated:
			if u.TaskIndex >= 0 && u.TaskIndex < len(it.Workflow.Tasks) {
				it.Workflow.Tasks[u.TaskIndex] = CloneTask(u.Task)
			}
		default: // not for a workflow
		}
	case *GeneratedImageItem:
		if u, ok := u.(*GeneratedImageUpdated); ok {
			image := u.Image
			it.Image = &image
		}
	case *WidgetItem:
		p.applyToWidget(it, u)
	default: // every other kind stays as it was added
	}
}

func (p *pendingItem) applyToMessage(u ItemUpdate) {
	switch u := u.(type) {
	case *AssistantMessageContentPartAdded:
		p.set(u.ContentIndex, u.Content)
	case *AssistantMessageContentPartDone:
		p.set(u.ContentIndex, u.Content)
	case *AssistantMessageContentPartTextDelta:
		part := p.part(u.ContentIndex)
		part.text = append(part.text, u.Delta...)
	case *AssistantMessageContentPartAnnotationAdded:
		part := p.part(u.ContentIndex)
		at := min(max(u.AnnotationIndex, 0), len(part.annotations))
		part.annotations = slices.Insert(part.annotations, at, u.Annotation)
	default: // not for a message
	}
}

// applyToWidget collects the texts that grow: to put each word into its place at once would cost as much
// as the whole widget.
func (p *pendingItem) applyToWidget(it *WidgetItem, u ItemUpdate) {
	switch u := u.(type) {
	case *WidgetRootUpdated:
		it.Widget, p.grown = u.Widget, nil
	case *WidgetStreamingTextValueDelta:
		if p.grown == nil {
			p.grown = map[string][]byte{}
		}
		p.grown[u.ComponentID] = append(p.grown[u.ComponentID], u.Delta...)
	default: // not for a widget
	}
}

func (p *pendingItem) set(i int, c AssistantMessageContent) {
	part := p.part(i)
	part.text, part.annotations = []byte(c.Text), slices.Clone(c.Annotations)
}

// current returns the item as the user sees it, as a copy of its own.
func (p *pendingItem) current() Item {
	it := CloneItem(p.item)
	if w, ok := it.(*WidgetItem); ok {
		for id, text := range p.grown {
			grown, err := widget.Apply(w.Widget, &widget.TextDelta{ComponentID: id, Delta: string(text)})
			if err == nil { // else it named no text of this widget, and the user saw nothing of it
				w.Widget = grown
			}
		}
	}
	if m, ok := it.(*AssistantMessageItem); ok {
		for _, part := range p.parts {
			m.Content = append(m.Content, AssistantMessageContent{
				Text: string(part.text), Annotations: slices.Clone(part.annotations),
			})
		}
	}
	return it
}

// blank reports whether there is nothing in the item that a user could read.
func blank(it Item) bool {
	switch it := it.(type) {
	case *AssistantMessageItem:
		for _, c := range it.Content {
			if strings.TrimSpace(c.Text) != "" {
				return false
			}
		}
		return true
	case *WorkflowItem:
		return len(it.Workflow.Tasks) == 0
	case *GeneratedImageItem:
		return it.Image == nil
	default:
	}
	return false
}
