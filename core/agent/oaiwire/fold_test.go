package oaiwire

import (
	"context"
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/gochatkit/chatkit/core/agent"
	"github.com/gochatkit/chatkit/core/agent/agenttest"
)

func TestChatMessages(t *testing.T) {
	tests := []struct {
		name  string
		input []string
		want  []string
	}{
		{"a user's text is a text", []string{`{"type":"message","role":"user","content":[{"type":"input_text","text":"a"},{"type":"input_text","text":"b"}]}`}, []string{`{"role":"user","content":"a\nb"}`}},
		{"content may be a text already", []string{`{"role":"user","content":"a"}`}, []string{`{"role":"user","content":"a"}`}},
		{
			"images and files become parts",
			[]string{`{"type":"message","role":"user","content":[{"type":"input_text","text":"a"},{"type":"input_image","detail":"auto","image_url":"u"},{"type":"input_file","file_id":"f"}]}`},
			[]string{`{"role":"user","content":[{"type":"text","text":"a"},{"type":"image_url","image_url":{"url":"u","detail":"auto"}},{"type":"file","file":{"file_id":"f"}}]}`},
		},
		{
			"calls in a row are one message, beside the text before them",
			[]string{
				`{"type":"message","role":"assistant","content":[{"type":"output_text","text":"a"}]}`, `{"type":"reasoning","id":"r"}`,
				`{"type":"function_call","call_id":"1","name":"f","arguments":"{}"}`, `{"type":"custom_tool_call","call_id":"2","name":"g","input":"x"}`,
				`{"type":"function_call_output","call_id":"1","output":"o"}`, `{"type":"custom_tool_call_output","call_id":"2","output":[{"type":"output_text","text":"p"}]}`,
				`{"type":"function_call","call_id":"3","name":"f","arguments":"{}"}`, `{"type":"function_call_output","call_id":"3","output":"q"}`,
			},
			[]string{
				`{"role":"assistant","content":"a","tool_calls":[{"id":"1","type":"function","function":{"name":"f","arguments":"{}"}},{"id":"2","type":"function","function":{"name":"g","arguments":"{\"input\":\"x\"}"}}]}`,
				`{"role":"tool","tool_call_id":"1","content":"o"}`, `{"role":"tool","tool_call_id":"2","content":"p"}`,
				`{"role":"assistant","content":null,"tool_calls":[{"id":"3","type":"function","function":{"name":"f","arguments":"{}"}}]}`, `{"role":"tool","tool_call_id":"3","content":"q"}`,
			},
		},
		{"refusals are texts", []string{`{"type":"message","role":"assistant","content":[{"type":"refusal","refusal":"no"}]}`}, []string{`{"role":"assistant","content":"no"}`}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var in []json.RawMessage
			for _, s := range tt.input {
				in = append(in, json.RawMessage(s))
			}
			got, err := ChatMessages("sys", in)
			if err != nil {
				t.Fatal(err)
			}
			want := append([]string{`{"role":"system","content":"sys"}`}, tt.want...)
			if len(got) != len(want) {
				t.Fatalf("messages = %s, want %v", got, want)
			}
			for i := range want {
				if !equal(t, string(got[i]), want[i]) {
					t.Errorf("message %d = %s, want %s", i, got[i], want[i])
				}
			}
		})
	}
	for _, bad := range []string{`7`, `{"type":"message","role":"user","content":7}`} {
		if _, err := ChatMessages("", []json.RawMessage{json.RawMessage(bad)}); err == nil {
			t.Errorf("input %s was accepted", bad)
		}
	}
}

func equal(t *testing.T, a, b string) bool {
	t.Helper()
	var x, y any
	if err := json.Unmarshal([]byte(a), &x); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(b), &y); err != nil {
		t.Fatal(err)
	}
	return reflect.DeepEqual(x, y)
}

