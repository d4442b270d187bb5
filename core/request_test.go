package chatkit

import (
	"encoding/json"
	"errors"
	"math"
	"os"
	"reflect"
	"strings"
	"testing"
)

func req(kind, params string) string { return `{"type":"` + kind + `","params":` + params + `}` }

func TestDecodeRequestReadsEveryKind(t *testing.T) {
	const input = `{"content":[{"type":"input_text","text":"a"},{"type":"input_tag","id":"e","text":"E"}],"attachments":["a","a"],"inference_options":{}}`
	message := userMessageInput{
		Content:     []UserMessageContent{&InputText{Text: "a"}, &InputTag{ID: "e", Text: "E", Data: json.RawMessage(`{}`)}},
		Attachments: []string{"a", "a"},
	}
	null := json.RawMessage("null")
	for _, c := range []struct {
		kind, params string
		want         request
	}{
		{"threads.create", `{"input":` + input + `}`, &createThreadRequest{Input: message}},
		{
			"threads.create", `{"input":{"content":[],"attachments":[],"quoted_text":null,"inference_options":{"tool_choice":null,"model":null}}}`,
			&createThreadRequest{Input: userMessageInput{Attachments: []string{}}},
		},
		{
			"threads.create", `{"input":{"content":[{"type":"input_tag","id":"","text":"","data":{"k": [1.0,null]},"group":"g","interactive":"yes"}],"attachments":[],"quoted_text":"","inference_options":{"tool_choice":{"id":"t"},"model":"m"}}}`,
			&createThreadRequest{Input: userMessageInput{
				Content:     []UserMessageContent{&InputTag{Data: json.RawMessage(`{"k":[1.0,null]}`), Group: ptr("g"), Interactive: true}},
				Attachments: []string{}, QuotedText: ptr(""),
				InferenceOptions: InferenceOptions{ToolChoice: &ToolChoice{ID: "t"}, Model: ptr("m")},
			}},
		},
		{
			"threads.create", `{"input":{"content":[{"type":"input_tag","id":"e","text":"E","data":null,"group":null}],"attachments":[],"inference_options":{}}}`,
			&createThreadRequest{Input: userMessageInput{
				Content: []UserMessageContent{&InputTag{ID: "e", Text: "E", Data: json.RawMessage(`{}`)}}, Attachments: []string{},
			}},
		},
		{"threads.add_user_message", `{"thread_id":"t","input":` + input + `}`, &addUserMessageRequest{ThreadID: "t", Input: message}},
		{"threads.add_client_tool_output", `{"thread_id":"t","result":null}`, &addClientToolOutputRequest{ThreadID: "t", Result: null}},
		{"threads.add_client_tool_output", `{"thread_id":"t","result":{"b":1,"a":1e400}}`, &addClientToolOutputRequest{ThreadID: "t", Result: json.RawMessage(`{"b":1,"a":1e400}`)}},
		{
			"threads.add_structured_input", `{"thread_id":"t","item_id":"i","input":{}}`,
			&addStructuredInputRequest{ThreadID: "t", ItemID: "i", Status: StructuredInputAnswered, Answers: map[string]StructuredInputAnswer{}},
		},
		{
			"threads.add_structured_input", `{"thread_id":"t","item_id":"i","input":{"status":"skipped","answers":{"q":{},"r":{"values":["x","y"]},"\u0073":{"skipped":1}}}}`,
			&addStructuredInputRequest{ThreadID: "t", ItemID: "i", Status: StructuredInputSkipped, Answers: map[string]StructuredInputAnswer{
				"q": {}, "r": {Values: []string{"x", "y"}}, "s": {Skipped: true},
			}},
		},
		{"threads.retry_after_item", `{"thread_id":"t","item_id":"i"}`, &retryAfterItemRequest{ThreadID: "t", ItemID: "i"}},
		{"threads.custom_action", `{"thread_id":"t","action":{"type":"a"}}`, &customActionRequest{ThreadID: "t", Action: Action{Type: "a", Payload: null}}},
		{
			"threads.custom_action", `{"thread_id":"t","item_id":null,"action":{"type":"a","payload":[1, 2],"handler":"server"}}`,
			&customActionRequest{ThreadID: "t", Action: Action{Type: "a", Payload: json.RawMessage(`[1,2]`)}},
		},
		{
			"threads.sync_custom_action", `{"thread_id":"t","item_id":"i","action":{"type":"a","payload":null}}`,
			&syncCustomActionRequest{ThreadID: "t", ItemID: "i", Action: Action{Type: "a", Payload: null}},
		},
		{"threads.get_by_id", `{"thread_id":""}`, &getThreadRequest{}},
		{"threads.list", `{}`, &listThreadsRequest{Order: OrderDesc}},
		{"threads.list", `{"limit":null,"order":"asc","after":null}`, &listThreadsRequest{Order: OrderAsc}},
		{"items.list", `{"thread_id":"t","limit":9999,"order":"desc","after":"i"}`, &listItemsRequest{ThreadID: "t", Limit: 9999, Order: OrderDesc, After: "i"}},
		{"items.feedback", `{"thread_id":"t","item_ids":[],"kind":"positive"}`, &feedbackRequest{Feedback: Feedback{ThreadID: "t", ItemIDs: []string{}, Kind: FeedbackPositive}}},
		{"items.feedback", `{"thread_id":"t","item_ids":["i","j"],"kind":"negative"}`, &feedbackRequest{Feedback: Feedback{ThreadID: "t", ItemIDs: []string{"i", "j"}, Kind: FeedbackNegative}}},
		{"attachments.create", `{"name":"n","size":1e3,"mime_type":"m"}`, &createAttachmentRequest{AttachmentCreate: AttachmentCreate{Name: "n", Size: 1000, MimeType: "m"}}},
		{"attachments.delete", `{"attachment_id":"a"}`, &deleteAttachmentRequest{AttachmentID: "a"}},
		{"threads.update", `{"thread_id":"t","title":""}`, &updateThreadRequest{ThreadID: "t"}},
		{"threads.delete", `{"thread_id":"t"}`, &deleteThreadRequest{ThreadID: "t"}},
		{"input.transcribe", `{"audio_base64":"","mime_type":""}`, &transcribeRequest{Audio: Audio{Data: []byte{}}}},
		{
			"input.transcribe", `{"audio_base64":"+/ \r\n\t8=","mime_type":" Audio/WEBM ; codecs=opus"}`,
			&transcribeRequest{Audio: Audio{Data: []byte{0xfb, 0xff}, MimeType: " Audio/WEBM ; codecs=opus", MediaType: "audio/webm"}},
		},
	} {
		got, err := decodeRequest([]byte(req(c.kind, c.params)))
		if err != nil {
			t.Errorf("%s %s: %v", c.kind, c.params, err)
			continue
		}
		if got.requestType() != c.kind || got.metadata() != nil {
			t.Errorf("%s is a %s with %s", c.kind, got.requestType(), got.metadata())
		}
		c.want.begin(c.kind, nil)
		if !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s %s:\n got %+v\nwant %+v", c.kind, c.params, got, c.want)
		}
	}
}

