package cookbook

import (
	"context"
	"errors"
	"fmt"
	"iter"

	chatkit "github.com/gochatkit/chatkit/core"
	"github.com/gochatkit/chatkit/core/widget"
)

func worked(_ context.Context, t *chatkit.Turn) error {
	w := t.Workflow(chatkit.WorkflowCustom)
	i, err := w.Add(&chatkit.CustomTask{Title: "Reading the contract", StatusIndicator: chatkit.StatusLoading})
	if err != nil {
		return err
	}
	err = w.Update(i, &chatkit.CustomTask{Title: "Read the contract", StatusIndicator: chatkit.StatusComplete})
	return errors.Join(err, w.Close(&chatkit.CustomSummary{Title: "1 document read"}, false)) // a nil summary: the time it took
}

func card(seats int) widget.Root {
	return &widget.Card{Children: []widget.Component{
		&widget.Text{Value: fmt.Sprintf("%d seats reserved", seats)},
		&widget.Button{Label: "One more", OnClickAction: &widget.ActionConfig{
			Type: "seats.add", Payload: map[string]any{"seats": seats},
		}},
	}}
}

func respond(ctx context.Context, t *chatkit.Turn) error {
	return t.Widget(card(1), "1 seat reserved") // the second one is what the copy button copies
}

type payload struct {
	Seats int `json:"seats"`
}

func acting() *chatkit.Options {
	return &chatkit.Options{
		Action: func(ctx context.Context, t *chatkit.Turn, a *chatkit.Action) error {
			if a.Type != "seats.add" {
				return &chatkit.StreamError{Message: "There is no such action."}
			}
			p, err := chatkit.Payload[payload](a) // type payload struct{ Seats int `json:"seats"` }
			if err != nil {
				return err
			}
			return t.ReplaceWidget(a.Sender, card(p.Seats+1), fmt.Sprintf("%d seats reserved", p.Seats+1))
		},
	}
}

func growing(ctx context.Context, t *chatkit.Turn) error {
	state := func(text string, grows widget.Bool) widget.Root {
		return &widget.Card{Children: []widget.Component{&widget.Markdown{ID: "answer", Value: text, Streaming: grows}}}
	}
	return t.StreamWidget(func(yield func(widget.Root, error) bool) {
		text := ""
		for token, err := range tokens(ctx, t.Input.Text()) {
			text += token
			if !yield(state(text, widget.True), err) {
				return
			}
		}
		yield(state(text, widget.False), nil)
	}, "")
}

func appending(t *chatkit.Turn, card widget.Root, deltas iter.Seq[string]) error {
	w, err := t.OpenWidget(card, "")
	if err != nil {
		return err
	}
	for delta := range deltas {
		if err := w.AppendText("summary", delta); err != nil { // the id of a Text or Markdown
			return err
		}
	}
	return w.Close()
}

func asking(_ context.Context, t *chatkit.Turn) error {
	if call := t.ToolCall; call != nil && call.Name == "get_time" {
		return t.Text("It is " + string(call.Output) + ".") // any JSON, from a browser
	}
	return t.CallClientTool("get_time", map[string]any{"seconds": true}) // and return
}

func form(_ context.Context, t *chatkit.Turn) error {
	if t.Form != nil { // answered, or skipped
		if a := t.Form.Inputs[0].Meta().Answer; a != nil && !a.Skipped {
			return t.Text("A table for " + a.Values[0] + ".") // not checked against the options
		}
		return t.Text("No table, then.")
	}
	return t.Emit(&chatkit.ThreadItemDoneEvent{Item: &chatkit.StructuredInputItem{
		ItemMeta: t.NewItemMeta(chatkit.IDMessage),
		Inputs: []chatkit.StructuredInput{&chatkit.MultipleChoiceInput{
			StructuredInputMeta: chatkit.StructuredInputMeta{ID: "size", Question: "How many are you?"},
			Options:             []chatkit.StructuredInputOption{{Value: "2"}, {Value: "4"}},
		}},
	}})
}

func timetable(context.Context, string) ([]string, error) { return []string{"12:04"}, nil }

func findTrains(ctx context.Context, city string) ([]string, error) {
	if t, ok := chatkit.TurnFrom(ctx); ok { // false outside of a turn, as in a test of the tool
		if err := t.Progress(chatkit.IconMaps, "Trains to "+city); err != nil {
			return nil, err
		}
	}
	return timetable(ctx, city)
}

func ofEvents(store chatkit.Store) *chatkit.Server {
	srv := chatkit.NewServer(store, chatkit.FromSeq(func(ctx context.Context, t *chatkit.Turn) iter.Seq2[chatkit.Event, error] {
		return func(yield func(chatkit.Event, error) bool) {
			yield(&chatkit.ProgressUpdateEvent{Text: "Thinking"}, nil)
		}
	}), nil)
	return srv
}
