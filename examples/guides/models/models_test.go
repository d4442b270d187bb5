package models

import (
	"context"
	"encoding/json"
	"iter"
	"strings"
	"testing"

	"github.com/openai/openai-go/v3/option"

	chatkit "github.com/gochatkit/chatkit/core"
	"github.com/gochatkit/chatkit/core/agent"
	"github.com/gochatkit/chatkit/core/agent/agenttest"
	"github.com/gochatkit/chatkit/core/agent/oaiwire"
	"github.com/gochatkit/chatkit/core/chatkittest"
	"github.com/gochatkit/chatkit/core/memstore"
)

// words are what a library, or an iterator, has to say.
type words []string

func (w words) Generate(_ context.Context, piece func(string) error) error {
	for _, word := range w {
		if err := piece(word); err != nil {
			return err
		}
	}
	return nil
}

func (w words) tokens() iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		for _, word := range w {
			if !yield(word, nil) {
				return
			}
		}
	}
}

// converted is a responder that has the history as input of a model.
func converted(respond func(ctx context.Context, t *chatkit.Turn, history []json.RawMessage) error) chatkit.RespondFunc {
	return func(ctx context.Context, t *chatkit.Turn) error {
		history, err := Converter(nil).Input(ctx, t.History(ctx))
		if err != nil {
			return err
		}
		return respond(ctx, t, history)
	}
}

func TestEveryKindOfModelAnswers(t *testing.T) {
	provider := agenttest.NewServer(
		agenttest.Say("Hello!"),
		agenttest.Say("Hello!"),
		agenttest.Say("Hello!"),
		agenttest.Say("Hello!"),
	)
	defer provider.Close()
	client := &oaiwire.Client{BaseURL: provider.BaseURL()}
	hello := words{"Hel", "lo!"}

	for _, tt := range []struct {
		name    string
		respond chatkit.RespondFunc
	}{
		{"Responses", converted(func(ctx context.Context, turn *chatkit.Turn, history []json.RawMessage) error {
			return Responses(ctx, turn, client, history)
		})},
		{"Chat Completions", converted(func(ctx context.Context, turn *chatkit.Turn, history []json.RawMessage) error {
			return Chat(ctx, turn, client, history)
		})},
		{"OpenAI's SDK", converted(func(ctx context.Context, turn *chatkit.Turn, history []json.RawMessage) error {
			return SDK(ctx, turn, history, option.WithBaseURL(provider.BaseURL()), option.WithAPIKey("key"))
		})},
		{"tools", Tools(client, nil)},
		{"words", func(ctx context.Context, turn *chatkit.Turn) error { return Words(ctx, turn, hello.tokens()) }},
		{"events", func(ctx context.Context, turn *chatkit.Turn) error { return Any(ctx, turn, agent.Text(hello.tokens())) }},
		{"a library that calls back", func(ctx context.Context, turn *chatkit.Turn) error { return Callback(ctx, turn, hello) }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			chatkittest.Ask(t, chatkit.NewServer(memstore.New(), tt.respond, nil), "Hi").AssertText(t, "Hello!")
		})
	}
}

func TestTheResponseIsRemembered(t *testing.T) {
	model := agenttest.NewModel(agenttest.Answer{Text: "Hello!", ID: "resp_1"})
	srv := chatkit.NewServer(memstore.New(), func(ctx context.Context, turn *chatkit.Turn) error {
		return Remembering(ctx, turn, model.Stream(ctx, &agent.Request{}))
	}, nil)
	chat := chatkittest.NewChat(t, srv)
	chat.Send("Hi").AssertText(t, "Hello!")
	thread, err := srv.Store().Thread(t.Context(), "", chat.ThreadID)
	if err != nil || thread.Metadata["response"] != "resp_1" {
		t.Errorf("metadata = %v, %v, want resp_1", thread.Metadata, err)
	}
}

func TestATagIsExplained(t *testing.T) {
	item := &chatkit.UserMessageItem{Content: []chatkit.UserMessageContent{&chatkit.InputTag{ID: "acme", Text: "Acme"}}}
	input, err := Converter(nil).Convert(t.Context(), []chatkit.Item{item})
	if err != nil {
		t.Fatal(err)
	}
	if all, err := json.Marshal(input); err != nil || !strings.Contains(string(all), "the customer acme") {
		t.Errorf("input = %s, want the tag explained", all)
	}
}

func TestAProviderThatFailsIsShown(t *testing.T) {
	provider := agenttest.NewServer(
		agenttest.Say("Hello!"),
		agenttest.Refuse(429, "rate_limit_exceeded", "slow down", nil),
		agenttest.Script{Answer: &agenttest.Answer{Text: "cut off"}, Stop: agenttest.StopReset, StopAfter: 4},
	)
	defer provider.Close()
	client := &oaiwire.Client{BaseURL: provider.BaseURL()}
	client.Retries = -1
	chat := chatkittest.NewChat(t, chatkit.NewServer(memstore.New(), Tools(client, nil), nil))
	chat.Send("Hi").AssertText(t, "Hello!")
	for _, how := range []string{"refused", "cut off"} {
		if chat.Send("Hi").Failure() == nil {
			t.Errorf("the user was shown no error when the answer was %s", how)
		}
	}
}

func TestClientsKnowTheirProviders(t *testing.T) {
	for _, client := range Clients() {
		if !strings.HasSuffix(client.BaseURL, "/v1") {
			t.Errorf("base URL = %s, want one before /chat/completions", client.BaseURL)
		}
	}
}