func TestDecodeRequestIgnoresWhatItDoesNotKnow(t *testing.T) {
	got, err := decodeRequest([]byte(` {"type":"threads.list","params":{"limit":1,"zzz":1,"LIMIT":5},"extra":true,"metadata":{"a": 1}} ` + "\n"))
	if err != nil {
		t.Fatal(err)
	}
	if r := got.(*listThreadsRequest); r.Limit != 1 || string(r.metadata()) != `{"a":1}` {
		t.Errorf("request = %+v with %s", r, r.metadata())
	}
}

func TestDecodeRequestRefuses(t *testing.T) {
	message := func(input string) string { return req("threads.create", `{"input":`+input+`}`) }
	content := func(part string) string {
		return message(`{"content":[{"type":"input_text","text":"a"},` + part + `],"attachments":[],"inference_options":{}}`)
	}
	form := func(input string) string {
		return req("threads.add_structured_input", `{"thread_id":"t","item_id":"i","input":`+input+`}`)
	}
	action := func(a string) string { return req("threads.custom_action", `{"thread_id":"t","action":`+a+`}`) }
	audio := func(s string) string {
		return req("input.transcribe", `{"audio_base64":"`+s+`","mime_type":"audio/ogg"}`)
	}
	list := func(params string) string { return req("threads.list", params) }
	many := func(n int, element string) string { return "[" + strings.Repeat(element+",", n-1) + element + "]" }
	for _, c := range []struct{ name, in, want string }{
		{"nothing", "", "invalid JSON at byte 0: unexpected end"},
		{"no JSON", "{", "invalid JSON at byte 1: unexpected end"},
		{"null", "null", "want an object"},
		{"an array", "[]", "want an object"},
		{"a string", `"threads.list"`, "want an object"},
		{"two documents", list(`{}`) + ` {}`, "invalid JSON at byte 36: unexpected data after the end"},
		{"a byte order mark", "\uFEFF" + list(`{}`), "invalid JSON at byte 0: unexpected character"},
		{"no type", `{"params":{}}`, "type: missing"},
		{"a type that is null", `{"type":null,"params":{}}`, "type: want a string"},
		{"a type that is a number", `{"type":5,"params":{}}`, "type: want a string"},
		{"an unknown type", req("threads.steal", `{}`), "type: unknown type of request"},
		{"an empty type", req("", `{}`), "type: unknown type of request"},
		{"names in capitals", `{"Type":"threads.list","PARAMS":{}}`, "type: missing"},
		{"no params", `{"type":"threads.list"}`, "params: missing"},
		{"params that are null", list(`null`), "params: want an object"},
		{"params in an array", list(`[]`), "params: want an object"},
		{"metadata that is null", `{"type":"threads.list","params":{},"metadata":null}`, "metadata: want an object"},
		{"metadata in an array", `{"type":"threads.list","params":{},"metadata":[]}`, "metadata: want an object"},
		{"a member twice", `{"type":"threads.list","params":{},"params":{}}`, "invalid JSON at byte 35: two members of the same name"},
		{"a member of a payload twice", action(`{"type":"a","payload":{"x":1,"x":2}}`), "invalid JSON at byte 96: two members of the same name"},
		{"half a surrogate pair", req("threads.get_by_id", `{"thread_id":"\ud800"}`), "invalid JSON at byte 51: half a surrogate pair in a string"},
		{"a payload that is too deep", action(`{"type":"a","payload":` + strings.Repeat("[", 62) + strings.Repeat("]", 62) + `}`), "invalid JSON at byte 150: nested too deeply"},

		{"no thread", req("threads.get_by_id", `{}`), "params.thread_id: missing"},
		{"a thread that is null", req("threads.get_by_id", `{"thread_id":null}`), "params.thread_id: want a string"},
		{"a thread that is a number", req("threads.delete", `{"thread_id":5}`), "params.thread_id: want a string"},
		{"a thread that is a boolean", req("threads.delete", `{"thread_id":true}`), "params.thread_id: want a string"},
		{"a title that is null", req("threads.update", `{"thread_id":"t","title":null}`), "params.title: want a string"},
		{"no item", req("threads.retry_after_item", `{"thread_id":"t"}`), "params.item_id: missing"},
		{"no attachment", req("attachments.delete", `{}`), "params.attachment_id: missing"},

		{"a limit with a fraction", list(`{"limit":5.5}`), "params.limit: want an integer"},
		{"a limit in words", list(`{"limit":"abc"}`), "params.limit: want an integer"},
		{"an empty limit", list(`{"limit":""}`), "params.limit: want an integer"},
		{"a limit in an array", list(`{"limit":[5]}`), "params.limit: want an integer"},
		{"an order that is null", list(`{"order":null}`), "params.order: want one of asc, desc"},
		{"an order in capitals", list(`{"order":"ASC"}`), "params.order: want one of asc, desc"},
		{"an order nobody knows", list(`{"order":"sideways"}`), "params.order: want one of asc, desc"},
		{"a cursor that is a number", list(`{"after":5}`), "params.after: want a string"},

		{"no input", req("threads.create", `{}`), "params.input: missing"},
		{"an input that is null", message(`null`), "params.input: want an object"},
		{"no content", message(`{"attachments":[],"inference_options":{}}`), "params.input.content: missing"},
		{"content that is null", message(`{"content":null,"attachments":[],"inference_options":{}}`), "params.input.content: want an array"},
		{"content that is text", message(`{"content":"a","attachments":[],"inference_options":{}}`), "params.input.content: want an array"},
		{"no attachments", message(`{"content":[],"inference_options":{}}`), "params.input.attachments: missing"},
		{"attachments that are null", message(`{"content":[],"attachments":null,"inference_options":{}}`), "params.input.attachments: want an array"},
		{"an attachment that is an object", message(`{"content":[],"attachments":["a",{}],"inference_options":{}}`), "params.input.attachments[1]: want a string"},
		{"no inference options", message(`{"content":[],"attachments":[]}`), "params.input.inference_options: missing"},
		{"inference options that are null", message(`{"content":[],"attachments":[],"inference_options":null}`), "params.input.inference_options: want an object"},
		{"a tool without id", message(`{"content":[],"attachments":[],"inference_options":{"tool_choice":{}}}`), "params.input.inference_options.tool_choice.id: missing"},
		{"a tool that is a string", message(`{"content":[],"attachments":[],"inference_options":{"tool_choice":"t"}}`), "params.input.inference_options.tool_choice: want an object"},
		{"a model that is a number", message(`{"content":[],"attachments":[],"inference_options":{"model":4}}`), "params.input.inference_options.model: want a string"},
		{"a quote that is a number", message(`{"content":[],"attachments":[],"quoted_text":4,"inference_options":{}}`), "params.input.quoted_text: want a string"},
		{"a part that is null", content(`null`), "params.input.content[1]: want an object"},
		{"a part without type", content(`{"text":"a"}`), "params.input.content[1].type: missing"},
		{"a part of an unknown type", content(`{"type":"input_image"}`), "params.input.content[1].type: want one of input_text, input_tag"},
		{"a part without text", content(`{"type":"input_text"}`), "params.input.content[1].text: missing"},
		{"a part whose text is null", content(`{"type":"input_text","text":null}`), "params.input.content[1].text: want a string"},
		{"a tag without id", content(`{"type":"input_tag","text":"a"}`), "params.input.content[1].id: missing"},
		{"a tag whose data is an array", content(`{"type":"input_tag","id":"e","text":"a","data":[]}`), "params.input.content[1].data: want an object"},
		{"a tag whose group is a number", content(`{"type":"input_tag","id":"e","text":"a","group":1}`), "params.input.content[1].group: want a string"},
		{"a tag that is interactive in a way", content(`{"type":"input_tag","id":"e","text":"a","interactive":"maybe"}`), "params.input.content[1].interactive: want a boolean"},
		{"a tag whose interactive is null", content(`{"type":"input_tag","id":"e","text":"a","interactive":null}`), "params.input.content[1].interactive: want a boolean"},
		{"too many parts", message(`{"content":` + many(1001, `{"type":"input_text","text":""}`) + `,"attachments":[],"inference_options":{}}`), "params.input.content: want at most 1000 elements"},
		{"too many attachments", message(`{"content":[],"attachments":` + many(101, `"a"`) + `,"inference_options":{}}`), "params.input.attachments: want at most 100 elements"},

		{"no result", req("threads.add_client_tool_output", `{"thread_id":"t"}`), "params.result: missing"},

		{"a form without input", req("threads.add_structured_input", `{"thread_id":"t","item_id":"i"}`), "params.input: missing"},
		{"a form that is pending", form(`{"status":"pending"}`), "params.input.status: want one of answered, skipped"},
		{"a form whose status is null", form(`{"status":null}`), "params.input.status: want one of answered, skipped"},
		{"answers that are null", form(`{"answers":null}`), "params.input.answers: want an object"},
		{"answers in an array", form(`{"answers":[]}`), "params.input.answers: want an object"},
		{"an answer that is null", form(`{"answers":{"secret":null}}`), "params.input.answers[0]: want an object"},
		{"an answer whose values are null", form(`{"answers":{"a":{},"secret":{"values":null}}}`), "params.input.answers[1].values: want an array"},
		{"an answer whose value is a number", form(`{"answers":{"secret":{"values":["a",5]}}}`), "params.input.answers[0].values[1]: want a string"},
		{"an answer whose skipped is null", form(`{"answers":{"secret":{"skipped":null}}}`), "params.input.answers[0].skipped: want a boolean"},
		{"an answer whose skipped is 2", form(`{"answers":{"secret":{"skipped":2}}}`), "params.input.answers[0].skipped: want a boolean"},

		{"no action", req("threads.custom_action", `{"thread_id":"t"}`), "params.action: missing"},
		{"an action without type", action(`{}`), "params.action.type: missing"},
		{"an action whose type is null", action(`{"type":null}`), "params.action.type: want a string"},
		{"an action whose type is empty", action(`{"type":""}`), "params.action.type: want a string that is not empty"},
		{"a sender that is a number", req("threads.sync_custom_action", `{"thread_id":"t","item_id":5,"action":{"type":"a"}}`), "params.item_id: want a string"},

		{"feedback of no kind", req("items.feedback", `{"thread_id":"t","item_ids":[]}`), "params.kind: missing"},
		{"feedback of another kind", req("items.feedback", `{"thread_id":"t","item_ids":[],"kind":"meh"}`), "params.kind: want one of positive, negative"},
		{"feedback on nothing", req("items.feedback", `{"thread_id":"t","kind":"positive"}`), "params.item_ids: missing"},
		{"feedback on too much", req("items.feedback", `{"thread_id":"t","item_ids":`+many(1001, `"i"`)+`,"kind":"positive"}`), "params.item_ids: want at most 1000 elements"},

		{"a file without size", req("attachments.create", `{"name":"n","mime_type":"m"}`), "params.size: missing"},
		{"a file whose size is null", req("attachments.create", `{"name":"n","size":null,"mime_type":"m"}`), "params.size: want an integer"},

		{"no audio", req("input.transcribe", `{"mime_type":"m"}`), "params.audio_base64: missing"},
		{"audio that is null", req("input.transcribe", `{"audio_base64":null,"mime_type":"m"}`), "params.audio_base64: want a string"},
		{"audio of no type", req("input.transcribe", `{"audio_base64":""}`), "params.mime_type: missing"},
		{"audio that is not base64", audio("***"), "params.audio_base64: want standard base64"},
		{"audio in the URL alphabet", audio("-_8="), "params.audio_base64: want standard base64"},
		{"audio without padding", audio("+/8"), "params.audio_base64: want standard base64"},
		{"audio with too much padding", audio("+/8=="), "params.audio_base64: want standard base64"},
		{"audio with data behind the padding", audio("+/8=+/8="), "params.audio_base64: want standard base64"},
		{"audio whose last bits are lost", audio("+/9="), "params.audio_base64: want standard base64"},
		{"audio that is not ASCII", audio("é"), "params.audio_base64: want standard base64"},
	} {
		got, err := decodeRequest([]byte(c.in))
		var bad *requestError
		if !errors.As(err, &bad) || bad.Error() != c.want {
			t.Errorf("%s: %+v, %v, want %s", c.name, got, err, c.want)
		}
	}
}

