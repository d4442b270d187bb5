package widget

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/gochatkit/chatkit/core/internal/jsonx"
)

// DiffOption changes what [Diff] and [DiffRoots] report.
type DiffOption uint8

// Lossless reports the changes that the reference's algorithm loses: a text that grows in a component without
// an id, or below a child that stands alone instead of in a list. They become a [*RootUpdated]. Without this
// option such a change reaches the browser only when the item is done.
const Lossless DiffOption = 1

// Diff returns the updates that turn the widget before into the widget after (ChatKit protocol: diff_widget).
// The result is empty, or one [*RootUpdated], or one or more [*TextDelta].
//
// Texts may grow: a Text or Markdown component with an id whose value gained an ending gives a TextDelta.
// Every other change gives a RootUpdated with after. Two states with the same wire form give no update: space,
// member order, nulls and the form of numbers and strings make no difference.
//
// It fails if before or after is not a JSON object, or nests deeper than 1000 levels. The updates share
// memory with after.
func Diff(before, after json.RawMessage, opts ...DiffOption) ([]Update, error) {
	d := differ{a: scanner{buf: before}, b: scanner{buf: after}}
	i, err := d.a.wholeObject()
	if err != nil {
		return nil, fmt.Errorf("diff widget: before: %w", err)
	}
	j, err := d.b.wholeObject()
	if err != nil {
		return nil, fmt.Errorf("diff widget: after: %w", err)
	}
	_, _, ok := d.component(i, j, true)
	if !ok || d.lost && lossless(opts) || d.ambiguous() {
		return []Update{&RootUpdated{Widget: after}}, nil
	}
	return d.deltas, nil
}

func lossless(opts []DiffOption) bool {
	for _, o := range opts {
		if o&Lossless != 0 {
			return true
		}
	}
	return false
}

// ambiguous reports whether a delta names an id that more than one text has, so that a client could not
// tell which one to change.
func (d *differ) ambiguous() bool {
	for _, u := range d.deltas {
		id := u.(*TextDelta).ComponentID
		// An id that stands once in the text, and could stand nowhere in another spelling, needs no walk.
		if bytes.Count(d.b.buf, jsonx.AppendString(nil, id)) <= 1 &&
			!bytes.Contains(d.b.buf, []byte(`\u`)) && !bytes.Contains(d.b.buf, []byte(`\/`)) {
			continue
		}
		n := 0
		s := scanner{buf: d.b.buf}
		s.texts(s.space(0), false, func(t textAt) {
			if t.id == id {
				n++
			}
		})
		if n > 1 {
			return true
		}
	}
	return false
}
