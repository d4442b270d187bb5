package chatkit

import "github.com/gochatkit/chatkit/core/internal/jsonx"

func (e *encoder) update(up ItemUpdate) {
	if isNil(up) {
		e.fail("update: %w", errNil)
		return
	}
	switch up := up.(type) {
	case *AssistantMessageContentPartAdded:
		e.int(`{"type":"assistant_message.content_part.added","content_index":`, up.ContentIndex)
		e.lit(`,"content":`)
		e.assistantContent(up.Content)
	case *AssistantMessageContentPartTextDelta:
		e.int(`{"type":"assistant_message.content_part.text_delta","content_index":`, up.ContentIndex)
		e.str(`,"delta":`, up.Delta)
	case *AssistantMessageContentPartAnnotationAdded:
		e.int(`{"type":"assistant_message.content_part.annotation_added","content_index":`, up.ContentIndex)
		e.int(`,"annotation_index":`, up.AnnotationIndex)
		e.lit(`,"annotation":`)
		e.annotation(up.Annotation)
	case *AssistantMessageContentPartDone:
		e.int(`{"type":"assistant_message.content_part.done","content_index":`, up.ContentIndex)
		e.lit(`,"content":`)
		e.assistantContent(up.Content)
	case *WidgetStreamingTextValueDelta:
		e.str(`{"type":"widget.streaming_text.value_delta","component_id":`, up.ComponentID)
		e.str(`,"delta":`, up.Delta)
		e.bool(`,"done":`, up.Done)
	case *WidgetComponentUpdated:
		e.str(`{"type":"widget.component.updated","component_id":`, up.ComponentID)
		e.widget(`,"component":`, up.Component)
	case *WidgetRootUpdated:
		e.widget(`{"type":"widget.root.updated","widget":`, up.Widget)
	case *WorkflowTaskAdded:
		e.int(`{"type":"workflow.task.added","task_index":`, up.TaskIndex)
		e.lit(`,"task":`)
		e.task(up.Task)
	case *WorkflowTaskUpdated:
		e.int(`{"type":"workflow.task.updated","task_index":`, up.TaskIndex)
		e.lit(`,"task":`)
		e.task(up.Task)
	case *GeneratedImageUpdated:
		e.lit(`{"type":"generated_image.updated","image":`)
		e.generatedImage(up.Image)
		if up.Progress != nil {
			e.lit(`,"progress":`)
			e.buf = jsonx.AppendFloat(e.buf, *up.Progress)
		}
	case *UnknownUpdate:
		e.unknown(up.Type, up.Raw)
		return
	}
	e.lit("}")
}

// newUpdate returns an empty update of a kind, nil if the kind is unknown.
func newUpdate(kind string) ItemUpdate {
	switch kind {
	case "assistant_message.content_part.added":
		return &AssistantMessageContentPartAdded{}
	case "assistant_message.content_part.text_delta":
		return &AssistantMessageContentPartTextDelta{}
	case "assistant_message.content_part.annotation_added":
		return &AssistantMessageContentPartAnnotationAdded{}
	case "assistant_message.content_part.done":
		return &AssistantMessageContentPartDone{}
	case "widget.streaming_text.value_delta":
		return &WidgetStreamingTextValueDelta{}
	case "widget.component.updated":
		return &WidgetComponentUpdated{}
	case "widget.root.updated":
		return &WidgetRootUpdated{}
	case "workflow.task.added":
		return &WorkflowTaskAdded{}
	case "workflow.task.updated":
		return &WorkflowTaskUpdated{}
	case "generated_image.updated":
		return &GeneratedImageUpdated{}
	}
	return nil
}

func (d *decoder) update(v jsonx.Value) ItemUpdate {
	kind := d.kind(v)
	up := newUpdate(kind)
	if up == nil {
		return &UnknownUpdate{Type: kind, Raw: d.raw(v)}
	}
	for name, m := range d.members(v) {
		d.updateMember(up, string(name), m)
	}
	switch up := up.(type) {
	case *WorkflowTaskAdded:
		d.require(up.Task != nil, "task")
	case *WorkflowTaskUpdated:
		d.require(up.Task != nil, "task")
	case *AssistantMessageContentPartAnnotationAdded:
		d.require(up.Annotation.Source != nil, "annotation")
	case *WidgetComponentUpdated:
		d.require(up.Component != nil, "component")
	case *WidgetRootUpdated:
		d.require(up.Widget != nil, "widget")
	default: // can do without any member
	}
	return up
}

