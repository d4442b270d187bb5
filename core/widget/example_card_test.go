package widget_test

import (
	"fmt"

	"github.com/gochatkit/chatkit/core/widget"
)

// A widget is a tree of struct literals. What a member may hold is checked when the tree is encoded.
func Example() {
	card := &widget.Card{
		Size: widget.CardSizeSM,
		Children: []widget.Component{
			&widget.Title{Value: "Lunch?"},
			&widget.Row{Gap: widget.Units(2), Children: []widget.Component{
				&widget.Badge{Label: "vegan", Color: widget.BadgeColorSuccess},
				&widget.Spacer{},
				&widget.Button{
					Label:         "Order",
					OnClickAction: &widget.ActionConfig{Type: "order", Payload: map[string]any{"dish": 7}},
				},
			}},
		},
	}
	raw, err := widget.Encode(card)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(string(raw))

	card.Children[0] = &widget.Title{Value: "Lunch?", Size: "huge"}
	_, err = widget.Encode(card)
	fmt.Println(err)
	// Output:
	// {"type":"Card","children":[{"type":"Title","value":"Lunch?"},{"children":[{"type":"Badge","label":"vegan","color":"success"},{"type":"Spacer"},{"type":"Button","label":"Order","onClickAction":{"type":"order","payload":{"dish":7},"handler":"server","loadingBehavior":"auto","streaming":true}}],"gap":2,"type":"Row"}],"size":"sm"}
	// Card.children[0].Title.size: "huge" is not one of sm, md, lg, xl, 2xl, 3xl, 4xl, 5xl
}
