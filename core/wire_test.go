package chatkit

import (
	_ "embed"
	"encoding/json"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/gochatkit/chatkit/core/internal/jsonx"
)

// models has one exact serialization per line, "label: bytes", as the reference server for Python writes
// it. Its times have no offset; ours are in UTC and say so.
//
//go:embed testdata/models.txt
var models string

var naive = regexp.MustCompile(`("created_at":"[^"Z]+)"`)

type model struct{ label, json string }

func readModels(t testing.TB) []model {
	t.Helper()
	var list []model
	for line := range strings.Lines(models) {
		label, text, ok := strings.Cut(strings.TrimSuffix(line, "\n"), ": ")
		if !ok {
			t.Fatalf("testdata/models.txt: no label in %q", line)
		}
		list = append(list, model{label, naive.ReplaceAllString(text, `${1}Z"`)})
	}
	return list
}

func ptr[T any](v T) *T { return &v }

var (
	moment   = time.Date(2030, 5, 6, 7, 8, 9, 10999, time.UTC)
	testMeta = ItemMeta{ID: "i1", ThreadID: "t1", CreatedAt: moment}
	urlU     = &URLSource{SourceMeta: SourceMeta{Title: "U"}, URL: "u"}
)

func updated(u ItemUpdate) Event { return &ThreadItemUpdatedEvent{ItemID: "i1", Update: u} }

