package chatkit

import (
	"encoding/json"
	"reflect"
	"testing"
	"time"

	"github.com/gochatkit/chatkit/core/internal/jsonx"
)

// everything has at least one value of each kind, with every field set that can share memory.
func everything() []any {
	values := modelValues()
	values = append(values,
		&UserMessageItem{
			ItemMeta: testMeta, InferenceOptions: InferenceOptions{ToolChoice: &ToolChoice{ID: "x"}},
			Content: []UserMessageContent{&UnknownContent{Type: "x", Raw: json.RawMessage(`{"type":"x"}`)}},
			Attachments: []Attachment{
				&FileAttachment{AttachmentMeta{
					ID: "a", ThreadID: ptr("t"), Metadata: map[string]any{"a": []any{map[string]any{"b": "c"}}, "s": []string{"x"}},
					UploadDescriptor: &UploadDescriptor{URL: "https://u.test/", Method: "PUT", Headers: map[string]string{"b": "1", "a": "2"}},
				}},
				&UnknownAttachment{AttachmentMeta: AttachmentMeta{ID: "a"}, Type: "x", Raw: json.RawMessage(`{"id":"a","type":"x"}`)},
			},
		},
		&AssistantMessageItem{ItemMeta: testMeta, Content: []AssistantMessageContent{
			{Raw: json.RawMessage(`{"type":"other"}`)},
			{Annotations: []Annotation{{Source: &UnknownSource{Type: "x", Raw: json.RawMessage(`{"type":"x"}`)}}}},
		}},
		&StructuredInputItem{ItemMeta: testMeta, Inputs: []StructuredInput{
			&UnknownStructuredInput{StructuredInputMeta: StructuredInputMeta{Answer: &StructuredInputAnswer{Values: []string{"v"}}}, Type: "x", Raw: json.RawMessage(`{"type":"x","answer":{"values":["v"],"skipped":false}}`)},
			&MultipleChoiceInput{StructuredInputMeta: StructuredInputMeta{Answer: &StructuredInputAnswer{Skipped: true}}},
		}},
		&WorkflowItem{ItemMeta: testMeta, Workflow: Workflow{Tasks: []Task{&UnknownTask{Type: "x", Raw: json.RawMessage(`{"type":"x"}`)}}, Summary: &UnknownSummary{Raw: json.RawMessage(`{"x":1}`)}}},
		&UnknownItem{ItemMeta: ItemMeta{ID: "i"}, Type: "x", Raw: json.RawMessage(`{"id":"i","created_at":"0001-01-01T00:00:00Z","type":"x"}`)},
		&ThreadCreatedEvent{&ThreadResponse{Thread: Thread{ID: "t", Title: ptr("T"), AllowedImageDomains: []string{}}}},
		&ThreadUpdatedEvent{&ThreadResponse{Thread: Thread{ID: "t"}}},
		&ThreadItemAddedEvent{&TaskItem{ItemMeta: testMeta, Task: &ImageTask{}}},
		&ThreadItemDoneEvent{&TaskItem{ItemMeta: testMeta, Task: &ImageTask{}}},
		&ThreadItemReplacedEvent{&TaskItem{ItemMeta: testMeta, Task: &ImageTask{}}},
		&ClientEffectEvent{Name: "n", Data: json.RawMessage(`{"a":1}`)},
		&UnknownEvent{Type: "x", Raw: json.RawMessage(`{"type":"x"}`)},
		updated(&UnknownUpdate{Type: "x", Raw: json.RawMessage(`{"type":"x"}`)}),
	)
	return values
}

func TestClonesAreEqualAndShareNothing(t *testing.T) {
	for i, v := range everything() {
		var clone any
		switch v := v.(type) {
		case Item:
			clone = CloneItem(v)
		case Event:
			clone = CloneEvent(v)
		case *ThreadResponse:
			clone = v.Clone()
		case Task:
			clone = CloneTask(v)
		default:
			continue
		}
		if !reflect.DeepEqual(clone, v) {
			t.Errorf("clone %d = %+v, want %+v", i, clone, v)
		}
		seen := map[uintptr]string{}
		walk(reflect.ValueOf(v), "", func(p uintptr, path string) { seen[p] = path })
		walk(reflect.ValueOf(clone), "", func(p uintptr, path string) {
			if at, ok := seen[p]; ok {
				t.Errorf("clone %d (%T): %s is the same memory as %s", i, v, path, at)
			}
		})
	}
}

