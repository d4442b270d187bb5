package widget

import "encoding/json"

// Component is one node of a widget tree below its root. Its variants are the typed components ([*Text],
// [*Button], [*Row] and so on), [*Dynamic] for everything else, and [Raw] JSON.
//
// A component must not be changed after it was handed over: a changed tree is a new tree, which may share
// the unchanged parts with the old one. [DiffRoots] is quick because of that.
//
//sumtype:decl
type Component interface {
	// MarshalJSON returns the component as JSON, or an error that names the path of what is wrong.
	json.Marshaler
	// ComponentType returns the value of the member "type".
	ComponentType() string

	encode(e *encoder)
}

// node is what typed trees are compared by: roots and components alike, but not Raw.
type node interface {
	ComponentType() string
	encode(e *encoder)
	// below returns the number of children, and whether there is one that stands alone and not in a list.
	below() (n int, alone bool)
	// child returns the i-th child.
	child(i int) Component
}

// growing is a component whose text can be streamed. A typed nil is none.
type growing interface {
	node
	grown() (id, value string, streaming bool)
}

func marshal(n node) ([]byte, error) {
	e := encoder{buf: make([]byte, 0, 256)}
	n.encode(&e)
	if e.err != nil {
		return nil, e.err
	}
	return e.buf, nil
}

// ComponentType returns the value of the member "type", or "" if there is none.
func (r Raw) ComponentType() string { return r.RootType() }

func (r Raw) encode(e *encoder) {
	v := validator{scanner{buf: r}}
	i, err := v.wholeObject()
	if err != nil {
		e.fail("", "raw component: %w", err)
		return
	}
	if _, err := v.component(i); err != nil {
		e.wrap(err)
		return
	}
	e.buf = append(e.buf, r...)
}

// single is below for a component with one child or none.
func single(c Component) (int, bool) {
	if c == nil {
		return 0, true
	}
	return 1, true
}