// modelValues are the values of testdata/models.txt, in its order.
func modelValues() []any {
	return []any{
		Page[Item]{},
		&ThreadResponse{Thread: Thread{ID: "t1", CreatedAt: moment, Metadata: map[string]any{"secret": 1}}},
		&ThreadResponse{
			Thread: Thread{
				ID: "t1", CreatedAt: time.Date(2030, 5, 6, 7, 8, 9, 0, time.UTC), Title: ptr("T"),
				Status: ThreadStatus{Type: ThreadLocked, Reason: ptr("R")}, AllowedImageDomains: []string{"img.test"},
			},
			Items: Page[Item]{Data: []Item{&EndOfTurnItem{ItemMeta: testMeta}}, HasMore: true, After: "i1"},
		},
		ThreadStatus{Type: ThreadClosed},
		&UserMessageItem{
			ItemMeta: testMeta,
			Content: []UserMessageContent{
				&InputText{Text: "a"},
				&InputTag{ID: "e", Text: "E", Data: json.RawMessage(`{"k":null}`), Group: ptr("G"), Interactive: true},
			},
			Attachments: []Attachment{
				&FileAttachment{AttachmentMeta{ID: "f", Name: "n", MimeType: "text/plain", ThreadID: ptr("t1"), Metadata: map[string]any{"secret": 1}}},
				&ImageAttachment{
					AttachmentMeta: AttachmentMeta{
						ID: "p", Name: "n", MimeType: "image/png", Metadata: map[string]any{},
						UploadDescriptor: &UploadDescriptor{URL: "https://u.test/x", Method: "POST"},
					},
					PreviewURL: "https://p.test/",
				},
			},
			QuotedText: ptr(""), InferenceOptions: InferenceOptions{Model: ptr("m")},
		},
		&AssistantMessageItem{ItemMeta: testMeta, Content: []AssistantMessageContent{{
			Text: "a",
			Annotations: []Annotation{
				{Source: &FileSource{SourceMeta: SourceMeta{Title: "F", Description: "D", Timestamp: "2030", Group: "G"}, Filename: "f"}, Index: ptr(0)},
				{Source: &URLSource{SourceMeta: SourceMeta{Title: "U"}, URL: "u", Attribution: "A"}},
				{Source: &EntitySource{
					SourceMeta: SourceMeta{Title: "E"}, ID: "e", Icon: IconUser, Label: "L", InlineLabel: "I", Interactive: true,
					Data: json.RawMessage(` { "k" : [ 1 , null ] } `),
				}, Index: ptr(1)},
			},
		}}},
		&ClientToolCallItem{ItemMeta: testMeta, CallID: "c", Name: "n"},
		&ClientToolCallItem{ItemMeta: testMeta, Status: ClientToolCallCompleted, CallID: "c", Name: "n", Arguments: json.RawMessage(`{"a":1}`), Output: json.RawMessage(` null `)},
		&ClientToolCallItem{ItemMeta: testMeta, Status: ClientToolCallCompleted, CallID: "c", Name: "n", Arguments: json.RawMessage(`{"a":1}`), Output: json.RawMessage(`[null, 1.0, "é"]`)},
		&WidgetItem{ItemMeta: testMeta, Widget: json.RawMessage(`{"type":"Card","key":null,"children":[null]}`), CopyText: ptr("c")},
		&GeneratedImageItem{ItemMeta: testMeta},
		&GeneratedImageItem{ItemMeta: testMeta, Image: &GeneratedImage{ID: "g", URL: "u"}},
		&StructuredInputItem{ItemMeta: testMeta, Inputs: []StructuredInput{
			&MultipleChoiceInput{StructuredInputMeta: StructuredInputMeta{ID: "q1", Question: "Q1"}, Options: []StructuredInputOption{{"A"}}, Multiple: true},
			&FreeformInput{StructuredInputMeta: StructuredInputMeta{ID: "q2", Question: "Q2", Answer: &StructuredInputAnswer{Values: []string{"x"}}}, Description: ptr("D")},
		}},
		&WorkflowItem{ItemMeta: testMeta, Workflow: Workflow{
			Type: WorkflowCustom,
			Tasks: []Task{
				&CustomTask{StatusIndicator: StatusComplete, Title: "t", Icon: IconBolt, Content: "c"},
				&WebSearchTask{Title: "s", TitleQuery: "q", Queries: []string{"a"}, Sources: []*URLSource{urlU}},
				&ThoughtTask{Title: "t", Content: "c"},
				&FileTask{Title: "f", Sources: []*FileSource{{SourceMeta: SourceMeta{Title: "F"}, Filename: "f"}}},
				&ImageTask{Title: "i"},
			},
			Summary: &CustomSummary{Title: "S", Icon: "lucide:star"}, Expanded: true,
		}},
		&WorkflowItem{ItemMeta: testMeta, Workflow: Workflow{Type: WorkflowReasoning, Summary: &DurationSummary{Duration: 12}}},
		&TaskItem{ItemMeta: testMeta, Task: &CustomTask{Title: "t"}},
		&WebSearchTask{},
		&FileTask{},
		&ImageTask{},
		&CustomTask{},
		&HiddenContextItem{ItemMeta: testMeta, Content: json.RawMessage(`{"a":null}`)},
		&SDKHiddenContextItem{ItemMeta: testMeta, Content: "x"},
		&EndOfTurnItem{ItemMeta: testMeta},
		&ThreadItemRemovedEvent{ItemID: "i1"},
		&ProgressUpdateEvent{Text: "p"},
		&ProgressUpdateEvent{Icon: "vendor:x", Text: "p"},
		&ClientEffectEvent{Name: "n"},
		&ErrorEvent{},
		&ErrorEvent{Code: ErrorCodeCustom, Message: "m", AllowRetry: true},
		&ErrorEvent{Code: ErrorCodeStream, AllowRetry: true},
		&NoticeEvent{Level: NoticeInfo, Message: "m"},
		&NoticeEvent{Level: NoticeDanger, Message: "m", Title: "t"},
		&StreamOptionsEvent{},
		updated(&AssistantMessageContentPartAdded{}),
		updated(&AssistantMessageContentPartTextDelta{Delta: "d"}),
		updated(&AssistantMessageContentPartAnnotationAdded{AnnotationIndex: 1, Annotation: Annotation{Source: urlU, Index: ptr(9)}}),
		updated(&AssistantMessageContentPartDone{Content: AssistantMessageContent{Text: "d"}}),
		updated(&WidgetStreamingTextValueDelta{ComponentID: "c", Delta: "d", Done: true}),
		updated(&WidgetComponentUpdated{ComponentID: "c", Component: json.RawMessage(`{"type":"Text","value":"v","x":null}`)}),
		updated(&WidgetRootUpdated{Widget: json.RawMessage(`{"type":"Card","children":[{"type":"Text","value":"v"}]}`)}),
		updated(&WorkflowTaskAdded{Task: &ThoughtTask{Content: "c"}}),
		updated(&WorkflowTaskUpdated{Task: &ThoughtTask{Content: "c", StatusIndicator: StatusLoading}}),
		updated(&GeneratedImageUpdated{Image: GeneratedImage{ID: "g", URL: "u"}, Progress: ptr(0.25)}),
		updated(&GeneratedImageUpdated{Image: GeneratedImage{ID: "g", URL: "u"}}),
	}
}

