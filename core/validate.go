package chatkit

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net/url"
	"slices"
	"strings"

	"github.com/gochatkit/chatkit/core/internal/jsonx"
)

// validateEvent checks what encoding does not: that a client will understand e (ChatKit protocol: data
// model). Encoding stays tolerant so that old data can always be shown; what an author writes is checked
// here, once. A text delta costs next to nothing.
func validateEvent(e Event) error {
	if isNil(e) {
		return errors.New("event is nil")
	}
	var err error
	switch e := e.(type) {
	case *ThreadItemUpdatedEvent:
		if e.ItemID == "" {
			err = errors.New("item id is empty")
		} else {
			err = validateUpdate(e.Update)
		}
	case *ThreadCreatedEvent:
		err = validateThreadResponse(e.Thread)
	case *ThreadUpdatedEvent:
		err = validateThreadResponse(e.Thread)
	case *ThreadItemAddedEvent:
		err = validateItem(e.Item)
	case *ThreadItemDoneEvent:
		err = validateItem(e.Item)
	case *ThreadItemReplacedEvent:
		err = validateItem(e.Item)
	case *ThreadItemRemovedEvent:
		if e.ItemID == "" {
			err = errors.New("item id is empty")
		}
	case *ProgressUpdateEvent:
		err = validateIcon(e.Icon)
	case *ClientEffectEvent:
		if err = validateObject("data", e.Data, false); err == nil && e.Name == "" {
			err = errors.New("name is empty")
		}
	case *NoticeEvent:
		err = validateEnum("level", e.Level, NoticeInfo, NoticeWarning, NoticeDanger)
	case *UnknownEvent:
		err = validateUnknown(e.Type, e.Raw)
	case *StreamOptionsEvent, *ErrorEvent:
	}
	if err != nil {
		return fmt.Errorf("%s: %w", e.EventType(), err)
	}
	return nil
}

func validateUpdate(u ItemUpdate) error {
	if isNil(u) {
		return errors.New("update is nil")
	}
	var err error
	switch u := u.(type) {
	case *AssistantMessageContentPartTextDelta:
		err = validateIndex("content index", u.ContentIndex)
	case *AssistantMessageContentPartAdded:
		err = errors.Join(validateIndex("content index", u.ContentIndex), validateAssistantContent(u.Content))
	case *AssistantMessageContentPartDone:
		err = errors.Join(validateIndex("content index", u.ContentIndex), validateAssistantContent(u.Content))
	case *AssistantMessageContentPartAnnotationAdded:
		err = errors.Join(validateIndex("content index", u.ContentIndex),
			validateIndex("annotation index", u.AnnotationIndex), validateAnnotation(u.Annotation))
	case *WidgetStreamingTextValueDelta:
		if u.ComponentID == "" {
			err = errors.New("component id is empty")
		}
	case *WidgetComponentUpdated:
		if err = validateObject("component", u.Component, true); err == nil && u.ComponentID == "" {
			err = errors.New("component id is empty")
		}
	case *WidgetRootUpdated:
		err = validateObject("widget", u.Widget, true)
	case *WorkflowTaskAdded:
		err = errors.Join(validateIndex("task index", u.TaskIndex), validateTask(u.Task))
	case *WorkflowTaskUpdated:
		err = errors.Join(validateIndex("task index", u.TaskIndex), validateTask(u.Task))
	case *GeneratedImageUpdated:
		if u.Progress != nil && (math.IsNaN(*u.Progress) || math.IsInf(*u.Progress, 0)) {
			err = errors.New("progress is not a number")
		}
	case *UnknownUpdate:
		err = validateUnknown(u.Type, u.Raw)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", u.UpdateType(), err)
	}
	return nil
}

