package arrival

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	chatkit "github.com/gochatkit/chatkit/core"
)

// A Piece is an event or a comment that has arrived.
type Piece struct {
	// At is when its last byte was read, counted from when the request was sent.
	At time.Duration
	// Read is the number of the read that brought its last byte. Pieces with the same one came together.
	Read int
	// Bytes is the length of what it says.
	Bytes int
	// Comment is set for a comment. It has no event.
	Comment bool
	// Event is the event. It is nil for a comment and for a tick.
	Event chatkit.Event
	// Tick is set for an event of the server's debug.ticks.
	Tick bool
	// Text is set if the event brings text that the user reads, or if it is a tick.
	Text bool
	// Written is when the server wrote it, in milliseconds since it had the request. It is nil unless the
	// server's Debug option is on.
	Written *float64
}

// writeTime reads the comment "t=12.345" of a server whose Debug option is on.
func writeTime(comment []byte) (float64, bool) {
	number, found := strings.CutPrefix(string(comment), "t=")
	if !found {
		return 0, false
	}
	ms, err := strconv.ParseFloat(number, 64)
	return ms, err == nil && sensible(ms)
}

// sensible reports whether a time of writing, in milliseconds, can be one, and can be counted with.
func sensible(ms float64) bool { return ms >= 0 && ms < 1e12 }

func (p *Piece) read(data []byte) error {
	var head struct {
		Type string   `json:"type"`
		T    *float64 `json:"t"`
	}
	if err := json.Unmarshal(data, &head); err != nil {
		return fmt.Errorf("an event is no JSON object: %w", err)
	}
	if head.Type == "debug.tick" {
		p.Tick, p.Text = true, true
		if p.Written == nil && head.T != nil && sensible(*head.T) {
			p.Written = head.T
		}
		return nil
	}
	e, err := chatkit.UnmarshalEvent(data)
	if err != nil {
		return fmt.Errorf("event %s: %w", head.Type, err)
	}
	p.Event, p.Text = e, text(e)
	return nil
}

// text reports whether an event brings some of the answer's text.
func text(e chatkit.Event) bool {
	u, ok := e.(*chatkit.ThreadItemUpdatedEvent)
	if !ok {
		return false
	}
	switch u := u.Update.(type) {
	case *chatkit.AssistantMessageContentPartTextDelta:
		return u.Delta != ""
	case *chatkit.AssistantMessageContentPartAdded:
		return u.Content.Text != ""
	case *chatkit.WidgetStreamingTextValueDelta:
		return u.Delta != ""
	default:
		return false
	}
}

// Describe says in a few words what a piece is, for "after …".
func (p *Piece) Describe() string {
	switch {
	case p.Comment:
		return "a comment"
	case p.Tick:
		return "a tick"
	}
	switch e := p.Event.(type) {
	case *chatkit.ThreadCreatedEvent:
		return "the thread was created"
	case *chatkit.ThreadItemDoneEvent:
		return "the " + words(e.Item) + " was complete"
	case *chatkit.ThreadItemAddedEvent:
		return "the " + words(e.Item) + " began"
	case *chatkit.ThreadItemUpdatedEvent:
		if p.Text {
			return "a piece of text"
		}
		return "an update of an item"
	case *chatkit.ProgressUpdateEvent:
		return "the progress " + strconv.Quote(e.Text)
	case *chatkit.StreamOptionsEvent:
		return "the stream options, before the responder said anything"
	default:
		return "the event " + strconv.Quote(p.Event.EventType())
	}
}

func words(it chatkit.Item) string { return strings.ReplaceAll(it.ItemType(), "_", " ") }
