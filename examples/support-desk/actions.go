package main

import (
	"context"
	"errors"

	chatkit "github.com/gochatkit/chatkit/core"
)

// The actions of the cards.
const (
	actionShow    = "order.show"    // show the card
	actionCancel  = "order.cancel"  // ask whether to cancel
	actionKeep    = "order.keep"    // do not cancel
	actionConfirm = "order.confirm" // cancel
)

// A choice is the payload of the actions. It comes from a browser, so the order may be anybody's or nobody's.
type choice struct {
	Order string `json:"order"`
}

// act takes a click in a card. The database says what is, never the card: it may be old, and pressed twice.
func (d *desk) act(ctx context.Context, t *chatkit.Turn, a *chatkit.Action) error {
	in, err := chatkit.Payload[choice](a)
	if err != nil {
		return err
	}
	before, err := d.orders.find(ctx, t.Owner(), in.Order)
	if err != nil {
		return said(err)
	}
	switch a.Type {
	case actionShow:
		return t.Widget(card(before, false), "")
	case actionCancel, actionKeep:
		return update(t, a.Sender, before, a.Type == actionCancel)
	case actionConfirm:
	default:
		return &chatkit.StreamError{Message: "There is no such action."}
	}

	after, err := d.orders.cancel(ctx, t.Owner(), in.Order)
	if err != nil {
		return errors.Join(said(err), update(t, a.Sender, before, false))
	}
	if err := update(t, a.Sender, after, false); err != nil || before.Status == after.Status {
		return err
	}
	if err := t.Effect("orders.changed", choice{after.ID}); err != nil {
		return err
	}
	return t.Text("Order " + after.ID + " is cancelled. **" + after.price() + "** are on their way back to you.")
}

// update shows an order in the card that was clicked, or in a new one if the click came from elsewhere.
func update(t *chatkit.Turn, sender *chatkit.WidgetItem, o order, cancelling bool) error {
	if sender == nil {
		return t.Widget(card(o, cancelling), "")
	}
	return t.ReplaceWidget(sender, card(o, cancelling), "")
}

// said lets the customer read a refusal.
func said(err error) error {
	var no refusal
	if errors.As(err, &no) {
		return &chatkit.StreamError{Message: string(no)}
	}
	return err
}