// validateItem checks an item that an author made.
func validateItem(it Item) error {
	if isNil(it) {
		return errors.New("item is nil")
	}
	m := it.Meta()
	if m.ID == "" {
		return fmt.Errorf("%s: id is empty", it.ItemType())
	}
	var err error
	switch it := it.(type) {
	case *UserMessageItem:
		err = validateUserMessage(it)
	case *AssistantMessageItem:
		err = validateEach(it.Content, validateAssistantContent)
	case *ClientToolCallItem:
		switch {
		case it.Name == "":
			err = errors.New("name is empty")
		case it.CallID == "":
			err = errors.New("call id is empty")
		default:
			err = errors.Join(validateObject("arguments", it.Arguments, false),
				validateEnum("status", it.Status, "", ClientToolCallPending, ClientToolCallCompleted))
		}
	case *WidgetItem:
		err = validateObject("widget", it.Widget, true)
	case *StructuredInputItem:
		err = validateStructuredInputs(it)
	case *WorkflowItem:
		err = validateWorkflow(it.Workflow)
	case *TaskItem:
		err = validateTask(it.Task)
	case *UnknownItem:
		err = validateUnknown(it.Type, it.Raw)
	case *GeneratedImageItem, *HiddenContextItem, *SDKHiddenContextItem, *EndOfTurnItem:
	}
	if err != nil {
		return fmt.Errorf("%s %s: %w", it.ItemType(), m.ID, err)
	}
	return nil
}

func validateUserMessage(it *UserMessageItem) error {
	for i, c := range it.Content {
		if isNil(c) {
			return fmt.Errorf("content[%d] is nil", i)
		}
		if tag, ok := c.(*InputTag); ok {
			if err := validateObject("data", tag.Data, false); err != nil {
				return fmt.Errorf("content[%d]: %w", i, err)
			}
		}
	}
	return validateEach(it.Attachments, validateAttachment)
}

// validateAttachment checks an attachment that an application made.
func validateAttachment(a Attachment) error {
	if isNil(a) {
		return errors.New("attachment is nil")
	}
	m := a.Meta()
	if m.ID == "" {
		return errors.New("attachment: id is empty")
	}
	if u := m.UploadDescriptor; u != nil {
		if err := validateURL(u.URL); err != nil {
			return fmt.Errorf("attachment %s: upload url: %w", m.ID, err)
		}
		if u.Method != "POST" && u.Method != "PUT" {
			return fmt.Errorf("attachment %s: upload method is %q, want POST or PUT", m.ID, u.Method)
		}
	}
	if image, ok := a.(*ImageAttachment); ok {
		if err := validateURL(image.PreviewURL); err != nil {
			return fmt.Errorf("attachment %s: preview url: %w", m.ID, err)
		}
	}
	return nil
}

// validateURL accepts absolute URLs. The address is not in the error: it may be signed.
func validateURL(s string) error {
	scheme, rest, ok := strings.Cut(s, ":")
	switch scheme = strings.ToLower(scheme); {
	case !ok || scheme == "" || rest == "":
		return errors.New("want an absolute URL")
	case scheme == "data" || scheme == "blob": // can be very long, and have no parts of interest
		return nil
	}
	u, err := url.Parse(s)
	if err != nil || !u.IsAbs() || (scheme == "http" || scheme == "https") && u.Hostname() == "" {
		return errors.New("want an absolute URL")
	}
	return nil
}

func validateAssistantContent(c AssistantMessageContent) error {
	return validateEach(c.Annotations, validateAnnotation)
}

func validateAnnotation(a Annotation) error {
	if isNil(a.Source) {
		return errors.New("annotation without a source")
	}
	switch s := a.Source.(type) {
	case *EntitySource:
		if err := errors.Join(validateIcon(s.Icon), validateObject("data", s.Data, false)); err != nil {
			return fmt.Errorf("entity source %s: %w", s.ID, err)
		}
	case *UnknownSource:
		return validateUnknown(s.Type, s.Raw)
	case *URLSource, *FileSource:
	}
	return nil
}

func validateStructuredInputs(it *StructuredInputItem) error {
	seen := make(map[string]bool, len(it.Inputs))
	for i, in := range it.Inputs {
		switch {
		case isNil(in):
			return fmt.Errorf("inputs[%d] is nil", i)
		case in.Meta().ID == "":
			return fmt.Errorf("inputs[%d]: id is empty", i)
		case seen[in.Meta().ID]:
			return fmt.Errorf("inputs[%d]: id %q is there twice", i, in.Meta().ID)
		}
		seen[in.Meta().ID] = true
	}
	return validateEnum("status", it.Status, "", StructuredInputPending, StructuredInputAnswered, StructuredInputSkipped)
}

