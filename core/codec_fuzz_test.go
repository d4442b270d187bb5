package chatkit

import (
	"bytes"
	"encoding/json"
	"errors"
	"reflect"
	"testing"
	"unicode/utf8"
)

func FuzzDecodeRequest(f *testing.F) {
	for _, s := range []string{
		`{"type":"threads.create","params":{"input":{"content":[{"type":"input_text","text":"a"},{"type":"input_tag","id":"e","text":"E","data":{"a":1}}],"attachments":["a"],"quoted_text":"q","inference_options":{"tool_choice":{"id":"t"},"model":"m"}}},"metadata":{"k":1}}`,
		`{"type":"threads.add_user_message","params":{"thread_id":"t","input":{"content":[],"attachments":[],"inference_options":{}}}}`,
		`{"type":"threads.add_client_tool_output","params":{"thread_id":"t","result":{"a":[1,null]}}}`,
		`{"type":"threads.add_structured_input","params":{"thread_id":"t","item_id":"i","input":{"status":"answered","answers":{"q":{"values":["v"],"skipped":"no"}}}}}`,
		`{"type":"threads.retry_after_item","params":{"thread_id":"t","item_id":"i"}}`,
		`{"type":"threads.custom_action","params":{"thread_id":"t","item_id":"i","action":{"type":"a","payload":{"x":1}}}}`,
		`{"type":"threads.sync_custom_action","params":{"thread_id":"t","action":{"type":"a"}}}`,
		`{"type":"threads.get_by_id","params":{"thread_id":"t"}}`,
		`{"type":"threads.list","params":{"limit":"5.0","order":"asc","after":"x"}}`,
		`{"type":"items.list","params":{"thread_id":"t","limit":1e3}}`,
		`{"type":"items.feedback","params":{"thread_id":"t","item_ids":["i"],"kind":"positive"}}`,
		`{"type":"attachments.create","params":{"name":"n","size":5.0,"mime_type":"m"}}`,
		`{"type":"attachments.delete","params":{"attachment_id":"a"}}`,
		`{"type":"threads.update","params":{"thread_id":"t","title":"T"}}`,
		`{"type":"threads.delete","params":{"thread_id":"t"}}`,
		`{"type":"input.transcribe","params":{"audio_base64":"+/8=","mime_type":"audio/webm;codecs=opus"}}`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		before := bytes.Clone(body)
		r, err := decodeRequest(body)
		if !bytes.Equal(body, before) {
			t.Fatal("the body was changed")
		}
		if err != nil {
			var bad *requestError
			if !errors.As(err, &bad) {
				t.Fatalf("error is a %T, want a *requestError", err)
			}
			for _, c := range []byte(bad.Error()) {
				if c < ' ' || c > '~' {
					t.Fatalf("the error %q holds something of the input", bad.Error())
				}
			}
			return
		}
		var std struct {
			Type     string          `json:"type"`
			Params   map[string]any  `json:"params"`
			Metadata json.RawMessage `json:"metadata"`
		}
		d := json.NewDecoder(bytes.NewReader(body))
		d.UseNumber()
		if err := d.Decode(&std); err != nil || !utf8.Valid(body) {
			t.Fatalf("accepted what encoding/json does not: %v", err)
		}
		if r.requestType() != std.Type {
			t.Fatalf("type = %q, want %q", r.requestType(), std.Type)
		}
		if id, ok := std.Params["thread_id"]; ok {
			if field := reflect.ValueOf(r).Elem().FieldByName("ThreadID"); field.IsValid() && field.String() != id {
				t.Fatalf("thread = %q, want %q", field.String(), id)
			}
		}
		if m := r.metadata(); m != nil && (!json.Valid(m) || m[0] != '{') {
			t.Fatalf("metadata = %q", m)
		}
	})
}

// addModels gives a fuzz target the models as its first inputs.
func addModels(f *testing.F) {
	for _, m := range readModels(f) {
		f.Add([]byte(m.json))
	}
}

