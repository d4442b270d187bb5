// Package models has the snippets of docs/models.md: models of all kinds behind a turn.
package models

import (
	"context"
	"encoding/json"
	"iter"
	"net/http"
	"os"
	"time"

	"github.com/openai/openai-go/v3/option"
	"github.com/openai/openai-go/v3/packages/param"
	"github.com/openai/openai-go/v3/responses"

	openaichatkit "github.com/gochatkit/chatkit/bridges/openai"
	chatkit "github.com/gochatkit/chatkit/core"
	"github.com/gochatkit/chatkit/core/agent"
	"github.com/gochatkit/chatkit/core/agent/oaiwire"
	"github.com/gochatkit/chatkit/core/attach"
)

// Any answers with whatever yields events.
func Any(ctx context.Context, t *chatkit.Turn, source iter.Seq2[agent.Event, error]) error {
	return agent.Stream(ctx, t, source)
}

// Responses asks a server with the Responses API.
func Responses(ctx context.Context, t *chatkit.Turn, client *oaiwire.Client, history []json.RawMessage) error {
	source := client.Responses(ctx, map[string]any{
		"model":        "gpt-5",
		"instructions": "Be brief.",
		"input":        history,
		"store":        false,
		"include":      []string{"reasoning.encrypted_content"},
		"reasoning":    map[string]string{"effort": "low", "summary": "auto"},
		"tools":        []any{map[string]string{"type": "web_search"}},
	})
	return agent.Stream(ctx, t, source, agent.ShowHostedTools())
}

// Remembering keeps the id of the response in the thread.
func Remembering(ctx context.Context, t *chatkit.Turn, source iter.Seq2[agent.Event, error]) error {
	outcome, err := agent.StreamOutcome(ctx, t, source)
	if err != nil {
		return err
	}
	return t.UpdateThread(func(th *chatkit.Thread) {
		if th.Metadata == nil {
			th.Metadata = map[string]any{}
		}
		th.Metadata["response"] = outcome.ResponseID
	})
}

// Chat asks a server with the Chat Completions API.
func Chat(ctx context.Context, t *chatkit.Turn, client *oaiwire.Client, history []json.RawMessage) error {
	messages, err := oaiwire.ChatMessages("Be brief.", history)
	if err != nil {
		return err
	}
	return agent.Stream(ctx, t, client.Chat(ctx, map[string]any{"model": "qwen3", "messages": messages}))
}

// Clients are clients of three providers.
func Clients() []*oaiwire.Client {
	ollama := &oaiwire.Client{BaseURL: "http://127.0.0.1:11434/v1"}
	groq := &oaiwire.Client{BaseURL: "https://api.groq.com/openai/v1", Key: os.Getenv("GROQ_API_KEY")}
	azure := &oaiwire.Client{
		BaseURL: "https://NAME.openai.azure.com/openai/v1",
		Header:  http.Header{"Api-Key": {os.Getenv("AZURE_OPENAI_API_KEY")}},
	}
	return []*oaiwire.Client{ollama, groq, azure}
}

// SDK asks through OpenAI's own.
func SDK(ctx context.Context, t *chatkit.Turn, history []json.RawMessage, opts ...option.RequestOption) error {
	service := responses.NewResponseService(opts...)
	return agent.Stream(ctx, t, openaichatkit.Stream(ctx, service, responses.ResponseNewParams{
		Model: "gpt-5-mini",
		Input: openaichatkit.Input(history),
		Store: param.NewOpt(false),
	}))
}

// Words answers with an iterator over strings.
func Words(ctx context.Context, t *chatkit.Turn, tokens iter.Seq2[string, error]) error {
	return agent.Stream(ctx, t, agent.Text(tokens)) // iter.Seq2[string, error]
}

// A Library calls back.
type Library interface {
	// Generate calls piece with each piece of an answer.
	Generate(ctx context.Context, piece func(string) error) error
}

// Callback answers with a library that calls back.
func Callback(ctx context.Context, t *chatkit.Turn, library Library) error {
	return agent.Stream(ctx, t, agent.Push(ctx, func(ctx context.Context, send func(agent.Event) error) error {
		return library.Generate(ctx, func(piece string) error { return send(&agent.TextDelta{Text: piece}) })
	}))
}

// Converter knows attachments and tags.
func Converter(files *attach.Files) *agent.Converter {
	converter := &agent.Converter{
		Attachment: func(ctx context.Context, a chatkit.Attachment) (json.RawMessage, error) {
			t, _ := chatkit.TurnFrom(ctx)
			url, err := files.DataURL(ctx, t.Owner(), a)
			return agent.InputImage(url), err
		},
		Tag: func(_ context.Context, tag *chatkit.InputTag) (json.RawMessage, error) {
			return agent.InputText("The user means the customer " + tag.ID + "."), nil
		},
		CopyText: true, // show widgets by their copy text, not by their JSON
	}
	return converter
}

// Weather is what a tool returns.
type Weather struct {
	Sky string `json:"sky"`
}

// A Place is what a model asks about.
type Place struct {
	City string `json:"city" jsonschema:"name of the city"`
	Unit string `json:"unit,omitempty" enum:"c,f"`
}

// Tools lets a model call a function.
func Tools(client *oaiwire.Client, lookup func(ctx context.Context, city, unit string) (Weather, error)) chatkit.RespondFunc {
	weather := agent.Func("get_weather", "Current weather of a city.", func(ctx context.Context, in Place) (Weather, error) {
		defer agent.Task(ctx, "Looking at the sky").Done() //nolint:errcheck // the run is over, then
		return lookup(ctx, in.City, in.Unit)
	}).WithTimeout(10 * time.Second)

	return func(ctx context.Context, t *chatkit.Turn) error {
		_, err := agent.Run(ctx, t, &agent.Agent{
			Instructions: agent.Say("Be brief."),
			Model:        client.ResponsesModel("gpt-5-mini"), // or client.ChatModel, or openaichatkit.Source{…}.Model
			Tools:        []agent.Tool{weather},
		})
		return err
	}
}
