package chatkit

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"
)

func TestReadingGivesBackWhatWasWritten(t *testing.T) {
	for i, v := range everything() {
		data, err := json.Marshal(v)
		if err != nil {
			if it, ok := v.(Item); !ok || !Hidden(it) {
				t.Errorf("%d (%T): %v", i, v, err)
			}
			continue
		}
		p := reflect.New(reflect.Indirect(reflect.ValueOf(v)).Type())
		if err := json.Unmarshal(data, p.Interface()); err != nil {
			t.Errorf("%d (%T): reading %s: %v", i, v, data, err)
			continue
		}
		again, err := json.Marshal(p.Interface())
		if err != nil || string(again) != string(data) {
			t.Errorf("%d (%T):\n got %s, %v\nwant %s", i, v, again, err, data)
		}
		byValue, err := json.Marshal(p.Elem().Interface())
		if err != nil || string(byValue) != string(data) {
			t.Errorf("%d (%T): a value and not a pointer gives %s, %v, want %s", i, v, byValue, err, data)
		}
	}
}

func TestUnknownKindsSurvive(t *testing.T) {
	const meta = `"id":"i","thread_id":"t","created_at":"2030-05-06T09:08:09+02:00",`
	for _, s := range []string{
		`{` + meta + `"type":"poll","x":[1.0,1e400,{"b":1,"a":null}]}`,
		`{"type":"poll","created_at":"2030-05-06","id":"i"}`,
		`{` + meta + `"type":"user_message","content":[{"z":1,"type":"input_audio"}],"attachments":[{"id":"a","type":"video","length":1.50,"metadata":{"a":1}}],"inference_options":{}}`,
		`{` + meta + `"type":"assistant_message","content":[{"type":"refusal","text":"no","x":{}}]}`,
		`{` + meta + `"type":"assistant_message","content":[{"annotations":[{"type":"annotation","source":{"title":5,"type":"video","at":1.0}}],"text":"","type":"output_text"}]}`,
		`{` + meta + `"type":"task","task":{"type":"shell","status_indicator":"weird","command":["ls"]}}`,
		`{` + meta + `"type":"workflow","workflow":{"type":"custom","tasks":[{"type":"shell"}],"summary":{"percent":5},"expanded":false}}`,
		`{` + meta + `"type":"structured_input","status":"pending","inputs":[{"type":"slider","id":"q","question":"?","answer":{"values":["5"],"skipped":false,"extra":1},"max":10.0}]}`,
	} {
		it, err := UnmarshalItem([]byte(s))
		if err != nil {
			t.Errorf("UnmarshalItem(%s): %v", s, err)
			continue
		}
		got, err := appendItem(nil, it, storedForm)
		want := s
		if _, unknown := it.(*UnknownItem); !unknown {
			want = strings.ReplaceAll(s, "09:08:09+02:00", "07:08:09Z")
		}
		if err != nil || string(got) != want {
			t.Errorf("item:\n got %s, %v\nwant %s", got, err, want)
		}
	}
	for _, s := range []string{
		`{"type":"thread.archived","b":1,"a":{"x":null}}`,
		`{"type":"thread.item.updated","item_id":"i","update":{"type":"poll.voted","n":1.0}}`,
	} {
		e, err := UnmarshalEvent([]byte(s))
		if err != nil {
			t.Errorf("UnmarshalEvent(%s): %v", s, err)
			continue
		}
		if got, err := appendEvent(nil, e); err != nil || string(got) != s {
			t.Errorf("event:\n got %s, %v\nwant %s", got, err, s)
		}
	}
}