func validateWorkflow(w Workflow) error {
	if err := validateEnum("type", w.Type, WorkflowCustom, WorkflowReasoning); err != nil {
		return err
	}
	if s, ok := w.Summary.(*CustomSummary); ok && s != nil {
		if err := validateIcon(s.Icon); err != nil {
			return fmt.Errorf("summary: %w", err)
		}
	}
	return validateEach(w.Tasks, validateTask)
}

func validateTask(t Task) error {
	if isNil(t) {
		return errors.New("task is nil")
	}
	indicator := func(s StatusIndicator) error {
		return validateEnum("status indicator", s, "", StatusNone, StatusLoading, StatusComplete)
	}
	var err error
	switch t := t.(type) {
	case *CustomTask:
		err = errors.Join(indicator(t.StatusIndicator), validateIcon(t.Icon))
	case *WebSearchTask:
		if err = indicator(t.StatusIndicator); slices.Contains(t.Sources, nil) {
			err = errors.New("a source is nil")
		}
	case *ThoughtTask:
		err = indicator(t.StatusIndicator)
	case *FileTask:
		if err = indicator(t.StatusIndicator); slices.Contains(t.Sources, nil) {
			err = errors.New("a source is nil")
		}
	case *ImageTask:
		err = indicator(t.StatusIndicator)
	case *UnknownTask:
		err = validateUnknown(t.Type, t.Raw)
	}
	if err != nil {
		return fmt.Errorf("%s task: %w", t.TaskType(), err)
	}
	return nil
}

func validateThreadResponse(r *ThreadResponse) error {
	if r == nil {
		return errors.New("thread is nil")
	}
	if err := validateThread(&r.Thread); err != nil {
		return err
	}
	return validateEach(r.Items.Data, validateItem)
}

// validateThread checks a thread that an author changed.
func validateThread(t *Thread) error {
	if t.ID == "" {
		return errors.New("thread: id is empty")
	}
	if err := validateEnum("status", t.Status.Type, "", ThreadActive, ThreadLocked, ThreadClosed); err != nil {
		return fmt.Errorf("thread %s: %w", t.ID, err)
	}
	return nil
}

func validateEach[T any](list []T, validate func(T) error) error {
	for _, v := range list {
		if err := validate(v); err != nil {
			return err
		}
	}
	return nil
}

// maxIndex bounds the lists within an item, so that an index cannot make one of any length.
const maxIndex = 10_000

func validateIndex(name string, i int) error {
	if i < 0 || i >= maxIndex {
		return fmt.Errorf("%s is %d, want 0 to %d", name, i, maxIndex-1)
	}
	return nil
}

func validateIcon(i Icon) error {
	if i != "" && !i.Valid() {
		return fmt.Errorf("icon %q is unknown", string(i))
	}
	return nil
}

func validateEnum[T ~string](name string, v T, options ...T) error {
	if !slices.Contains(options, v) {
		return fmt.Errorf("%s is %q", name, string(v))
	}
	return nil
}

// validateObject checks that free-form JSON is an object as far as its first byte tells; that it is JSON
// at all comes out when it is encoded.
func validateObject(name string, raw json.RawMessage, required bool) error {
	switch trimmed := bytes.TrimLeft(raw, " \t\r\n"); {
	case len(trimmed) == 0 && required:
		return fmt.Errorf("%s is empty", name)
	case len(trimmed) > 0 && trimmed[0] != '{':
		return fmt.Errorf("%s is not a JSON object", name)
	}
	return nil
}

// validateUnknown checks a value of a kind that this version does not know.
func validateUnknown(kind string, raw json.RawMessage) error {
	if len(raw) == 0 {
		if kind == "" {
			return errors.New("type is empty")
		}
		return nil
	}
	v, err := jsonx.Scan(raw)
	if err != nil {
		return err
	}
	if k := v.Get("type"); v.Kind() != jsonx.Object || !k.Is(kind) || kind == "" {
		return fmt.Errorf("want a JSON object of type %q", kind)
	}
	return nil
}
