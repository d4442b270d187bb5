package widget

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

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
	i, j := d.a.space(0), d.b.space(0)
	if i >= len(before) || before[i] != '{' {
		return nil, fmt.Errorf("diff widget: before is not a JSON object")
	}
	if j >= len(after) || after[j] != '{' {
		return nil, fmt.Errorf("diff widget: after is not a JSON object")
	}
	i, j, ok := d.component(i, j, true)
	if ok {
		if i = d.a.space(i); i < len(before) {
			d.fail(&d.a, d.a.syntax(i))
		} else if j = d.b.space(j); j < len(after) {
			d.fail(&d.b, d.b.syntax(j))
		}
	} else if d.err == nil {
		// The walk stopped at the first difference; what follows must be JSON all the same.
		a, b := scanner{buf: before}, scanner{buf: after}
		if err := a.whole(); err != nil {
			d.fail(&d.a, err)
		} else if err := b.whole(); err != nil {
			d.fail(&d.b, err)
		}
	}
	if d.err != nil {
		return nil, d.err
	}
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

// differ walks two JSON texts in lockstep. Its methods take a position in each and return the positions after
// what they compared, and whether the walk goes on: it stops at an error and at the first difference that
// only a new root can express.
type differ struct {
	a, b   scanner
	deltas []Update
	lost   bool // a text grew that no delta can name
	err    error
}

func (d *differ) fail(s *scanner, err error) {
	side := "before"
	if s == &d.b {
		side = "after"
	}
	d.err = fmt.Errorf("diff widget: %s: %w", side, err)
}

// growth is what a component's members said about a text that may have grown.
type growth struct {
	typ, id       string
	before, after string
	changed       bool
	streaming     bool
	seen          uint8 // members met, to notice one that comes twice
}

const (
	seenType uint8 = 1 << iota
	seenID
	seenValue
	seenStreaming
	seenChildren
)

// component compares two components. Walked tells whether the reference's search for texts would come here.
func (d *differ) component(i, j int, walked bool) (int, int, bool) {
	if d.a.buf[i] != '{' || d.b.buf[j] != '{' {
		return d.data(i, j)
	}
	a, b, deltas, lost := d.a, d.b, len(d.deltas), d.lost
	var g growth
	ni, nj, ok, mixed := d.inOrder(i, j, walked, &g)
	if mixed && d.err == nil {
		d.a, d.b, d.deltas, d.lost = a, b, d.deltas[:deltas], lost
		g = growth{}
		ni, nj, ok = d.byName(i, j, walked, &g)
	}
	return ni, nj, ok && d.grow(&g, walked)
}

// grow judges a value that changed, once all members of its component are known.
func (d *differ) grow(g *growth, walked bool) bool {
	if !g.changed {
		return true
	}
	if g.typ != "Text" && g.typ != "Markdown" || !strings.HasPrefix(g.after, g.before) {
		return false
	}
	if !walked || g.id == "" {
		d.lost = true
		return true
	}
	d.deltas = append(d.deltas, &TextDelta{
		ComponentID: g.id,
		Delta:       g.after[len(g.before):],
		Done:        !g.streaming,
	})
	return true
}

// inOrder compares two components whose members come in the same order, which is the usual case. Mixed
// reports that they do not and byName has to look.
func (d *differ) inOrder(i, j int, walked bool, g *growth) (ni, nj int, ok, mixed bool) {
	i, doneA, err := d.a.open(i, '}')
	if err != nil {
		d.fail(&d.a, err)
		return i, j, false, false
	}
	j, doneB, err := d.b.open(j, '}')
	if err != nil {
		d.fail(&d.b, err)
		return i, j, false, false
	}
	for !doneA && !doneB {
		var ka, kb span
		if ka, i, err = d.a.key(i); err != nil {
			d.fail(&d.a, err)
			return i, j, false, false
		}
		if kb, j, err = d.b.key(j); err != nil {
			d.fail(&d.b, err)
			return i, j, false, false
		}
		if !bytes.Equal(d.a.bytes(ka), d.b.bytes(kb)) {
			return i, j, false, true
		}
		bit := memberBit(d.b.bytes(kb))
		if bit&g.seen != 0 || d.a.null(i) != d.b.null(j) {
			return i, j, false, true
		}
		g.seen |= bit
		if i, j, ok = d.member(i, j, bit, walked, g); !ok {
			return i, j, false, d.err == nil && bit == 0
		}
		if i, doneA, err = d.a.next(i, '}'); err != nil {
			d.fail(&d.a, err)
			return i, j, false, false
		}
		if j, doneB, err = d.b.next(j, '}'); err != nil {
			d.fail(&d.b, err)
			return i, j, false, false
		}
	}
	return i, j, doneA && doneB, doneA != doneB
}

