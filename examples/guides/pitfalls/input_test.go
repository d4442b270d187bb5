package pitfalls

import (
	"context"
	"errors"
	"testing"

	chatkit "github.com/gochatkit/chatkit/core"
	"github.com/gochatkit/chatkit/core/chatkittest"
)

func TestATurnWithoutAMessage(t *testing.T) {
	for name, tt := range map[string]struct {
		respond  chatkit.RespondFunc
		panicked bool
	}{
		"wrong": {respondToMessagesOnly, true},
		"right": {respondToAll, false},
	} {
		t.Run(name, func(t *testing.T) {
			var log journal
			srv, ends := server(func(ctx context.Context, turn *chatkit.Turn) error {
				if turn.Input != nil && turn.Input.Text() == "time" {
					return turn.CallClientTool("clock", nil)
				}
				return tt.respond(ctx, turn)
			}, chatkit.Options{Logger: log.logger()})
			chat := chatkittest.NewChat(t, srv)
			chat.Send("time").AssertToolCall(t, "clock")
			<-ends
			got := chat.ToolOutput("noon")
			if end := <-ends; errors.Is(end.Cause, chatkit.ErrPanicked) != tt.panicked {
				t.Errorf("end = %v, want a panic: %v", end.Cause, tt.panicked)
			}
			if tt.panicked {
				got.AssertFailure(t, "")
				if !log.says("nil pointer dereference") || !log.says("input.go") {
					t.Error("the log does not say where")
				}
			} else {
				got.AssertText(t, `The tool says "noon"`)
			}
		})
	}
}
