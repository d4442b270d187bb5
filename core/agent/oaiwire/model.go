package oaiwire

import (
	"context"
	"encoding/json"
	"iter"
	"maps"
	"net/url"
	"strings"

	"github.com/gochatkit/chatkit/core/agent"
)

// ResponsesModel is the model of an agent that is asked through the Responses API. The provider keeps
// nothing: the whole conversation is sent in every turn, with encrypted reasoning at OpenAI.
func (c *Client) ResponsesModel(name string) agent.Model {
	return agent.ModelFunc(func(ctx context.Context, r *agent.Request) iter.Seq2[agent.Event, error] {
		return c.Responses(ctx, ResponsesRequest(r, name, c.openAI()))
	})
}

// ChatModel is the model of an agent that is asked through Chat Completions.
func (c *Client) ChatModel(name string) agent.Model {
	return agent.ModelFunc(func(ctx context.Context, r *agent.Request) iter.Seq2[agent.Event, error] {
		body, err := ChatRequest(r, name, c.openAI())
		if err != nil {
			return func(yield func(agent.Event, error) bool) { yield(nil, err) }
		}
		return c.Chat(ctx, body)
	})
}

// openAI reports whether the provider is OpenAI, or OpenAI at Azure. Others refuse members that they do not
// know.
func (c *Client) openAI() bool {
	if c.BaseURL == "" {
		return true
	}
	u, err := url.Parse(c.BaseURL)
	return err == nil && (u.Hostname() == "api.openai.com" || strings.HasSuffix(u.Hostname(), ".openai.azure.com"))
}

// ResponsesRequest is the body of a request to the Responses API. model is used if the request's
// settings name none; openAI adds what only OpenAI knows.
func ResponsesRequest(r *agent.Request, model string, openAI bool) map[string]any {
	s := r.Settings
	body := map[string]any{"model": model, "input": r.Input, "store": false}
	if r.Input == nil {
		body["input"] = []json.RawMessage{}
	}
	if r.Instructions != "" {
		body["instructions"] = r.Instructions
	}
	if openAI {
		body["include"] = []string{"reasoning.encrypted_content"}
		body["stream_options"] = map[string]bool{"include_obfuscation": false} // a tenth of all bytes
	}
	var tools []map[string]any
	for _, t := range r.Tools {
		tools = append(tools, map[string]any{
			"type": "function", "name": t.Name, "description": t.Description, "parameters": t.Schema, "strict": t.Strict,
		})
	}
	reasoning := map[string]string{}
	if s.ReasoningEffort != "" {
		reasoning["effort"] = s.ReasoningEffort
	}
	if s.ReasoningSummary != "" {
		reasoning["summary"] = s.ReasoningSummary
	}
	if len(reasoning) > 0 {
		body["reasoning"] = reasoning
	}
	if s.MaxOutputTokens > 0 {
		body["max_output_tokens"] = s.MaxOutputTokens
	}
	choice := any(s.ToolChoice)
	if !plainChoice[s.ToolChoice] {
		choice = map[string]string{"type": "function", "name": s.ToolChoice}
	}
	return finish(body, s, tools, choice)
}

// ChatRequest is the body of a request to Chat Completions. model is used if the request's settings name
// none; openAI uses OpenAI's newer names.
func ChatRequest(r *agent.Request, model string, openAI bool) (map[string]any, error) {
	s := r.Settings
	messages, err := ChatMessages(r.Instructions, r.Input)
	if err != nil {
		return nil, err
	}
	body := map[string]any{"model": model, "messages": messages}
	var tools []map[string]any
	for _, t := range r.Tools {
		f := map[string]any{"name": t.Name, "description": t.Description, "parameters": t.Schema}
		if t.Strict && openAI {
			f["strict"] = true
		}
		tools = append(tools, map[string]any{"type": "function", "function": f})
	}
	if s.ReasoningEffort != "" {
		body["reasoning_effort"] = s.ReasoningEffort
	}
	if s.MaxOutputTokens > 0 {
		name := "max_tokens"
		if openAI {
			name = "max_completion_tokens"
		}
		body[name] = s.MaxOutputTokens
	}
	choice := any(s.ToolChoice)
	if !plainChoice[s.ToolChoice] {
		choice = map[string]any{"type": "function", "function": map[string]string{"name": s.ToolChoice}}
	}
	return finish(body, s, tools, choice), nil
}

var plainChoice = map[string]bool{"": true, "auto": true, "none": true, "required": true}

// finish adds what both APIs call alike.
func finish(body map[string]any, s agent.Settings, tools []map[string]any, choice any) map[string]any {
	if s.Model != "" {
		body["model"] = s.Model
	}
	if s.Temperature != nil {
		body["temperature"] = *s.Temperature
	}
	if s.TopP != nil {
		body["top_p"] = *s.TopP
	}
	if len(tools) > 0 {
		body["tools"] = tools
		if s.ToolChoice != "" {
			body["tool_choice"] = choice
		}
		if s.ParallelToolCalls != nil {
			body["parallel_tool_calls"] = *s.ParallelToolCalls
		}
	}
	maps.Copy(body, s.Extra)
	return body
}
