package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strconv"

	chatkit "github.com/gochatkit/chatkit/core"
	"github.com/gochatkit/chatkit/core/widget"
)

// A payment is what has to be approved. All that is known of it is in the thread's metadata, which is
// stored and which no client sees: no goroutine waits, and no variable is lost in a restart.
type payment struct {
	Amount int    `json:"amount"` // €
	To     string `json:"to"`
	State  state  `json:"state"`
}

// The states of a payment. It goes from one to the next in the store before anything else is done.
type state string

const (
	asked    state = "asked"
	approved state = "approved" // paying has begun, and may have been cut off
	paid     state = "paid"
	rejected state = "rejected"
)

// A payFunc pays. It has to know the key of a payment that it has made already, and do nothing then, as
// banks do: after a crash nobody else can tell whether it had been called.
type payFunc func(ctx context.Context, key string, p payment) error

type approvals struct {
	pay payFunc
}

var order = regexp.MustCompile(`(?i)\bpay (\d{1,6}) (?:€ )?to (\w+)(.*\bform\b)?`)

// respond takes an order, or the answer to a form.
func (a *approvals) respond(ctx context.Context, t *chatkit.Turn) error {
	if t.Input == nil {
		return a.answered(ctx, t)
	}
	words := order.FindStringSubmatch(t.Input.Text())
	if words == nil {
		return t.Text("Tell me what to pay, for example `pay 120 to Bob`, or `pay 80 to Ann with a form`.")
	}
	amount, err := strconv.Atoi(words[1])
	if err != nil {
		return err
	}
	id, p := t.NewID(chatkit.IDTask), payment{Amount: amount, To: words[2], State: asked}
	if _, err := settle(t, id, func(stored *payment) { *stored = p }); err != nil {
		return err
	}
	if words[3] == "" {
		return t.Widget(card(id, p), "")
	}
	return t.Emit(&chatkit.ThreadItemDoneEvent{Item: &chatkit.StructuredInputItem{
		ItemMeta: t.NewItemMeta(chatkit.IDMessage), Status: chatkit.StructuredInputPending,
		Inputs: []chatkit.StructuredInput{&chatkit.MultipleChoiceInput{
			StructuredInputMeta: chatkit.StructuredInputMeta{ID: id, Question: "Shall I " + p.String() + "?"},
			Options:             []chatkit.StructuredInputOption{{Value: "Approve"}, {Value: "Reject"}},
		}},
	}})
}

// A decision is the payload of the buttons.
type decision struct {
	Payment string `json:"payment"`
	Approve bool   `json:"approve"`
}

// act takes the press of a button.
func (a *approvals) act(ctx context.Context, t *chatkit.Turn, action *chatkit.Action) error {
	if action.Type != "payment.decide" {
		return &chatkit.StreamError{Message: "There is no such action."}
	}
	d, err := chatkit.Payload[decision](action)
	if err != nil {
		return err
	}
	return a.decide(ctx, t, d, action.Sender)
}

// answered takes the answer to a form, which is the newest item then. Whoever skips it can still decide
// later, with the buttons.
func (a *approvals) answered(ctx context.Context, t *chatkit.Turn) error {
	var form *chatkit.StructuredInputItem
	for it, err := range t.History(ctx) {
		if err != nil {
			return err
		}
		form, _ = it.(*chatkit.StructuredInputItem)
	}
	if form == nil {
		return t.Text("I have not asked anything.")
	}
	question := form.Inputs[0].Meta()
	if question.Answer == nil || question.Answer.Skipped {
		p, err := settle(t, question.ID, func(*payment) {})
		if err != nil {
			return err
		}
		return t.Widget(card(question.ID, p), "")
	}
	return a.decide(ctx, t, decision{Payment: question.ID, Approve: question.Answer.Values[0] == "Approve"}, nil)
}