func TestDecodeRequestTakesOtherFormsOfNumbersAndBooleans(t *testing.T) {
	for in, want := range map[string]int64{
		`5`: 5, `5.0`: 5, `"5"`: 5, `"5.0"`: 5, `" 5 "`: 5, `" 5.00 "`: 5, `"+5"`: 5, `"-5"`: -5, `"-0"`: 0, `"05"`: 5,
		`true`: 1, `false`: 0, `1e2`: 100, `-0.0`: 0, `99999999999999999999`: math.MaxInt64, `-99999999999999999999`: math.MinInt64,
		`"99999999999999999999"`: math.MaxInt64, `1e300`: math.MaxInt64, `-1e300`: math.MinInt64,
		`9223372036854775807`: math.MaxInt64, `9007199254740993`: 9007199254740993, `9223372036854775808.0`: math.MaxInt64,
	} {
		got, err := decodeRequest([]byte(req("threads.list", `{"limit":`+in+`}`)))
		if err != nil || got.(*listThreadsRequest).Limit != want {
			t.Errorf("limit %s = %+v, %v, want %d", in, got, err, want)
		}
	}
	for _, in := range []string{`"1e2"`, `"5."`, `".0"`, `"."`, `"5.5"`, `"0x1"`, `"--5"`, `"+-5"`, `"+"`, `"5 5"`, `"５"`, `1e400`, `0.1`, `{}`} {
		if got, err := decodeRequest([]byte(req("threads.list", `{"limit":`+in+`}`))); err == nil {
			t.Errorf("limit %s = %+v, want an error", in, got)
		}
	}
	for in, want := range map[string]bool{
		`true`: true, `"yes"`: true, `"YES"`: true, `"y"`: true, `"T"`: true, `"tRue"`: true, `"on"`: true, `"1"`: true, `1`: true, `1.0`: true,
		`false`: false, `"no"`: false, `"N"`: false, `"f"`: false, `"False"`: false, `"off"`: false, `"0"`: false, `0`: false, `0.0`: false, `-0.0`: false,
	} {
		got, err := decodeRequest([]byte(req("threads.add_structured_input", `{"thread_id":"t","item_id":"i","input":{"answers":{"a":{"skipped":`+in+`}}}}`)))
		if err != nil || got.(*addStructuredInputRequest).Answers["a"].Skipped != want {
			t.Errorf("skipped %s = %+v, %v, want %t", in, got, err, want)
		}
	}
}

