package chatkit

import (
	"bytes"
	"encoding/json"

	"github.com/gochatkit/chatkit/core/internal/jsonx"
)

// appendItem appends an item (ChatKit protocol: thread items).
func appendItem(dst []byte, it Item, f form) ([]byte, error) {
	return encode(dst, f, func(e *encoder) { e.item(it) })
}

func (e *encoder) item(it Item) {
	if isNil(it) {
		e.fail("item: %w", errNil)
		return
	}
	if u, ok := it.(*UnknownItem); ok {
		e.unknownItem(u)
		return
	}
	before := e.err
	m := it.Meta()
	e.str(`{"id":`, m.ID)
	e.str(`,"thread_id":`, m.ThreadID)
	e.time(`,"created_at":`, m.CreatedAt)
	switch it := it.(type) {
	case *UserMessageItem:
		list(e, `,"type":"user_message","content":`, it.Content, (*encoder).userContent)
		list(e, `,"attachments":`, it.Attachments, (*encoder).attachment)
		e.pointer(`,"quoted_text":`, it.QuotedText)
		e.lit(`,"inference_options":`)
		e.inferenceOptions(it.InferenceOptions)
	case *AssistantMessageItem:
		list(e, `,"type":"assistant_message","content":`, it.Content, (*encoder).assistantContent)
	case *ClientToolCallItem:
		e.str(`,"type":"client_tool_call","status":`, or(it.Status, ClientToolCallPending))
		e.str(`,"call_id":`, it.CallID)
		e.str(`,"name":`, it.Name)
		e.raw(`,"arguments":`, it.Arguments, "{}")
		if !isNull(it.Output) {
			e.raw(`,"output":`, it.Output, "")
		}
	case *WidgetItem:
		e.widget(`,"type":"widget","widget":`, it.Widget)
		e.pointer(`,"copy_text":`, it.CopyText)
	case *GeneratedImageItem:
		e.lit(`,"type":"generated_image"`)
		if it.Image != nil {
			e.lit(`,"image":`)
			e.generatedImage(*it.Image)
		}
	case *StructuredInputItem:
		e.str(`,"type":"structured_input","status":`, or(it.Status, StructuredInputPending))
		list(e, `,"inputs":`, it.Inputs, (*encoder).structuredInput)
	case *WorkflowItem:
		e.lit(`,"type":"workflow","workflow":`)
		e.workflow(it.Workflow)
	case *TaskItem:
		e.lit(`,"type":"task","task":`)
		e.task(it.Task)
	case *HiddenContextItem:
		e.raw(`,"type":"hidden_context_item","content":`, it.Content, "null")
	case *SDKHiddenContextItem:
		e.str(`,"type":"sdk_hidden_context","content":`, it.Content)
	case *EndOfTurnItem:
		e.lit(`,"type":"end_of_turn"`)
	case *UnknownItem: // above
	}
	e.lit("}")
	if before == nil && e.err != nil {
		err := e.err
		e.err = nil
		e.fail("item %s: %w", m.ID, err)
	}
}

// isNull reports whether free-form JSON is absent or null.
func isNull(raw json.RawMessage) bool {
	return len(raw) == 0 || string(bytes.TrimSpace(raw)) == "null"
}

// UnmarshalItem reads an item of any kind. One of a kind that this version does not know becomes an
// [*UnknownItem]; members that it does not know are left out. Times may be in any form that a ChatKit
// server stores: a time without an offset is taken as UTC.
func UnmarshalItem(data []byte) (Item, error) { return decode(data, (*decoder).item) }

// newItem returns an empty item of a kind, nil if the kind is unknown.
func newItem(kind string) Item {
	switch kind {
	case "user_message":
		return &UserMessageItem{}
	case "assistant_message":
		return &AssistantMessageItem{}
	case "client_tool_call":
		return &ClientToolCallItem{}
	case "widget":
		return &WidgetItem{}
	case "generated_image":
		return &GeneratedImageItem{}
	case "structured_input":
		return &StructuredInputItem{}
	case "workflow":
		return &WorkflowItem{}
	case "task":
		return &TaskItem{}
	case "hidden_context_item":
		return &HiddenContextItem{}
	case "sdk_hidden_context":
		return &SDKHiddenContextItem{}
	case "end_of_turn":
		return &EndOfTurnItem{}
	}
	return nil
}

