package oaiwire

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"
	"testing"

	"github.com/gochatkit/chatkit/core/agent"
)

// read plays events and returns them in short form, one a line.
func read(src iter.Seq2[agent.Event, error]) string {
	var b strings.Builder
	for e, err := range src {
		if err != nil {
			fmt.Fprintf(&b, "error %v\n", err)
			break
		}
		switch e := e.(type) {
		case *agent.TextDelta:
			fmt.Fprintf(&b, "text %d/%d %q", e.Item, e.Part, e.Text)
			if e.Refusal {
				b.WriteString(" refusal")
			}
		case *agent.MessageStart:
			fmt.Fprintf(&b, "message %d %q", e.Item, e.ID)
		case *agent.PartStart:
			fmt.Fprintf(&b, "part %d/%d", e.Item, e.Part)
		case *agent.PartDone:
			fmt.Fprintf(&b, "part done %d/%d %q", e.Item, e.Part, e.Text)
		case *agent.MessageDone:
			fmt.Fprintf(&b, "message done %d %v", e.Item, e.Content)
		case *agent.ReasoningStart:
			fmt.Fprintf(&b, "reasoning %d", e.Item)
		case *agent.ThoughtDelta:
			fmt.Fprintf(&b, "thought %d/%d %q raw=%v", e.Item, e.Index, e.Text, e.Raw)
		case *agent.ThoughtDone:
			fmt.Fprintf(&b, "thought done %d/%d %q", e.Item, e.Index, e.Text)
		case *agent.ToolCall:
			fmt.Fprintf(&b, "call %s %s %s", e.CallID, e.Name, e.Arguments)
		case *agent.HostedTool:
			fmt.Fprintf(&b, "hosted %d %s %s", e.Item, e.Kind, e.Status)
		case *agent.Unknown:
			fmt.Fprintf(&b, "unknown %s", e.Type)
		case *agent.Finish:
			fmt.Fprintf(&b, "finish %s", e.Reason)
			if e.Err != nil {
				fmt.Fprintf(&b, " %v", e.Err)
			}
		case *agent.OutputItem:
			continue
		default:
			fmt.Fprintf(&b, "%T", e)
		}
		b.WriteString("\n")
	}
	return b.String()
}

func sse(events ...string) io.Reader {
	var b strings.Builder
	for _, e := range events {
		b.WriteString("data: " + e + "\n\n")
	}
	return strings.NewReader(b.String())
}

const completed = `{"type":"response.completed","response":{"id":"r"}}`

