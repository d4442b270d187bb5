package chatkit

import (
	"encoding/json"
	"math"
	"strings"
	"testing"
)

func TestValidateAcceptsEveryModel(t *testing.T) {
	for i, v := range modelValues() {
		var err error
		switch v := v.(type) {
		case Event:
			err = validateEvent(v)
		case Item:
			err = validateItem(v)
		case *ThreadResponse:
			err = validateThreadResponse(v)
		case Task:
			err = validateTask(v)
		}
		if err != nil {
			t.Errorf("%s: %v", readModels(t)[i].label, err)
		}
	}
	for _, e := range []Event{
		&ErrorEvent{Code: "my.own"},
		&UnknownEvent{Type: "x", Raw: json.RawMessage(`{"type":"x"}`)},
		&ThreadItemDoneEvent{&UnknownItem{ItemMeta: testMeta, Type: "x", Raw: json.RawMessage(`{"type":"x"}`)}},
	} {
		if err := validateEvent(e); err != nil {
			t.Errorf("%s: %v", e.EventType(), err)
		}
	}
}

func TestValidateRefusesWhatAClientWouldNotUnderstand(t *testing.T) {
	done := func(it Item) Event {
		if m := it.Meta(); m.ID == "" {
			m.ID = "i"
		}
		return &ThreadItemDoneEvent{it}
	}
	task := func(tk Task) Event { return done(&TaskItem{Task: tk}) }
	object := json.RawMessage(`{}`)
	noObject := json.RawMessage(` []`)
	source := Annotation{Source: &EntitySource{ID: "e", Icon: "nope"}}
	file := func(m AttachmentMeta) Event {
		return done(&UserMessageItem{Attachments: []Attachment{&FileAttachment{m}}})
	}
	upload := func(url, method string) Event {
		return file(AttachmentMeta{ID: "a", UploadDescriptor: &UploadDescriptor{URL: url, Method: method}})
	}
	image := func(url string) Event {
		return done(&UserMessageItem{Attachments: []Attachment{&ImageAttachment{AttachmentMeta{ID: "a"}, url}}})
	}
	questions := func(in ...StructuredInput) Event { return done(&StructuredInputItem{Inputs: in}) }
	question := func(id string) StructuredInput {
		return &FreeformInput{StructuredInputMeta: StructuredInputMeta{ID: id}}
	}
	for _, c := range []struct {
		name string
		e    Event
		want string
	}{
		{"no event", nil, "event is nil"},
		{"a nil pointer", (*ErrorEvent)(nil), "event is nil"},
		{"no thread", &ThreadCreatedEvent{}, "thread is nil"},
		{"a thread without id", &ThreadUpdatedEvent{&ThreadResponse{}}, "id is empty"},
		{"a status", &ThreadUpdatedEvent{&ThreadResponse{Thread: Thread{ID: "t", Status: ThreadStatus{Type: "open"}}}}, `status is "open"`},
		{"a thread's item", &ThreadUpdatedEvent{&ThreadResponse{Thread: Thread{ID: "t"}, Items: Page[Item]{Data: []Item{nil}}}}, "item is nil"},
		{"no item", &ThreadItemAddedEvent{}, "item is nil"},
		{"an item that is nil", &ThreadItemReplacedEvent{(*TaskItem)(nil)}, "item is nil"},
		{"an item without id", &ThreadItemDoneEvent{&EndOfTurnItem{}}, "id is empty"},
		{"a removal of nothing", &ThreadItemRemovedEvent{}, "item id is empty"},
		{"an icon", &ProgressUpdateEvent{Icon: "upload"}, `icon "upload"`},
		{"an effect without name", &ClientEffectEvent{}, "name is empty"},
		{"an effect's data", &ClientEffectEvent{Name: "n", Data: noObject}, "data is not a JSON object"},
		{"a notice without level", &NoticeEvent{}, `level is ""`},
		{"a notice's level", &NoticeEvent{Level: "error"}, `level is "error"`},
		{"an unknown event without type", &UnknownEvent{}, "type is empty"},
		{"an unknown event of another type", &UnknownEvent{Type: "x", Raw: object}, `of type "x"`},
		{"an unknown event that is no object", &UnknownEvent{Type: "x", Raw: noObject}, `of type "x"`},
		{"an unknown event that is no JSON", &UnknownEvent{Type: "x", Raw: json.RawMessage(`{`)}, "invalid JSON"},
		{"an update of nothing", &ThreadItemUpdatedEvent{Update: &WorkflowTaskAdded{}}, "item id is empty"},
		{"no update", &ThreadItemUpdatedEvent{ItemID: "i"}, "update is nil"},
		{"a delta's index", updated(&AssistantMessageContentPartTextDelta{ContentIndex: -1}), "content index is -1"},
		{"a part's index", updated(&AssistantMessageContentPartAdded{ContentIndex: -1}), "content index is -1"},
		{"a part's annotation", updated(&AssistantMessageContentPartDone{Content: AssistantMessageContent{Annotations: []Annotation{{}}}}), "without a source"},
		{"an annotation's index", updated(&AssistantMessageContentPartAnnotationAdded{AnnotationIndex: -2, Annotation: Annotation{Source: urlU}}), "annotation index is -2"},
		{"an annotation's source", updated(&AssistantMessageContentPartAnnotationAdded{}), "without a source"},
		{"an entity's icon", updated(&AssistantMessageContentPartAnnotationAdded{Annotation: source}), `icon "nope"`},
		{"an entity's data", done(&AssistantMessageItem{Content: []AssistantMessageContent{{Annotations: []Annotation{{Source: &EntitySource{Data: noObject}}}}}}), "data is not"},
		{"an unknown source", done(&AssistantMessageItem{Content: []AssistantMessageContent{{Annotations: []Annotation{{Source: &UnknownSource{}}}}}}), "type is empty"},
		{"a text without component", updated(&WidgetStreamingTextValueDelta{}), "component id is empty"},
		{"no component", updated(&WidgetComponentUpdated{ComponentID: "c"}), "component is empty"},
		{"a component without id", updated(&WidgetComponentUpdated{Component: object}), "component id is empty"},
		{"no root", updated(&WidgetRootUpdated{}), "widget is empty"},
		{"a root that is no object", updated(&WidgetRootUpdated{noObject}), "widget is not"},
		{"a task's index", updated(&WorkflowTaskAdded{TaskIndex: -1, Task: &ImageTask{}}), "task index is -1"},
		{"no task", updated(&WorkflowTaskUpdated{}), "task is nil"},
		{"a progress", updated(&GeneratedImageUpdated{Progress: ptr(math.NaN())}), "progress"},
		{"an unknown update", updated(&UnknownUpdate{}), "type is empty"},
		{"no content", done(&UserMessageItem{Content: []UserMessageContent{nil}}), "content[0] is nil"},
		{"a tag's data", done(&UserMessageItem{Content: []UserMessageContent{&InputTag{Data: noObject}}}), "content[0]: data is not"},
		{"no attachment", done(&UserMessageItem{Attachments: []Attachment{nil}}), "attachment is nil"},
		{"an attachment without id", file(AttachmentMeta{}), "id is empty"},
		{"an upload's address", upload("/here", "PUT"), "upload url"},
		{"an upload's host", upload("https:///x", "PUT"), "upload url"},
		{"an upload's method", upload("https://x.test/", "put"), "upload method"},
		{"no preview", image(""), "preview url"},
		{"a relative preview", image("x.png"), "preview url"},
		{"an empty data URL", image("data:"), "preview url"},
		{"a call without name", done(&ClientToolCallItem{CallID: "c"}), "name is empty"},
		{"a call without id", done(&ClientToolCallItem{Name: "n"}), "call id is empty"},
		{"a call's arguments", done(&ClientToolCallItem{CallID: "c", Name: "n", Arguments: noObject}), "arguments"},
		{"a call's status", done(&ClientToolCallItem{CallID: "c", Name: "n", Status: "done"}), `status is "done"`},
		{"a widget that is empty", done(&WidgetItem{}), "widget is empty"},
		{"a question without id", questions(question("")), "id is empty"},
		{"a question twice", questions(question("q"), question("q")), "twice"},
		{"no question", questions(nil), "inputs[0] is nil"},
		{"a form's status", done(&StructuredInputItem{Status: "open"}), `status is "open"`},
		{"a workflow's type", done(&WorkflowItem{}), `type is ""`},
		{"a workflow's task", done(&WorkflowItem{Workflow: Workflow{Type: WorkflowCustom, Tasks: []Task{nil}}}), "task is nil"},
		{"a summary's icon", done(&WorkflowItem{Workflow: Workflow{Type: WorkflowCustom, Summary: &CustomSummary{Icon: "x"}}}), `icon "x"`},
		{"a task's status", task(&ThoughtTask{StatusIndicator: "done"}), `status indicator is "done"`},
		{"a task's icon", task(&CustomTask{Icon: "x"}), `icon "x"`},
		{"a search's source", task(&WebSearchTask{Sources: []*URLSource{nil}}), "source is nil"},
		{"a file's source", task(&FileTask{Sources: []*FileSource{nil}}), "source is nil"},
		{"an unknown task", task(&UnknownTask{}), "type is empty"},
		{"an unknown item", done(&UnknownItem{Type: "x", Raw: object}), `of type "x"`},
	} {
		err := validateEvent(c.e)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: validateEvent() = %v, want an error with %q", c.name, err, c.want)
		}
	}
}