// wireJSON writes v as a client sees it; hidden items, which no client sees, as a store does.
func wireJSON(v any) ([]byte, error) {
	switch v := v.(type) {
	case Event:
		return appendEvent(nil, v)
	case Item:
		return appendItem(nil, v, form(!Hidden(v)))
	case Page[Item]:
		return appendItemPage(nil, v)
	case *ThreadResponse:
		return appendThreadResponse(nil, v)
	}
	return json.Marshal(v)
}

func TestEveryModelIsWrittenAsTheReferenceDoes(t *testing.T) {
	list, values := readModels(t), modelValues()
	if len(list) != len(values) {
		t.Fatalf("%d values for %d lines of testdata/models.txt", len(values), len(list))
	}
	for i, m := range list {
		got, err := wireJSON(values[i])
		if err != nil {
			t.Errorf("%s: %v", m.label, err)
		}
		if string(got) != m.json {
			t.Errorf("%s:\n got %s\nwant %s", m.label, got, m.json)
		}
	}
}

// readModel reads the JSON of a model by what its label says it is.
func readModel(m model) (any, error) {
	data := []byte(m.json)
	switch kind, _, _ := strings.Cut(m.label, ","); {
	case kind == "page":
		var p Page[Item]
		err := json.Unmarshal(data, &p)
		return p, err
	case kind == "thread":
		var r ThreadResponse
		err := json.Unmarshal(data, &r)
		return &r, err
	case strings.HasPrefix(kind, "status"):
		var s ThreadStatus
		err := json.Unmarshal(data, &s)
		return s, err
	case kind == "event" || kind == "update":
		return UnmarshalEvent(data)
	case strings.HasPrefix(kind, "tasks"):
		return UnmarshalTask(data)
	}
	return UnmarshalItem(data)
}

func TestEveryModelSurvivesReadingAndWriting(t *testing.T) {
	for _, m := range readModels(t) {
		v, err := readModel(m)
		if err != nil {
			t.Errorf("%s: %v", m.label, err)
			continue
		}
		got, err := wireJSON(v)
		if err != nil || string(got) != m.json {
			t.Errorf("%s:\n got %s, %v\nwant %s", m.label, got, err, m.json)
		}
	}
}

func TestEventsAppendToWhatIsThere(t *testing.T) {
	got, err := appendEvent([]byte("data: "), &ThreadItemRemovedEvent{ItemID: "a\"b"})
	if want := `data: {"type":"thread.item.removed","item_id":"a\"b"}`; err != nil || string(got) != want {
		t.Errorf("appendEvent() = %s, %v, want %s", got, err, want)
	}
	got, err = appendEvent([]byte("data: "), &ThreadItemDoneEvent{})
	if err == nil || string(got) != "data: " {
		t.Errorf("appendEvent() of an item that is nil = %s, %v, want data: and an error", got, err)
	}
}

func TestATextDeltaIsPrefixTextAndSuffix(t *testing.T) {
	for _, text := range []string{"", "a", "\"\\\n\x00é\u2028😀<>&"} {
		delta := &AssistantMessageContentPartTextDelta{ContentIndex: 3, Delta: text}
		want, err := appendEvent(nil, &ThreadItemUpdatedEvent{ItemID: `a"b`, Update: delta})
		if err != nil {
			t.Fatal(err)
		}
		got := appendTextDeltaPrefix(nil, `a"b`, 3)
		got = jsonx.AppendEscaped(got, text)
		got = append(got, textDeltaSuffix...)
		if string(got) != string(want) {
			t.Errorf("prefix, text and suffix = %s, want %s", got, want)
		}
		back, err := UnmarshalEvent(want)
		if wanted := (&ThreadItemUpdatedEvent{ItemID: `a"b`, Update: delta}); err != nil || !reflect.DeepEqual(back, Event(wanted)) {
			t.Errorf("read back = %+v, %v, want %+v", back, err, wanted)
		}
	}
	update, err := json.Marshal(&AssistantMessageContentPartTextDelta{ContentIndex: 3, Delta: "a"})
	if want := `{"type":"assistant_message.content_part.text_delta","content_index":3,"delta":"a"}`; err != nil || string(update) != want {
		t.Errorf("json.Marshal of the update = %s, %v, want %s", update, err, want)
	}
}

