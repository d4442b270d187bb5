package main

import (
	"context"
	"encoding/json"
	"errors"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	nethttpchatkit "github.com/gochatkit/chatkit/adapters/nethttp"
	chatkit "github.com/gochatkit/chatkit/core"
	"github.com/gochatkit/chatkit/core/client"
	sqlitestore "github.com/gochatkit/chatkit/stores/sqlite"
)

// A bank remembers whom it has paid, and can be out of order.
type bank struct {
	paid map[string]int
	fail error
}

func (b *bank) pay(_ context.Context, key string, p payment) error {
	if b.fail != nil {
		return b.fail
	}
	b.paid[key] += p.Amount
	return nil
}

// session is the program between a start and an end.
func session(t *testing.T, db string, b *bank, use func(c *client.Client)) {
	t.Helper()
	store, err := sqlitestore.Open(db)
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	srv := newServer(store, b.pay)
	web := httptest.NewServer(nethttpchatkit.Handler(srv))
	defer web.Close()
	use(client.New(web.URL))
	if err := srv.Shutdown(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// all reads a stream to its end and returns its texts, its errors, and the last item that waits for somebody.
func all(t *testing.T, stream *client.Stream, err error) (thread string, said string, waits chatkit.Item) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	defer stream.Close()
	for e, err := range stream.Events() {
		if err != nil {
			t.Fatal(err)
		}
		switch e := e.Event.(type) {
		case *chatkit.ThreadCreatedEvent:
			thread = e.Thread.ID
		case *chatkit.ErrorEvent:
			said += "error: " + e.Message
		case *chatkit.ThreadItemReplacedEvent:
			waits = e.Item
		case *chatkit.ThreadItemDoneEvent:
			switch it := e.Item.(type) {
			case *chatkit.AssistantMessageItem:
				said += it.Text()
			case *chatkit.WidgetItem, *chatkit.StructuredInputItem:
				waits = it
			default: // the user's own message
			}
		default: // of no interest here
		}
	}
	return thread, said, waits
}

// press returns the action of the first button of a card with the given label.
func press(t *testing.T, it chatkit.Item, label string) client.Action {
	t.Helper()
	w, ok := it.(*chatkit.WidgetItem)
	if !ok {
		t.Fatalf("%T waits, want a widget", it)
	}
	var find func(v any) (client.Action, bool)
	find = func(v any) (client.Action, bool) {
		switch v := v.(type) {
		case map[string]any:
			if v["type"] == "Button" && v["label"] == label {
				action := v["onClickAction"].(map[string]any)
				return client.Action{Type: action["type"].(string), Payload: action["payload"]}, true
			}
			return find(v["children"])
		case []any:
			for _, child := range v {
				if a, ok := find(child); ok {
					return a, true
				}
			}
		}
		return client.Action{}, false
	}
	var tree any
	if err := json.Unmarshal(w.Widget, &tree); err != nil {
		t.Fatal(err)
	}
	a, ok := find(tree)
	if !ok {
		t.Fatalf("the card has no button %q: %s", label, w.Widget)
	}
	return a
}

func TestAnApprovalSurvivesARestart(t *testing.T) {
	ctx := t.Context()
	for _, tt := range []struct {
		name, order, button, said string
		paid                      int
	}{
		{"approved with a button", "pay 120 to Bob", "Approve", "Done: I did pay 120 € to Bob.", 120},
		{"rejected with a button", "pay 120 to Bob", "Reject", "All right, I did not pay 120 € to Bob.", 0},
		{"approved with a form", "pay 80 to Ann with a form", "Approve", "Done: I did pay 80 € to Ann.", 80},
		{"rejected with a form", "pay 80 to Ann with a form", "Reject", "All right, I did not pay 80 € to Ann.", 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			db := filepath.Join(t.TempDir(), "approval.db")
			b := &bank{paid: map[string]int{}}
			var thread string
			var waits chatkit.Item
			session(t, db, b, func(c *client.Client) {
				stream, err := c.CreateThread(ctx, client.Text(tt.order))
				thread, _, waits = all(t, stream, err)
			})
			if len(b.paid) != 0 {
				t.Fatalf("paid before anybody approved: %v", b.paid)
			}
			session(t, db, b, func(c *client.Client) {
				if form, ok := waits.(*chatkit.StructuredInputItem); ok {
					stream, err := c.StructuredInput(ctx, thread, form.ID, client.Answers{
						Values: map[string][]string{form.Inputs[0].Meta().ID: {tt.button}},
					})
					if _, said, _ := all(t, stream, err); said != tt.said {
						t.Errorf("answer = %q, want %q", said, tt.said)
					}
					return
				}
				action := press(t, waits, tt.button)
				stream, err := c.CustomAction(ctx, thread, waits.Meta().ID, action)
				_, said, card := all(t, stream, err)
				if said != tt.said {
					t.Errorf("answer = %q, want %q", said, tt.said)
				}
				if text := string(card.(*chatkit.WidgetItem).Widget); card.Meta().ID != waits.Meta().ID || strings.Contains(text, "Button") {
					t.Errorf("the card became %s, want it in its place and without buttons", text)
				}
				stream, err = c.CustomAction(ctx, thread, waits.Meta().ID, press(t, waits, "Approve"))
				if _, said, _ := all(t, stream, err); said != "" {
					t.Errorf("a second press says %q, want nothing", said)
				}
			})
			sum := 0
			for _, amount := range b.paid {
				sum += amount
			}
			if sum != tt.paid {
				t.Errorf("paid = %v, want %d in all", b.paid, tt.paid)
			}
		})
	}
}