func TestValidateURL(t *testing.T) {
	for _, s := range []string{
		"https://example.com", "https://example.com?x=1", "HTTP://Exämple.com:443/a b?q=ü#f", "https://h/a/../b",
		"data:image/png;base64,AAA=", "blob:https://x/y", "file:///a/b", "s3://bucket/key", "data:" + strings.Repeat("a", 1<<20),
	} {
		if err := validateURL(s); err != nil {
			t.Errorf("validateURL(%.40q): %v", s, err)
		}
	}
	for _, s := range []string{"", "x", "/relative", "//host/x", "https:", "https://", "http:///x", ":x", "https://%zz/", "1a:b", "https://a\n/"} {
		if err := validateURL(s); err == nil || (s != "" && strings.Contains(err.Error(), s) && len(s) > 1) {
			t.Errorf("validateURL(%q) = %v, want an error without the URL", s, err)
		}
	}
}

func TestValidatingATextDeltaAllocatesNothing(t *testing.T) {
	e := updated(&AssistantMessageContentPartTextDelta{Delta: "word"})
	if n := testing.AllocsPerRun(100, func() {
		if err := validateEvent(e); err != nil {
			t.Fatal(err)
		}
	}); n != 0 {
		t.Errorf("validateEvent of a text delta allocates %v times, want 0", n)
	}
}
