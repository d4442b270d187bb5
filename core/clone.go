package chatkit

import (
	"bytes"
	"maps"
	"slices"
)

// CloneItem returns a deep copy of it: changing either leaves the other as it was. Nil gives nil.
func CloneItem(it Item) Item {
	if isNil(it) {
		return it
	}
	switch it := it.(type) {
	case *UserMessageItem:
		c := *it
		c.Content = cloneEach(it.Content, cloneUserContent)
		c.Attachments = cloneEach(it.Attachments, CloneAttachment)
		c.QuotedText = clonePointer(it.QuotedText)
		c.InferenceOptions.ToolChoice = clonePointer(it.InferenceOptions.ToolChoice)
		c.InferenceOptions.Model = clonePointer(it.InferenceOptions.Model)
		return &c
	case *AssistantMessageItem:
		c := *it
		c.Content = cloneEach(it.Content, cloneAssistantContent)
		return &c
	case *ClientToolCallItem:
		c := *it
		c.Arguments = bytes.Clone(it.Arguments)
		c.Output = bytes.Clone(it.Output)
		return &c
	case *WidgetItem:
		c := *it
		c.Widget = bytes.Clone(it.Widget)
		c.CopyText = clonePointer(it.CopyText)
		return &c
	case *GeneratedImageItem:
		c := *it
		c.Image = clonePointer(it.Image)
		return &c
	case *StructuredInputItem:
		c := *it
		c.Inputs = cloneEach(it.Inputs, cloneStructuredInput)
		return &c
	case *WorkflowItem:
		c := *it
		c.Workflow = it.Workflow.clone()
		return &c
	case *TaskItem:
		c := *it
		c.Task = CloneTask(it.Task)
		return &c
	case *HiddenContextItem:
		c := *it
		c.Content = bytes.Clone(it.Content)
		return &c
	case *SDKHiddenContextItem:
		return clonePointer(it)
	case *EndOfTurnItem:
		return clonePointer(it)
	case *UnknownItem:
		c := *it
		c.Raw = bytes.Clone(it.Raw)
		return &c
	}
	return it
}

// CloneEvent returns a deep copy of e. Nil gives nil.
func CloneEvent(e Event) Event {
	if isNil(e) {
		return e
	}
	switch e := e.(type) {
	case *ThreadCreatedEvent:
		return &ThreadCreatedEvent{Thread: e.Thread.Clone()}
	case *ThreadUpdatedEvent:
		return &ThreadUpdatedEvent{Thread: e.Thread.Clone()}
	case *ThreadItemAddedEvent:
		return &ThreadItemAddedEvent{Item: CloneItem(e.Item)}
	case *ThreadItemUpdatedEvent:
		return &ThreadItemUpdatedEvent{ItemID: e.ItemID, Update: cloneUpdate(e.Update)}
	case *ThreadItemDoneEvent:
		return &ThreadItemDoneEvent{Item: CloneItem(e.Item)}
	case *ThreadItemRemovedEvent:
		return clonePointer(e)
	case *ThreadItemReplacedEvent:
		return &ThreadItemReplacedEvent{Item: CloneItem(e.Item)}
	case *StreamOptionsEvent:
		return clonePointer(e)
	case *ProgressUpdateEvent:
		return clonePointer(e)
	case *ClientEffectEvent:
		return &ClientEffectEvent{Name: e.Name, Data: bytes.Clone(e.Data)}
	case *ErrorEvent:
		return clonePointer(e)
	case *NoticeEvent:
		return clonePointer(e)
	case *UnknownEvent:
		return &UnknownEvent{Type: e.Type, Raw: bytes.Clone(e.Raw)}
	}
	return e
}

// CloneAttachment returns a deep copy of a. Nil gives nil.
func CloneAttachment(a Attachment) Attachment {
	if isNil(a) {
		return a
	}
	switch a := a.(type) {
	case *FileAttachment:
		return &FileAttachment{AttachmentMeta: a.AttachmentMeta.clone()}
	case *ImageAttachment:
		return &ImageAttachment{AttachmentMeta: a.AttachmentMeta.clone(), PreviewURL: a.PreviewURL}
	case *UnknownAttachment:
		return &UnknownAttachment{AttachmentMeta: a.AttachmentMeta.clone(), Type: a.Type, Raw: bytes.Clone(a.Raw)}
	}
	return a
}

// CloneTask returns a deep copy of t. Nil gives nil.
func CloneTask(t Task) Task {
	if isNil(t) {
		return t
	}
	switch t := t.(type) {
	case *CustomTask:
		return clonePointer(t)
	case *WebSearchTask:
		c := *t
		c.Queries = slices.Clone(t.Queries)
		c.Sources = cloneEach(t.Sources, clonePointer)
		return &c
	case *ThoughtTask:
		return clonePointer(t)
	case *FileTask:
		c := *t
		c.Sources = cloneEach(t.Sources, clonePointer)
		return &c
	case *ImageTask:
		return clonePointer(t)
	case *UnknownTask:
		return &UnknownTask{Type: t.Type, Raw: bytes.Clone(t.Raw)}
	}
	return t
}

// Clone returns a deep copy of t, or nil if t is nil.
func (t *Thread) Clone() *Thread {
	if t == nil {
		return nil
	}
	c := *t
	c.Title = clonePointer(t.Title)
	c.Status.Reason = clonePointer(t.Status.Reason)
	c.AllowedImageDomains = slices.Clone(t.AllowedImageDomains)
	c.Metadata = cloneMap(t.Metadata)
	return &c
}