func TestStoredFormsAreComplete(t *testing.T) {
	attachment := &FileAttachment{AttachmentMeta{ID: "f", Name: "n", MimeType: "m", Metadata: map[string]any{"b": json.Number("12345678901234567890"), "a": "<x>"}}}
	thread := &Thread{ID: "t", CreatedAt: moment, Metadata: map[string]any{"k": []any{nil, json.Number("1.0")}}}
	message := &UserMessageItem{ItemMeta: testMeta, Attachments: []Attachment{attachment}}
	for _, c := range []struct {
		name string
		v    any
		want string
	}{
		{"attachment", attachment, `{"id":"f","name":"n","mime_type":"m","metadata":{"a":"<x>","b":12345678901234567890},"type":"file"}`},
		{"thread", thread, `{"id":"t","created_at":"2030-05-06T07:08:09.000010Z","status":{"type":"active"},"metadata":{"k":[null,1.0]}}`},
		{"message", message, `{"id":"i1","thread_id":"t1","created_at":"2030-05-06T07:08:09.000010Z","type":"user_message","content":[],"attachments":[{"id":"f","name":"n","mime_type":"m","metadata":{"a":"<x>","b":12345678901234567890},"type":"file"}],"inference_options":{}}`},
		{"widget", &WidgetItem{ItemMeta: testMeta, Widget: json.RawMessage(`{"a":null}`)}, `{"id":"i1","thread_id":"t1","created_at":"2030-05-06T07:08:09.000010Z","type":"widget","widget":{"a":null}}`},
		{"page", Page[Item]{Data: []Item{&SDKHiddenContextItem{ItemMeta: testMeta}}}, `{"data":[{"id":"i1","thread_id":"t1","created_at":"2030-05-06T07:08:09.000010Z","type":"sdk_hidden_context","content":""}],"has_more":false}`},
	} {
		data, err := json.Marshal(c.v)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		got := strings.NewReplacer(`\u003c`, "<", `\u003e`, ">").Replace(string(data)) // json.Marshal escapes for HTML
		if got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.name, got, c.want)
		}
	}
}

func TestNothingPrivateIsOnTheWire(t *testing.T) {
	secret := map[string]any{"k": "secret"}
	attachments := []Attachment{
		&FileAttachment{AttachmentMeta{ID: "f", Metadata: secret}},
		&ImageAttachment{AttachmentMeta: AttachmentMeta{ID: "f", Metadata: secret}},
		&UnknownAttachment{AttachmentMeta: AttachmentMeta{ID: "f", Metadata: secret}, Type: "x", Raw: json.RawMessage(`{"id":"f","metadata":{"k":"secret"},"type":"x","n":1}`)},
	}
	message := &UserMessageItem{ItemMeta: testMeta, Attachments: attachments}
	hidden := &HiddenContextItem{ItemMeta: testMeta, Content: json.RawMessage(`"secret"`)}
	sdkHidden := &SDKHiddenContextItem{ItemMeta: testMeta, Content: "secret"}
	thread := &ThreadResponse{
		Thread: Thread{ID: "t", Metadata: secret},
		Items:  Page[Item]{Data: []Item{hidden, message, sdkHidden, message, hidden}},
	}
	for _, e := range []Event{
		&ThreadCreatedEvent{thread}, &ThreadUpdatedEvent{thread}, &ThreadItemAddedEvent{message},
		&ThreadItemDoneEvent{message}, &ThreadItemReplacedEvent{message},
	} {
		got, err := appendEvent(nil, e)
		if err != nil || !json.Valid(got) || strings.Contains(string(got), "secret") || strings.Contains(string(got), "metadata\":{\"k") {
			t.Errorf("%s = %s, %v", e.EventType(), got, err)
		}
		again, err := json.Marshal(e)
		if err != nil || string(again) != string(got) {
			t.Errorf("json.Marshal of %s = %s, %v, want %s", e.EventType(), again, err, got)
		}
	}
	for _, it := range []Item{hidden, sdkHidden} {
		for _, e := range []Event{&ThreadItemAddedEvent{it}, &ThreadItemDoneEvent{it}, &ThreadItemReplacedEvent{it}} {
			if got, err := appendEvent(nil, e); err == nil {
				t.Errorf("%s with a hidden item = %s, want an error", e.EventType(), got)
			}
		}
	}
	page, err := appendItemPage(nil, thread.Items)
	if err != nil || !json.Valid(page) || strings.Contains(string(page), "secret") || strings.Count(string(page), "user_message") != 2 {
		t.Errorf("page = %s, %v", page, err)
	}
	page, err = appendThreadPage(nil, Page[*ThreadResponse]{Data: []*ThreadResponse{thread, thread}, After: "t", HasMore: true})
	if err != nil || !json.Valid(page) || strings.Contains(string(page), "secret") || !strings.HasSuffix(string(page), `],"has_more":true,"after":"t"}`) {
		t.Errorf("page = %s, %v", page, err)
	}
}

