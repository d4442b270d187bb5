package chatkit

import "encoding/json"

// A UserMessageContent is one part of what a user wrote. Its variants are [*InputText], [*InputTag] and
// [*UnknownContent].
//
//sumtype:decl
type UserMessageContent interface {
	// ContentType returns the protocol's name of the kind: "input_text" or "input_tag".
	ContentType() string
	isUserMessageContent()
}

// An InputText is text that the user typed.
type InputText struct {
	Text string // as typed, not cut or cleaned
}

// An InputTag is an entity that the user picked in the composer, such as a person after an @.
type InputTag struct {
	ID          string          // the entity's id, the application's own
	Text        string          // the entity's title
	Data        json.RawMessage // a JSON object; empty is written as {}
	Group       *string         // nil if the entity has no group
	Interactive bool            // the client offers a preview of the entity
}

// An UnknownContent is a part of a kind that this version does not know.
type UnknownContent struct {
	Type string          // the kind's name as it was read
	Raw  json.RawMessage // the whole part, its type included
}

// ContentType returns "input_text".
func (*InputText) ContentType() string { return "input_text" }

// ContentType returns "input_tag".
func (*InputTag) ContentType() string { return "input_tag" }

// ContentType returns the kind that the part named.
func (c *UnknownContent) ContentType() string { return c.Type }

func (*InputText) isUserMessageContent()      {}
func (*InputTag) isUserMessageContent()       {}
func (*UnknownContent) isUserMessageContent() {}

// An AssistantMessageContent is one part of an assistant message: Markdown with citations.
type AssistantMessageContent struct {
	Text        string       // Markdown
	Annotations []Annotation // citations, in the order in which they are shown
	// Raw is the whole part if its type is not "output_text", and nil otherwise. It is written back as it
	// was read.
	Raw json.RawMessage
}

// An Annotation is a citation in an assistant message.
type Annotation struct {
	Source Source // required
	// Index is the position of the marker in the text, in characters; annotations with the same position
	// share a marker. Nil means no position.
	Index *int
}
