package main

import (
	"context"
	"errors"
	"time"

	chatkit "github.com/gochatkit/chatkit/core"
	"github.com/gochatkit/chatkit/core/agent"
)

// tools are what the model can do. Whose orders they are about is never an argument: it comes from the login.
func (d *desk) tools() []agent.Tool {
	tools := []agent.Tool{
		agent.Func("list_orders", "List the customer's orders, and show them.", d.listOrders),
		agent.Func("show_order", "Look up one order, and show its card.", d.showOrder),
		agent.Func("cancel_order", "Ask the customer, with a card, to confirm that an order is to be cancelled.", d.cancelOrder),
		agent.Func("change_delivery", "Deliver an order on another day.", d.changeDelivery),
		agent.Func("report_damage", "Order a replacement for a delivered item that is on the customer's photo.", d.reportDamage),
	}
	for i := range tools {
		tools[i] = tools[i].WithTimeout(10 * time.Second)
	}
	return tools
}

type orderArgs struct {
	Order string `json:"order" jsonschema:"id of the order, such as A-1002"`
}

func (d *desk) listOrders(ctx context.Context, _ struct{}) ([]order, error) {
	t, err := turn(ctx)
	if err != nil {
		return nil, err
	}
	if err := t.Progress(chatkit.IconSearch, "Looking for your orders…"); err != nil {
		return nil, err
	}
	all, err := d.orders.list(ctx, t.Owner())
	if err != nil || len(all) == 0 {
		return all, err
	}
	return all, t.Widget(overview(all), "")
}

func (d *desk) showOrder(ctx context.Context, in orderArgs) (order, error) {
	return d.show(ctx, in.Order, false)
}

// cancelOrder cancels nothing: a model may be wrong, or be talked into something. The button in the card does it.
func (d *desk) cancelOrder(ctx context.Context, in orderArgs) (order, error) {
	return d.show(ctx, in.Order, true)
}

// show looks an order up and shows its card.
func (d *desk) show(ctx context.Context, id string, cancelling bool) (order, error) {
	t, err := turn(ctx)
	if err != nil {
		return order{}, err
	}
	if err := t.Progress(chatkit.IconSearch, "Looking up the order…"); err != nil {
		return order{}, err
	}
	found, err := d.orders.find(ctx, t.Owner(), id)
	if err != nil {
		return order{}, told(err)
	}
	return found, t.Widget(card(found, cancelling), "")
}

func (d *desk) changeDelivery(ctx context.Context, in struct {
	Order string `json:"order" jsonschema:"id of the order, such as A-1002"`
	Day   string `json:"day" jsonschema:"the new day, as 2006-01-02"`
},
) (order, error) {
	t, err := turn(ctx)
	if err != nil {
		return order{}, err
	}
	if err := t.Progress(chatkit.IconCalendar, "Asking the carrier…"); err != nil {
		return order{}, err
	}
	changed, err := d.orders.deliver(ctx, t.Owner(), in.Order, in.Day)
	if err != nil {
		return order{}, told(err)
	}
	return changed, shown(t, changed)
}

func (d *desk) reportDamage(ctx context.Context, in struct {
	Order  string `json:"order" jsonschema:"id of the order, such as A-1002"`
	Damage string `json:"damage" jsonschema:"what is damaged, in one sentence"`
},
) (order, error) {
	t, err := turn(ctx)
	if err != nil {
		return order{}, err
	}
	// Tasks stay in the thread, as a workflow that the customer can open later.
	look := agent.Task(ctx, "Looking for your photo")
	photo, err := newestPhoto(ctx, t)
	if err = errors.Join(err, look.Done()); err != nil {
		return order{}, err
	}
	replace := agent.Task(ctx, "Ordering a replacement")
	changed, err := d.orders.replace(ctx, t.Owner(), in.Order, photo, shorten(in.Damage))
	if err = errors.Join(told(err), replace.Done()); err != nil {
		return order{}, err
	}
	if bridge, ok := agent.BridgeFrom(ctx); ok {
		if err := bridge.EndWorkflow(&chatkit.CustomSummary{Title: "Damage checked", Icon: chatkit.IconCheckCircle}, false); err != nil {
			return order{}, err
		}
	}
	return changed, shown(t, changed)
}

// newestPhoto returns the id of the photo that came last. The thread's own items are the proof that it is the
// customer's.
func newestPhoto(ctx context.Context, t *chatkit.Turn) (id string, err error) {
	for it, err := range t.History(ctx) {
		if err != nil {
			return "", err
		}
		message, ok := it.(*chatkit.UserMessageItem)
		if !ok {
			continue
		}
		for _, a := range message.Attachments {
			if image, ok := a.(*chatkit.ImageAttachment); ok {
				id = image.ID
			}
		}
	}
	if id == "" {
		return "", agent.Tell("There is no photo in this conversation. Ask the customer to attach one.")
	}
	return id, nil
}

// turn returns the turn that a tool works for.
func turn(ctx context.Context) (*chatkit.Turn, error) {
	t, ok := chatkit.TurnFrom(ctx)
	if !ok {
		return nil, errors.New("a tool of the desk was called outside of a turn")
	}
	return t, nil
}

// shown shows an order that has changed: its card here, and a word to the page around the chat, which may have
// the order on it as well.
func shown(t *chatkit.Turn, o order) error {
	return errors.Join(t.Widget(card(o, false), ""), t.Effect("orders.changed", choice{o.ID}))
}

// told lets the model read a refusal. Of other errors it learns only that there was one.
func told(err error) error {
	var no refusal
	if errors.As(err, &no) {
		return agent.Tell("%s", string(no))
	}
	return err
}
