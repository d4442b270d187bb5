package progress

import (
	"context"
	"testing"

	chatkit "github.com/gochatkit/chatkit/core"
	"github.com/gochatkit/chatkit/core/agent"
	"github.com/gochatkit/chatkit/core/agent/agenttest"
	"github.com/gochatkit/chatkit/core/chatkittest"
	"github.com/gochatkit/chatkit/core/memstore"
)

func ask(t *testing.T, respond chatkit.RespondFunc) *chatkittest.Transcript {
	t.Helper()
	return chatkittest.Ask(t, chatkit.NewServer(memstore.New(), respond, nil), "How do I open it?")
}

func TestLinesPass(t *testing.T) {
	got := ask(t, Lines)
	got.AssertProgress(t, "Reading the manual (1 of 2)", "Reading the forum (2 of 2)")
	got.AssertItems(t, "assistant_message") // a line of progress leaves nothing behind
}

func TestTasksStay(t *testing.T) {
	got := ask(t, Tasks)
	got.AssertItems(t, "workflow", "assistant_message")
	work := chatkittest.LastItem[*chatkit.WorkflowItem](t, got).Workflow
	if len(work.Tasks) != 2 || work.Tasks[1].(*chatkit.CustomTask).Title != "Read the forum" {
		t.Errorf("tasks = %v, want two that are done", work.Tasks)
	}
	if s, ok := work.Summary.(*chatkit.CustomSummary); !ok || s.Title != "Read 2 documents" {
		t.Errorf("summary = %v, want the number of documents", work.Summary)
	}
}

func TestAToolShowsProgress(t *testing.T) {
	ask(t, Tool).AssertProgress(t, "Searching the manual")
	if err := search(t.Context(), "the manual"); err != nil {
		t.Errorf("search() outside of a turn = %v, want none", err)
	}
}

func TestAToolOfAModelShowsItselfAsATask(t *testing.T) {
	model := agenttest.NewModel(
		agenttest.Answer{Calls: []agent.ToolCall{{CallID: "call_1", Name: "get_weather", Arguments: `{"city":"Ulm"}`}}},
		agenttest.Answer{Text: "It is sunny."},
	)
	got := ask(t, func(ctx context.Context, turn *chatkit.Turn) error {
		_, err := agent.Run(ctx, turn, &agent.Agent{Model: model, Tools: []agent.Tool{Weather}})
		return err
	})
	got.AssertText(t, "It is sunny.")
	got.AssertItems(t, "workflow", "assistant_message")
	task := chatkittest.LastItem[*chatkit.WorkflowItem](t, got).Workflow.Tasks[0].(*chatkit.CustomTask)
	if task.Title != "Looking at the sky over Ulm" || task.StatusIndicator != chatkit.StatusComplete {
		t.Errorf("task = %+v, want one that is done", task)
	}
}
