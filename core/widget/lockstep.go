package widget

import (
	"bytes"
	"strings"
)

// differ walks two valid JSON texts in lockstep. Its methods take a position in each and return the positions
// after what they compared, and whether the walk goes on: it stops at the first difference that only a new
// root can express.
type differ struct {
	a, b   scanner
	deltas []Update
	lost   bool // a text grew that no delta can name
}

// component compares two components. Walked tells whether the reference's search for texts would come here.
func (d *differ) component(i, j int, walked bool) (int, int, bool) {
	if d.a.buf[i] != '{' || d.b.buf[j] != '{' {
		return d.data(i, j)
	}
	deltas, lost := len(d.deltas), d.lost
	var g growth
	ni, nj, ok, mixed := d.inOrder(i, j, walked, &g)
	if mixed {
		d.deltas, d.lost = d.deltas[:deltas], lost
		g = growth{}
		ni, nj, ok = d.byName(i, j, walked, &g)
	}
	return ni, nj, ok && d.grow(&g, walked)
}

// inOrder compares two components whose members come in the same order, which is the usual case. Mixed
// reports that they do not, or that one comes twice, and byName has to look.
func (d *differ) inOrder(i, j int, walked bool, g *growth) (ni, nj int, ok, mixed bool) {
	a, b := d.a.enter(i), d.b.enter(j)
	for !a.done && !b.done {
		ka, kb := d.a.bytes(a.key()), d.b.bytes(b.key())
		if !bytes.Equal(ka, kb) || d.a.null(a.at) != d.b.null(b.at) {
			return 0, 0, false, true
		}
		m := memberOf(kb)
		if m != other && g.seen&m != 0 {
			return 0, 0, false, true
		}
		g.seen |= m
		i, j, ok := d.member(a.at, b.at, m, walked, g)
		if !ok {
			return 0, 0, false, m == other
		}
		a.next(i)
		b.next(j)
	}
	return a.at, b.at, a.done && b.done, a.done != b.done
}

// byName compares two components whose members differ in order or number.
func (d *differ) byName(i, j int, walked bool, g *growth) (int, int, bool) {
	endA, before := d.a.members(i, false)
	endB, after := d.b.members(j, false)
	if len(before) != len(after) {
		return endA, endB, false
	}
	// In the order of after, so that deltas come in the order of the tree and not of a map.
	for _, name := range d.b.names(j) {
		vb, ok := after[name]
		if !ok {
			continue
		}
		delete(after, name)
		va, ok := before[name]
		if !ok {
			return endA, endB, false
		}
		if _, _, ok := d.member(va.from, vb.from, memberNamed(name), walked, g); !ok {
			return endA, endB, false
		}
	}
	return endA, endB, true
}

// member compares the values of one member of two components.
func (d *differ) member(i, j int, m member, walked bool, g *growth) (int, int, bool) {
	a, b := d.a.buf[i], d.b.buf[j]
	switch {
	case m == children && a == '[' && b == '[':
		return d.list(i, j, func(i, j int) (int, int, bool) { return d.child(i, j, walked) })
	case m == children && a == '{' && b == '{':
		return d.child(i, j, false)
	case m == textValue && a == '"' && b == '"':
		return d.text(i, j, g)
	}
	ni, nj, ok := d.data(i, j)
	if ok {
		switch m {
		case componentType:
			g.typ = text(d.a.buf[i:ni])
		case componentID:
			g.id = text(d.a.buf[i:ni])
		case streamingFlag:
			g.streaming = truthy(d.b.buf[j:nj])
		}
	}
	return ni, nj, ok
}

// child compares two children. Most are equal to the byte, so that is tried first.
func (d *differ) child(i, j int, walked bool) (int, int, bool) {
	end := d.a.skip(i)
	if d.a.buf[i] == '{' && bytes.HasPrefix(d.b.buf[j:], d.a.buf[i:end]) {
		return end, j + end - i, true
	}
	return d.component(i, j, walked)
}

// list compares two arrays element by element, passing over nulls, which never reach the wire.
func (d *differ) list(i, j int, element func(i, j int) (int, int, bool)) (int, int, bool) {
	a, b := d.a.enter(i), d.b.enter(j)
	for {
		for !a.done && d.a.null(a.at) {
			a.next(a.at + len("null"))
		}
		for !b.done && d.b.null(b.at) {
			b.next(b.at + len("null"))
		}
		if a.done || b.done {
			return a.at, b.at, a.done == b.done
		}
		ni, nj, ok := element(a.at, b.at)
		if !ok {
			return ni, nj, false
		}
		a.next(ni)
		b.next(nj)
	}
}

// growth is what a component's members said about a text that may have grown.
type growth struct {
	typ, id       string
	before, after string
	changed       bool
	streaming     bool
	seen          member // members met, to notice one that comes twice
}

// text compares two string values and leaves a difference for grow to judge.
func (d *differ) text(i, j int, g *growth) (int, int, bool) {
	ni, nj := d.a.skip(i), d.b.skip(j)
	if !bytes.Equal(d.a.buf[i:ni], d.b.buf[j:nj]) {
		g.before, g.after = unquote(d.a.buf[i:ni]), unquote(d.b.buf[j:nj])
		g.changed = g.before != g.after
	}
	return ni, nj, true
}

// grow judges a value that changed, once all members of its component are known.
func (d *differ) grow(g *growth, walked bool) bool {
	switch {
	case !g.changed:
		return true
	case g.typ != "Text" && g.typ != "Markdown", !strings.HasPrefix(g.after, g.before):
		return false
	case !walked || g.id == "":
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

// member is one of the members of a component that mean something to updates.
type member uint8

const (
	other         member = 0
	componentType member = 1 << iota
	componentID
	textValue
	streamingFlag
	children
)

func memberOf(quoted []byte) member {
	if bytes.IndexByte(quoted, '\\') >= 0 {
		return memberNamed(unquote(quoted))
	}
	return memberNamed(string(quoted[1 : len(quoted)-1]))
}

func memberNamed(name string) member {
	switch name {
	case "type":
		return componentType
	case "id":
		return componentID
	case "value":
		return textValue
	case "streaming":
		return streamingFlag
	case "children":
		return children
	}
	return other
}
