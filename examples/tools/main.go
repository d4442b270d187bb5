// Tools lets a model call functions: some here, with progress and tasks, one in the browser.
// go run ./examples/tools, then ask when the next train to Rome leaves.
package main

import (
	"context"
	"strings"
	"time"

	chatkit "github.com/gochatkit/chatkit/core"
	"github.com/gochatkit/chatkit/core/agent"
	"github.com/gochatkit/chatkit/core/agent/oaiwire"
	"github.com/gochatkit/chatkit/examples/host"
)

// timetable has the minutes after the hour at which trains leave.
var timetable = map[string][]int{"rome": {5, 35}, "paris": {20}, "vienna": {0, 30}}

// trains runs in this program. The schema of its arguments comes from the struct.
var trains = agent.Func("find_trains", "Find the minutes after each hour at which trains to a city leave.",
	func(ctx context.Context, in struct {
		City string `json:"city" jsonschema:"name of the city in English"`
	},
	) ([]int, error) {
		// A task stays in the thread; progress is a line that the next event replaces.
		defer agent.Task(ctx, "Asking the railway").Done() //nolint:errcheck // the run is over, then
		if t, ok := chatkit.TurnFrom(ctx); ok {
			if err := t.Progress(chatkit.IconMaps, "Looking for trains…"); err != nil {
				return nil, err
			}
		}
		select {
		case <-time.After(50 * time.Millisecond): // a slow railway
		case <-ctx.Done():
			return nil, context.Cause(ctx) // the user has left
		}
		minutes, ok := timetable[strings.ToLower(in.City)]
		if !ok {
			// Of other errors the model learns only that there was one.
			return nil, agent.Tell("There are trains to Rome, Paris and Vienna only.")
		}
		return minutes, nil
	}).WithTimeout(10 * time.Second)

// clock runs in the browser, which knows the user's time zone. The turn ends with the call; its result begins
// the next turn, in which the model goes on.
var clock = agent.ClientTool[struct{}]("get_time", "The user's local time.")

func main() {
	model := host.FromEnv("gpt-5-mini")
	client := &oaiwire.Client{BaseURL: model.BaseURL, Key: model.Key}
	assistant := &agent.Agent{
		Name:         "railway",
		Instructions: agent.Say("You work at a railway's desk. Find out the user's time before you recommend a train."),
		Model:        client.ResponsesModel(model.Name),
		Tools:        []agent.Tool{trains, clock},
	}
	host.Serve(model.Who, func(ctx context.Context, t *chatkit.Turn) error {
		_, err := agent.Run(ctx, t, assistant, agent.MaxTurns(6))
		return err
	})
}