func FuzzItemRoundTrip(f *testing.F) {
	addModels(f)
	f.Add([]byte(`{"id":"i","thread_id":"t","created_at":1735787045.5,"type":"poll","x":[1.0,{"b":1,"a":null}]}`))
	f.Add([]byte(`{"id":"i","type":"user_message","attachments":[{"id":"a","type":"video","metadata":{"a":1}}],"content":[{"type":"x"}]}`))
	f.Add([]byte(`{"id":"i","type":"structured_input","inputs":[{"type":"slider","answer":{"values":["a"]}}]}`))
	f.Add([]byte(`{"id":"i","type":"workflow","workflow":{"tasks":[{"type":"x"}],"summary":{"x":1}}}`))
	f.Add([]byte(`{"id":"i","type":"assistant_message","content":[{"type":"x"},{"text":"t","annotations":[{"source":{"type":"x","title":"t"}}]}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		it, err := UnmarshalItem(data)
		if err != nil {
			return
		}
		stored, err := appendItem(nil, it, storedForm)
		if err != nil {
			t.Fatalf("writing what was read from %q: %v", data, err)
		}
		if !json.Valid(stored) || !utf8.Valid(stored) {
			t.Fatalf("stored form %q is not JSON", stored)
		}
		again, err := UnmarshalItem(stored)
		if err != nil {
			t.Fatalf("reading what was written, %q: %v", stored, err)
		}
		if got, err := appendItem(nil, again, storedForm); err != nil || !bytes.Equal(got, stored) {
			t.Fatalf("not stable: %q, then %q, %v", stored, got, err)
		}
		clone := CloneItem(it)
		if got, err := appendItem(nil, clone, storedForm); err != nil || !bytes.Equal(got, stored) || !reflect.DeepEqual(it, clone) {
			t.Fatalf("the clone is %q, %v, want %q", got, err, stored)
		}
		if u, ok := it.(*UnknownItem); ok && !bytes.Equal(u.Raw, stored) {
			t.Fatalf("unknown item was written as %q, want %q", stored, u.Raw)
		}
		wire, err := appendItem(nil, it, wireForm)
		if err != nil || !json.Valid(wire) || bytes.ContainsAny(wire, "\n\r") {
			t.Fatalf("wire form = %q, %v", wire, err)
		}
		if err := validateItem(it); err == nil && !Hidden(it) {
			if _, err := appendEvent(nil, &ThreadItemDoneEvent{it}); err != nil {
				t.Fatalf("a valid item makes no event: %v", err)
			}
		}
	})
}

func FuzzEventRoundTrip(f *testing.F) {
	addModels(f)
	f.Add([]byte(`{"type":"thread.created","thread":{"id":"t","title":"T","items":{"data":[{"id":"i","type":"x"}],"after":"i"}}}`))
	f.Add([]byte(`{"type":"thread.item.done","item":{"id":"i","type":"poll"}}`))
	f.Add([]byte(`{"type":"thread.item.updated","item_id":"i","update":{"type":"x","a":null}}`))
	f.Add([]byte(`{"type":"new","a":{"b":[1.0,null]}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		e, err := UnmarshalEvent(data)
		if err != nil {
			return
		}
		_ = validateEvent(e)
		frame, err := appendEvent(nil, e)
		if err != nil {
			for _, it := range itemsOf(e) {
				if Hidden(it) {
					return
				}
			}
			t.Fatalf("writing what was read from %q: %v", data, err)
		}
		if !json.Valid(frame) || !utf8.Valid(frame) || bytes.ContainsAny(frame, "\n\r") {
			t.Fatalf("frame %q is not one line of JSON", frame)
		}
		again, err := UnmarshalEvent(frame)
		if err != nil {
			t.Fatalf("reading what was written, %q: %v", frame, err)
		}
		if got, err := appendEvent(nil, again); err != nil || !bytes.Equal(got, frame) {
			t.Fatalf("not stable: %q, then %q, %v", frame, got, err)
		}
		if clone := CloneEvent(e); !reflect.DeepEqual(e, clone) {
			t.Fatalf("the clone is %+v, want %+v", clone, e)
		}
	})
}

func itemsOf(e Event) []Item {
	switch e := e.(type) {
	case *ThreadItemAddedEvent:
		return []Item{e.Item}
	case *ThreadItemDoneEvent:
		return []Item{e.Item}
	case *ThreadItemReplacedEvent:
		return []Item{e.Item}
	}
	return nil
}
