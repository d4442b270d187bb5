package chatkit

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/gochatkit/chatkit/core/internal/jsonx"
)

// A form is one of the two ways to write a value.
type form bool

const (
	// storedForm is complete: what a store keeps.
	storedForm form = false
	// wireForm is what a browser may see: without metadata of threads and attachments, without hidden
	// items, and without nulls in widgets (ChatKit protocol: what never leaves the server).
	wireForm form = true
)

// An encoder appends JSON to buf. After the first error it goes on appending, and whoever started it throws
// the bytes away. Punctuation comes with the name of a member: `,"title":`.
type encoder struct {
	buf  []byte
	form form
	err  error
}

// encode appends to dst what write writes; on an error dst comes back as it was.
func encode(dst []byte, f form, write func(*encoder)) ([]byte, error) {
	e := encoder{buf: dst, form: f}
	write(&e)
	if e.err != nil {
		return dst, e.err
	}
	return e.buf, nil
}

func (e *encoder) fail(format string, args ...any) {
	if e.err == nil {
		e.err = fmt.Errorf(format, args...)
	}
}

func (e *encoder) lit(s string) { e.buf = append(e.buf, s...) }

func (e *encoder) str(name, s string) {
	e.buf = append(e.buf, name...)
	e.buf = jsonx.AppendString(e.buf, s)
}

// optional writes a member unless it is empty.
func (e *encoder) optional(name, s string) {
	if s != "" {
		e.str(name, s)
	}
}

// pointer writes a member unless it is nil.
func (e *encoder) pointer(name string, s *string) {
	if s != nil {
		e.str(name, *s)
	}
}

func (e *encoder) int(name string, i int) {
	e.buf = append(e.buf, name...)
	e.buf = jsonx.AppendInt(e.buf, int64(i))
}

func (e *encoder) bool(name string, b bool) {
	e.buf = append(e.buf, name...)
	e.buf = jsonx.AppendBool(e.buf, b)
}

func (e *encoder) time(name string, t time.Time) {
	e.buf = append(e.buf, name...)
	e.buf = jsonx.AppendTime(e.buf, t)
}

// raw writes a member of free-form JSON, or instead if there is none.
func (e *encoder) raw(name string, raw json.RawMessage, instead string) {
	e.buf = append(e.buf, name...)
	if len(raw) == 0 {
		e.buf = append(e.buf, instead...)
		return
	}
	var err error
	if e.buf, err = jsonx.AppendRaw(e.buf, raw); err != nil {
		e.fail("%s: %w", memberName(name), err)
	}
}

// widget writes a member that is a widget or a component of one.
func (e *encoder) widget(name string, raw json.RawMessage) {
	e.buf = append(e.buf, name...)
	appendRaw := jsonx.AppendRaw
	if e.form == wireForm {
		appendRaw = jsonx.AppendRawStripNulls
	}
	var err error
	if e.buf, err = appendRaw(e.buf, raw); err != nil {
		e.fail("%s: %w", memberName(name), err)
	}
}

// unknown writes a value of an unknown kind as it was read. Without JSON its type is all there is to write.
func (e *encoder) unknown(kind string, raw json.RawMessage) {
	if len(raw) == 0 {
		e.str(`{"type":`, kind)
		e.lit("}")
		return
	}
	e.raw("", raw, "")
}

// replaced writes a value of an unknown kind with some of its members replaced.
func (e *encoder) replaced(raw []byte, with []jsonx.Replacement) {
	var err error
	if len(with) == 0 {
		e.buf, err = jsonx.AppendRaw(e.buf, raw)
	} else {
		e.buf, err = jsonx.AppendReplaced(e.buf, raw, with...)
	}
	if err != nil {
		e.fail("unknown kind: %w", err)
	}
}

func (e *encoder) strings(name string, list []string) {
	e.lit(name)
	e.lit("[")
	for i, s := range list {
		if i > 0 {
			e.lit(",")
		}
		e.buf = jsonx.AppendString(e.buf, s)
	}
	e.lit("]")
}

// stringMap writes an object with its names in alphabetical order.
func (e *encoder) stringMap(name string, m map[string]string) {
	names := make([]string, 0, len(m))
	for n := range m {
		names = append(names, n)
	}
	slices.Sort(names)
	e.lit(name)
	e.lit("{")
	for i, n := range names {
		if i > 0 {
			e.lit(",")
		}
		e.str("", n)
		e.str(":", m[n])
	}
	e.lit("}")
}

// metadata writes a map of the application's. A nil one is written as {}.
func (e *encoder) metadata(name string, m map[string]any) {
	e.lit(name)
	if len(m) == 0 {
		e.lit("{}")
		return
	}
	data, err := jsonx.Marshal(m)
	if err != nil {
		e.fail("metadata: %w", err)
		return
	}
	e.buf = append(e.buf, data...)
}

// list writes an array, never null.
func list[T any](e *encoder, name string, values []T, write func(*encoder, T)) {
	e.lit(name)
	e.lit("[")
	for i, v := range values {
		if i > 0 {
			e.lit(",")
		}
		write(e, v)
	}
	e.lit("]")
}

// memberName finds the member's name in `,"type":"widget","widget":`.
func memberName(name string) string {
	name = strings.TrimSuffix(name, `":`)
	if name = name[strings.LastIndexByte(name, '"')+1:]; name == "" {
		return "value"
	}
	return name
}

var errNil = errors.New("value is nil")

// isNil reports whether a value of a union is missing: nil, or a nil pointer of one of its variants.
func isNil(v any) bool { return v == nil || reflect.ValueOf(v).IsNil() }

// or returns s, or instead if s is empty.
func or[T ~string](s, instead T) string {
	if s == "" {
		return string(instead)
	}
	return string(s)
}
