package widget

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/gochatkit/chatkit/core/internal/jsonx"
)

// Apply returns the widget that a client shows after the updates if it showed raw before: what it does with
// the updates that [Diff] finds. A text is looked up by its id, in lists of children and in children that
// stand alone; of several texts with that id the first one grows. Done changes nothing in the widget.
//
// It fails if raw is not valid or a delta names no text. The result may share memory with its arguments.
func Apply(raw json.RawMessage, updates ...Update) (json.RawMessage, error) {
	if err := Validate(raw); err != nil {
		return nil, err
	}
	for _, u := range updates {
		switch u := u.(type) {
		case *RootUpdated:
			if err := Validate(u.Widget); err != nil {
				return nil, err
			}
			raw = u.Widget
		case *TextDelta:
			var at *textAt
			s := scanner{buf: raw}
			s.texts(s.space(0), false, func(t textAt) {
				if at == nil && t.id == u.ComponentID {
					at = &t
				}
			})
			if at == nil {
				return nil, fmt.Errorf("apply text delta to %q: %w", u.ComponentID, ErrNoText)
			}
			end := at.value.to - 1
			raw = slices.Concat(raw[:end], jsonx.AppendEscaped(nil, u.Delta), raw[end:])
		}
	}
	return raw, nil
}
