package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/responses"

	chatkit "github.com/gochatkit/chatkit/core"
)

// A model answers with the Responses API.
type model struct {
	client openai.Client
	name   string
}

// defaultModel answers unless OPENAI_MODEL names another one.
const defaultModel = "gpt-5.4-mini"

// newModel reads OPENAI_API_KEY and OPENAI_BASE_URL from the environment.
func newModel(name string) *model {
	if name == "" {
		name = defaultModel
	}
	return &model{client: openai.NewClient(), name: name}
}

// respond streams one answer of the model. When the turn ends early, ctx ends the model's stream with it,
// and the words that were written so far are kept by the server.
func (m *model) respond(ctx context.Context, t *chatkit.Turn) error {
	if t.Input != nil {
		if err := nameThread(t, t.Input.Text()); err != nil {
			return err
		}
	}
	input, err := conversation(ctx, t)
	if err != nil {
		return err
	}
	if err := t.Progress("sparkle", "Thinking…"); err != nil {
		return err
	}
	stream := m.client.Responses.NewStreaming(ctx, responses.ResponseNewParams{
		Model: m.name,
		Input: responses.ResponseNewParamsInputUnion{OfInputItemList: input},
		Store: openai.Bool(false),
	})
	defer stream.Close() //nolint:errcheck // everything of interest was read

	message := t.Message()
	for stream.Next() {
		switch event := stream.Current(); event.Type {
		case "response.output_text.delta", "response.refusal.delta":
			if _, err := message.WriteString(event.Delta); err != nil {
				return err
			}
		case "response.incomplete":
			reason := event.Response.IncompleteDetails.Reason
			text := "The answer was cut short: " + strings.ReplaceAll(reason, "_", " ") + "."
			if err := t.Notice(chatkit.NoticeWarning, text, ""); err != nil {
				return err
			}
		case "response.failed", "error":
			return unavailable(fmt.Errorf("model %s: %s%s", m.name, event.Message, event.Response.Error.Message))
		}
	}
	if err := stream.Err(); err != nil {
		return unavailable(fmt.Errorf("model %s: %w", m.name, err))
	}
	return message.Close()
}

// conversation is the thread as the model's input. Notes that only the model may read are part of it.
func conversation(ctx context.Context, t *chatkit.Turn) (responses.ResponseInputParam, error) {
	var input responses.ResponseInputParam
	add := func(text string, role responses.EasyInputMessageRole) {
		if text != "" {
			input = append(input, responses.ResponseInputItemParamOfMessage(text, role))
		}
	}
	for item, err := range t.History(ctx) {
		if err != nil {
			return nil, err
		}
		switch item := item.(type) {
		case *chatkit.UserMessageItem:
			add(item.Text(), responses.EasyInputMessageRoleUser)
		case *chatkit.AssistantMessageItem:
			add(item.Text(), responses.EasyInputMessageRoleAssistant)
		case *chatkit.SDKHiddenContextItem:
			add(item.Content, responses.EasyInputMessageRoleDeveloper)
		default: // shown to the user, and not said by anybody
		}
	}
	return input, nil
}

// unavailable is an error that the user may read. The log gets what lies behind it.
func unavailable(err error) error {
	message := "The model cannot be reached. The server's log says why."
	var api *openai.Error
	if errors.As(err, &api) {
		message = fmt.Sprintf("The model refused to answer (status %d). The server's log says why.", api.StatusCode)
	}
	return &chatkit.StreamError{Message: message, AllowRetry: true, Err: err}
}
