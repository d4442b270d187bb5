package chatkit

import (
	"encoding/json"
	"strings"
	"time"
)

// An Item is one entry of a thread (ChatKit protocol: thread items). Its variants are
//
//   - [*UserMessageItem], [*AssistantMessageItem]
//   - [*ClientToolCallItem], [*WidgetItem], [*GeneratedImageItem], [*StructuredInputItem]
//   - [*WorkflowItem], [*TaskItem], [*EndOfTurnItem]
//   - [*HiddenContextItem], [*SDKHiddenContextItem], which no client ever sees
//   - [*UnknownItem]
//
// [json.Marshal] of an item gives its complete stored form; [UnmarshalItem] reads it.
//
//sumtype:decl
type Item interface {
	// ItemType returns the protocol's name of the kind, such as "assistant_message".
	ItemType() string
	// Meta returns what every item has. Changing it changes the item.
	Meta() *ItemMeta
	isItem()
}

// ItemMeta is what every item has.
type ItemMeta struct {
	ID       string // made by the server, unique
	ThreadID string // the thread that holds the item
	// CreatedAt is written in UTC, cut to microseconds. The monotonic clock reading is ignored.
	CreatedAt time.Time
}

// Meta returns m itself.
func (m *ItemMeta) Meta() *ItemMeta { return m }

// A UserMessageItem is what the user wrote.
type UserMessageItem struct {
	ItemMeta
	Content          []UserMessageContent // text and entities, in the order of the composer
	Attachments      []Attachment         // in the order in which they were added
	QuotedText       *string              // nil if the user quoted nothing
	InferenceOptions InferenceOptions     // the zero value if the user chose nothing
}

// InferenceOptions are the user's choices in the composer. The server does not check them.
type InferenceOptions struct {
	ToolChoice *ToolChoice // nil if no tool was chosen
	Model      *string     // nil if no model was chosen
}

// A ToolChoice is a tool that the user picked in the composer.
type ToolChoice struct {
	ID string `json:"id"` // the tool's id as the page configured it
}

// An AssistantMessageItem is what the assistant answered.
type AssistantMessageItem struct {
	ItemMeta
	Content []AssistantMessageContent // the parts, in the order of their index
}

// A ClientToolCallItem asks the browser to run a function. It has to be the last item of a response.
type ClientToolCallItem struct {
	ItemMeta
	Status    ClientToolCallStatus // empty is written as pending
	CallID    string               // the model's own id of the call
	Name      string               // the function's name as the page knows it
	Arguments json.RawMessage      // a JSON object; empty is written as {}
	Output    json.RawMessage      // any JSON; empty or null until there is one
}

// A ClientToolCallStatus says whether the browser has answered a call. Empty is written as pending.
type ClientToolCallStatus string

// The statuses of a client tool call.
const (
	ClientToolCallPending   ClientToolCallStatus = "pending"
	ClientToolCallCompleted ClientToolCallStatus = "completed"
)

// A WidgetItem shows a widget.
type WidgetItem struct {
	ItemMeta
	Widget   json.RawMessage // the root component, a JSON object; required
	CopyText *string         // what the copy button copies; nil means no button text
}

// A GeneratedImageItem shows an image that the assistant made.
type GeneratedImageItem struct {
	ItemMeta
	Image *GeneratedImage // nil while the image is being made
}

// A GeneratedImage is an image and where to load it from.
type GeneratedImage struct {
	ID  string `json:"id"`  // the image's own id, not the item's
	URL string `json:"url"` // any URL the browser can load, data: included
}

// A TaskItem shows one task outside of a workflow.
type TaskItem struct {
	ItemMeta
	Task Task // required
}

// A WorkflowItem shows a list of tasks.
type WorkflowItem struct {
	ItemMeta
	Workflow Workflow // what is shown
}

// A HiddenContextItem keeps the application's own notes at a place in the thread. No client sees it.
type HiddenContextItem struct {
	ItemMeta
	Content json.RawMessage // any JSON; empty is written as null
}

// An SDKHiddenContextItem keeps the server's own notes, such as "the user stopped this answer". No client
// sees it.
type SDKHiddenContextItem struct {
	ItemMeta
	Content string // for the model to read
}

// An EndOfTurnItem hints that the assistant's turn is over. The server never writes one by itself.
type EndOfTurnItem struct {
	ItemMeta
}

// An UnknownItem is an item of a kind that this version does not know. Its JSON is written back as it was
// read, except that a changed ItemMeta is written over it.
type UnknownItem struct {
	ItemMeta
	Type string          // the kind's name as it was read
	Raw  json.RawMessage // the whole item, its type included
}

// Hidden reports whether an item is kept from every client: hidden context, the application's and the
// server's own (ChatKit protocol: what never leaves the server).
func Hidden(it Item) bool {
	switch it.(type) {
	case *HiddenContextItem, *SDKHiddenContextItem:
		return true
	default:
		return false
	}
}

// ItemType returns "user_message".
func (*UserMessageItem) ItemType() string { return "user_message" }

// ItemType returns "assistant_message".
func (*AssistantMessageItem) ItemType() string { return "assistant_message" }

// ItemType returns "client_tool_call".
func (*ClientToolCallItem) ItemType() string { return "client_tool_call" }

// ItemType returns "widget".
func (*WidgetItem) ItemType() string { return "widget" }

// ItemType returns "generated_image".
func (*GeneratedImageItem) ItemType() string { return "generated_image" }

// ItemType returns "structured_input".
func (*StructuredInputItem) ItemType() string { return "structured_input" }

// ItemType returns "workflow".
func (*WorkflowItem) ItemType() string { return "workflow" }

// ItemType returns "task".
func (*TaskItem) ItemType() string { return "task" }

// ItemType returns "hidden_context_item".
func (*HiddenContextItem) ItemType() string { return "hidden_context_item" }

// ItemType returns "sdk_hidden_context".
func (*SDKHiddenContextItem) ItemType() string { return "sdk_hidden_context" }

// ItemType returns "end_of_turn".
func (*EndOfTurnItem) ItemType() string { return "end_of_turn" }

// ItemType returns the kind that the item named.
func (i *UnknownItem) ItemType() string { return i.Type }

func (*UserMessageItem) isItem()      {}
func (*AssistantMessageItem) isItem() {}
func (*ClientToolCallItem) isItem()   {}
func (*WidgetItem) isItem()           {}
func (*GeneratedImageItem) isItem()   {}
func (*StructuredInputItem) isItem()  {}
func (*WorkflowItem) isItem()         {}
func (*TaskItem) isItem()             {}
func (*HiddenContextItem) isItem()    {}
func (*SDKHiddenContextItem) isItem() {}
func (*EndOfTurnItem) isItem()        {}
func (*UnknownItem) isItem()          {}

// Text returns what the user wrote: the texts and the names of tags, in order, as on the screen. It is empty
// for a nil message, so that t.Input.Text() needs no check.
func (i *UserMessageItem) Text() string {
	if i == nil {
		return ""
	}
	var b strings.Builder
	for _, part := range i.Content {
		switch part := part.(type) {
		case *InputText:
			b.WriteString(part.Text)
		case *InputTag:
			b.WriteString("@" + part.Text)
		default: // of a newer client
		}
	}
	return b.String()
}

// Text returns the message's text, its parts one after the other. It is empty for a nil message.
func (i *AssistantMessageItem) Text() string {
	if i == nil {
		return ""
	}
	var b strings.Builder
	for _, part := range i.Content {
		b.WriteString(part.Text)
	}
	return b.String()
}