func TestWhatIsKnownOfAnUnknownKindCanBeChanged(t *testing.T) {
	it, err := UnmarshalItem([]byte(`{"type":"poll","id":"i","n":1,"created_at":"2030-05-06","thread_id":"t"}`))
	if err != nil {
		t.Fatal(err)
	}
	*it.Meta() = ItemMeta{ID: "j", ThreadID: "u", CreatedAt: moment}
	got, err := appendItem(nil, it, wireForm)
	if want := `{"type":"poll","id":"j","n":1,"created_at":"2030-05-06T07:08:09.000010Z","thread_id":"u"}`; err != nil || string(got) != want {
		t.Errorf("item = %s, %v, want %s", got, err, want)
	}
	got, err = appendItem(nil, &UnknownItem{ItemMeta: testMeta, Type: "poll"}, wireForm)
	if want := `{"id":"i1","thread_id":"t1","created_at":"2030-05-06T07:08:09.000010Z","type":"poll"}`; err != nil || string(got) != want {
		t.Errorf("item = %s, %v, want %s", got, err, want)
	}

	a, err := UnmarshalAttachment([]byte(`{"type":"video","id":"a","metadata":{"x":1},"upload_descriptor":{"url":"https://x/","method":"PUT"},"n":1}`))
	if err != nil {
		t.Fatal(err)
	}
	m := a.Meta()
	m.ID, m.Name, m.MimeType, m.ThreadID, m.UploadDescriptor = "b", "n", "video/mp4", ptr("t"), nil
	m.Metadata["y"] = 2
	for f, want := range map[form]string{
		storedForm: `{"type":"video","id":"b","metadata":{"x":1,"y":2},"n":1,"name":"n","mime_type":"video/mp4","thread_id":"t"}`,
		wireForm:   `{"type":"video","id":"b","n":1,"name":"n","mime_type":"video/mp4","thread_id":"t"}`,
	} {
		if got, err := appendAttachment(nil, a, f); err != nil || string(got) != want {
			t.Errorf("attachment = %s, %v, want %s", got, err, want)
		}
	}
	m.UploadDescriptor, m.Metadata = &UploadDescriptor{URL: "https://y/", Method: "POST"}, nil
	got, err = appendAttachment(nil, a, storedForm)
	if want := `{"type":"video","id":"b","upload_descriptor":{"url":"https://y/","method":"POST","headers":{}},"n":1,"name":"n","mime_type":"video/mp4","thread_id":"t"}`; err != nil || string(got) != want {
		t.Errorf("attachment = %s, %v, want %s", got, err, want)
	}

	in, err := unmarshalStructuredInput([]byte(`{"type":"slider","id":"q","max":10.0}`))
	if err != nil {
		t.Fatal(err)
	}
	in.Meta().Answer = &StructuredInputAnswer{Values: []string{"5"}}
	in.Meta().Question = "How many?"
	got, err = marshalStructuredInput(in)
	if want := `{"type":"slider","id":"q","max":10.0,"question":"How many?","answer":{"values":["5"],"skipped":false}}`; err != nil || string(got) != want {
		t.Errorf("question = %s, %v, want %s", got, err, want)
	}
	in, _ = unmarshalStructuredInput(got)
	in.Meta().ID, in.Meta().Answer = "r", nil
	got, err = marshalStructuredInput(in)
	if want := `{"type":"slider","id":"r","max":10.0,"question":"How many?"}`; err != nil || string(got) != want {
		t.Errorf("question = %s, %v, want %s", got, err, want)
	}
}

