package chatkit

import "encoding/json"

// A StructuredInputItem asks the user one or more questions.
type StructuredInputItem struct {
	ItemMeta
	Status StructuredInputStatus // empty is written as pending
	Inputs []StructuredInput     // the questions, in the order in which they are asked
}

// A StructuredInputStatus says whether the user has answered. Empty is written as pending.
type StructuredInputStatus string

// The statuses of a structured input.
const (
	StructuredInputPending  StructuredInputStatus = "pending"
	StructuredInputAnswered StructuredInputStatus = "answered"
	StructuredInputSkipped  StructuredInputStatus = "skipped"
)

// A StructuredInput is one question (ChatKit protocol: structured input). Its variants are
// [*MultipleChoiceInput], [*FreeformInput] and [*UnknownStructuredInput].
//
//sumtype:decl
type StructuredInput interface {
	// InputType returns the protocol's name of the kind: "multiple_choice" or "freeform".
	InputType() string
	// Meta returns what every question has. Changing it changes the question.
	Meta() *StructuredInputMeta
	isStructuredInput()
}

// StructuredInputMeta is what every question has.
type StructuredInputMeta struct {
	ID       string                 // unique within the item
	Question string                 // shown as it is
	Answer   *StructuredInputAnswer // nil until answered or skipped
}

// Meta returns m itself.
func (m *StructuredInputMeta) Meta() *StructuredInputMeta { return m }

// A StructuredInputAnswer is what the user answered to one question.
type StructuredInputAnswer struct {
	Values  []string // text, not checked against the options; empty if skipped
	Skipped bool
}

// A MultipleChoiceInput offers options. The client always offers free text beside them.
type MultipleChoiceInput struct {
	StructuredInputMeta
	Options  []StructuredInputOption // in the order in which they are shown
	Multiple bool                    // more than one value may be chosen
}

// A StructuredInputOption is one option; its value is its label too.
type StructuredInputOption struct {
	Value string `json:"value"` // shown as it is, and the answer when chosen
}

// A FreeformInput asks for free text.
type FreeformInput struct {
	StructuredInputMeta
	Description *string // nil if there is none
}

// An UnknownStructuredInput is a question of a kind that this version does not know. Its JSON is written
// back as it was read, except that a changed StructuredInputMeta is written over it.
type UnknownStructuredInput struct {
	StructuredInputMeta
	Type string          // the kind's name as it was read
	Raw  json.RawMessage // the whole question, its type included
}

// InputType returns "multiple_choice".
func (*MultipleChoiceInput) InputType() string { return "multiple_choice" }

// InputType returns "freeform".
func (*FreeformInput) InputType() string { return "freeform" }

// InputType returns the kind that the question named.
func (i *UnknownStructuredInput) InputType() string { return i.Type }

func (*MultipleChoiceInput) isStructuredInput()    {}
func (*FreeformInput) isStructuredInput()          {}
func (*UnknownStructuredInput) isStructuredInput() {}