func TestBrokenValuesAreErrorsAndNotBrokenJSON(t *testing.T) {
	bad := json.RawMessage(`{"a":`)
	for name, e := range map[string]Event{
		"no event":                    nil,
		"a nil pointer":               (*NoticeEvent)(nil),
		"no thread":                   &ThreadCreatedEvent{},
		"no item":                     &ThreadItemDoneEvent{},
		"an item that is nil":         &ThreadItemAddedEvent{(*WidgetItem)(nil)},
		"no update":                   &ThreadItemUpdatedEvent{ItemID: "i"},
		"an update that is nil":       updated((*AssistantMessageContentPartTextDelta)(nil)),
		"no task":                     updated(&WorkflowTaskAdded{}),
		"a task that is nil":          updated(&WorkflowTaskUpdated{Task: (*ImageTask)(nil)}),
		"no source":                   updated(&AssistantMessageContentPartAnnotationAdded{}),
		"no widget":                   updated(&WidgetRootUpdated{}),
		"a broken widget":             updated(&WidgetRootUpdated{bad}),
		"no component":                updated(&WidgetComponentUpdated{}),
		"broken data":                 &ClientEffectEvent{Data: bad},
		"broken arguments":            &ThreadItemDoneEvent{&ClientToolCallItem{Arguments: bad}},
		"broken output":               &ThreadItemDoneEvent{&ClientToolCallItem{Output: bad}},
		"two documents":               &ClientEffectEvent{Data: json.RawMessage(`{}{}`)},
		"no user content":             &ThreadItemDoneEvent{&UserMessageItem{Content: []UserMessageContent{nil}}},
		"no attachment":               &ThreadItemDoneEvent{&UserMessageItem{Attachments: []Attachment{nil}}},
		"no question":                 &ThreadItemDoneEvent{&StructuredInputItem{Inputs: []StructuredInput{nil}}},
		"a search without its source": &ThreadItemDoneEvent{&TaskItem{Task: &WebSearchTask{Sources: []*URLSource{nil}}}},
		"a summary that is nil":       &ThreadItemDoneEvent{&WorkflowItem{Workflow: Workflow{Summary: (*CustomSummary)(nil)}}},
		"a broken unknown event":      &UnknownEvent{Raw: bad},
		"a broken unknown item":       &ThreadItemDoneEvent{&UnknownItem{Raw: bad}},
		"an unknown item, no object":  &ThreadItemDoneEvent{&UnknownItem{Raw: json.RawMessage(`[]`)}},
		"a broken unknown attachment": &ThreadItemDoneEvent{&UserMessageItem{Attachments: []Attachment{&UnknownAttachment{Raw: bad}}}},
		"a broken unknown question":   &ThreadItemDoneEvent{&StructuredInputItem{Inputs: []StructuredInput{&UnknownStructuredInput{Raw: bad}}}},
		"broken unknown content":      &ThreadItemDoneEvent{&AssistantMessageItem{Content: []AssistantMessageContent{{Raw: bad}}}},
	} {
		if got, err := appendEvent(nil, e); err == nil {
			t.Errorf("%s: %s, want an error", name, got)
		}
	}
	if _, err := json.Marshal(&Thread{Metadata: map[string]any{"f": func() {}}}); err == nil {
		t.Error("metadata that JSON cannot say gave no error")
	}
	_, err := appendEvent(nil, &ThreadItemDoneEvent{&WidgetItem{ItemMeta: testMeta, Widget: bad}})
	if want := "item i1: widget: invalid JSON at byte 5: unexpected end"; err == nil || err.Error() != want {
		t.Errorf("error = %v, want %s", err, want)
	}
}

func TestIcons(t *testing.T) {
	for _, i := range []Icon{IconAgent, IconWriteAlt2, "book-open", "vendor:", "vendor:x", "lucide:any thing"} {
		if !i.Valid() {
			t.Errorf("%q is not valid", i)
		}
	}
	for _, i := range []Icon{"", "Agent", "upload", "code", "lucide", "Vendor:x", " vendor:x"} {
		if i.Valid() {
			t.Errorf("%q is valid", i)
		}
	}
}