func TestReadingIsLenient(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{
			"defaults", `{"id":"i","type":"client_tool_call"}`,
			`{"id":"i","thread_id":"","created_at":"0001-01-01T00:00:00Z","type":"client_tool_call","status":"pending","call_id":"","name":"","arguments":{}}`,
		},
		{
			"nulls", `{"id":"i","thread_id":null,"created_at":null,"type":"user_message","content":null,"attachments":null,"quoted_text":null,"inference_options":null}`,
			`{"id":"i","thread_id":"","created_at":"0001-01-01T00:00:00Z","type":"user_message","content":[],"attachments":[],"inference_options":{}}`,
		},
		{
			"inner nulls", `{"id":"i","type":"user_message","inference_options":{"tool_choice":null,"model":null}}`,
			`{"id":"i","thread_id":"","created_at":"0001-01-01T00:00:00Z","type":"user_message","content":[],"attachments":[],"inference_options":{}}`,
		},
		{
			"unknown members", `{"id":"i","x":1,"type":"assistant_message","content":[{"text":"a","y":{}}],"ID":"other"}`,
			`{"id":"i","thread_id":"","created_at":"0001-01-01T00:00:00Z","type":"assistant_message","content":[{"annotations":[],"text":"a","type":"output_text"}]}`,
		},
		{
			"a time without an offset", `{"id":"i","created_at":"2030-05-06T07:08:09.000010","type":"end_of_turn"}`,
			`{"id":"i","thread_id":"","created_at":"2030-05-06T07:08:09.000010Z","type":"end_of_turn"}`,
		},
		{
			"a date", `{"id":"i","created_at":"2030-05-06","type":"end_of_turn"}`,
			`{"id":"i","thread_id":"","created_at":"2030-05-06T00:00:00Z","type":"end_of_turn"}`,
		},
		{
			"seconds", `{"id":"i","created_at":1735787045.5,"type":"end_of_turn"}`,
			`{"id":"i","thread_id":"","created_at":"2025-01-02T03:04:05.500000Z","type":"end_of_turn"}`,
		},
		{
			"milliseconds", `{"id":"i","created_at":1735787045123,"type":"end_of_turn"}`,
			`{"id":"i","thread_id":"","created_at":"2025-01-02T03:04:05.123000Z","type":"end_of_turn"}`,
		},
		{
			"the last of two members", `{"id":"h","id":"i","type":"end_of_turn","type":"task"}`,
			`{"id":"i","thread_id":"","created_at":"0001-01-01T00:00:00Z","type":"end_of_turn"}`,
		},
		{
			"an icon nobody knows", `{"id":"i","type":"task","task":{"type":"custom","icon":"nope","status_indicator":null}}`,
			`{"id":"i","thread_id":"","created_at":"0001-01-01T00:00:00Z","type":"task","task":{"status_indicator":"none","type":"custom","icon":"nope"}}`,
		},
		{
			"an int with a point", `{"id":"i","type":"workflow","workflow":{"type":"reasoning","summary":{"duration":5.0}}}`,
			`{"id":"i","thread_id":"","created_at":"0001-01-01T00:00:00Z","type":"workflow","workflow":{"type":"reasoning","tasks":[],"summary":{"duration":5},"expanded":false}}`,
		},
		{
			"an entity", `{"id":"i","type":"assistant_message","content":[{"text":"","annotations":[{"index":null,"source":{"type":"entity","title":"T","id":"e","data":null,"preview":"lazy"}}]}]}`,
			`{"id":"i","thread_id":"","created_at":"0001-01-01T00:00:00Z","type":"assistant_message","content":[{"annotations":[{"type":"annotation","source":{"title":"T","type":"entity","id":"e","interactive":false,"data":{},"preview":"lazy"}}],"text":"","type":"output_text"}]}`,
		},
		{
			"an unknown status", `{"id":"i","type":"structured_input","status":"expired","inputs":[]}`,
			`{"id":"i","thread_id":"","created_at":"0001-01-01T00:00:00Z","type":"structured_input","status":"expired","inputs":[]}`,
		},
	} {
		it, err := UnmarshalItem([]byte(c.in))
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if got, err := appendItem(nil, it, storedForm); err != nil || string(got) != c.want {
			t.Errorf("%s:\n got %s, %v\nwant %s", c.name, got, err, c.want)
		}
	}
}

