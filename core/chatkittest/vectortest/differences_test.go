package vectortest

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
)

func TestEveryDifferenceHasANameAndAReason(t *testing.T) {
	seen := map[string]bool{}
	for _, d := range Differences {
		if d.Name == "" || d.Reason == "" || seen[d.Name] {
			t.Errorf("difference %q with reason %q: want a name of its own and a reason", d.Name, d.Reason)
		}
		seen[d.Name] = true
	}
}

func TestDifferencesApplyWhereTheyShould(t *testing.T) {
	const item = `{"id":"i1","type":"assistant_message","created_at":"2026-01-02T03:04:05"}`
	const secret = `{"id":"h1","type":"hidden_context_item","created_at":"2026-01-02T03:04:05"}`
	tests := []struct {
		name     string
		exchange string
		items    string // of thread t
		want     string // the difference's first words; "" = none
		refused  bool
		either   bool
	}{
		{"nothing special", `{"request":{"type":"threads.list","params":{}},"expect":{"kind":"json","body":{}}}`, ``, "", false, false},
		{"rejected", `{"raw":"x","expect":{"kind":"rejected"}}`, ``, "a request that the reference rejects", true, false},
		{"torn", `{"request":{"type":"threads.create"},"expect":{"kind":"sse","events":[],"ended_by":"NotFoundError"}}`, ``, "a stream that the reference tears", true, false},
		{"cancelled is no difference", `{"request":{"type":"threads.create"},"expect":{"kind":"sse","events":[],"ended_by":"cancelled"}}`, ``, "", false, false},
		{"retry of nothing", `{"request":{"type":"threads.retry_after_item"},"expect":{"kind":"sse","events":[]}}`, ``, "a retry of an unknown item", true, false},
		{"retry with events", `{"request":{"type":"threads.retry_after_item"},"expect":{"kind":"sse","events":[{"type":"stream_options"}]}}`, ``, "", false, false},
		{"a hidden item added", `{"request":{"type":"threads.create"},"expect":{"kind":"sse","events":[{"type":"thread.item.added","item":` + secret + `}]}}`, ``, "hidden items", false, false},
		{"a hidden item updated", `{"request":{"type":"threads.create"},"expect":{"kind":"sse","events":[{"type":"thread.item.updated","item_id":"h1"}]}}`, secret, "hidden items", false, false},
		{"hidden items in a page", `{"request":{"type":"items.list","params":{"thread_id":"t","limit":1}},"expect":{"kind":"json","body":{"data":[],"has_more":true,"after":"h1"}}}`, item + "," + secret, "pages are full", false, false},
		{"a page that is right", `{"request":{"type":"items.list","params":{"thread_id":"t","limit":1}},"expect":{"kind":"json","body":{"data":[` + item + `],"has_more":false}}}`, secret + "," + item, "", false, false},
		{"a member twice", `{"raw":"{\"type\":\"threads.list\",\"params\":{\"limit\":1,\"limit\":2}}","expect":{"kind":"json","body":{}}}`, ``, "a member given twice", true, false},
		{"invalid base64", `{"request":{"type":"input.transcribe","params":{"audio_base64":"A*==","mime_type":"a/b"}},"expect":{"kind":"json","body":{}}}`, ``, "invalid base64", true, false},
		{"valid base64 with space", `{"request":{"type":"input.transcribe","params":{"audio_base64":"AQ\n==","mime_type":"a/b"}},"expect":{"kind":"json","body":{}}}`, ``, "", false, false},
		{"a number as text", `{"request":{"type":"threads.list","params":{"limit":"5"}},"expect":{"kind":"json","body":{}}}`, ``, "numbers and truth values", false, true},
		{"a truth value as text", `{"request":{"type":"threads.create","params":{"input":{"content":[{"interactive":"yes"}]}}},"expect":{"kind":"sse"}}`, ``, "numbers and truth values", false, true},
		{"an action without a type", `{"request":{"type":"threads.custom_action","params":{"thread_id":"t","action":{}}},"expect":{"kind":"sse"}}`, ``, "an action needs a type", true, false},
		{"feedback on nothing", `{"request":{"type":"items.feedback","params":{"thread_id":"none"}},"expect":{"kind":"json","body":{}}}`, ``, "an unknown thread", false, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var x exchange
			if err := json.Unmarshal([]byte(tt.exchange), &x); err != nil {
				t.Fatal(err)
			}
			if x.Expect.Body == nil {
				x.Expect.Body = json.RawMessage(`{}`)
			}
			sh := &shelf{Threads: []any{value(t, `{"id":"t"}`)}, Items: map[string][]any{"t": value(t, "["+tt.items+"]").([]any)}}
			w, err := newWish(&vector{}, &x, sh, Differences)
			if err != nil {
				t.Fatal(err)
			}
			got := strings.Join(append(w.applied, w.optional...), "; ")
			if tt.want == "" && got != "" || !strings.HasPrefix(got, tt.want) {
				t.Errorf("differences = %q, want %q", got, tt.want)
			}
			if w.refused != tt.refused || w.mayRefuse != tt.either {
				t.Errorf("refused, may be refused = %v, %v, want %v, %v", w.refused, w.mayRefuse, tt.refused, tt.either)
			}
		})
	}
}

