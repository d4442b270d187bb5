// Multi-stage lets one agent prepare what another one writes. The user sees the stages as tasks of a workflow,
// and the text of the second agent only: go run ./examples/multi-stage
package main

import (
	"context"
	"time"

	chatkit "github.com/gochatkit/chatkit/core"
	"github.com/gochatkit/chatkit/core/agent"
	"github.com/gochatkit/chatkit/core/agent/oaiwire"
	"github.com/gochatkit/chatkit/examples/host"
)

func main() {
	where := host.FromEnv("gpt-5-mini")
	client := &oaiwire.Client{BaseURL: where.BaseURL, Key: where.Key}
	model := client.ResponsesModel(where.Name)
	editor := &agent.Agent{Name: "editor", Model: model, Instructions: agent.Say("List three points that an answer must make.")}
	writer := &agent.Agent{Name: "writer", Model: model, Instructions: agent.Say("Write an answer that makes the given points.")}

	host.Serve(where.Who, func(ctx context.Context, t *chatkit.Turn) error { return respond(ctx, t, editor, writer) })
}

func respond(ctx context.Context, t *chatkit.Turn, editor, writer *agent.Agent) error {
	var converter agent.Converter
	input, err := converter.Input(ctx, t.History(ctx))
	if err != nil {
		return err
	}
	stages := t.Workflow(chatkit.WorkflowCustom)
	plan, err := stages.Add(&chatkit.CustomTask{Title: "Choosing the points", StatusIndicator: chatkit.StatusLoading})
	if err != nil {
		return err
	}
	// A bridge to nowhere: the run is the same, with tools, limits and guards, but shows nothing.
	outcome, err := agent.NewBridge(nowhere{t}, t.Thread.ID, nil).RunAgent(ctx, editor, input)
	if err != nil {
		return err // the server ends the workflow and tells the user
	}
	err = stages.Update(plan, &chatkit.CustomTask{
		Title: "Chose the points", Content: outcome.Text, StatusIndicator: chatkit.StatusComplete,
	})
	if err != nil {
		return err
	}
	if err := stages.Close(&chatkit.CustomSummary{Title: "Prepared the answer"}, false); err != nil {
		return err
	}
	points := agent.UserText("The points to make:\n" + outcome.Text)
	_, err = agent.Run(ctx, t, writer, agent.Input(append(input, points)...))
	return err
}

// nowhere is a target that shows and stores nothing.
type nowhere struct{ t *chatkit.Turn }

func (nowhere) Emit(chatkit.Event) error           { return nil }
func (nowhere) Keep(chatkit.Item) error            { return nil }
func (n nowhere) NewID(kind chatkit.IDKind) string { return n.t.NewID(kind) }
func (nowhere) Now() time.Time                     { return time.Now() }
