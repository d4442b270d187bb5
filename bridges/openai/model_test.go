package openaichatkit_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	openaichatkit "github.com/gochatkit/chatkit/bridges/openai"
	"github.com/gochatkit/chatkit/core/agent"
	"github.com/gochatkit/chatkit/core/agent/agenttest"
)

func TestAnAgentRunsOverTheSDK(t *testing.T) {
	srv, service := start(t) // improvises: calls the tool, then repeats what it said
	dice := agent.Func("dice", "Throw a die.", func(context.Context, struct{}) (int, error) { return 6, nil })
	rec := agenttest.NewRecorder(time.Now())
	a := &agent.Agent{
		Instructions: agent.Say("Be brief."), Model: openaichatkit.Source{Service: service}.Model("gpt-5"), Tools: []agent.Tool{dice},
		Settings: agent.Settings{ReasoningEffort: "low"},
	}
	_, err := agent.NewBridge(rec, "thr_1", nil).RunAgent(t.Context(), a, []json.RawMessage{agent.UserText("use the tool")})
	if err != nil || rec.Text() != "The tool says: 6" {
		t.Errorf("text = %q, error = %v", rec.Text(), err)
	}
	var first struct {
		Model, Instructions string
		Stream, Store       bool
		Reasoning           struct{ Effort string }
		Tools               []struct {
			Name   string
			Strict bool
		}
		Include []string
	}
	if err := json.Unmarshal(srv.Requests()[0].Body, &first); err != nil {
		t.Fatal(err)
	}
	if first.Model != "gpt-5" || first.Instructions != "Be brief." || !first.Stream || first.Store || first.Reasoning.Effort != "low" ||
		len(first.Tools) != 1 || first.Tools[0].Name != "dice" || !first.Tools[0].Strict || len(first.Include) != 1 {
		t.Errorf("first request = %s", srv.Requests()[0].Body)
	}
	if second := string(srv.Requests()[1].Body); !strings.Contains(second, `"type":"function_call_output"`) {
		t.Errorf("second request = %s", second)
	}
}