// walk calls found with every address at which a value keeps memory that can be changed.
func walk(v reflect.Value, path string, found func(uintptr, string)) {
	switch v.Kind() {
	case reflect.Pointer:
		if v.Type() == reflect.TypeFor[*time.Location]() || v.IsNil() {
			return
		}
		if v.Type().Elem().Size() > 0 {
			found(v.Pointer(), path)
		}
		walk(v.Elem(), path, found)
	case reflect.Interface:
		if !v.IsNil() {
			walk(v.Elem(), path, found)
		}
	case reflect.Slice:
		if v.Len() > 0 {
			found(v.Pointer(), path)
		}
		for i := range v.Len() {
			walk(v.Index(i), path+"[]", found)
		}
	case reflect.Map:
		if !v.IsNil() {
			found(v.Pointer(), path)
		}
		for _, k := range v.MapKeys() {
			walk(v.MapIndex(k), path+"{}", found)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			walk(v.Field(i), path+"."+v.Type().Field(i).Name, found)
		}
	}
}

func TestClonesOfNothing(t *testing.T) {
	var thread *Thread
	var response *ThreadResponse
	if CloneItem(nil) != nil || CloneEvent(nil) != nil || CloneAttachment(nil) != nil || CloneTask(nil) != nil || thread.Clone() != nil || response.Clone() != nil {
		t.Error("the clone of nothing is something")
	}
	if it := CloneItem((*WidgetItem)(nil)); !isNil(it) {
		t.Errorf("the clone of a nil widget = %v", it)
	}
	if e := CloneEvent(&ThreadItemDoneEvent{Item: (*WidgetItem)(nil)}); e == nil {
		t.Error("an event with a nil item has no clone")
	}
	if e := CloneEvent((*ThreadCreatedEvent)(nil)); !isNil(e) {
		t.Errorf("the clone of a nil event = %v", e)
	}
}

func TestMetadataOfAnyTypeIsCloned(t *testing.T) {
	type own struct {
		Names []string `json:"names"`
	}
	type flat struct{ A int }
	at := time.Now()
	in := map[string]any{
		"own": own{[]string{"a"}}, "pointer": &own{[]string{"b"}}, "flat": flat{1}, "time": at, "ints": []int{1, 2},
		"raw": json.RawMessage(`{}`), "strings": map[string]string{"a": "b"}, "nil": nil, "func": (func())(nil),
		"array": [2]string{"a", "b"}, "maps": []map[string]int{{"a": 1}}, "number": json.Number("1.0"),
	}
	thread := (&Thread{ID: "t", Metadata: in}).Clone()
	in["own"].(own).Names[0] = "changed"
	in["pointer"].(*own).Names[0] = "changed"
	in["ints"].([]int)[0] = 9
	in["raw"].(json.RawMessage)[0] = 'x'
	in["strings"].(map[string]string)["a"] = "changed"
	in["maps"].([]map[string]int)[0]["a"] = 9
	delete(in, "nil")
	delete(thread.Metadata, "func") // not JSON: kept as it is, for encoding to complain about
	got, err := jsonx.Marshal(thread.Metadata)
	if err != nil {
		t.Fatal(err)
	}
	timeJSON, _ := json.Marshal(at)
	want := `{"array":["a","b"],"flat":{"A":1},"ints":[1,2],"maps":[{"a":1}],"nil":null,"number":1.0,"own":{"names":["a"]},"pointer":{"names":["b"]},"raw":{},"strings":{"a":"b"},"time":` + string(timeJSON) + `}`
	if string(got) != want {
		t.Errorf("metadata = %s, want %s", got, want)
	}
}