func (d *decoder) updateMember(up ItemUpdate, name string, m jsonx.Value) {
	switch up := up.(type) {
	case *AssistantMessageContentPartAdded:
		switch name {
		case "content_index":
			up.ContentIndex = d.int(m)
		case "content":
			up.Content = d.assistantContent(m)
		}
	case *AssistantMessageContentPartTextDelta:
		switch name {
		case "content_index":
			up.ContentIndex = d.int(m)
		case "delta":
			up.Delta = d.str(m)
		}
	case *AssistantMessageContentPartAnnotationAdded:
		switch name {
		case "content_index":
			up.ContentIndex = d.int(m)
		case "annotation_index":
			up.AnnotationIndex = d.int(m)
		case "annotation":
			up.Annotation = d.annotation(m)
		}
	case *AssistantMessageContentPartDone:
		switch name {
		case "content_index":
			up.ContentIndex = d.int(m)
		case "content":
			up.Content = d.assistantContent(m)
		}
	case *WidgetStreamingTextValueDelta:
		switch name {
		case "component_id":
			up.ComponentID = d.str(m)
		case "delta":
			up.Delta = d.str(m)
		case "done":
			up.Done = d.bool(m)
		}
	case *WidgetComponentUpdated:
		switch name {
		case "component_id":
			up.ComponentID = d.str(m)
		case "component":
			up.Component = d.free(m)
		}
	case *WidgetRootUpdated:
		if name == "widget" {
			up.Widget = d.free(m)
		}
	case *WorkflowTaskAdded:
		switch name {
		case "task_index":
			up.TaskIndex = d.int(m)
		case "task":
			up.Task = d.task(m)
		}
	case *WorkflowTaskUpdated:
		switch name {
		case "task_index":
			up.TaskIndex = d.int(m)
		case "task":
			up.Task = d.task(m)
		}
	case *GeneratedImageUpdated:
		switch name {
		case "image":
			up.Image = d.generatedImage(m)
		case "progress":
			if m.Kind() != jsonx.Null {
				f := d.float(m)
				up.Progress = &f
			}
		}
	case *UnknownUpdate: // never made by newUpdate
	}
}

func marshalUpdate(u ItemUpdate) ([]byte, error) {
	return encode(nil, wireForm, func(e *encoder) { e.update(u) })
}

func unmarshalUpdate(data []byte) (ItemUpdate, error) { return decode(data, (*decoder).update) }

// MarshalJSON implements [json.Marshaler].
func (u AssistantMessageContentPartAdded) MarshalJSON() ([]byte, error) { return marshalUpdate(&u) }

// UnmarshalJSON implements [json.Unmarshaler].
func (u *AssistantMessageContentPartAdded) UnmarshalJSON(data []byte) error {
	return decodeInto(u, data, unmarshalUpdate)
}

// MarshalJSON implements [json.Marshaler].
func (u AssistantMessageContentPartTextDelta) MarshalJSON() ([]byte, error) { return marshalUpdate(&u) }

// UnmarshalJSON implements [json.Unmarshaler].
func (u *AssistantMessageContentPartTextDelta) UnmarshalJSON(data []byte) error {
	return decodeInto(u, data, unmarshalUpdate)
}

// MarshalJSON implements [json.Marshaler].
func (u AssistantMessageContentPartAnnotationAdded) MarshalJSON() ([]byte, error) {
	return marshalUpdate(&u)
}

// UnmarshalJSON implements [json.Unmarshaler].
func (u *AssistantMessageContentPartAnnotationAdded) UnmarshalJSON(data []byte) error {
	return decodeInto(u, data, unmarshalUpdate)
}

// MarshalJSON implements [json.Marshaler].
func (u AssistantMessageContentPartDone) MarshalJSON() ([]byte, error) { return marshalUpdate(&u) }

// UnmarshalJSON implements [json.Unmarshaler].
func (u *AssistantMessageContentPartDone) UnmarshalJSON(data []byte) error {
	return decodeInto(u, data, unmarshalUpdate)
}

// MarshalJSON implements [json.Marshaler].
func (u WidgetStreamingTextValueDelta) MarshalJSON() ([]byte, error) { return marshalUpdate(&u) }

// UnmarshalJSON implements [json.Unmarshaler].
func (u *WidgetStreamingTextValueDelta) UnmarshalJSON(data []byte) error {
	return decodeInto(u, data, unmarshalUpdate)
}

// MarshalJSON implements [json.Marshaler].
func (u WidgetComponentUpdated) MarshalJSON() ([]byte, error) { return marshalUpdate(&u) }

// UnmarshalJSON implements [json.Unmarshaler].
func (u *WidgetComponentUpdated) UnmarshalJSON(data []byte) error {
	return decodeInto(u, data, unmarshalUpdate)
}

// MarshalJSON implements [json.Marshaler].
func (u WidgetRootUpdated) MarshalJSON() ([]byte, error) { return marshalUpdate(&u) }

// UnmarshalJSON implements [json.Unmarshaler].
func (u *WidgetRootUpdated) UnmarshalJSON(data []byte) error {
	return decodeInto(u, data, unmarshalUpdate)
}

// MarshalJSON implements [json.Marshaler].
func (u WorkflowTaskAdded) MarshalJSON() ([]byte, error) { return marshalUpdate(&u) }

// UnmarshalJSON implements [json.Unmarshaler].
func (u *WorkflowTaskAdded) UnmarshalJSON(data []byte) error {
	return decodeInto(u, data, unmarshalUpdate)
}

// MarshalJSON implements [json.Marshaler].
func (u WorkflowTaskUpdated) MarshalJSON() ([]byte, error) { return marshalUpdate(&u) }

// UnmarshalJSON implements [json.Unmarshaler].
func (u *WorkflowTaskUpdated) UnmarshalJSON(data []byte) error {
	return decodeInto(u, data, unmarshalUpdate)
}

// MarshalJSON implements [json.Marshaler].
func (u GeneratedImageUpdated) MarshalJSON() ([]byte, error) { return marshalUpdate(&u) }

// UnmarshalJSON implements [json.Unmarshaler].
func (u *GeneratedImageUpdated) UnmarshalJSON(data []byte) error {
	return decodeInto(u, data, unmarshalUpdate)
}

// MarshalJSON implements [json.Marshaler].
func (u UnknownUpdate) MarshalJSON() ([]byte, error) { return marshalUpdate(&u) }

// UnmarshalJSON implements [json.Unmarshaler].
func (u *UnknownUpdate) UnmarshalJSON(data []byte) error { return decodeInto(u, data, unmarshalUpdate) }
