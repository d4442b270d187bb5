package chatkit

import "encoding/json"

// An ItemUpdate is a change to an item on the screen (ChatKit protocol: item updates), carried by a
// [ThreadItemUpdatedEvent]. Its variants are
//
//   - for assistant messages: [*AssistantMessageContentPartAdded], [*AssistantMessageContentPartTextDelta],
//     [*AssistantMessageContentPartAnnotationAdded], [*AssistantMessageContentPartDone]
//   - for widgets: [*WidgetStreamingTextValueDelta], [*WidgetComponentUpdated], [*WidgetRootUpdated]
//   - for workflows: [*WorkflowTaskAdded], [*WorkflowTaskUpdated]
//   - for images: [*GeneratedImageUpdated]
//   - [*UnknownUpdate]
//
//sumtype:decl
type ItemUpdate interface {
	// UpdateType returns the protocol's name of the kind, such as "workflow.task.added".
	UpdateType() string
	isItemUpdate()
}

// An AssistantMessageContentPartAdded opens a content part of an assistant message.
type AssistantMessageContentPartAdded struct {
	ContentIndex int                     // from 0
	Content      AssistantMessageContent // how the part begins, usually empty
}

// An AssistantMessageContentPartTextDelta appends text to a content part.
type AssistantMessageContentPartTextDelta struct {
	ContentIndex int    // from 0
	Delta        string // Markdown, appended as it is
}

// An AssistantMessageContentPartAnnotationAdded adds a citation to a content part.
type AssistantMessageContentPartAnnotationAdded struct {
	ContentIndex    int        // from 0
	AnnotationIndex int        // from 0, within the part
	Annotation      Annotation // the citation
}

// An AssistantMessageContentPartDone replaces a content part by its final form.
type AssistantMessageContentPartDone struct {
	ContentIndex int                     // from 0
	Content      AssistantMessageContent // the final form
}

// A WidgetStreamingTextValueDelta appends text to a Text or Markdown component of a widget.
type WidgetStreamingTextValueDelta struct {
	ComponentID string // the component that the text belongs to
	Delta       string // appended as it is
	Done        bool   // the component's text is complete
}

// A WidgetComponentUpdated replaces one component of a widget.
type WidgetComponentUpdated struct {
	ComponentID string          // the component that is replaced
	Component   json.RawMessage // a JSON object, required
}

// A WidgetRootUpdated replaces a whole widget.
type WidgetRootUpdated struct {
	Widget json.RawMessage // a JSON object, required
}

// A WorkflowTaskAdded adds a task to a workflow.
type WorkflowTaskAdded struct {
	TaskIndex int  // from 0
	Task      Task // required
}

// A WorkflowTaskUpdated replaces a task of a workflow.
type WorkflowTaskUpdated struct {
	TaskIndex int  // from 0
	Task      Task // required
}

// A GeneratedImageUpdated shows an image, or a preview of it while it is being made.
type GeneratedImageUpdated struct {
	Image    GeneratedImage // what to show now
	Progress *float64       // from 0 to 1; optional
}

// An UnknownUpdate is an update of a kind that this version does not know.
type UnknownUpdate struct {
	Type string          // the kind's name as it was read
	Raw  json.RawMessage // the whole update, its type included
}

// UpdateType returns "assistant_message.content_part.added".
func (*AssistantMessageContentPartAdded) UpdateType() string {
	return "assistant_message.content_part.added"
}

// UpdateType returns "assistant_message.content_part.text_delta".
func (*AssistantMessageContentPartTextDelta) UpdateType() string {
	return "assistant_message.content_part.text_delta"
}

// UpdateType returns "assistant_message.content_part.annotation_added".
func (*AssistantMessageContentPartAnnotationAdded) UpdateType() string {
	return "assistant_message.content_part.annotation_added"
}

// UpdateType returns "assistant_message.content_part.done".
func (*AssistantMessageContentPartDone) UpdateType() string {
	return "assistant_message.content_part.done"
}

// UpdateType returns "widget.streaming_text.value_delta".
func (*WidgetStreamingTextValueDelta) UpdateType() string {
	return "widget.streaming_text.value_delta"
}

// UpdateType returns "widget.component.updated".
func (*WidgetComponentUpdated) UpdateType() string { return "widget.component.updated" }

// UpdateType returns "widget.root.updated".
func (*WidgetRootUpdated) UpdateType() string { return "widget.root.updated" }

// UpdateType returns "workflow.task.added".
func (*WorkflowTaskAdded) UpdateType() string { return "workflow.task.added" }

// UpdateType returns "workflow.task.updated".
func (*WorkflowTaskUpdated) UpdateType() string { return "workflow.task.updated" }

// UpdateType returns "generated_image.updated".
func (*GeneratedImageUpdated) UpdateType() string { return "generated_image.updated" }

// UpdateType returns the kind that the update named.
func (u *UnknownUpdate) UpdateType() string { return u.Type }

func (*AssistantMessageContentPartAdded) isItemUpdate()           {}
func (*AssistantMessageContentPartTextDelta) isItemUpdate()       {}
func (*AssistantMessageContentPartAnnotationAdded) isItemUpdate() {}
func (*AssistantMessageContentPartDone) isItemUpdate()            {}
func (*WidgetStreamingTextValueDelta) isItemUpdate()              {}
func (*WidgetComponentUpdated) isItemUpdate()                     {}
func (*WidgetRootUpdated) isItemUpdate()                          {}
func (*WorkflowTaskAdded) isItemUpdate()                          {}
func (*WorkflowTaskUpdated) isItemUpdate()                        {}
func (*GeneratedImageUpdated) isItemUpdate()                      {}
func (*UnknownUpdate) isItemUpdate()                              {}