func TestReadingSaysWhatIsWrongAndWhere(t *testing.T) {
	item := func(data []byte) error { _, err := UnmarshalItem(data); return err }
	event := func(data []byte) error { _, err := UnmarshalEvent(data); return err }
	attachment := func(data []byte) error { _, err := UnmarshalAttachment(data); return err }
	for _, c := range []struct {
		read     func([]byte) error
		in, want string
	}{
		{item, ``, "invalid JSON"},
		{item, `{`, "invalid JSON"},
		{item, `null`, "want an object"},
		{item, `[]`, "want an object"},
		{item, `{"id":"i"}`, "want an object with a type"},
		{item, `{"id":"i","type":5}`, "want an object with a type"},
		{item, `{"type":"end_of_turn"}`, "want the member id"},
		{item, `{"type":"unknown"}`, "want the member id"},
		{item, `{"id":5,"type":"end_of_turn"}`, "id: want a string"},
		{item, `{"id":"i","created_at":"soon","type":"end_of_turn"}`, "created_at: want a date and time"},
		{item, `{"id":"i","created_at":{},"type":"end_of_turn"}`, "created_at: want a date and time"},
		{item, `{"id":"i","created_at":1e300,"type":"end_of_turn"}`, "created_at: want a date and time"},
		{item, `{"id":"i","type":"widget"}`, "want the member widget"},
		{item, `{"id":"i","type":"task","task":null}`, "task: want an object"},
		{item, `{"id":"i","type":"task"}`, "want the member task"},
		{item, `{"id":"i","type":"task","task":{}}`, "task: want an object with a type"},
		{item, `{"id":"i","type":"user_message","content":{}}`, "content: want an array"},
		{item, `{"id":"i","type":"user_message","content":[{"type":"input_text"},{"type":"input_text","text":5}]}`, "content[1].text: want a string"},
		{item, `{"id":"i","type":"user_message","content":[null]}`, "content[0]: want an object"},
		{item, `{"id":"i","type":"user_message","inference_options":[]}`, "inference_options: want an object"},
		{item, `{"id":"i","type":"user_message","attachments":[{"type":"file"}]}`, "attachments[0]: want the member id"},
		{item, `{"id":"i","type":"assistant_message","content":[{"annotations":[{}]}]}`, "content[0].annotations[0]: want the member source"},
		{item, `{"id":"i","type":"assistant_message","content":[{"annotations":[{"source":{"type":"url"},"index":1.5}]}]}`, "content[0].annotations[0].index: want an integer"},
		{item, `{"id":"i","type":"assistant_message","content":[{"annotations":[{"source":{"type":"url"},"index":"1"}]}]}`, "content[0].annotations[0].index: want a number"},
		{item, `{"id":"i","type":"workflow","workflow":{"expanded":"yes"}}`, "workflow.expanded: want a boolean"},
		{item, `{"id":"i","type":"structured_input","inputs":[{"type":"freeform","answer":{"values":["a",1]}}]}`, "inputs[0].answer.values[1]: want a string"},
		{event, `{"type":"thread.item.done"}`, "want the member item"},
		{event, `{"type":"thread.item.updated","item_id":"i"}`, "want the member update"},
		{event, `{"type":"thread.created"}`, "want the member thread"},
		{event, `{"type":"thread.created","thread":null}`, "thread: want a thread"},
		{event, `{"type":"thread.created","thread":{}}`, "thread: want the member id"},
		{event, `{"type":"thread.created","thread":[]}`, "thread: want an object"},
		{event, `{"type":"thread.created","thread":{"id":"t","items":{"data":[{"type":"end_of_turn","id":5}]}}}`, "thread.items.data[0].id: want a string"},
		{event, `{"type":"thread.item.updated","update":{"type":"widget.root.updated","widget":null}}`, "update: want the member widget"},
		{event, `{"type":"thread.item.updated","update":{"type":"generated_image.updated","progress":"1"}}`, "update.progress: want a number"},
		{event, `{"type":"thread.item.updated","update":{"type":"generated_image.updated","progress":1e999}}`, "update.progress: want a number"},
		{event, `{"type":"stream_options","stream_options":true}`, "stream_options: want an object"},
		{attachment, `{"type":"file"}`, "want the member id"},
		{attachment, `{"type":"file","id":"a","metadata":[]}`, "metadata: want an object"},
		{attachment, `{"type":"file","id":"a","upload_descriptor":{"headers":{"h":1}}}`, "upload_descriptor.headers.h: want a string"},
	} {
		if err := c.read([]byte(c.in)); err == nil || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("reading %s: %v, want %s", c.in, err, c.want)
		}
	}
}

func TestVariantsReadOnlyTheirOwnKind(t *testing.T) {
	var w WidgetItem
	if err := json.Unmarshal([]byte(`{"id":"i","type":"end_of_turn"}`), &w); err == nil {
		t.Errorf("an end of turn was read as a widget: %+v", w)
	}
	if err := json.Unmarshal([]byte(`{"id":"i","type":"widget","widget":{"a": 1}}`), &w); err != nil || string(w.Widget) != `{"a":1}` {
		t.Errorf("widget = %+v, %v", w, err)
	}
	before := w.ID
	if err := json.Unmarshal([]byte(`null`), &w); err != nil || w.ID != before {
		t.Errorf("null changed a widget: %+v, %v", w, err)
	}
	var th *Thread
	if err := json.Unmarshal([]byte(`null`), &th); err != nil || th != nil {
		t.Errorf("null gives %+v, %v", th, err)
	}
}

