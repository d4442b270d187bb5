package main

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	chatkit "github.com/gochatkit/chatkit/core"
	"github.com/gochatkit/chatkit/core/widget"
)

func (d *demo) widget(ctx context.Context, t *chatkit.Turn) error {
	if err := t.Widget(reservation(""), "A table for two, Friday evening"); err != nil {
		return err
	}
	return d.say(ctx, t, "A press on a button comes back to the server as an *action*.")
}

// gallery shows most kinds of components: a text that grows, a form, a list, a table.
func (d *demo) gallery(ctx context.Context, t *chatkit.Turn) error {
	w, err := t.OpenWidget(galleryText(), "")
	if err != nil {
		return err
	}
	for word := range strings.SplitAfterSeq("This text grows inside of its widget, word by word.", " ") {
		if err := w.AppendText("grows", word); err != nil {
			return err
		}
		if err := sleep(ctx, d.pause); err != nil {
			return err
		}
	}
	if err := w.Close(); err != nil {
		return err
	}
	for _, root := range []widget.Root{galleryForm(), galleryList(false)} {
		if err := t.Widget(root, ""); err != nil {
			return err
		}
	}
	return d.say(ctx, t, "Save the form, pick a city, or tick the box: each comes back as an action.")
}

// action answers the buttons of the widgets. An action comes from a browser, so it may hold anything.
func (d *demo) action(ctx context.Context, t *chatkit.Turn, a *chatkit.Action) error {
	switch {
	case a.Type == "table.book" && a.Sender != nil:
		booking, err := chatkit.Payload[struct {
			Time string `json:"time"`
		}](a)
		if err != nil {
			return err
		}
		if !slices.Contains(tableTimes, booking.Time) {
			break
		}
		if err := t.ReplaceWidget(a.Sender, reservation(booking.Time), ""); err != nil {
			return err
		}
		return d.say(ctx, t, "Done: your table is booked for **"+booking.Time+"**.")
	case strings.HasPrefix(a.Type, "gallery."):
		payload, err := json.MarshalIndent(a.Payload, "", "  ")
		if err != nil {
			return err
		}
		return d.say(ctx, t, "The server has got the action `"+strings.ReplaceAll(a.Type, "`", "'")+"`:\n\n```json\n"+string(payload)+"\n```")
	}
	return &chatkit.StreamError{Message: "This demo does not know that button."}
}

// syncAction answers a tick beside whatever answer is in progress.
func (d *demo) syncAction(_ context.Context, _ *chatkit.Thread, a *chatkit.Action) (chatkit.Item, error) {
	if a.Type != "gallery.tick" || a.Sender == nil {
		return nil, &chatkit.StreamError{Message: "This demo does not know that button."}
	}
	raw, err := widget.Encode(galleryList(true))
	if err != nil {
		return nil, err
	}
	changed := *a.Sender
	changed.Widget = raw
	return &changed, nil
}