func TestResponsesStream(t *testing.T) {
	delta := func(id string, index int, text string) string {
		return fmt.Sprintf(`{"type":"response.output_text.delta","item_id":%q,"output_index":%d,"content_index":0,"delta":%q}`, id, index, text)
	}
	added := func(id string, index int) string {
		return fmt.Sprintf(`{"type":"response.output_item.added","output_index":%d,"item":{"type":"message","id":%q,"content":[]}}`, index, id)
	}
	done := func(id string, index int) string {
		return fmt.Sprintf(`{"type":"response.output_item.done","output_index":%d,"item":{"type":"message","id":%q,"content":[]}}`, index, id)
	}
	tests := []struct {
		name   string
		events []string
		want   string
	}{
		{
			"ids that rotate are told apart by index",
			[]string{added("a", 0), delta("b", 0, "x"), delta("c", 0, "y"), completed},
			"message 0 \"a\"\ntext 0/0 \"x\"\ntext 0/0 \"y\"\nfinish stop\n",
		},
		{
			"indices that are all the same are told apart by id",
			[]string{added("a", 0), added("b", 0), delta("a", 0, "x"), delta("b", 0, "y"), completed},
			"message 0 \"a\"\nmessage 1 \"b\"\ntext 0/0 \"x\"\ntext 1/0 \"y\"\nfinish stop\n",
		},
		{
			"a missing id and index open one item each",
			[]string{`{"type":"response.output_text.delta","delta":"x"}`, completed},
			"text 0/0 \"x\"\nfinish stop\n",
		},
		{
			"one id for all messages",
			[]string{added("a", 0), done("a", 0), added("a", 1), delta("a", 1, "x"), done("a", 1), completed},
			"message 0 \"a\"\nmessage done 0 []\nmessage 1 \"a\"\ntext 1/0 \"x\"\nmessage done 1 []\nfinish stop\n",
		},
		{
			"several responses in one run",
			[]string{`{"type":"response.created"}`, added("a", 0), completed, `{"type":"response.created"}`, added("b", 0), delta("", 0, "x"), completed},
			"message 0 \"a\"\nfinish stop\nmessage 1 \"b\"\ntext 1/0 \"x\"\nfinish stop\n",
		},
		{
			"a surrogate pair cut in two",
			[]string{
				`{"type":"response.output_text.delta","item_id":"a","output_index":0,"content_index":0,"delta":"a\ud83d"}`,
				`{"type":"response.output_text.delta","item_id":"a","output_index":0,"content_index":0,"delta":"\ude00"}`, completed,
			},
			"text 0/0 \"a\"\ntext 0/0 \"😀\"\nfinish stop\n",
		},
		{
			"halves of two parts are kept apart",
			[]string{
				`{"type":"response.output_text.delta","item_id":"a","content_index":0,"delta":"\ud83d"}`,
				`{"type":"response.output_text.delta","item_id":"a","content_index":1,"delta":"b"}`,
				`{"type":"response.output_text.delta","item_id":"a","content_index":0,"delta":"\ude00"}`, completed,
			},
			"text 0/1 \"b\"\ntext 0/0 \"😀\"\nfinish stop\n",
		},
		{
			"refusals",
			[]string{`{"type":"response.refusal.delta","item_id":"a","delta":"No"}`, `{"type":"response.refusal.done","item_id":"a","refusal":"No."}`, completed},
			"text 0/0 \"No\" refusal\npart done 0/0 \"No.\"\nfinish refusal\n",
		},
		{
			"raw thoughts and summaries",
			[]string{
				`{"type":"response.reasoning_text.delta","item_id":"a","content_index":0,"delta":"x"}`,
				`{"type":"response.reasoning_summary_text.delta","item_id":"a","summary_index":1,"delta":"y"}`, completed,
			},
			"thought 0/0 \"x\" raw=true\nthought 0/1 \"y\" raw=false\nfinish stop\n",
		},
		{
			"function and custom calls",
			[]string{
				`{"type":"response.output_item.done","item":{"type":"function_call","id":"f","call_id":"c","name":"n","arguments":""}}`,
				`{"type":"response.output_item.done","item":{"type":"function_call","id":"g","call_id":"d","name":"n","arguments":{"a":1}}}`,
				`{"type":"response.output_item.done","item":{"type":"custom_tool_call","id":"h","call_id":"e","name":"m","input":"hi"}}`, completed,
			},
			"call c n {}\ncall d n {\"a\":1}\ncall e m hi\nfinish tool_calls\n",
		},
		{
			"hosted tools without their completed event",
			[]string{
				`{"type":"response.output_item.added","output_index":0,"item":{"type":"web_search_call","id":"w","status":"in_progress"}}`,
				`{"type":"response.web_search_call.searching","item_id":"w","output_index":0}`,
				`{"type":"response.output_item.done","output_index":0,"item":{"type":"web_search_call","id":"w","status":"completed"}}`, completed,
			},
			"hosted 0 web_search_call in_progress\nhosted 0 web_search_call searching\nhosted 0 web_search_call completed\nfinish stop\n",
		},
		{
			"unknown events, items and parts",
			[]string{
				`{"type":"response.new_thing.delta","delta":"x"}`, `{"type":"response.output_item.added","item":{"type":"hologram","id":"h"}}`,
				`{"type":"response.content_part.added","item_id":"a","part":{"type":"smell"}}`, completed,
			},
			"unknown response.new_thing.delta\nunknown item hologram\nunknown part smell\nfinish stop\n",
		},
		{
			"wrong types",
			[]string{`{"type":"response.output_text.done","item_id":"a","text":7}`, `{"type":"response.output_text.delta","output_index":"x","delta":"y"}`, completed},
			"unknown malformed response.output_text.done\nunknown malformed response.output_text.delta\nfinish stop\n",
		},
		{
			"null for an error in every event",
			[]string{`{"type":"response.output_text.delta","item_id":"a","delta":"x","error":null}`, completed},
			"text 0/0 \"x\"\nfinish stop\n",
		},
		{
			"an error with a nested object, then failed",
			[]string{
				`{"type":"error","error":{"type":"tokens","code":"rate_limit_exceeded","message":"M"}}`,
				`{"type":"response.failed","response":{"id":"r","error":{"code":"rate_limit_exceeded","message":"M"}}}`,
			},
			"finish failed model: rate_limit_exceeded: M\nfinish failed model: rate_limit_exceeded: M\n",
		},
		{"a flat error", []string{`{"type":"error","code":"server_error","message":"M","param":null}`}, "finish failed model: server_error: M\n"},
		{"incomplete", []string{`{"type":"response.incomplete","response":{"incomplete_details":{"reason":"max_output_tokens"}}}`}, "finish length\n"},
		{"filtered", []string{`{"type":"response.incomplete","response":{"incomplete_details":{"reason":"content_filter"}}}`}, "finish content_filter\n"},
		{"cancelled", []string{`{"type":"response.cancelled","response":{}}`}, "finish cancelled\n"},
		{"a body that ends early", []string{added("a", 0), delta("a", 0, "x")}, "message 0 \"a\"\ntext 0/0 \"x\"\nerror model stream ended early\n"},
		{"no JSON", []string{`{"type":`}, "error decode model event: unexpected end of JSON input\n"},
		{"[DONE] ends what nothing else ended", []string{delta("a", 0, "x"), `[DONE]`}, "text 0/0 \"x\"\nfinish stop\n"},
		{"[DONE] behind the end means nothing", []string{completed, `[DONE]`}, "finish stop\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := read(ResponsesStream(sse(tt.events...), KeepIDs(true))); got != tt.want {
				t.Errorf("got:\n%s\nwant:\n%s", got, tt.want)
			}
		})
	}
}

