package chatkit_test

import (
	"context"
	"fmt"

	chatkit "github.com/gochatkit/chatkit/core"
	"github.com/gochatkit/chatkit/core/chatkittest"
	"github.com/gochatkit/chatkit/core/memstore"
	"github.com/gochatkit/chatkit/core/widget"
)

// A widget has a button, and what its button does changes the widget.
func ExampleTurn_Widget() {
	type order struct {
		Dish int `json:"dish"`
	}
	respond := func(_ context.Context, t *chatkit.Turn) error {
		return t.Widget(&widget.Card{Children: []widget.Component{
			&widget.Button{Label: "Order", OnClickAction: &widget.ActionConfig{Type: "order", Payload: order{Dish: 7}}},
		}}, "")
	}
	action := func(_ context.Context, t *chatkit.Turn, a *chatkit.Action) error {
		o, err := chatkit.Payload[order](a) // it comes from a browser: check it
		if err != nil {
			return err
		}
		return t.ReplaceWidget(a.Sender, &widget.Card{Children: []widget.Component{
			&widget.Text{Value: fmt.Sprintf("Dish %d is on its way.", o.Dish)},
		}}, "")
	}
	srv := chatkit.NewServer(memstore.New(), respond, &chatkit.Options{Action: action, NewID: chatkittest.IDs()})
	show(srv, "Lunch?")
	press(srv, "thr_gen0001", "msg_gen0002", "order", order{Dish: 7}) // these are the first ids that IDs makes
	// Output:
	// thread.item.done: widget {"type":"Card","children":[{"type":"Button","label":"Order","onClickAction":{"type":"order","payload":{"dish":7},"handler":"server","loadingBehavior":"auto","streaming":true}}]}
	// thread.item.replaced: widget {"type":"Card","children":[{"type":"Text","value":"Dish 7 is on its way."}]}
}

// press does what a browser does when a button of a widget is pressed, and prints the answer.
func press(srv *chatkit.Server, thread, item, action string, payload any) {
	send(context.Background(), srv, "threads.custom_action", map[string]any{
		"thread_id": thread, "item_id": item, "action": map[string]any{"type": action, "payload": payload},
	})
}