func TestAFormThatIsSkippedCanBeDecidedLater(t *testing.T) {
	b := &bank{paid: map[string]int{}}
	session(t, filepath.Join(t.TempDir(), "approval.db"), b, func(c *client.Client) {
		stream, err := c.CreateThread(t.Context(), client.Text("pay 80 to Ann with a form"))
		thread, _, form := all(t, stream, err)
		stream, err = c.StructuredInput(t.Context(), thread, form.Meta().ID, client.Answers{Skipped: true})
		_, _, card := all(t, stream, err)
		stream, err = c.CustomAction(t.Context(), thread, card.Meta().ID, press(t, card, "Approve"))
		if _, said, _ := all(t, stream, err); said != "Done: I did pay 80 € to Ann." {
			t.Errorf("answer = %q", said)
		}
	})
}

func TestAPaymentThatWasCutOffGoesOnWithTheSameKey(t *testing.T) {
	db := filepath.Join(t.TempDir(), "approval.db")
	b := &bank{paid: map[string]int{}, fail: errors.New("connection lost")}
	var thread string
	var card chatkit.Item
	session(t, db, b, func(c *client.Client) {
		stream, err := c.CreateThread(t.Context(), client.Text("pay 120 to Bob"))
		thread, _, card = all(t, stream, err)
		stream, err = c.CustomAction(t.Context(), thread, card.Meta().ID, press(t, card, "Approve"))
		var said string
		if _, said, card = all(t, stream, err); !strings.HasPrefix(said, "error: The bank did not answer") {
			t.Errorf("answer = %q, want an error", said)
		}
	})
	b.fail = nil
	session(t, db, b, func(c *client.Client) {
		stream, err := c.CustomAction(t.Context(), thread, card.Meta().ID, press(t, card, "Go on"))
		if _, said, _ := all(t, stream, err); said != "Done: I did pay 120 € to Bob." {
			t.Errorf("answer = %q", said)
		}
		made := client.Action{Type: "payment.decide", Payload: map[string]any{"payment": "tsk_made_up", "approve": true}}
		stream, err = c.CustomAction(t.Context(), thread, "", made)
		if _, said, _ := all(t, stream, err); said != "error: There is no such payment." {
			t.Errorf("a payment that nobody ordered: %q", said)
		}
	})
	if len(b.paid) != 1 {
		t.Errorf("paid = %v, want one payment", b.paid)
	}
}
