package agenttest

import (
	"encoding/json"
	"strings"

	"github.com/gochatkit/chatkit/core/agent"
)

// Improvise makes up an answer to a request of either API, so that examples run without a key. A word in
// the question chooses what happens: "markdown", "think", "image", "refuse"; "tool" calls the first tool
// that was offered, with empty arguments, and answers with its result in the next turn. Anything else is
// repeated.
func Improvise(request []byte) *Answer {
	question, result := lastWords(request)
	usage := agent.Usage{InputTokens: int64(len(request) / 4), OutputTokens: 20}
	a := &Answer{Usage: usage}
	low := strings.ToLower(question)
	switch tool := firstTool(request); {
	case result != "":
		a.Text = "The tool says: " + result
	case strings.Contains(low, "tool") && tool != "":
		a.Calls = []agent.ToolCall{{Name: tool, Arguments: "{}"}}
	case strings.Contains(low, "markdown"):
		a.Text = "# A title\n\nSome **bold** text, a list\n\n- one\n- two\n\nand code:\n\n```go\nfmt.Println(\"hello\")\n```\n"
	case strings.Contains(low, "think"):
		a.Thoughts = []string{"**Reading the question**\n\nIt asks me to think.", "**Answering**\n\nThat should do."}
		a.Text = "I thought about it."
	case strings.Contains(low, "image"):
		// One transparent pixel.
		a.Image = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
		a.Text = "Here is a picture."
	case strings.Contains(low, "refuse"):
		a.Refusal = "I cannot help with that."
	default:
		a.Text = "You said: " + question
	}
	return a
}

// lastWords returns what the user said last, and the result of a tool if that came after it.
func lastWords(request []byte) (question, result string) {
	var r struct {
		Input    json.RawMessage `json:"input"`
		Messages json.RawMessage `json:"messages"`
	}
	if json.Unmarshal(request, &r) != nil {
		return "", ""
	}
	if json.Unmarshal(r.Input, &question) == nil && question != "" {
		return question, ""
	}
	raw := r.Input
	if raw == nil {
		raw = r.Messages
	}
	var items []struct {
		Type    string          `json:"type"`
		Role    string          `json:"role"`
		Content json.RawMessage `json:"content"`
		Output  json.RawMessage `json:"output"`
	}
	if json.Unmarshal(raw, &items) != nil {
		return "", ""
	}
	for _, it := range items {
		switch {
		case it.Type == "function_call_output":
			result = plain(it.Output)
		case it.Role == "tool":
			result = plain(it.Content)
		case it.Role == "user":
			question, result = plain(it.Content), ""
		}
	}
	return question, result
}

// plain returns the text of content that is a text or a list of parts.
func plain(raw json.RawMessage) string {
	var s string
	if json.Unmarshal(raw, &s) == nil {
		return s
	}
	var parts []struct {
		Text string `json:"text"`
	}
	if json.Unmarshal(raw, &parts) != nil {
		return ""
	}
	var all []string
	for _, p := range parts {
		if p.Text != "" {
			all = append(all, p.Text)
		}
	}
	return strings.Join(all, " ")
}

func firstTool(request []byte) string {
	var r struct {
		Tools []struct {
			Name     string `json:"name"`
			Function struct {
				Name string `json:"name"`
			} `json:"function"`
		} `json:"tools"`
	}
	if json.Unmarshal(request, &r) != nil {
		return ""
	}
	for _, t := range r.Tools {
		if t.Name+t.Function.Name != "" {
			return t.Name + t.Function.Name
		}
	}
	return ""
}
