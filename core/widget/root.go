package widget

import (
	"encoding/json"
	"fmt"
)

// Root is the top of a widget tree: [*Card], [*ListView], [*Basic], a [*Dynamic] of one of these three
// types, [Raw] JSON, or a type of your own.
//
// Call [Encode] rather than json.Marshal to turn a Root into JSON: json.Marshal escapes <, > and & in
// what MarshalJSON returns, and the protocol wants them as they are.
type Root interface {
	// MarshalJSON returns the tree as one JSON object.
	json.Marshaler
	// RootType returns the value of the member "type": Card, ListView or Basic. It returns something else,
	// perhaps nothing, for a tree that is no widget.
	RootType() string
}

// The types a widget's root can have (ChatKit protocol: widget vocabulary).
const (
	RootCard     = "Card"
	RootListView = "ListView"
	RootBasic    = "Basic"
)

func isRootType(s string) bool {
	return s == RootCard || s == RootListView || s == RootBasic
}

// Raw is a widget as JSON, or one component of it. It is passed on as it is, member order, unknown members
// and numbers included; only nulls and space between tokens are removed on the wire. Raw implements [Root]
// and [Component].
//
// A Raw must not be changed after it was handed over.
type Raw json.RawMessage

// MarshalJSON returns r itself, without a copy. It fails if r is not one JSON object.
func (r Raw) MarshalJSON() ([]byte, error) {
	s := scanner{buf: r}
	if _, err := s.wholeObject(); err != nil {
		return nil, fmt.Errorf("encode raw widget: %w", err)
	}
	return r, nil
}

// UnmarshalJSON keeps a copy of b.
func (r *Raw) UnmarshalJSON(b []byte) error {
	*r = append((*r)[:0], b...)
	return nil
}

// RootType returns the value of the member "type", or "" if there is none or r is not a JSON object.
func (r Raw) RootType() string {
	typ, _ := stringMember(r, "type")
	return typ
}

// Encode returns root as JSON after checking it: typed components against their allowed values, everything
// else against the rules of [Validate]. Errors name the path of what is wrong, as in
// `Card.children[2].Button.style: "x" is not one of primary, secondary`.
//
// Nulls that a [Dynamic] or [Raw] tree holds are still there; [StripNulls] removes them for the wire.
func Encode(root Root) (json.RawMessage, error) {
	if root == nil {
		return nil, fmt.Errorf("encode widget: no root")
	}
	b, err := root.MarshalJSON()
	if err != nil {
		return nil, err
	}
	if _, ok := root.(node); ok {
		// Encoding checked everything but which type stands at the top.
		if typ := root.RootType(); !isRootType(typ) {
			return nil, notRoot(typ)
		}
		return b, nil
	}
	if err := Validate(b); err != nil {
		return nil, err
	}
	return b, nil
}
