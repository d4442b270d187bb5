// Openai answers through OpenAI's own SDK and the Responses API: go run ./examples/openai
package main

import (
	"context"

	"github.com/openai/openai-go/v3/option"
	"github.com/openai/openai-go/v3/packages/param"
	"github.com/openai/openai-go/v3/responses"
	"github.com/openai/openai-go/v3/shared"

	openaichatkit "github.com/gochatkit/chatkit/bridges/openai"
	chatkit "github.com/gochatkit/chatkit/core"
	"github.com/gochatkit/chatkit/core/agent"
	"github.com/gochatkit/chatkit/examples/host"
)

func main() {
	model := host.FromEnv("gpt-5-mini")
	// The service instead of openai.NewClient() keeps the program 20 MB smaller.
	service := responses.NewResponseService(option.WithBaseURL(model.BaseURL), option.WithAPIKey(model.Key))
	var converter agent.Converter // its hooks are for attachments, tags and hidden context

	host.Serve(model.Who, func(ctx context.Context, t *chatkit.Turn) error {
		history, err := converter.Input(ctx, t.History(ctx))
		if err != nil {
			return err
		}
		return agent.Stream(ctx, t, openaichatkit.Stream(ctx, service, responses.ResponseNewParams{
			Model:        model.Name,
			Instructions: param.NewOpt("You are a friendly assistant. Answer in a few sentences."),
			Input:        openaichatkit.Input(history),
			Store:        param.NewOpt(false), // the thread is here, so nobody else needs to keep it
			Reasoning:    shared.ReasoningParam{Summary: shared.ReasoningSummaryAuto},
		}))
	})
}