func TestPagesAreComputedFromWhatIsStored(t *testing.T) {
	all := value(t, `[{"id":"a"},{"id":"h","type":"hidden_context_item"},{"id":"b"},{"id":"c"},{"id":"d"}]`).([]any)
	tests := []struct {
		params string
		want   string
	}{
		{`{"order":"asc","limit":2}`, `a b more b`},
		{`{"order":"asc","limit":2,"after":"a"}`, `b c more c`},
		{`{"order":"asc","limit":2,"after":"h"}`, `b c more c`},
		{`{"order":"asc","limit":4}`, `a b c d`},
		{`{"limit":2}`, `d c more c`},
		{`{"limit":2,"after":"c"}`, `b a`},
		{`{"limit":2,"after":"b"}`, `a`},
		{`{"limit":0}`, `d c b a`},
		{`{"limit":-3}`, `d c b a`},
		{`{"limit":99999999999999999999}`, `d c b a`},
		{`{"limit":null}`, `d c b a`},
	}
	for _, tt := range tests {
		w := &wish{params: value(t, tt.params).(map[string]any)}
		page := map[string]any{}
		w.replacePage(page, slices.Clone(all))
		var got []string
		for _, v := range page["data"].([]any) {
			got = append(got, idOf(v))
		}
		if page["has_more"] == true {
			got = append(got, "more", page["after"].(string))
		}
		if strings.Join(got, " ") != tt.want {
			t.Errorf("%s: page = %q, want %q", tt.params, strings.Join(got, " "), tt.want)
		}
	}
	if len(all) != 5 {
		t.Error("what is stored was changed")
	}
}

func TestRepeatedMembersAreFound(t *testing.T) {
	for text, want := range map[string]bool{
		`{"a":1,"a":2}`:                  true,
		`{"a":{"b":1},"b":{"b":1}}`:      false,
		`{"a":[{"b":1,"b":2}]}`:          true,
		`[{"b":1},{"b":2}]`:              false,
		`{"a":"a","b":["a","a"]}`:        false,
		`{"a":{},"b":[],"a":null}`:       true,
		`{"a":1,"\u0061":2}`:             true,
		`{"a":1,"a":`:                    false,
		`"a"`:                            false,
		`{"a":["x",{"y":[]}],"y":"y"}`:   false,
		`{"a":["x",{"y":[]}],"a":["y"]}`: true,
	} {
		if got := repeatsMember([]byte(text)); got != want {
			t.Errorf("repeatsMember(%s) = %v, want %v", text, got, want)
		}
	}
}