// Clone returns a deep copy of r, or nil if r is nil.
func (r *ThreadResponse) Clone() *ThreadResponse {
	if r == nil {
		return nil
	}
	c := ThreadResponse{Thread: *r.Thread.Clone(), Items: r.Items}
	c.Items.Data = cloneEach(r.Items.Data, CloneItem)
	return &c
}

func cloneUpdate(u ItemUpdate) ItemUpdate {
	if isNil(u) {
		return u
	}
	switch u := u.(type) {
	case *AssistantMessageContentPartAdded:
		return &AssistantMessageContentPartAdded{ContentIndex: u.ContentIndex, Content: cloneAssistantContent(u.Content)}
	case *AssistantMessageContentPartTextDelta:
		return clonePointer(u)
	case *AssistantMessageContentPartAnnotationAdded:
		c := *u
		c.Annotation = cloneAnnotation(u.Annotation)
		return &c
	case *AssistantMessageContentPartDone:
		return &AssistantMessageContentPartDone{ContentIndex: u.ContentIndex, Content: cloneAssistantContent(u.Content)}
	case *WidgetStreamingTextValueDelta:
		return clonePointer(u)
	case *WidgetComponentUpdated:
		return &WidgetComponentUpdated{ComponentID: u.ComponentID, Component: bytes.Clone(u.Component)}
	case *WidgetRootUpdated:
		return &WidgetRootUpdated{Widget: bytes.Clone(u.Widget)}
	case *WorkflowTaskAdded:
		return &WorkflowTaskAdded{TaskIndex: u.TaskIndex, Task: CloneTask(u.Task)}
	case *WorkflowTaskUpdated:
		return &WorkflowTaskUpdated{TaskIndex: u.TaskIndex, Task: CloneTask(u.Task)}
	case *GeneratedImageUpdated:
		return &GeneratedImageUpdated{Image: u.Image, Progress: clonePointer(u.Progress)}
	case *UnknownUpdate:
		return &UnknownUpdate{Type: u.Type, Raw: bytes.Clone(u.Raw)}
	}
	return u
}

func cloneUserContent(c UserMessageContent) UserMessageContent {
	if isNil(c) {
		return c
	}
	switch c := c.(type) {
	case *InputText:
		return clonePointer(c)
	case *InputTag:
		d := *c
		d.Data = bytes.Clone(c.Data)
		d.Group = clonePointer(c.Group)
		return &d
	case *UnknownContent:
		return &UnknownContent{Type: c.Type, Raw: bytes.Clone(c.Raw)}
	}
	return c
}

func cloneAssistantContent(c AssistantMessageContent) AssistantMessageContent {
	c.Annotations = cloneEach(c.Annotations, cloneAnnotation)
	c.Raw = bytes.Clone(c.Raw)
	return c
}

func cloneAnnotation(a Annotation) Annotation {
	a.Source = cloneSource(a.Source)
	a.Index = clonePointer(a.Index)
	return a
}

func cloneSource(s Source) Source {
	if isNil(s) {
		return s
	}
	switch s := s.(type) {
	case *URLSource:
		return clonePointer(s)
	case *FileSource:
		return clonePointer(s)
	case *EntitySource:
		c := *s
		c.Data = bytes.Clone(s.Data)
		return &c
	case *UnknownSource:
		c := *s
		c.Raw = bytes.Clone(s.Raw)
		return &c
	}
	return s
}

func cloneStructuredInput(in StructuredInput) StructuredInput {
	if isNil(in) {
		return in
	}
	switch in := in.(type) {
	case *MultipleChoiceInput:
		c := *in
		c.Answer = cloneAnswer(in.Answer)
		c.Options = slices.Clone(in.Options)
		return &c
	case *FreeformInput:
		c := *in
		c.Answer = cloneAnswer(in.Answer)
		c.Description = clonePointer(in.Description)
		return &c
	case *UnknownStructuredInput:
		c := *in
		c.Answer = cloneAnswer(in.Answer)
		c.Raw = bytes.Clone(in.Raw)
		return &c
	}
	return in
}

func cloneAnswer(a *StructuredInputAnswer) *StructuredInputAnswer {
	if a == nil {
		return nil
	}
	return &StructuredInputAnswer{Values: slices.Clone(a.Values), Skipped: a.Skipped}
}

func (w Workflow) clone() Workflow {
	w.Tasks = cloneEach(w.Tasks, CloneTask)
	if isNil(w.Summary) {
		return w
	}
	switch s := w.Summary.(type) {
	case *CustomSummary:
		w.Summary = clonePointer(s)
	case *DurationSummary:
		w.Summary = clonePointer(s)
	case *UnknownSummary:
		w.Summary = &UnknownSummary{Raw: bytes.Clone(s.Raw)}
	}
	return w
}

func (m AttachmentMeta) clone() AttachmentMeta {
	if d := clonePointer(m.UploadDescriptor); d != nil {
		d.Headers = maps.Clone(d.Headers)
		m.UploadDescriptor = d
	}
	m.ThreadID = clonePointer(m.ThreadID)
	m.Metadata = cloneMap(m.Metadata)
	return m
}

func clonePointer[T any](p *T) *T {
	if p == nil {
		return nil
	}
	c := *p
	return &c
}

// cloneEach keeps nil and empty apart, as an absent list and an empty one differ.
func cloneEach[T any](s []T, clone func(T) T) []T {
	if s == nil {
		return nil
	}
	c := make([]T, len(s))
	for i, v := range s {
		c[i] = clone(v)
	}
	return c
}