func (d *decoder) item(v jsonx.Value) Item {
	kind := d.kind(v)
	it := newItem(kind)
	if it == nil {
		it = &UnknownItem{Type: kind, Raw: d.raw(v)}
	}
	for name, m := range d.members(v) {
		if !d.itemMeta(it.Meta(), string(name), m) {
			d.itemMember(it, string(name), m)
		}
	}
	d.require(it.Meta().ID != "", "id")
	switch it := it.(type) {
	case *WidgetItem:
		d.require(it.Widget != nil, "widget")
	case *TaskItem:
		d.require(it.Task != nil, "task")
	case *ClientToolCallItem:
		it.Status = ClientToolCallStatus(or(it.Status, ClientToolCallPending))
	case *StructuredInputItem:
		it.Status = StructuredInputStatus(or(it.Status, StructuredInputPending))
	default: // needs no more than an id
	}
	return it
}

// require complains if a member is missing without which a value cannot be written again.
func (d *decoder) require(present bool, name string) {
	if !present {
		d.fail("want the member " + name)
	}
}

func (d *decoder) itemMeta(m *ItemMeta, name string, v jsonx.Value) bool {
	switch name {
	case "id":
		m.ID = d.str(v)
	case "thread_id":
		m.ThreadID = d.str(v)
	case "created_at":
		m.CreatedAt = d.time(v)
	default:
		return false
	}
	return true
}

func (d *decoder) itemMember(it Item, name string, m jsonx.Value) {
	switch it := it.(type) {
	case *UserMessageItem:
		switch name {
		case "content":
			it.Content = listOf(d, m, (*decoder).userContent)
		case "attachments":
			it.Attachments = listOf(d, m, (*decoder).attachment)
		case "quoted_text":
			it.QuotedText = d.pointer(m)
		case "inference_options":
			it.InferenceOptions = d.inferenceOptions(m)
		}
	case *AssistantMessageItem:
		if name == "content" {
			it.Content = listOf(d, m, (*decoder).assistantContent)
		}
	case *ClientToolCallItem:
		switch name {
		case "status":
			it.Status = ClientToolCallStatus(d.str(m))
		case "call_id":
			it.CallID = d.str(m)
		case "name":
			it.Name = d.str(m)
		case "arguments":
			it.Arguments = d.free(m)
		case "output":
			it.Output = d.free(m)
		}
	case *WidgetItem:
		switch name {
		case "widget":
			it.Widget = d.free(m)
		case "copy_text":
			it.CopyText = d.pointer(m)
		}
	case *GeneratedImageItem:
		if name == "image" && m.Kind() != jsonx.Null {
			image := d.generatedImage(m)
			it.Image = &image
		}
	case *StructuredInputItem:
		switch name {
		case "status":
			it.Status = StructuredInputStatus(d.str(m))
		case "inputs":
			it.Inputs = listOf(d, m, (*decoder).structuredInput)
		}
	case *WorkflowItem:
		if name == "workflow" {
			it.Workflow = d.workflow(m)
		}
	case *TaskItem:
		if name == "task" {
			it.Task = d.task(m)
		}
	case *HiddenContextItem:
		if name == "content" {
			it.Content = d.free(m)
		}
	case *SDKHiddenContextItem:
		if name == "content" {
			it.Content = d.str(m)
		}
	case *EndOfTurnItem, *UnknownItem:
	}
}

// MarshalJSON implements [json.Marshaler].
func (i UserMessageItem) MarshalJSON() ([]byte, error) { return appendItem(nil, &i, storedForm) }

// UnmarshalJSON implements [json.Unmarshaler].
func (i *UserMessageItem) UnmarshalJSON(data []byte) error { return decodeInto(i, data, UnmarshalItem) }

