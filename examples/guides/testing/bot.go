// Package bot is a small responder, and the tests that its author would write. The guide is docs/testing.md.
package bot

import (
	"context"
	"errors"
	"iter"

	chatkit "github.com/gochatkit/chatkit/core"
	"github.com/gochatkit/chatkit/core/widget"
)

// A Bot answers with whatever its model says.
type Bot struct {
	Stream func(ctx context.Context, question string) iter.Seq2[string, error]
}

var errQuota = errors.New("quota exceeded")

// Respond asks the page for the time if it is asked for it, and the model otherwise.
func (b *Bot) Respond(ctx context.Context, t *chatkit.Turn) error {
	if t.ToolCall != nil {
		return t.Text("It is " + string(t.ToolCall.Output) + ".")
	}
	switch t.Input.Text() {
	case "What time is it?":
		return t.CallClientTool("get_time", map[string]any{"seconds": false})
	case "Book a seat":
		return t.Widget(seats("1"), "")
	}
	if err := t.Progress(chatkit.IconSparkle, "Thinking…"); err != nil {
		return err
	}
	m := t.Message()
	for token, err := range b.Stream(ctx, t.Input.Text()) {
		if errors.Is(err, errQuota) {
			return &chatkit.StreamError{Message: "Your budget for today is used up.", Err: err}
		}
		if err != nil {
			return err
		}
		if _, err := m.WriteString(token); err != nil {
			return err
		}
	}
	return m.Close()
}

// Act answers the button of the widget.
func (b *Bot) Act(_ context.Context, t *chatkit.Turn, a *chatkit.Action) error {
	return t.ReplaceWidget(a.Sender, seats("2"), "")
}

func seats(n string) widget.Root {
	return &widget.Card{Children: []widget.Component{
		&widget.Text{Value: n + " reserved"},
		&widget.Button{Label: "One more", OnClickAction: &widget.ActionConfig{Type: "seats.add"}},
	}}
}
