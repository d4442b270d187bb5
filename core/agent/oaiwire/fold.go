package oaiwire

import (
	"encoding/json"
	"fmt"
	"strings"
)

// foldedMessage is a message of Chat Completions.
type foldedMessage struct {
	Role       string       `json:"role"`
	Content    any          `json:"content"` // text, parts, or null beside calls
	ToolCalls  []foldedCall `json:"tool_calls,omitempty"`
	ToolCallID string       `json:"tool_call_id,omitempty"`
}

type foldedCall struct {
	ID       string         `json:"id"`
	Type     string         `json:"type"`
	Function foldedFunction `json:"function"`
}

type foldedFunction struct {
	Name      string `json:"name"`
	Arguments string `json:"arguments"`
}

// foldItem is an input item of the Responses API, as far as Chat Completions have a place for it.
type foldItem struct {
	Type      string          `json:"type"`
	Role      string          `json:"role"`
	Content   json.RawMessage `json:"content"`
	CallID    string          `json:"call_id"`
	Name      string          `json:"name"`
	Arguments string          `json:"arguments"`
	Input     string          `json:"input"`
	Output    json.RawMessage `json:"output"`
}

type foldPart struct {
	Type     string `json:"type"`
	Text     string `json:"text"`
	Refusal  string `json:"refusal"`
	ImageURL string `json:"image_url"`
	Detail   string `json:"detail"`
	FileID   string `json:"file_id"`
	FileData string `json:"file_data"`
	Filename string `json:"filename"`
}

// ChatMessages folds input of the Responses API into messages of Chat Completions: calls in a row
// become one message of the assistant, results become messages of the tool. Items that this API has no
// place for, such as reasoning, are left out.
func ChatMessages(instructions string, input []json.RawMessage) ([]json.RawMessage, error) {
	var list []*foldedMessage
	if instructions != "" {
		list = append(list, &foldedMessage{Role: "system", Content: instructions})
	}
	for i, raw := range input {
		var it foldItem
		if err := json.Unmarshal(raw, &it); err != nil {
			return nil, fmt.Errorf("input item %d: %w", i, err)
		}
		var last *foldedMessage
		if len(list) > 0 {
			last = list[len(list)-1]
		}
		switch it.Type {
		case "", "message":
			content, err := foldContent(it.Role, it.Content)
			if err != nil {
				return nil, fmt.Errorf("input item %d: %w", i, err)
			}
			list = append(list, &foldedMessage{Role: it.Role, Content: content})
		case "function_call", "custom_tool_call":
			if it.Type == "custom_tool_call" {
				args, err := json.Marshal(map[string]string{"input": it.Input})
				if err != nil {
					return nil, fmt.Errorf("input item %d: %w", i, err)
				}
				it.Arguments = string(args)
			}
			if last == nil || last.Role != "assistant" {
				last = &foldedMessage{Role: "assistant"}
				list = append(list, last)
			}
			last.ToolCalls = append(last.ToolCalls, foldedCall{it.CallID, "function", foldedFunction{it.Name, it.Arguments}})
		case "function_call_output", "custom_tool_call_output":
			output, err := foldContent("tool", it.Output)
			if err != nil {
				return nil, fmt.Errorf("input item %d: %w", i, err)
			}
			list = append(list, &foldedMessage{Role: "tool", ToolCallID: it.CallID, Content: output})
		}
	}
	out := make([]json.RawMessage, 0, len(list))
	for _, m := range list {
		raw, err := json.Marshal(m)
		if err != nil {
			return nil, fmt.Errorf("encode message: %w", err)
		}
		out = append(out, raw)
	}
	return out, nil
}

// foldContent turns content into a text where that is possible, because many servers take nothing else,
// and into parts where it is not.
func foldContent(role string, raw json.RawMessage) (any, error) {
	if len(raw) == 0 || string(raw) == "null" {
		return "", nil
	}
	var text string
	if json.Unmarshal(raw, &text) == nil {
		return text, nil
	}
	var parts []foldPart
	if err := json.Unmarshal(raw, &parts); err != nil {
		return nil, fmt.Errorf("content: %w", err)
	}
	var texts []string
	var out []map[string]any
	mixed := false
	for _, p := range parts {
		switch p.Type {
		case "input_image":
			mixed = true
			image := map[string]string{"url": p.ImageURL}
			if p.Detail != "" {
				image["detail"] = p.Detail
			}
			out = append(out, map[string]any{"type": "image_url", "image_url": image})
		case "input_file":
			mixed = true
			file := map[string]string{}
			for k, v := range map[string]string{"file_id": p.FileID, "file_data": p.FileData, "filename": p.Filename} {
				if v != "" {
					file[k] = v
				}
			}
			out = append(out, map[string]any{"type": "file", "file": file})
		default:
			texts = append(texts, p.Text+p.Refusal)
			out = append(out, map[string]any{"type": "text", "text": p.Text + p.Refusal})
		}
	}
	if mixed && role == "user" {
		return out, nil
	}
	return strings.Join(texts, "\n"), nil
}
