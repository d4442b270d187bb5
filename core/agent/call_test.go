package agent_test

import (
	"context"
	"errors"
	"iter"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	chatkit "github.com/gochatkit/chatkit/core"
	"github.com/gochatkit/chatkit/core/agent"
	"github.com/gochatkit/chatkit/core/agent/agenttest"
	"github.com/gochatkit/chatkit/core/memstore"
	"github.com/gochatkit/chatkit/core/run"
)

// culprit is to be found in the stack of its panic.
func culprit() { panic("boom") }

func TestAHookThatPanicsEndsTheTurn(t *testing.T) {
	for name, o := range map[string]agent.Option{
		"OnToolStart": agent.Watch(agent.Hooks{OnToolStart: func(_ context.Context, c agent.ToolCall) {
			if c.Name == "fails" {
				culprit()
			}
		}}),
		"OnToolEnd":  agent.Watch(agent.Hooks{OnToolEnd: func(context.Context, agent.ToolCall, string, error) { culprit() }}),
		"ToolErrors": agent.ToolErrors(func(context.Context, agent.ToolCall, error) string { culprit(); return "" }),
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				fails := agent.Func("fails", "", func(context.Context, none) (string, error) { return "", errors.New("no") })
				waits := agent.Func("waits", "", func(ctx context.Context, _ none) (string, error) {
					<-ctx.Done()
					return "", context.Cause(ctx)
				})
				var end run.End
				srv := chatkit.NewServer(memstore.New(), func(ctx context.Context, turn *chatkit.Turn) error {
					a := &agent.Agent{Model: agenttest.NewModel(calls("waits", "fails")), Tools: []agent.Tool{fails, waits}}
					_, err := agent.Run(ctx, turn, a, o)
					return err
				}, &chatkit.Options{Logger: slog.New(slog.DiscardHandler), Run: run.Config{OnEnd: func(e run.End) { end = e }}})
				c := &chat{t: t, srv: srv}
				if got := c.say(); !strings.HasSuffix(got, "retry=true\n") {
					t.Errorf("events = %q, want an error at the end", got)
				}
				synctest.Wait()
				var p *run.PanicError
				if !errors.Is(end.Cause, run.ErrPanicked) || !errors.As(end.Cause, &p) || p.Value != "boom" || !strings.Contains(string(p.Stack), "culprit") {
					t.Errorf("end = %+v, want a panic with its stack", end)
				}
			})
		})
	}
}

// What a tool leaves behind may work until the run is over.
func TestTheContextOfAToolLastsAsLongAsTheRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		left := make(chan error, 1)
		tool := agent.Func("begin", "", func(ctx context.Context, _ none) (string, error) {
			go func() {
				time.Sleep(time.Second)
				left <- ctx.Err()
			}()
			return "begun", nil
		})
		inner, asked := agenttest.NewModel(calls("begin")), 0
		model := agent.ModelFunc(func(ctx context.Context, r *agent.Request) iter.Seq2[agent.Event, error] {
			if asked++; asked > 1 {
				time.Sleep(2 * time.Second)
			}
			return inner.Stream(ctx, r)
		})
		srv := chatkit.NewServer(memstore.New(), func(ctx context.Context, turn *chatkit.Turn) error {
			_, err := agent.Run(ctx, turn, &agent.Agent{Model: model, Tools: []agent.Tool{tool}})
			return err
		}, &chatkit.Options{Logger: slog.New(slog.DiscardHandler)})
		(&chat{t: t, srv: srv}).say()
		if err := <-left; err != nil {
			t.Errorf("the context of the tool has ended with %v while the model went on", err)
		}
	})
}
