package chatkit

import (
	"encoding/json"
	"errors"
	"fmt"
	"iter"

	"github.com/gochatkit/chatkit/core/widget"
)

// Widget shows a widget and stores it. CopyText is what its copy button puts into the clipboard; empty
// means no such button.
func (t *Turn) Widget(root widget.Root, copyText string) error {
	raw, err := widget.Encode(root)
	if err != nil {
		return fmt.Errorf("widget: %w", err)
	}
	return t.Emit(&ThreadItemDoneEvent{Item: t.newWidget(raw, copyText)})
}

// errNoWidget says that a sequence of widget states was empty.
var errNoWidget = errors.New("stream widget: no state at all")

// StreamWidget shows the states of a widget one after the other and stores the last one. Between two
// states only what changed is sent: a text that grows sends its new part, anything else the whole tree
// (ChatKit protocol: widget streaming). It returns the sequence's first error.
func (t *Turn) StreamWidget(states iter.Seq2[widget.Root, error], copyText string) error {
	var item *WidgetItem
	for root, err := range states {
		if err != nil {
			return err
		}
		raw, err := widget.Encode(root)
		if err != nil {
			return fmt.Errorf("stream widget: %w", err)
		}
		if item == nil {
			item = t.newWidget(raw, copyText)
			err = t.Emit(&ThreadItemAddedEvent{Item: CloneItem(item)})
		} else {
			err = t.updateWidget(item, raw)
		}
		if err != nil {
			return err
		}
	}
	if item == nil {
		return errNoWidget
	}
	return t.Emit(&ThreadItemDoneEvent{Item: item})
}

// ReplaceWidget shows root in place of a widget that the thread has, and stores it: the answer to an action
// of that widget is Action.Sender with another root. CopyText is what the copy button copies, as in [Turn.Widget].
// The item keeps its id and its place; item is the new one afterwards. It is an error that wraps ErrNotFound if the thread has no such
// widget any more, for example because the user asked for another answer meanwhile.
func (t *Turn) ReplaceWidget(item *WidgetItem, root widget.Root, copyText string) error {
	if item == nil {
		return errNoSender
	}
	raw, err := widget.Encode(root)
	if err != nil {
		return fmt.Errorf("replace widget %s: %w", item.ID, err)
	}
	stored, err := t.rec.srv.store.Item(t.rec.ctx, t.rec.owner, t.rec.thread, item.ID)
	if err != nil {
		return fmt.Errorf("replace widget %s: %w", item.ID, err)
	}
	if _, ok := stored.(*WidgetItem); !ok {
		return fmt.Errorf("replace widget %s: it is a %s: %w", item.ID, stored.ItemType(), ErrNotFound)
	}
	next := CloneItem(item).(*WidgetItem) // a clone has its own type
	next.Widget, next.CopyText = raw, optional(copyText)
	if err := t.Emit(&ThreadItemReplacedEvent{Item: next}); err != nil {
		return err
	}
	item.Widget, item.CopyText = next.Widget, next.CopyText
	return nil
}

// errNoSender says that an action did not come from a widget.
var errNoSender = &StreamError{Message: "This action has to come from a widget.", Err: fmt.Errorf("%w: replace widget: there is none", errBadAction)}

func (t *Turn) newWidget(raw json.RawMessage, copyText string) *WidgetItem {
	return &WidgetItem{ItemMeta: t.NewItemMeta(IDMessage), Widget: raw, CopyText: optional(copyText)}
}

// optional is a text that is absent if it is empty.
func optional(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

func (t *Turn) updateWidget(item *WidgetItem, next json.RawMessage) error {
	updates, err := widget.Diff(item.Widget, next, widget.Lossless)
	if err != nil {
		return fmt.Errorf("stream widget: %w", err)
	}
	item.Widget = next
	for _, u := range updates {
		if err := t.Emit(&ThreadItemUpdatedEvent{ItemID: item.ID, Update: widgetUpdate(u)}); err != nil {
			return err
		}
	}
	return nil
}
