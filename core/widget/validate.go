package widget

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
)

// PathError says what is wrong with a widget, and where.
type PathError struct {
	// Path leads from the root's type to the place, as in `Card.children[2].Button.style`. It is empty if
	// the root itself is no component.
	Path string
	// Err is what is wrong there.
	Err error
}

// Error returns the path, a colon and what is wrong.
func (e *PathError) Error() string {
	if e.Path == "" {
		return "widget: " + e.Err.Error()
	}
	return e.Path + ": " + e.Err.Error()
}

// Unwrap returns what is wrong.
func (e *PathError) Unwrap() error { return e.Err }

// Validate checks the shape that every widget must have (ChatKit protocol: dynamic root): one JSON object
// whose type is Card, ListView or Basic, and below children, which is a component, a list of components or
// null, only objects with a type. Ids and keys must be strings. Other members, and types the package does not
// know, are allowed with any value: newer clients may know them.
//
// The error is a [*PathError] unless raw is not JSON at all.
func Validate(raw json.RawMessage) error {
	v := validator{scanner{buf: raw}}
	if err := v.whole(); err != nil {
		return fmt.Errorf("validate widget: %w", err)
	}
	i := v.space(0)
	if raw[i] != '{' {
		return &PathError{Err: errors.New("not a JSON object")}
	}
	if _, err := v.component(i); err != nil {
		return err
	}
	if typ := Raw(raw).RootType(); !isRootType(typ) {
		return notRoot(typ)
	}
	return nil
}

func notRoot(typ string) error {
	return &PathError{Path: typ, Err: errors.New("a widget's root is a Card, a ListView or a Basic")}
}

type validator struct{ scanner }

// component checks the object at i, which is known to be valid JSON, and returns the position behind it.
func (v *validator) component(i int) (int, error) {
	c := v.enter(i)
	typed := false
	for !c.done {
		key := v.bytes(c.key())
		first := v.buf[c.at]
		var end int
		var err error
		switch {
		case keyIs(key, "children"):
			end, err = v.children(c.at, i)
		case keyIs(key, "type"):
			typed = first == '"' && v.buf[c.at+1] != '"'
		case (keyIs(key, "id") || keyIs(key, "key")) && first != '"' && first != 'n':
			err = v.at(i, "."+unquote(key), errors.New("not a string"))
		}
		if err != nil {
			return c.at, err
		}
		if end == 0 {
			end = v.skip(c.at)
		}
		c.next(end)
	}
	if !typed {
		return c.at, &PathError{Err: errors.New("a component needs a type")}
	}
	return c.at, nil
}

// children checks the value at i, the children of the component at parent, and returns the position behind it.
func (v *validator) children(i, parent int) (int, error) {
	switch v.buf[i] {
	case 'n':
		return v.skip(i), nil
	case '{':
		end, err := v.component(i)
		if err != nil {
			err = v.at(parent, ".children", err)
		}
		return end, err
	case '[':
		c := v.enter(i)
		for n := 0; !c.done; n++ {
			end, err := c.at, errors.New("not a component")
			switch v.buf[c.at] {
			case 'n':
				end, err = v.skip(c.at), nil
			case '{':
				end, err = v.component(c.at)
			}
			if err != nil {
				return c.at, v.at(parent, ".children["+strconv.Itoa(n)+"]", err)
			}
			c.next(end)
		}
		return c.at, nil
	}
	return i, v.at(parent, ".children", errors.New("neither a component nor a list of components"))
}

// at puts the type of the component at from, and step, before the path of err.
func (v *validator) at(from int, step string, err error) error {
	typ, _ := stringMember(v.buf[from:v.skip(from)], "type")
	if typ == "" {
		typ = "?"
	}
	var pe *PathError
	if errors.As(err, &pe) {
		if pe.Path != "" {
			pe.Path = "." + pe.Path
		}
		pe.Path = typ + step + pe.Path
		return pe
	}
	return &PathError{Path: typ + step, Err: err}
}
