package chatkit

import (
	"fmt"

	"github.com/gochatkit/chatkit/core/widget"
)

// A WidgetWriter streams a widget that stays on the screen while it changes. Appending to a text costs what
// the text costs, however large the widget is; see [Turn.StreamWidget] for a widget that is built anew for each
// state. It is complete and stored with Close. It is safe for concurrent use.
//
// Forgetting Close costs a warning in the log: the server finishes the widget when Respond returns.
type WidgetWriter struct {
	t      *Turn
	item   *WidgetItem
	stream *widget.Stream
	closed bool
}

// OpenWidget shows a widget that goes on changing. CopyText is as in [Turn.Widget].
func (t *Turn) OpenWidget(root widget.Root, copyText string) (*WidgetWriter, error) {
	stream, err := widget.NewStream(root)
	if err != nil {
		return nil, fmt.Errorf("open widget: %w", err)
	}
	w := &WidgetWriter{t: t, item: t.newWidget(stream.JSON(), copyText), stream: stream}
	if err := t.Emit(&ThreadItemAddedEvent{Item: CloneItem(w.item)}); err != nil {
		return nil, err
	}
	return w, nil
}

// ID returns the id of the widget's item.
func (w *WidgetWriter) ID() string { return w.item.ID }

// AppendText appends to the text of the component with the given id, a Text or Markdown. It returns an error
// if the widget has none, and the cause once the turn is over.
func (w *WidgetWriter) AppendText(id, delta string) error {
	return w.change(func() ([]widget.Update, error) {
		u, err := w.stream.AppendText(id, delta)
		return []widget.Update{&u}, err
	})
}

// Update replaces the widget; what is sent is what changed.
func (w *WidgetWriter) Update(root widget.Root) error {
	return w.change(func() ([]widget.Update, error) { return w.stream.Update(root, widget.Lossless) })
}

// Close completes the widget and stores it. Closing twice does nothing.
func (w *WidgetWriter) Close() error {
	r := w.t.rec
	r.pen.take()
	defer r.pen.put()
	if w.closed {
		return nil
	}
	if err := r.open(w.item.ID); err != nil {
		return err
	}
	w.closed = true
	w.item.Widget = w.stream.JSON()
	return r.record(&ThreadItemDoneEvent{Item: w.item})
}

func (w *WidgetWriter) change(fn func() ([]widget.Update, error)) error {
	r := w.t.rec
	r.pen.take()
	defer r.pen.put()
	if err := r.open(w.item.ID); err != nil {
		return err
	}
	if w.closed {
		return fmt.Errorf("change widget %s: it is closed", w.item.ID)
	}
	updates, err := fn()
	if err != nil {
		return fmt.Errorf("change widget %s: %w", w.item.ID, err)
	}
	for _, u := range updates {
		e := &ThreadItemUpdatedEvent{ItemID: w.item.ID, Update: widgetUpdate(u)}
		if err := validateEvent(e); err != nil {
			return fmt.Errorf("change widget %s: %w", w.item.ID, err)
		}
		if err := r.record(e); err != nil {
			return err
		}
	}
	return nil
}

// widgetUpdate is the event's form of an update.
func widgetUpdate(u widget.Update) ItemUpdate {
	switch u := u.(type) {
	case *widget.TextDelta:
		return &WidgetStreamingTextValueDelta{ComponentID: u.ComponentID, Delta: u.Delta, Done: u.Done}
	case *widget.RootUpdated:
		return &WidgetRootUpdated{Widget: u.Widget}
	}
	return nil
}