func memberBit(quoted []byte) uint8 {
	switch {
	case keyIs(quoted, "type"):
		return seenType
	case keyIs(quoted, "id"):
		return seenID
	case keyIs(quoted, "value"):
		return seenValue
	case keyIs(quoted, "streaming"):
		return seenStreaming
	case keyIs(quoted, "children"):
		return seenChildren
	}
	return 0
}

// member compares the values of one member of two components.
func (d *differ) member(i, j int, bit uint8, walked bool, g *growth) (int, int, bool) {
	fromA, fromB := i, j
	switch bit {
	case seenChildren:
		if i < len(d.a.buf) && j < len(d.b.buf) {
			switch {
			case d.a.buf[i] == '[' && d.b.buf[j] == '[':
				return d.list(i, j, func(i, j int) (int, int, bool) { return d.child(i, j, walked) })
			case d.a.buf[i] == '{' && d.b.buf[j] == '{':
				return d.child(i, j, false)
			}
		}
		return d.data(i, j)
	case seenValue:
		if i < len(d.a.buf) && j < len(d.b.buf) && d.a.buf[i] == '"' && d.b.buf[j] == '"' {
			return d.text(i, j, g)
		}
		return d.data(i, j)
	}
	i, j, ok := d.data(i, j)
	if ok {
		switch bit {
		case seenType:
			g.typ = text(d.a.buf[fromA:i])
		case seenID:
			g.id = text(d.a.buf[fromA:i])
		case seenStreaming:
			g.streaming = truthy(d.b.buf[fromB:j])
		}
	}
	return i, j, ok
}

// text compares two string values and leaves a difference for grow to judge.
func (d *differ) text(i, j int, g *growth) (int, int, bool) {
	ni, err := d.a.str(i)
	if err != nil {
		d.fail(&d.a, err)
		return i, j, false
	}
	nj, err := d.b.str(j)
	if err != nil {
		d.fail(&d.b, err)
		return i, j, false
	}
	if !bytes.Equal(d.a.buf[i:ni], d.b.buf[j:nj]) {
		g.before, g.after = unquote(d.a.buf[i:ni]), unquote(d.b.buf[j:nj])
		g.changed = g.before != g.after
	}
	return ni, nj, true
}

// child compares two children. Most are equal to the byte, so that is tried first.
func (d *differ) child(i, j int, walked bool) (int, int, bool) {
	s := d.a
	end, err := s.value(i)
	if err != nil {
		d.fail(&d.a, err)
		return i, j, false
	}
	if d.a.buf[i] == '{' && bytes.HasPrefix(d.b.buf[j:], d.a.buf[i:end]) {
		return end, j + end - i, true
	}
	if j >= len(d.b.buf) {
		d.fail(&d.b, d.b.syntax(j))
		return i, j, false
	}
	return d.component(i, j, walked)
}

// list compares two arrays element by element, passing over nulls, which never reach the wire.
func (d *differ) list(i, j int, element func(i, j int) (int, int, bool)) (int, int, bool) {
	i, doneA, err := d.a.open(i, ']')
	if err != nil {
		d.fail(&d.a, err)
		return i, j, false
	}
	j, doneB, err := d.b.open(j, ']')
	if err != nil {
		d.fail(&d.b, err)
		return i, j, false
	}
	for {
		for !doneA && d.a.null(i) {
			if i, doneA, err = d.a.next(i+len("null"), ']'); err != nil {
				d.fail(&d.a, err)
				return i, j, false
			}
		}
		for !doneB && d.b.null(j) {
			if j, doneB, err = d.b.next(j+len("null"), ']'); err != nil {
				d.fail(&d.b, err)
				return i, j, false
			}
		}
		if doneA || doneB {
			return i, j, doneA == doneB
		}
		var ok bool
		if i, j, ok = element(i, j); !ok {
			return i, j, false
		}
		if i, doneA, err = d.a.next(i, ']'); err != nil {
			d.fail(&d.a, err)
			return i, j, false
		}
		if j, doneB, err = d.b.next(j, ']'); err != nil {
			d.fail(&d.b, err)
			return i, j, false
		}
	}
}

// byName compares two components whose members differ in order or number.
func (d *differ) byName(i, j int, walked bool, g *growth) (int, int, bool) {
	endA, ma, err := d.a.members(i, false)
	if err != nil {
		d.fail(&d.a, err)
		return i, j, false
	}
	endB, mb, err := d.b.members(j, false)
	if err != nil {
		d.fail(&d.b, err)
		return i, j, false
	}
	if len(ma) != len(mb) {
		return i, j, false
	}
	// In the order of after, so that deltas come in the order of the tree and not of a map.
	for _, name := range d.b.names(j) {
		pb, ok := mb[name]
		if !ok {
			continue
		}
		delete(mb, name)
		pa, ok := ma[name]
		if !ok {
			return i, j, false
		}
		if _, _, ok := d.member(pa.from, pb.from, memberBit(jsonx.AppendString(nil, name)), walked, g); !ok {
			return i, j, false
		}
	}
	return endA, endB, true
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
