package widget

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/gochatkit/chatkit/core/internal/jsonx"
)

// encoder appends a tree as JSON and remembers the first thing that is wrong with it.
type encoder struct {
	buf  []byte
	path []step
	err  error
	// shallow leaves out what is compared by other means: the children and the text that may grow.
	shallow bool
}

// step is one component on the way to the place that is being written.
type step struct {
	typ   string
	index int // of the child that is being written; -1 for a child that stands alone, -2 for none
}

const (
	alone   = -1
	nowhere = -2
)

// fail records what is wrong with the member of the current component.
func (e *encoder) fail(member, format string, args ...any) {
	if e.err != nil {
		return
	}
	var path strings.Builder
	for i, s := range e.path {
		if i > 0 {
			path.WriteByte('.')
		}
		path.WriteString(s.typ)
		if s.index != nowhere {
			path.WriteString(".children")
		}
		if s.index >= 0 {
			path.WriteString("[" + strconv.Itoa(s.index) + "]")
		}
	}
	if member != "" {
		path.WriteString("." + member)
	}
	e.err = &PathError{Path: strings.TrimPrefix(path.String(), "."), Err: fmt.Errorf(format, args...)}
}

// wrap records what is wrong below the current place.
func (e *encoder) wrap(err error) {
	var pe *PathError
	if errors.As(err, &pe) && pe.Path != "" {
		e.fail(pe.Path, "%w", pe.Err)
		return
	}
	if pe != nil {
		err = pe.Err
	}
	e.fail("", "%w", err)
}

func (e *encoder) open(typ string) {
	e.path = append(e.path, step{typ, nowhere})
	e.buf = append(e.buf, '{')
}

func (e *encoder) close() {
	e.path = e.path[:len(e.path)-1]
	e.buf = append(e.buf, '}')
}

// name begins a member. An opening brace is the last byte only before the first one.
func (e *encoder) name(name string) {
	if e.buf[len(e.buf)-1] != '{' {
		e.buf = append(e.buf, ',')
	}
	e.buf = append(append(append(e.buf, '"'), name...), '"', ':')
}

// object begins a member that is an object and no component; close ends it.
func (e *encoder) object(name string) {
	e.name(name)
	e.open(name)
}

// head writes what every component begins with.
func (e *encoder) head(key, id, typ string) {
	e.str("key", key)
	e.str("id", id)
	e.text("type", typ)
}

func (e *encoder) str(name, v string) {
	if v != "" {
		e.text(name, v)
	}
}

func (e *encoder) text(name, v string) {
	e.name(name)
	e.buf = jsonx.AppendString(e.buf, v)
}

func (e *encoder) required(name, v string) {
	if v == "" {
		e.fail(name, "is required")
	}
	e.text(name, v)
}

func (e *encoder) growing(name, v string) {
	if !e.shallow {
		e.text(name, v)
	}
}

func (e *encoder) boolean(name string, v Bool) {
	switch v {
	case Unset:
	case True, False:
		e.name(name)
		e.buf = strconv.AppendBool(e.buf, v == True)
	default:
		e.fail(name, "%d is neither Unset, True nor False", uint8(v))
	}
}

func (e *encoder) integer(name string, v int) {
	if v < 0 {
		e.fail(name, "%d is negative", v)
	}
	if v != 0 {
		e.name(name)
		e.buf = strconv.AppendInt(e.buf, int64(v), 10)
	}
}

func (e *encoder) icon(name string, v IconName) {
	if v == "" {
		return
	}
	if !v.Valid() {
		e.fail(name, "%q is not an icon of the client, nor does it begin with vendor: or lucide:", string(v))
	}
	e.text(name, string(v))
}

func enum[T ~string](e *encoder, name string, v T, allowed []T) {
	if v == "" {
		return
	}
	if !slices.Contains(allowed, v) {
		words := make([]string, len(allowed))
		for i, a := range allowed {
			words[i] = string(a)
		}
		e.fail(name, "%q is not one of %s", string(v), strings.Join(words, ", "))
	}
	e.text(name, string(v))
}

// list writes children. It works on rows and cells too, which are components of one type.
func list[C Component](e *encoder, children []C) {
	e.name("children")
	if e.shallow {
		e.buf = strconv.AppendInt(e.buf, int64(len(children)), 10)
		return
	}
	e.buf = append(e.buf, '[')
	if len(e.path) > maxDepth {
		e.fail("", "%w", errDepth)
		children = nil
	}
	at := len(e.path) - 1
	for i, c := range children {
		if i > 0 {
			e.buf = append(e.buf, ',')
		}
		e.path[at].index = i
		if Component(c) == nil {
			e.fail("", "is nil")
			continue
		}
		c.encode(e)
	}
	e.path[at].index = nowhere
	e.buf = append(e.buf, ']')
}

func (e *encoder) child(c Component) {
	if c == nil {
		return
	}
	e.name("children")
	if e.shallow {
		e.buf = append(e.buf, "{}"...)
		return
	}
	if len(e.path) > maxDepth {
		e.fail("", "%w", errDepth)
		return
	}
	at := len(e.path) - 1
	e.path[at].index = alone
	c.encode(e)
	e.path[at].index = nowhere
}

// value writes free-form data of the author: JSON as it is, anything else by way of encoding/json, without
// HTML escaping. It is stripped of nulls, as everything in a widget is.
func (e *encoder) value(name string, v any) {
	if v == nil {
		return
	}
	raw, ok := v.(json.RawMessage)
	if !ok {
		var err error
		if raw, err = jsonx.Marshal(v); err != nil {
			e.fail(name, "%w", err)
			return
		}
	}
	start := len(e.buf)
	e.name(name)
	var err error
	from := len(e.buf)
	if e.buf, err = stripData(e.buf, raw); err != nil {
		e.fail(name, "%w", err)
		return
	}
	if string(e.buf[from:]) == "null" {
		e.buf = e.buf[:start]
	}
}