func TestResponsesStreamTakesALastEventWithoutABlankLine(t *testing.T) {
	for body, want := range map[string]string{
		"data: " + completed:           "finish stop\n",
		"data: " + completed + "\n":    "finish stop\n",
		"data: " + completed[:20]:      "error model stream ended early\n",
		"event: x\ndata: " + completed: "finish stop\n",
	} {
		if got := read(ResponsesStream(strings.NewReader(body))); got != want {
			t.Errorf("body %q gives %q, want %q", body, got, want)
		}
	}
}

func TestIDsAreKeptOnlyOnRequest(t *testing.T) {
	const e = `{"type":"response.output_item.added","output_index":0,"item":{"type":"message","id":"a","content":[]}}`
	for keep, want := range map[bool]string{true: "message 0 \"a\"\nfinish stop\n", false: "message 0 \"\"\nfinish stop\n"} {
		if got := read(ResponsesStream(sse(e, completed), KeepIDs(keep))); got != want {
			t.Errorf("KeepIDs(%v) gives %q, want %q", keep, got, want)
		}
	}
}

func TestResponsesEventsNeedNoFraming(t *testing.T) {
	src := func(yield func(json.RawMessage, error) bool) {
		_ = yield(json.RawMessage(`{"type":"response.output_text.delta","delta":"x"}`), nil) && yield(nil, errors.New("socket closed"))
	}
	if got, want := read(ResponsesEvents(src)), "text 0/0 \"x\"\nerror socket closed\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestChatStream(t *testing.T) {
	chunk := func(delta, reason string) string {
		if reason != "null" {
			reason = `"` + reason + `"`
		}
		return `{"id":"c","choices":[{"index":0,"delta":` + delta + `,"finish_reason":` + reason + `}]}`
	}
	stop := chunk(`{}`, "stop")
	tests := []struct {
		name   string
		events []string
		want   string
	}{
		{"text", []string{chunk(`{"role":"assistant","content":""}`, "null"), chunk(`{"content":"a"}`, "null"), stop, `[DONE]`}, "text 1/0 \"a\"\nmessage done 1 []\nfinish stop\n"},
		{"no [DONE]", []string{chunk(`{"content":"a"}`, "null"), stop}, "text 1/0 \"a\"\nmessage done 1 []\nfinish stop\n"},
		{"no finish_reason", []string{chunk(`{"content":"a"}`, "null"), `[DONE]`}, "text 1/0 \"a\"\nmessage done 1 []\nfinish stop\n"},
		{"neither", []string{chunk(`{"content":"a"}`, "null")}, "text 1/0 \"a\"\nerror model stream ended early\n"},
		{
			"typed parts",
			[]string{chunk(`{"content":[{"type":"thinking","thinking":[{"type":"text","text":"h"}]}]}`, "null"), chunk(`{"content":[{"type":"text","text":"a"},{"type":"reference"}]}`, "null"), stop},
			"reasoning 0\nthought 0/0 \"h\" raw=true\nthought done 0/0 \"h\"\ntext 1/0 \"a\"\nunknown part reference\nmessage done 1 []\nfinish stop\n",
		},
		{
			"reasoning_content",
			[]string{chunk(`{"content":null,"reasoning_content":"h"}`, "null"), chunk(`{"content":"a","reasoning_content":null}`, "null"), stop},
			"reasoning 0\nthought 0/0 \"h\" raw=true\nthought done 0/0 \"h\"\ntext 1/0 \"a\"\nmessage done 1 []\nfinish stop\n",
		},
		{"reasoning, said twice", []string{chunk(`{"reasoning":"h","reasoning_content":"h"}`, "null"), stop}, "reasoning 0\nthought 0/0 \"h\" raw=true\nthought done 0/0 \"h\"\nfinish stop\n"},
		{"refusal", []string{chunk(`{"content":null,"refusal":"No"}`, "null"), stop}, "text 1/0 \"No\" refusal\nmessage done 1 []\nfinish refusal\n"},
		{"calls by index, with stop as reason", []string{
			chunk(`{"tool_calls":[{"index":0,"id":"a","function":{"name":"f","arguments":""}}]}`, "null"), chunk(`{"tool_calls":[{"index":1,"id":"b","function":{"name":"g","arguments":"{}"}}]}`, "null"),
			chunk(`{"tool_calls":[{"index":0,"function":{"arguments":"{\"x\":1}"}}]}`, "null"), stop,
		}, "call a f {\"x\":1}\ncall b g {}\nfinish tool_calls\n"},
		{"calls that start at 1", []string{chunk(`{"tool_calls":[{"index":1,"id":"a","function":{"name":"f","arguments":""}}]}`, "null"), chunk(`{"tool_calls":[{"index":1,"function":{"arguments":"{}"}}]}`, "tool_calls")}, "call a f {}\nfinish tool_calls\n"},
		{"index 0 for every call", []string{chunk(`{"tool_calls":[{"index":0,"id":"a","function":{"name":"f","arguments":"{}"}},{"index":0,"id":"b","function":{"name":"g","arguments":"{}"}}]}`, "stop")}, "call a f {}\ncall b g {}\nfinish tool_calls\n"},
		{"no index", []string{chunk(`{"tool_calls":[{"id":"a","function":{"name":"f","arguments":"{"}},{"function":{"arguments":"}"}},{"id":"b","function":{"name":"g"}}]}`, "stop")}, "call a f {}\ncall b g {}\nfinish tool_calls\n"},
		{"a late id", []string{chunk(`{"tool_calls":[{"index":0,"function":{"name":"f","arguments":""}}]}`, "null"), chunk(`{"tool_calls":[{"index":0,"id":"a","function":{"name":"","arguments":"{}"}}]}`, "stop")}, "call a f {}\nfinish tool_calls\n"},
		{"arguments as an object", []string{chunk(`{"tool_calls":[{"index":0,"id":"a","function":{"name":"f","arguments":{"x":1}}}]}`, "stop")}, "call a f {\"x\":1}\nfinish tool_calls\n"},
		{"the old function_call", []string{chunk(`{"function_call":{"name":"f","arguments":""}}`, "null"), chunk(`{"function_call":{"arguments":"{}"}}`, "function_call")}, "call ? f {}\nfinish tool_calls\n"},
		{"only the first choice", []string{`{"choices":[{"index":1,"delta":{"content":"b"}},{"index":0,"delta":{"content":"a"}}]}`, stop}, "text 1/0 \"a\"\nmessage done 1 []\nfinish stop\n"},
		{"no choices", []string{`{"choices":[],"id":""}`, `{"usage":{}}`, stop}, "finish stop\n"},
		{"length", []string{chunk(`{}`, "length")}, "finish length\n"},
		{"content filter", []string{chunk(`{}`, "content_filter")}, "finish content_filter\n"},
		{"an error inside a chunk", []string{`{"error":{"code":502,"message":"M"},"choices":[{"index":0,"delta":{"content":"a"},"finish_reason":"error"}]}`, `[DONE]`}, "text 1/0 \"a\"\nfinish failed model: status 502: 502: M\n"},
		{"malformed chunks", []string{`7`, chunk(`{"tool_calls":[{"index":"x"}]}`, "null"), stop}, "unknown malformed chunk\nunknown malformed tool call\nfinish stop\n"},
		{"no JSON", []string{`{"choices":`}, "error decode model event: not JSON\n"},
		{"a surrogate pair cut in two", []string{chunk(`{"content":"\ud83d"}`, "null"), chunk(`{"content":"\ude00"}`, "stop")}, "text 1/0 \"😀\"\nmessage done 1 []\nfinish stop\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := read(ChatStream(sse(tt.events...)))
			if i := strings.Index(got, "call call_"); i >= 0 { // an id that we made up
				got = got[:i] + "call ?" + got[i+5+strings.IndexByte(got[i+5:], ' '):]
			}
			if got != tt.want {
				t.Errorf("got:\n%s\nwant:\n%s", got, tt.want)
			}
		})
	}
}

