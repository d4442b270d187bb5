package chatkit_test

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	chatkit "github.com/gochatkit/chatkit/core"
	"github.com/gochatkit/chatkit/core/widget"
)

type choice struct {
	ID    string `json:"id"`
	Count int    `json:"count"`
}

func TestPayloadIsStrict(t *testing.T) {
	for payload, want := range map[string]choice{
		`{"id":"a","count":2}`:               {ID: "a", Count: 2},
		`{"id":"a"}`:                         {ID: "a"},
		`{}`:                                 {},
		`{"id":"a","count":2,"admin":true}`:  {ID: "bad"},
		`{"id":7}`:                           {ID: "bad"},
		`{"id":"a"} {"id":"b"}`:              {ID: "bad"},
		`{"count":1.5}`:                      {ID: "bad"},
		`[]`:                                 {ID: "bad"},
		`null`:                               {ID: "bad"},
		``:                                   {ID: "bad"},
		`{"id":`:                             {ID: "bad"},
		`{"count":99999999999999999999999}`:  {ID: "bad"},
		strings.Repeat(`[`, 100) + `{"id":1`: {ID: "bad"},
	} {
		got, err := chatkit.Payload[choice](&chatkit.Action{Type: "buy", Payload: json.RawMessage(payload)})
		if want.ID == "bad" {
			var shown *chatkit.StreamError
			if !errors.As(err, &shown) || shown.Message == "" || got != (choice{}) {
				t.Errorf("Payload(%.40s) = %+v, %v, want a StreamError with a text", payload, got, err)
			}
			if status, _ := chatkit.HTTPStatus(err); status != 400 {
				t.Errorf("HTTPStatus(%v) = %d, want 400", err, status)
			}
			continue
		}
		if err != nil || got != want {
			t.Errorf("Payload(%s) = %+v, %v, want %+v", payload, got, err, want)
		}
	}
	if got, err := chatkit.Payload[*choice](&chatkit.Action{Payload: json.RawMessage("null")}); err != nil || got != nil {
		t.Errorf("Payload of a pointer = %v, %v, want nil for null", got, err)
	}
}

// card is a widget with one text.
func card(text string) widget.Root {
	return &widget.Card{Children: []widget.Component{&widget.Text{Value: text}}}
}

func TestAnActionReplacesItsWidgetInPlace(t *testing.T) {
	var r *rig
	var gone error
	r = newRig(t, func(_ context.Context, t *chatkit.Turn) error {
		if err := t.Widget(card("0"), "copy me"); err != nil {
			return err
		}
		return t.Text("Here it is.")
	}, func(o *chatkit.Options) {
		o.Action = func(ctx context.Context, t *chatkit.Turn, a *chatkit.Action) error {
			text, err := chatkit.Payload[string](a)
			if err != nil {
				return err
			}
			if text == "delete first" {
				if err := t.Emit(&chatkit.ThreadItemRemovedEvent{ItemID: a.Sender.ID}); err != nil {
					return err
				}
				gone = t.ReplaceWidget(a.Sender, card(text), "")
				return nil
			}
			if err := t.ReplaceWidget(a.Sender, card("not seen"), ""); err != nil {
				return err
			}
			return t.ReplaceWidget(a.Sender, card(text), "copy "+text)
		}
	})
	thread := r.thread()
	r.ask(message(thread, "a widget, please"))
	page, err := r.store.Items(t.Context(), "", thread, chatkit.PageQuery{Limit: 10})
	if err != nil {
		t.Fatal(err)
	}
	before := page.Data[1].(*chatkit.WidgetItem)

	act := func(payload string) string {
		return r.ask(`{"type":"threads.custom_action","params":{"thread_id":"` + thread + `","item_id":"` + before.ID +
			`","action":{"type":"set","payload":` + payload + `}}}`)
	}
	events := act(`"1"`)
	if got := strings.Count(events, `{"type":"thread.item.replaced","item":{"id":"`+before.ID+`"`); got != 2 {
		t.Errorf("replaced events = %d, want 2 in\n%s", got, events)
	}
	it, err := r.store.Item(t.Context(), "", thread, before.ID)
	if err != nil {
		t.Fatal(err)
	}
	after := it.(*chatkit.WidgetItem)
	if !strings.Contains(string(after.Widget), `"value":"1"`) || after.CopyText == nil || *after.CopyText != "copy 1" || !after.CreatedAt.Equal(before.CreatedAt) {
		t.Errorf("the widget = %s, %v, %s, want the new text, its button and the old time %s",
			after.Widget, after.CopyText, after.CreatedAt.Format(time.RFC3339Nano), before.CreatedAt.Format(time.RFC3339Nano))
	}
	if got, want := r.history(thread), "u:a widget, please widget a:Here it is."; got != want {
		t.Errorf("history = %s, want %s", got, want)
	}
	if events := act(`{"no":"string"}`); !strings.Contains(events, `"type":"error","code":"custom"`) {
		t.Errorf("events for a payload of another shape = %s, want an error that is shown", events)
	}
	// An action that nobody has seen anything of is no part of the conversation, and no fault of the server.
	noSender := r.ask(`{"type":"threads.custom_action","params":{"thread_id":"` + thread + `","action":{"type":"set","payload":"2"}}}`)
	if !strings.Contains(noSender, `"type":"error","code":"custom"`) {
		t.Errorf("events for an action without a widget = %s, want an error that is shown", noSender)
	}
	if got, want := r.history(thread), "u:a widget, please widget a:Here it is."; got != want {
		t.Errorf("history after the errors = %s, want %s", got, want)
	}
	if log := r.log.String(); strings.Contains(log, "level=ERROR") {
		t.Errorf("log = %s, want no error", log)
	}
	act(`"delete first"`)
	if !errors.Is(gone, chatkit.ErrNotFound) {
		t.Errorf("ReplaceWidget of a deleted widget = %v, want ErrNotFound", gone)
	}
}
