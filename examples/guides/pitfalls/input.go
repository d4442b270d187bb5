package pitfalls

import (
	"context"

	chatkit "github.com/gochatkit/chatkit/core"
)

func respondToMessagesOnly(_ context.Context, t *chatkit.Turn) error {
	return t.Text("You asked: " + t.Input.Content[0].(*chatkit.InputText).Text) // wrong: there may be no input
}

func respondToAll(_ context.Context, t *chatkit.Turn) error {
	switch {
	case t.ToolCall != nil:
		return t.Text("The tool says " + string(t.ToolCall.Output))
	case t.Form != nil:
		return t.Text("Thank you.")
	}
	return t.Text("You asked: " + t.Input.Text())
}