func TestThreads(t *testing.T) {
	const full = `{"title":"","id":"t","created_at":"2030-05-06T07:08:09Z","status":{"type":"closed","reason":""},"allowed_image_domains":[],"metadata":{"n":12345678901234567890,"f":1.0}}`
	var th Thread
	if err := json.Unmarshal([]byte(full), &th); err != nil {
		t.Fatal(err)
	}
	if th.Title == nil || *th.Title != "" || th.Status.Type != ThreadClosed || th.Status.Reason == nil || th.AllowedImageDomains == nil {
		t.Errorf("thread = %+v", th)
	}
	got, err := json.Marshal(&th)
	want := strings.Replace(full, `"n":12345678901234567890,"f":1.0`, `"f":1.0,"n":12345678901234567890`, 1) // maps are written in order
	if err != nil || string(got) != want {
		t.Errorf("thread:\n got %s, %v\nwant %s", got, err, want)
	}
	if err := json.Unmarshal([]byte(`{"id":"t","allowed_image_domains":null,"metadata":null,"status":null}`), &th); err != nil || th.AllowedImageDomains != nil || th.Title != nil {
		t.Errorf("thread = %+v, %v", th, err)
	}
	if !th.CreatedAt.Equal(time.Time{}) || th.Status != (ThreadStatus{}) {
		t.Errorf("thread = %+v, want zero values", th)
	}
	r := ThreadResponse{Thread: Thread{ID: "t", Metadata: map[string]any{"a": 1}}}
	if got, _ := json.Marshal(r); strings.Contains(string(got), `"a"`) || !strings.Contains(string(got), `"items":{"data":[],"has_more":false}`) {
		t.Errorf("response = %s", got)
	}
}

func TestPagesOfEveryUnionCanBeRead(t *testing.T) {
	var items Page[Item]
	if err := json.Unmarshal([]byte(`{"data":[{"id":"i","type":"end_of_turn"},{"id":"j","type":"new"}],"has_more":true,"after":"j"}`), &items); err != nil ||
		len(items.Data) != 2 || items.Data[1].ItemType() != "new" || !items.HasMore || items.After != "j" {
		t.Errorf("items = %+v, %v", items, err)
	}
	var threads Page[*ThreadResponse]
	if err := json.Unmarshal([]byte(`{"data":[{"id":"t","items":{"data":[]}}],"after":null}`), &threads); err != nil || threads.Data[0].ID != "t" {
		t.Errorf("threads = %+v, %v", threads, err)
	}
	var events Page[Event]
	if err := json.Unmarshal([]byte(`{"data":[{"type":"error"}]}`), &events); err != nil || !reflect.DeepEqual(events.Data[0], Event(&ErrorEvent{Code: ErrorCodeCustom})) {
		t.Errorf("events = %+v, %v", events, err)
	}
	var attachments Page[Attachment]
	if err := json.Unmarshal([]byte(`{"data":[{"id":"a","type":"file"}]}`), &attachments); err != nil || attachments.Data[0].Meta().ID != "a" {
		t.Errorf("attachments = %+v, %v", attachments, err)
	}
	var tasks Page[Task]
	if err := json.Unmarshal([]byte(`{"data":[{"type":"image"}]}`), &tasks); err != nil || tasks.Data[0].TaskType() != "image" {
		t.Errorf("tasks = %+v, %v", tasks, err)
	}
	var sources Page[Source]
	if err := json.Unmarshal([]byte(`{"data":[{"type":"url","url":"u"}]}`), &sources); err != nil || sources.Data[0].SourceType() != "url" {
		t.Errorf("sources = %+v, %v", sources, err)
	}
	if err := json.Unmarshal([]byte(`{"data":[{"id":"t"},5]}`), &threads); err == nil || !strings.HasPrefix(err.Error(), "data[1]: ") {
		t.Errorf("reading a page with a number in it: %v, want data[1]: ...", err)
	}
}

func TestReadingKeepsNoneOfTheInput(t *testing.T) {
	for _, m := range readModels(t) {
		data := []byte(m.json)
		v, err := readModel(model{m.label, string(data)})
		if err != nil {
			t.Fatal(err)
		}
		want, _ := wireJSON(v)
		it, err := UnmarshalItem(data)
		if err != nil {
			continue
		}
		clear(data)
		if got, err := wireJSON(it); err != nil || string(got) != string(want) {
			t.Errorf("%s: after the input changed: %s, %v, want %s", m.label, got, err, want)
		}
	}
}
