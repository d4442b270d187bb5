package widget

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/gochatkit/chatkit/core/internal/jsonx"
)

// Dynamic is a component or a root of any type, with any members (ChatKit protocol: dynamic components). Use
// it for what the typed components do not know, and for widgets that come from elsewhere: decoding a widget
// into a Dynamic and encoding it again keeps every member, unknown ones included, in the form and order in
// which it came, behind key, id, type and children. Only nulls are left out, and strings are escaped no more
// than they have to be.
type Dynamic struct {
	// Key tells siblings apart when a list changes.
	Key string
	// ID names the component in updates and actions.
	ID string
	// Type is the component's type. It is required.
	Type string
	// Children are the components inside. Nil is none, an empty list is written as one.
	Children []Component
	// Child is one component that stands alone instead of in a list. It must be nil if Children is not.
	Child Component
	// Props are all other members, in order.
	Props Props

	emptyKey, emptyID bool // decoded from a key or id that was there and empty
}

// Props are members of a component in order.
type Props []Prop

// Prop is one member of a component.
type Prop struct {
	// Name is the member's name on the wire. It must not be key, id, type or children.
	Name string
	// Value is any value that encoding/json can encode, or a json.RawMessage, which is kept as it is but for
	// its nulls. Nil leaves the member out.
	Value any
}

// ComponentType returns d.Type.
func (d *Dynamic) ComponentType() string { return d.Type }

// RootType returns d.Type.
func (d *Dynamic) RootType() string { return d.Type }

// MarshalJSON returns the component and everything below it, or an error that names the path of what is wrong.
func (d *Dynamic) MarshalJSON() ([]byte, error) { return marshal(d) }

func (d *Dynamic) below() (n int, alone bool) {
	if d.Child != nil {
		return 1, true
	}
	return len(d.Children), false
}

func (d *Dynamic) child(i int) Component {
	if d.Child != nil {
		return d.Child
	}
	return d.Children[i]
}

func (d *Dynamic) encode(e *encoder) {
	if d == nil {
		e.fail("", "is nil")
		return
	}
	typ := d.Type
	if typ == "" {
		e.fail("", "a component needs a type")
		typ = "?"
	}
	e.open(typ)
	if d.emptyKey && d.Key == "" {
		e.text("key", "")
	}
	if d.emptyID && d.ID == "" {
		e.str("key", d.Key)
		e.text("id", "")
		e.text("type", d.Type)
	} else {
		e.head(d.Key, d.ID, d.Type)
	}
	if d.Child != nil && d.Children != nil {
		e.fail("children", "there is a Child and a list of Children")
	}
	if d.Children != nil {
		list(e, d.Children)
	}
	e.child(d.Child)
	e.props(d.Props)
	e.close()
}

func (e *encoder) props(props Props) {
	for i, p := range props {
		switch p.Name {
		case "key", "id", "type", "children":
			e.fail(p.Name, "is a field of its own, not one of the props")
		}
		if slices.ContainsFunc(props[:i], func(q Prop) bool { return q.Name == p.Name }) {
			e.fail(p.Name, "comes twice")
		}
		if p.Value == nil {
			continue
		}
		e.value(p.Name, p.Value)
	}
}

// UnmarshalJSON reads a component and everything below it, which become Dynamic components too. Of equal
// member names the last counts. It fails if b breaks a rule of [Validate] other than the one about roots.
func (d *Dynamic) UnmarshalJSON(b []byte) error {
	v := validator{scanner{buf: b}}
	i, err := v.wholeObject()
	if err != nil {
		return fmt.Errorf("decode widget: %w", err)
	}
	if _, err := v.component(i); err != nil {
		return err
	}
	s := scanner{buf: slices.Clone(b)}
	s.decode(i, d)
	return nil
}

// Parse reads a widget and checks it with [Validate].
func Parse(raw json.RawMessage) (*Dynamic, error) {
	if err := Validate(raw); err != nil {
		return nil, err
	}
	d := new(Dynamic)
	s := scanner{buf: slices.Clone(raw)}
	s.decode(s.space(0), d)
	return d, nil
}

// decode reads the component at i, which the validator has accepted.
func (s *scanner) decode(i int, d *Dynamic) {
	*d = Dynamic{}
	_, members := s.members(i, false)
	for _, name := range s.names(i) {
		at, ok := members[name]
		if !ok {
			continue
		}
		delete(members, name)
		switch name {
		case "key":
			d.Key = text(s.bytes(at))
			d.emptyKey = d.Key == ""
		case "id":
			d.ID = text(s.bytes(at))
			d.emptyID = d.ID == ""
		case "type":
			d.Type = text(s.bytes(at))
		case "children":
			s.decodeChildren(at.from, d)
		default:
			d.Props = append(d.Props, Prop{name, s.unescaped(at)})
		}
	}
}

func (s *scanner) decodeChildren(i int, d *Dynamic) {
	if s.buf[i] == '{' {
		child := new(Dynamic)
		s.decode(i, child)
		d.Child = child
		return
	}
	d.Children = []Component{}
	for c := s.enter(i); !c.done; c.next(s.skip(c.at)) {
		if s.buf[c.at] == '{' {
			child := new(Dynamic)
			s.decode(c.at, child)
			d.Children = append(d.Children, child)
		}
	}
}

// unescaped returns the value at p with its strings escaped no more than they have to be.
func (s *scanner) unescaped(p span) json.RawMessage {
	raw := s.bytes(p)
	if bytes.IndexByte(raw, '\\') < 0 {
		return raw
	}
	v := scanner{buf: raw}
	out := make([]byte, 0, len(raw))
	for i := 0; i < len(raw); {
		if raw[i] != '"' {
			out = append(out, raw[i])
			i++
			continue
		}
		end, _ := v.str(i)
		out = jsonx.AppendString(out, unquote(raw[i:end]))
		i = end
	}
	return out
}
