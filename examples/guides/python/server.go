// Package desk is a small ChatKit server in Go. The same for the Python SDK is server.py beside it, and a
// test compares what both answer. The guide is docs/python.md.
package desk

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"log"

	chatkit "github.com/gochatkit/chatkit/core"
	"github.com/gochatkit/chatkit/core/widget"
)

// Respond answers messages and results of client tools.
func Respond(ctx context.Context, t *chatkit.Turn) error {
	if call := t.ToolCall; call != nil {
		var clock string
		if err := json.Unmarshal(call.Output, &clock); err != nil {
			return err
		}
		return t.Text("It is " + clock + ".")
	}

	question := t.Input.Text()
	switch question {
	case "What time is it?":
		return t.CallClientTool("get_time", map[string]any{"seconds": false})
	case "A seat, please":
		return t.Widget(seats(1), "")
	case "More, please":
		return &chatkit.StreamError{Message: "Your budget for today is used up."}
	}

	if err := t.Progress(chatkit.IconSearch, "Looking it up"); err != nil {
		return err
	}
	if err := t.UpdateThread(func(th *chatkit.Thread) { th.Title = &question }); err != nil {
		return err
	}
	m := t.Message()
	for token, err := range model(ctx, question) {
		if err != nil {
			return err
		}
		if _, err := m.WriteString(token); err != nil {
			return err
		}
	}
	return m.Close()
}

// Options are the other hooks.
func Options(owner func(context.Context) (string, error)) *chatkit.Options {
	return &chatkit.Options{
		Owner: owner,
		Action: func(_ context.Context, t *chatkit.Turn, a *chatkit.Action) error {
			p, err := chatkit.Payload[struct {
				Seats int `json:"seats"`
			}](a)
			if err != nil {
				return err
			}
			return t.ReplaceWidget(a.Sender, seats(p.Seats+1), "")
		},
		Feedback: func(_ context.Context, owner string, f *chatkit.Feedback) error {
			log.Println(owner, "says", f.Kind, "of", f.ItemIDs)
			return nil
		},
		StreamOptions: func(context.Context, *chatkit.Thread) chatkit.StreamOptions {
			return chatkit.StreamOptions{AllowCancel: true}
		},
		OnCancel: func(ctx context.Context, c *chatkit.Cancellation) error {
			log.Println("cancelled", c.Thread.ID)
			return c.SavePartial(ctx)
		},
	}
}

func seats(n int) widget.Root {
	return &widget.Card{Children: []widget.Component{
		&widget.Text{Value: fmt.Sprintf("%d reserved", n)},
		&widget.Button{Label: "One more", OnClickAction: &widget.ActionConfig{
			Type: "seats.add", Payload: map[string]any{"seats": n},
		}},
	}}
}

func model(_ context.Context, question string) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		for _, word := range []string{"You ", "asked: ", question} {
			if !yield(word, nil) {
				return
			}
		}
	}
}