// decide does what was decided, once: a second press of a button, in another tab or by an impatient finger,
// finds the payment in another state. One that was cut off while paying goes on with the same key.
func (a *approvals) decide(ctx context.Context, t *chatkit.Turn, d decision, sender *chatkit.WidgetItem) error {
	again := false
	p, err := settle(t, d.Payment, func(p *payment) {
		switch {
		case p.State != asked:
			again = true
		case d.Approve:
			p.State = approved
		default:
			p.State = rejected
		}
	})
	if err != nil {
		return err
	}
	if p.State == approved {
		again = false
		if err := a.pay(ctx, d.Payment, p); err != nil {
			if sender != nil {
				err = errors.Join(err, t.ReplaceWidget(sender, card(d.Payment, p), ""))
			}
			return &chatkit.StreamError{Message: "The bank did not answer. Press the button again.", Err: err}
		}
		if p, err = settle(t, d.Payment, func(p *payment) { p.State = paid }); err != nil {
			return err
		}
	}
	if sender != nil {
		if err := t.ReplaceWidget(sender, card(d.Payment, p), ""); err != nil {
			return err
		}
	}
	if again {
		return nil
	}
	if p.State == paid {
		return t.Text("Done: I did " + p.String() + ".")
	}
	return t.Text("All right, I did not " + p.String() + ".")
}

// settle changes one payment of the thread, in one step with its reading, and returns it. What a client
// made up is an error.
func settle(t *chatkit.Turn, id string, change func(*payment)) (payment, error) {
	var p payment
	var bad error
	err := t.UpdateThread(func(th *chatkit.Thread) {
		all, err := payments(th)
		if err != nil {
			bad = err
			return
		}
		before := all[id]
		p = before
		change(&p)
		switch p {
		case payment{}:
			bad = &chatkit.StreamError{Message: "There is no such payment."}
		case before: // there is nothing to store
		default:
			all[id] = p
			if th.Metadata == nil {
				th.Metadata = map[string]any{}
			}
			th.Metadata["payments"] = all
		}
	})
	if err == nil {
		err = bad
	}
	return p, err
}

// payments reads the payments of a thread, which come out of the store as plain JSON values.
func payments(th *chatkit.Thread) (map[string]payment, error) {
	all := map[string]payment{}
	if th.Metadata["payments"] == nil {
		return all, nil
	}
	raw, err := json.Marshal(th.Metadata["payments"])
	if err == nil {
		err = json.Unmarshal(raw, &all)
	}
	if err != nil {
		return nil, fmt.Errorf("read payments: %w", err)
	}
	return all, nil
}

// String says what the payment does, for a sentence.
func (p payment) String() string { return fmt.Sprintf("pay %d € to %s", p.Amount, p.To) }

// card shows a payment, with buttons for as long as somebody has to press one.
func card(id string, p payment) widget.Root {
	badge := &widget.Badge{Label: string(p.State), Color: widget.BadgeColorSuccess}
	root := &widget.Card{Size: widget.CardSizeSM, Children: []widget.Component{
		&widget.Row{Children: []widget.Component{&widget.Title{Value: fmt.Sprintf("%d €", p.Amount)}, &widget.Spacer{}, badge}},
		&widget.Text{Value: "to " + p.To},
	}}
	switch p.State {
	case rejected:
		badge.Color = widget.BadgeColorDanger
	case asked:
		badge.Color = widget.BadgeColorWarning
		root.Children = append(root.Children, &widget.Row{Children: []widget.Component{
			button("Approve", decision{Payment: id, Approve: true}), button("Reject", decision{Payment: id}),
		}})
	case approved: // it can only go on: the bank may have paid
		badge.Color = widget.BadgeColorWarning
		root.Children = append(root.Children, button("Go on", decision{Payment: id, Approve: true}))
	case paid:
	}
	return root
}

func button(label string, d decision) widget.Component {
	return &widget.Button{Label: label, OnClickAction: &widget.ActionConfig{Type: "payment.decide", Payload: d}}
}
