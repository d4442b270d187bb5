package widget

import "encoding/json"

// Update is one change to a widget that the browser already shows: a [*TextDelta] or a [*RootUpdated]
// (ChatKit protocol: item updates). The protocol's third widget update, of a single component, is never made.
//
//sumtype:decl
type Update interface{ isUpdate() }

// TextDelta appends to the value of one Text or Markdown component. On the wire it is
// widget.streaming_text.value_delta.
type TextDelta struct {
	// ComponentID is the component's id. It is never empty.
	ComponentID string
	// Delta is the text to append.
	Delta string
	// Done tells the client that this text is complete. It is the opposite of the component's streaming
	// member, so a text that does not stream is done after every delta.
	Done bool
}

// RootUpdated replaces the whole widget. On the wire it is widget.root.updated.
type RootUpdated struct {
	// Widget is the new widget.
	Widget json.RawMessage
}

func (*TextDelta) isUpdate()   {}
func (*RootUpdated) isUpdate() {}
