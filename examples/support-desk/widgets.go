package main

import (
	"strings"

	"github.com/gochatkit/chatkit/core/widget"
)

// secondary is the client's colour for what matters less.
const secondary widget.Color = "secondary"

// card shows an order. While it is being cancelled it asks whether to go on.
func card(o order, cancelling bool) widget.Root {
	c := &widget.Card{Size: widget.CardSizeMD, Children: []widget.Component{
		&widget.Row{Gap: widget.Units(3), Align: widget.AlignmentCenter, Children: []widget.Component{
			picture(o, 56),
			&widget.Col{Flex: widget.Num(1), Children: []widget.Component{
				&widget.Title{Value: o.Product, Size: widget.TitleSizeSM},
				&widget.Caption{Value: "Order " + o.ID + " · " + o.price()},
			}},
			badge(o),
		}},
	}}
	add := func(more ...widget.Component) { c.Children = append(c.Children, more...) }
	switch {
	case o.Status == preparing && cancelling:
		add(
			&widget.Divider{},
			&widget.Text{Value: "Cancel this order? You get " + o.price() + " back."},
			&widget.Row{Gap: widget.Units(2), Children: []widget.Component{
				button("Yes, cancel it", actionConfirm, o, widget.ButtonStylePrimary),
				button("Keep the order", actionKeep, o, widget.ButtonStyleSecondary),
			}},
		)
	case o.Status == preparing:
		add(arrival(o), &widget.Row{Children: []widget.Component{
			button("Cancel order", actionCancel, o, widget.ButtonStyleSecondary),
		}})
	case o.Status == cancelled:
		add(&widget.Text{Value: o.price() + " are on their way back to you.", Size: widget.TextSizeSM, Color: secondary})
	default:
		add(arrival(o))
	}
	return c
}

func picture(o order, pixels float64) widget.Component {
	return &widget.Image{Src: o.Picture, Alt: o.Product, Size: widget.Px(pixels), Radius: widget.RadiusMD}
}

// arrival says when an order comes, or has come.
func arrival(o order) widget.Component {
	when := "Arrives on "
	switch o.Status {
	case delivered:
		when = "Arrived on "
	case replacing:
		when = "The replacement arrives on "
	case preparing, underway, cancelled:
	}
	return &widget.Row{Gap: widget.Units(2), Align: widget.AlignmentCenter, Children: []widget.Component{
		&widget.Icon{Name: widget.IconCalendar, Color: secondary},
		&widget.Text{Value: when + o.day(), Size: widget.TextSizeSM},
	}}
}

// overview shows orders as a list. A click on one shows its card.
func overview(all []order) widget.Root {
	list := &widget.ListView{}
	for _, o := range all {
		list.Children = append(list.Children, &widget.ListViewItem{
			Key: o.ID, Gap: widget.Units(3), Align: widget.AlignmentCenter, OnClickAction: action(actionShow, o),
			Children: []widget.Component{
				picture(o, 40),
				&widget.Col{Flex: widget.Num(1), Children: []widget.Component{
					&widget.Text{Value: o.Product, Weight: widget.WeightSemibold},
					&widget.Caption{Value: o.ID + " · " + o.price()},
				}},
				badge(o),
			},
		})
	}
	return list
}

var badges = map[status]widget.BadgeColor{
	preparing: widget.BadgeColorWarning,
	underway:  widget.BadgeColorInfo,
	delivered: widget.BadgeColorSuccess,
	cancelled: widget.BadgeColorDanger,
	replacing: widget.BadgeColorDiscovery,
}

// label is the state with a capital, as badges have it.
func (s status) label() string { return strings.ToUpper(string(s[:1])) + string(s[1:]) }

func badge(o order) widget.Component {
	return &widget.Badge{Label: o.Status.label(), Color: badges[o.Status], Pill: widget.True}
}

func button(label, what string, o order, style widget.ButtonStyle) widget.Component {
	return &widget.Button{Label: label, Style: style, OnClickAction: action(what, o)}
}

func action(what string, o order) *widget.ActionConfig {
	return &widget.ActionConfig{Type: what, Payload: choice{Order: o.ID}}
}
