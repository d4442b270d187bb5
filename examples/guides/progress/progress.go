// Package progress shows what users can look at while they wait. The guide is docs/progress.md.
package progress

import (
	"context"
	"fmt"

	chatkit "github.com/gochatkit/chatkit/core"
	"github.com/gochatkit/chatkit/core/agent"
	"github.com/gochatkit/chatkit/examples/guides/model"
)

// Lines shows passing lines.
func Lines(ctx context.Context, t *chatkit.Turn) error {
	for i, source := range sources {
		if err := t.Progress(chatkit.IconSearch, fmt.Sprintf("Reading %s (%d of %d)", source, i+1, len(sources))); err != nil {
			return err
		}
		if err := read(ctx, source); err != nil {
			return err
		}
	}
	return t.Text("Nothing about that in either.")
}

// Tasks shows a list that stays.
func Tasks(ctx context.Context, t *chatkit.Turn) error {
	w := t.Workflow(chatkit.WorkflowCustom)
	for _, source := range sources {
		i, err := w.Add(&chatkit.CustomTask{Title: "Reading " + source, StatusIndicator: chatkit.StatusLoading})
		if err != nil {
			return err
		}
		if err := read(ctx, source); err != nil {
			return err
		}
		if err := w.Update(i, &chatkit.CustomTask{Title: "Read " + source, StatusIndicator: chatkit.StatusComplete}); err != nil {
			return err
		}
	}
	if err := w.Close(&chatkit.CustomSummary{Title: fmt.Sprintf("Read %d documents", len(sources))}, false); err != nil {
		return err
	}
	return t.Text("Nothing about that in either.")
}

// search is a tool: it knows its turn from the context.
func search(ctx context.Context, source string) error {
	if t, ok := chatkit.TurnFrom(ctx); ok {
		if err := t.Progress(chatkit.IconSearch, "Searching "+source); err != nil {
			return err
		}
	}
	return read(ctx, source)
}

// Tool has a function show progress that gets a context only.
func Tool(ctx context.Context, t *chatkit.Turn) error {
	if err := search(ctx, sources[0]); err != nil {
		return err
	}
	return t.Text("Nothing about that.")
}

type place struct {
	City string `json:"city"`
}

// Weather is a tool for a model that shows itself as a task.
var Weather = agent.Func("get_weather", "Current weather of a city.", func(ctx context.Context, in place) (string, error) {
	defer agent.Task(ctx, "Looking at the sky over "+in.City).Done() //nolint:errcheck // the run is over, then
	return "sunny", read(ctx, in.City)
})

var sources = []string{"the manual", "the forum"}

// read takes a while.
func read(ctx context.Context, source string) error {
	_, err := model.Ask(ctx, source)
	return err
}
