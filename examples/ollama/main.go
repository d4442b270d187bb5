// Ollama answers with a model on this machine, or with any other server that speaks Chat Completions, without
// an SDK:
//
//	OPENAI_BASE_URL=http://127.0.0.1:11434/v1 OPENAI_MODEL=qwen3 go run ./examples/ollama
package main

import (
	"context"

	chatkit "github.com/gochatkit/chatkit/core"
	"github.com/gochatkit/chatkit/core/agent"
	"github.com/gochatkit/chatkit/core/agent/oaiwire"
	"github.com/gochatkit/chatkit/examples/host"
)

func main() {
	model := host.FromEnv("qwen3")
	client := &oaiwire.Client{BaseURL: model.BaseURL, Key: model.Key}
	var converter agent.Converter

	host.Serve(model.Who, func(ctx context.Context, t *chatkit.Turn) error {
		history, err := converter.Input(ctx, t.History(ctx))
		if err != nil {
			return err
		}
		messages, err := oaiwire.ChatMessages("You are a friendly assistant. Answer in a few sentences.", history)
		if err != nil {
			return err
		}
		request := map[string]any{"model": model.Name, "messages": messages}
		// Open models send their thoughts as they are. Without the option they are not shown.
		return agent.Stream(ctx, t, client.Chat(ctx, request), agent.ShowRawThoughts())
	})
}
