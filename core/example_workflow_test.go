package chatkit_test

import (
	"context"

	chatkit "github.com/gochatkit/chatkit/core"
	"github.com/gochatkit/chatkit/core/memstore"
)

// A workflow shows the steps that lead to an answer while they happen.
func ExampleTurn_Workflow() {
	respond := func(_ context.Context, t *chatkit.Turn) error {
		w := t.Workflow(chatkit.WorkflowCustom)
		search, err := w.Add(&chatkit.WebSearchTask{StatusIndicator: chatkit.StatusLoading, TitleQuery: "weather in Oslo"})
		if err != nil {
			return err
		}
		err = w.Update(search, &chatkit.WebSearchTask{
			StatusIndicator: chatkit.StatusComplete,
			TitleQuery:      "weather in Oslo",
			Sources: []*chatkit.URLSource{{
				SourceMeta: chatkit.SourceMeta{Title: "Forecast"}, URL: "https://weather.example.com/oslo",
			}},
		})
		if err != nil {
			return err
		}
		if _, err := w.Add(&chatkit.CustomTask{Title: "Compared three forecasts", Icon: chatkit.IconCheck}); err != nil {
			return err
		}
		if err := w.Close(&chatkit.CustomSummary{Title: "Looked at the weather"}, false); err != nil {
			return err
		}
		return t.Text("The sun shines.")
	}
	srv := chatkit.NewServer(memstore.New(), respond, nil)
	show(srv, "How is the weather in Oslo?")
	// Output:
	// thread.item.added: workflow of 1
	// thread.item.updated: workflow.task.updated
	// thread.item.updated: workflow.task.added
	// thread.item.done: workflow of 2
	// thread.item.done: assistant_message "The sun shines."
}
