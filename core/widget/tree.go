package widget

import (
	"bytes"
	"reflect"
	"strings"
)

// DiffRoots is [Diff] for trees. It finds the same updates, and skips every subtree that both trees share:
// where a new state is made from the last by replacing the components on the way to what changed, the work
// follows the change and not the size of the widget.
//
// A component that both trees share is taken to be unchanged. So never change a component after handing it
// over; one that was changed in place shows no difference. Ids of texts must be unique in the widget.
//
// It fails with a [*PathError] if after has to be encoded, which a new root needs, and breaks a rule.
func DiffRoots(before, after Root, opts ...DiffOption) ([]Update, error) {
	b, ok := before.(node)
	a, okToo := after.(node)
	if !ok || !okToo {
		rawBefore, err := Encode(before)
		if err != nil {
			return nil, err
		}
		rawAfter, err := Encode(after)
		if err != nil {
			return nil, err
		}
		return Diff(rawBefore, rawAfter, opts...)
	}
	var d treeDiffer
	if d.node(b, a, true) && !(d.lost && lossless(opts)) {
		return d.deltas, nil
	}
	raw, err := Encode(after)
	if err != nil {
		return nil, err
	}
	return []Update{&RootUpdated{Widget: raw}}, nil
}

// treeDiffer walks two trees in lockstep. Its methods report false at the first difference that only a new
// root can express, and where something cannot be encoded: encoding the new root then says what.
type treeDiffer struct {
	deltas []Update
	lost   bool
	a, b   encoder
	depth  int
}

func (d *treeDiffer) node(before, after node, walked bool) bool {
	if before == after {
		return true
	}
	if d.depth++; d.depth > maxDepth {
		return false
	}
	defer func() { d.depth-- }()
	typ := after.ComponentType()
	if before.ComponentType() != typ {
		return false
	}
	_, dynamic := after.(*Dynamic)
	if reflect.TypeOf(before) != reflect.TypeOf(after) || dynamic && (typ == "Text" || typ == "Markdown") {
		return d.raw(before, after, walked)
	}
	return d.members(before, after, dynamic) && d.grow(before, after, walked) && d.children(before, after, walked)
}

// members compares everything but children and text that may grow, by what would be written.
func (d *treeDiffer) members(before, after node, dynamic bool) bool {
	d.a = encoder{buf: d.a.buf[:0], path: d.a.path[:0], shallow: true}
	d.b = encoder{buf: d.b.buf[:0], path: d.b.path[:0], shallow: true}
	before.encode(&d.a)
	after.encode(&d.b)
	switch {
	case d.a.err != nil || d.b.err != nil:
		return false
	case bytes.Equal(d.a.buf, d.b.buf):
		return true
	case !dynamic:
		return false
	}
	// Free-form members may say the same in other words.
	free := differ{a: scanner{buf: d.a.buf}, b: scanner{buf: d.b.buf}}
	_, _, ok := free.data(0, 0)
	return ok
}

func (d *treeDiffer) grow(before, after node, walked bool) bool {
	b, ok := before.(growing)
	if !ok {
		return true
	}
	_, old, _ := b.grown()
	id, value, streaming := after.(growing).grown()
	switch {
	case len(old) == len(value) && old == value:
		return true
	case !strings.HasPrefix(value, old):
		return false
	case !walked || id == "":
		d.lost = true
		return true
	}
	d.deltas = append(d.deltas, &TextDelta{ComponentID: id, Delta: value[len(old):], Done: !streaming})
	return true
}

func (d *treeDiffer) children(before, after node, walked bool) bool {
	n, alone := before.below()
	if m, alsoAlone := after.below(); n != m || alone != alsoAlone {
		return false
	}
	for i := range n {
		if !d.component(before.child(i), after.child(i), walked && !alone) {
			return false
		}
	}
	return true
}

func (d *treeDiffer) component(before, after Component, walked bool) bool {
	if raw, ok := before.(Raw); ok {
		other, ok := after.(Raw)
		if ok && len(raw) == len(other) && len(raw) > 0 && &raw[0] == &other[0] {
			return true
		}
	} else if before == after && before != nil { // which would panic for two Raws
		return true
	}
	if before == nil || after == nil {
		return false
	}
	b, ok := before.(node)
	a, okToo := after.(node)
	if ok && okToo {
		return d.node(b, a, walked)
	}
	return d.raw(before, after, walked)
}

// raw compares two components by their JSON.
func (d *treeDiffer) raw(before, after interface{ encode(*encoder) }, walked bool) bool {
	var a, b encoder
	before.encode(&a)
	after.encode(&b)
	if a.err != nil || b.err != nil {
		return false
	}
	r := differ{a: scanner{buf: a.buf}, b: scanner{buf: b.buf}, deltas: d.deltas}
	_, _, ok := r.component(r.a.space(0), r.b.space(0), walked)
	d.deltas, d.lost = r.deltas, d.lost || r.lost
	return ok
}