// MarshalJSON implements [json.Marshaler].
func (i AssistantMessageItem) MarshalJSON() ([]byte, error) { return appendItem(nil, &i, storedForm) }

// UnmarshalJSON implements [json.Unmarshaler].
func (i *AssistantMessageItem) UnmarshalJSON(data []byte) error {
	return decodeInto(i, data, UnmarshalItem)
}

// MarshalJSON implements [json.Marshaler].
func (i ClientToolCallItem) MarshalJSON() ([]byte, error) { return appendItem(nil, &i, storedForm) }

// UnmarshalJSON implements [json.Unmarshaler].
func (i *ClientToolCallItem) UnmarshalJSON(data []byte) error {
	return decodeInto(i, data, UnmarshalItem)
}

// MarshalJSON implements [json.Marshaler].
func (i WidgetItem) MarshalJSON() ([]byte, error) { return appendItem(nil, &i, storedForm) }

// UnmarshalJSON implements [json.Unmarshaler].
func (i *WidgetItem) UnmarshalJSON(data []byte) error { return decodeInto(i, data, UnmarshalItem) }

// MarshalJSON implements [json.Marshaler].
func (i GeneratedImageItem) MarshalJSON() ([]byte, error) { return appendItem(nil, &i, storedForm) }

// UnmarshalJSON implements [json.Unmarshaler].
func (i *GeneratedImageItem) UnmarshalJSON(data []byte) error {
	return decodeInto(i, data, UnmarshalItem)
}

// MarshalJSON implements [json.Marshaler].
func (i StructuredInputItem) MarshalJSON() ([]byte, error) { return appendItem(nil, &i, storedForm) }

// UnmarshalJSON implements [json.Unmarshaler].
func (i *StructuredInputItem) UnmarshalJSON(data []byte) error {
	return decodeInto(i, data, UnmarshalItem)
}

// MarshalJSON implements [json.Marshaler].
func (i WorkflowItem) MarshalJSON() ([]byte, error) { return appendItem(nil, &i, storedForm) }

// UnmarshalJSON implements [json.Unmarshaler].
func (i *WorkflowItem) UnmarshalJSON(data []byte) error { return decodeInto(i, data, UnmarshalItem) }

// MarshalJSON implements [json.Marshaler].
func (i TaskItem) MarshalJSON() ([]byte, error) { return appendItem(nil, &i, storedForm) }

// UnmarshalJSON implements [json.Unmarshaler].
func (i *TaskItem) UnmarshalJSON(data []byte) error { return decodeInto(i, data, UnmarshalItem) }

// MarshalJSON implements [json.Marshaler].
func (i HiddenContextItem) MarshalJSON() ([]byte, error) { return appendItem(nil, &i, storedForm) }

// UnmarshalJSON implements [json.Unmarshaler].
func (i *HiddenContextItem) UnmarshalJSON(data []byte) error {
	return decodeInto(i, data, UnmarshalItem)
}

// MarshalJSON implements [json.Marshaler].
func (i SDKHiddenContextItem) MarshalJSON() ([]byte, error) { return appendItem(nil, &i, storedForm) }

// UnmarshalJSON implements [json.Unmarshaler].
func (i *SDKHiddenContextItem) UnmarshalJSON(data []byte) error {
	return decodeInto(i, data, UnmarshalItem)
}

// MarshalJSON implements [json.Marshaler].
func (i EndOfTurnItem) MarshalJSON() ([]byte, error) { return appendItem(nil, &i, storedForm) }

// UnmarshalJSON implements [json.Unmarshaler].
func (i *EndOfTurnItem) UnmarshalJSON(data []byte) error { return decodeInto(i, data, UnmarshalItem) }

// MarshalJSON implements [json.Marshaler].
func (i UnknownItem) MarshalJSON() ([]byte, error) { return appendItem(nil, &i, storedForm) }

// UnmarshalJSON implements [json.Unmarshaler].
func (i *UnknownItem) UnmarshalJSON(data []byte) error { return decodeInto(i, data, UnmarshalItem) }