func TestDecodeRequestKeepsNoneOfTheBody(t *testing.T) {
	body := []byte(`{"type":"threads.custom_action","params":{"thread_id":"thread","action":{"type":"kind","payload":{"a":"b"}}},"metadata":{"m":1}}`)
	got, err := decodeRequest(body)
	if err != nil {
		t.Fatal(err)
	}
	clear(body)
	r := got.(*customActionRequest)
	if r.ThreadID != "thread" || r.Action.Type != "kind" || string(r.Action.Payload) != `{"a":"b"}` || string(r.metadata()) != `{"m":1}` {
		t.Errorf("after the body changed: %+v", r)
	}
}

func TestEveryKindOfRequestHasADecoder(t *testing.T) {
	if got := len(requestKinds); got < 16 {
		t.Errorf("%d kinds of requests, want at least the protocol's 16", got)
	}
	for kind := range requestKinds {
		_, err := decodeRequest([]byte(req(kind, `{}`)))
		if kind == "threads.list" || kind == "debug.ticks" {
			continue // everything has a default
		}
		var bad *requestError
		if !errors.As(err, &bad) || !strings.HasPrefix(bad.Error(), "params.") {
			t.Errorf("%s with empty params: %v, want an error about params", kind, err)
		}
	}
}

func TestTheCookbookListsEveryRequest(t *testing.T) {
	page, err := os.ReadFile("../docs/cookbook.md")
	if err != nil {
		t.Fatal(err)
	}
	for kind := range requestKinds {
		if !strings.Contains(string(page), "\n| `"+kind+"` | ") {
			t.Errorf("docs/cookbook.md has no row for %s", kind)
		}
	}
}
