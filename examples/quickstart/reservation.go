package main

import "github.com/gochatkit/chatkit/core/widget"

// tableTimes are the times at which the demo has a table.
var tableTimes = []string{"19:00", "20:30"}

// reservation is the demo's widget: a card with a button for every time, or with the time that was booked.
func reservation(booked string) widget.Root {
	when, state := "Friday evening", &widget.Badge{Label: "Open", Color: widget.BadgeColorInfo}
	if booked != "" {
		when, state = "Friday, "+booked, &widget.Badge{Label: "Booked", Color: widget.BadgeColorSuccess}
	}
	card := &widget.Card{Size: widget.CardSizeSM, Children: []widget.Component{
		&widget.Row{Children: []widget.Component{&widget.Title{Value: "A table for two"}, &widget.Spacer{}, state}},
		&widget.Row{Children: []widget.Component{
			&widget.Icon{Name: widget.IconCalendar}, &widget.Text{Value: when},
		}},
	}}
	if booked == "" {
		buttons := &widget.Row{}
		for _, time := range tableTimes {
			buttons.Children = append(buttons.Children, &widget.Button{Label: time, OnClickAction: &widget.ActionConfig{
				Type: "table.book", Payload: map[string]string{"time": time},
			}})
		}
		card.Children = append(card.Children, buttons)
	}
	return card
}