func TestChatStreamReadsAnErrorEvent(t *testing.T) {
	body := "event: error\ndata: {\"error\":{\"message\":\"M\",\"type\":\"invalid_request_error\",\"code\":\"tool_use_failed\"}}\n\n"
	if got, want := read(ChatStream(strings.NewReader(body))), "finish failed model: tool_use_failed: M\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func FuzzDecoders(f *testing.F) {
	f.Add(`{"type":"response.output_text.delta","item_id":"a","output_index":-1,"content_index":50000000,"delta":"x"}`)
	f.Add(`{"choices":[{"delta":{"tool_calls":[{"index":-1,"function":{"arguments":"{"}}]}}]}`)
	f.Fuzz(func(_ *testing.T, data string) {
		body := "data: " + data + "\n\ndata: " + data + "\n\n"
		for range ResponsesStream(strings.NewReader(body)) {
		}
		for range ChatStream(strings.NewReader(body)) {
		}
	})
}

func BenchmarkResponsesDelta(b *testing.B) {
	const delta = `{"type":"response.output_text.delta","sequence_number":12,"item_id":"msg_67ccd2bf17f0819081ff3bb2cf6508e6","output_index":0,"content_index":0,"delta":" token","logprobs":[],"obfuscation":"aBcDeFgHiJ"}`
	d := responsesDecoder{}
	d.items.add("message", "msg_67ccd2bf17f0819081ff3bb2cf6508e6", new(int))
	data := []byte(delta)
	b.ReportAllocs()
	for b.Loop() {
		if err := d.feed(nil, data); err != nil || len(d.events) != 1 {
			b.Fatal(err)
		}
	}
}

func BenchmarkChatDelta(b *testing.B) {
	data := []byte(`{"id":"chatcmpl-ABfw031mOJeYCSHe4yI2ZjOA6kMJL","object":"chat.completion.chunk","created":1727346168,"model":"gpt-4o-2024-08-06","system_fingerprint":"fp_5050236cbd","choices":[{"index":0,"delta":{"content":" token"},"logprobs":null,"finish_reason":null}]}`)
	d := chatDecoder{}
	b.ReportAllocs()
	for b.Loop() {
		if err := d.feed(nil, data); err != nil {
			b.Fatal(err)
		}
	}
}
