package agent_test

import (
	"context"
	"fmt"
	"time"

	"github.com/gochatkit/chatkit/core/agent"
	"github.com/gochatkit/chatkit/core/agent/agenttest"
	"github.com/gochatkit/chatkit/core/agent/oaiwire"
)

// A bridge shows a run to anything, here to a recorder. In a handler, agent.Stream does this to a turn.
func ExampleBridge() {
	srv := agenttest.NewServer(agenttest.Say("Hello from a fake model"))
	defer srv.Close()
	client := &oaiwire.Client{BaseURL: srv.BaseURL()}

	rec := agenttest.NewRecorder(time.Now())
	b := agent.NewBridge(rec, "thr_1", nil)
	outcome, err := b.Run(context.Background(), client.Responses(context.Background(), map[string]any{"model": "m", "input": "hi"}))
	fmt.Println(rec.Text(), outcome.Reason, err)
	// Output: Hello from a fake model stop <nil>
}

// An agent calls a tool and answers with its result.
func ExampleBridge_RunAgent() {
	square := agent.Func("square", "The square of a number.", func(_ context.Context, in struct {
		N int `json:"n" jsonschema:"the number"`
	},
	) (int, error) {
		return in.N * in.N, nil
	})
	model := agenttest.NewModel(
		agenttest.Answer{Calls: []agent.ToolCall{{Name: "square", Arguments: `{"n":7}`}}},
		agenttest.Answer{Text: "It is 49."},
	)
	rec := agenttest.NewRecorder(time.Now())
	a := &agent.Agent{Instructions: agent.Say("You calculate."), Model: model, Tools: []agent.Tool{square}}
	_, err := agent.NewBridge(rec, "thr_1", nil).RunAgent(context.Background(), a, nil)
	fmt.Println(rec.Text(), err)
	fmt.Println(string(model.Requests()[1].Input[1]))
	// Output:
	// It is 49. <nil>
	// {"type":"function_call_output","call_id":"call_1_0","output":"49"}
}

// Func infers the schema of a tool's arguments.
func ExampleFunc() {
	t := agent.Func("book", "Book a table.", func(context.Context, struct {
		Seats int    `json:"seats"`
		Area  string `json:"area,omitempty" enum:"inside,terrace" jsonschema:"where to sit"`
	},
	) (string, error) {
		return "booked", nil
	})
	fmt.Println(string(t.Schema))
	// Output:
	// {"type":"object","properties":{"seats":{"type":"integer"},"area":{"type":["string","null"],"enum":["inside","terrace",null],"description":"where to sit"}},"required":["seats","area"],"additionalProperties":false}
}