func TestRequestsSayWhatTheAgentWants(t *testing.T) {
	temp, no := 0.5, false
	r := &agent.Request{
		Instructions: "sys", Input: []json.RawMessage{agent.UserText("hi")},
		Tools: []agent.ToolSpec{{Name: "f", Description: "d", Schema: json.RawMessage(`{"type":"object"}`), Strict: true}},
		Settings: agent.Settings{
			Temperature: &temp, MaxOutputTokens: 9, ReasoningEffort: "low", ReasoningSummary: "auto", ToolChoice: "f", ParallelToolCalls: &no,
			Extra: map[string]any{"user": "u", "temperature": 1},
		},
	}
	tests := []struct {
		name string
		body any
		want string
	}{
		{"Responses at OpenAI", ResponsesRequest(r, "m", true), `{"model":"m","input":[{"type":"message","role":"user","content":[{"type":"input_text","text":"hi"}]}],"store":false,"instructions":"sys",
			"include":["reasoning.encrypted_content"],"stream_options":{"include_obfuscation":false},"reasoning":{"effort":"low","summary":"auto"},"max_output_tokens":9,"temperature":1,"user":"u",
			"tools":[{"type":"function","name":"f","description":"d","parameters":{"type":"object"},"strict":true}],"tool_choice":{"type":"function","name":"f"},"parallel_tool_calls":false}`},
		{"Responses elsewhere", ResponsesRequest(&agent.Request{Settings: agent.Settings{Model: "n", ToolChoice: "auto"}}, "m", false), `{"model":"n","input":[],"store":false}`},
		{"Chat at OpenAI", must(ChatRequest(r, "m", true)), `{"model":"m","messages":[{"role":"system","content":"sys"},{"role":"user","content":"hi"}],"reasoning_effort":"low","max_completion_tokens":9,"temperature":1,"user":"u",
			"tools":[{"type":"function","function":{"name":"f","description":"d","parameters":{"type":"object"},"strict":true}}],"tool_choice":{"type":"function","function":{"name":"f"}},"parallel_tool_calls":false}`},
		{"Chat elsewhere", must(ChatRequest(&agent.Request{Settings: agent.Settings{MaxOutputTokens: 9}}, "m", false)), `{"model":"m","messages":[],"max_tokens":9}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := json.Marshal(tt.body)
			if err != nil {
				t.Fatal(err)
			}
			if !equal(t, string(got), tt.want) {
				t.Errorf("body = %s\nwant  %s", got, tt.want)
			}
		})
	}
}

func must(v any, err error) any {
	if err != nil {
		panic(err)
	}
	return v
}

func TestAnAgentRunsOverBothAPIs(t *testing.T) {
	for api, model := range map[string]func(*Client) agent.Model{
		"responses": func(c *Client) agent.Model { return c.ResponsesModel("m") },
		"chat":      func(c *Client) agent.Model { return c.ChatModel("m") },
	} {
		t.Run(api, func(t *testing.T) {
			srv, c := server(t) // improvises: calls the tool, then repeats what it said
			tool := agent.RawTool(agent.ToolSpec{Name: "dice", Schema: json.RawMessage(`{"type":"object","properties":{}}`)},
				func(context.Context, json.RawMessage) (string, error) { return "six", nil })
			rec := agenttest.NewRecorder(time.Now())
			o, err := agent.NewBridge(rec, "thr_1", nil).RunAgent(t.Context(), &agent.Agent{Model: model(c), Tools: []agent.Tool{tool}}, []json.RawMessage{agent.UserText("use the tool")})
			if err != nil || rec.Text() != "The tool says: six" || o.Usage.OutputTokens != 40 {
				t.Errorf("text = %q, outcome = %+v, error = %v", rec.Text(), o, err)
			}
			second := string(srv.Requests()[1].Body)
			if want := map[string]string{"responses": `"type":"function_call"`, "chat": `"tool_calls":[{`}[api]; !strings.Contains(second, want) {
				t.Errorf("second request = %s", second)
			}
		})
	}
}
