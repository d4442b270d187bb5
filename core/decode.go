package chatkit

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"math"
	"strconv"
	"time"

	"github.com/gochatkit/chatkit/core/internal/jsonx"
)

// A decoder reads what this program, another version of it or another ChatKit server wrote. It is lenient:
// members that it does not know are skipped, null counts as absent, and what is absent has its default. Of
// members of the same name the last counts, but of types the first. After the first error it goes on with zero values.
type decoder struct {
	path []step
	err  error
}

// A step is one part of the path to a value: a member's name, or an index if the name is nil.
type step struct {
	name  []byte
	index int
}

// decode reads a whole document.
func decode[T any](data []byte, read func(*decoder, jsonx.Value) T) (T, error) {
	var none T
	v, err := jsonx.Scan(data)
	if err != nil {
		return none, err
	}
	var d decoder
	value := read(&d, v)
	if d.err != nil {
		return none, d.err
	}
	return value, nil
}

// decodeInto is UnmarshalJSON for a variant of a union. As usual, null changes nothing.
func decodeInto[T, U any](dst *T, data []byte, unmarshal func([]byte) (U, error)) error {
	if string(data) == "null" {
		return nil
	}
	u, err := unmarshal(data)
	if err != nil {
		return err
	}
	p, ok := any(u).(*T)
	if !ok {
		return fmt.Errorf("type is that of a %T, want a %T", u, dst)
	}
	*dst = *p
	return nil
}

// decodeValue is UnmarshalJSON for a struct.
func decodeValue[T any](dst *T, data []byte, read func(*decoder, jsonx.Value) T) error {
	if string(data) == "null" {
		return nil
	}
	v, err := decode(data, read)
	if err != nil {
		return err
	}
	*dst = v
	return nil
}

func (d *decoder) fail(want string) {
	if d.err == nil {
		d.err = errors.New(d.where() + want)
	}
}

// where returns the path so far in the form "content[0].text: ".
func (d *decoder) where() string {
	var b []byte
	for _, s := range d.path {
		switch {
		case s.name == nil:
			b = append(b, '[')
			b = strconv.AppendInt(b, int64(s.index), 10)
			b = append(b, ']')
		case len(b) > 0:
			b = append(b, '.')
			b = append(b, s.name...)
		default:
			b = append(b, s.name...)
		}
	}
	if len(b) > 0 {
		b = append(b, ": "...)
	}
	return string(b)
}

// members returns the members of an object.
func (d *decoder) members(v jsonx.Value) iter.Seq2[[]byte, jsonx.Value] {
	return func(yield func([]byte, jsonx.Value) bool) {
		if !d.present(v, jsonx.Object, "want an object") {
			return
		}
		for name, m := range v.Members() {
			d.path = append(d.path, step{name: name})
			more := yield(name, m)
			d.path = d.path[:len(d.path)-1]
			if !more {
				return
			}
		}
	}
}

// listOf reads an array. An empty one becomes nil.
func listOf[T any](d *decoder, v jsonx.Value, read func(*decoder, jsonx.Value) T) []T {
	if !d.present(v, jsonx.Array, "want an array") {
		return nil
	}
	var list []T
	for e := range v.Elements() {
		d.path = append(d.path, step{index: len(list)})
		list = append(list, read(d, e))
		d.path = d.path[:len(d.path)-1]
	}
	return list
}

// present reports whether v is there and not null, and complains if it is of another kind than want.
func (d *decoder) present(v jsonx.Value, want jsonx.Kind, complaint string) bool {
	switch v.Kind() {
	case want:
		return true
	case jsonx.Null, jsonx.Invalid:
		return false
	}
	d.fail(complaint)
	return false
}

// kind returns the type member of an object, which decides how to read the rest.
func (d *decoder) kind(v jsonx.Value) string {
	kind := v.Get("type")
	switch {
	case v.Kind() != jsonx.Object:
		d.fail("want an object")
	case kind.Kind() != jsonx.String:
		d.fail("want an object with a type")
	default:
		return kind.Text()
	}
	return ""
}

// kindOr is kind for an object that may leave its type out.
func (d *decoder) kindOr(v jsonx.Value, instead string) string {
	if kind := v.Get("type"); kind.Kind() == jsonx.String {
		return kind.Text()
	}
	return instead
}

func (d *decoder) str(v jsonx.Value) string {
	if !d.present(v, jsonx.String, "want a string") {
		return ""
	}
	return v.Text()
}

func (d *decoder) pointer(v jsonx.Value) *string {
	if !d.present(v, jsonx.String, "want a string") {
		return nil
	}
	s := v.Text()
	return &s
}

func (d *decoder) bool(v jsonx.Value) bool {
	return d.present(v, jsonx.Bool, "want a boolean") && v.Bool()
}

func (d *decoder) float(v jsonx.Value) float64 {
	if !d.present(v, jsonx.Number, "want a number") {
		return 0
	}
	f, err := strconv.ParseFloat(v.Text(), 64)
	if err != nil {
		d.fail("want a number that is not so large")
	}
	return f
}

func (d *decoder) int(v jsonx.Value) int {
	if v.Kind() == jsonx.Number {
		if i, err := strconv.Atoi(v.Text()); err == nil {
			return i
		}
	}
	f := d.float(v)
	if f != math.Trunc(f) || math.Abs(f) > 1<<53 {
		d.fail("want an integer")
		return 0
	}
	return int(f)
}

func (d *decoder) time(v jsonx.Value) time.Time {
	var t time.Time
	var err error
	switch v.Kind() {
	case jsonx.String:
		t, err = jsonx.ParseTime(v.Text())
	case jsonx.Number:
		t, err = jsonx.EpochTime(d.float(v))
	case jsonx.Null, jsonx.Invalid:
	default:
		d.fail("want a date and time")
	}
	if err != nil {
		d.fail(err.Error())
	}
	return t
}

// raw returns a copy of v without white space.
func (d *decoder) raw(v jsonx.Value) json.RawMessage {
	if d.err != nil {
		return nil
	}
	raw, err := jsonx.AppendRaw(nil, v.Raw())
	if err != nil {
		d.fail(err.Error())
	}
	return raw
}

// free returns free-form JSON; null becomes nil.
func (d *decoder) free(v jsonx.Value) json.RawMessage {
	if v.Kind() == jsonx.Null {
		return nil
	}
	return d.raw(v)
}

// metadata reads an object of the application's. Numbers stay as they were written.
func (d *decoder) metadata(v jsonx.Value) map[string]any {
	if !d.present(v, jsonx.Object, "want an object") {
		return nil
	}
	var m map[string]any
	if err := unmarshalNumber(v.Raw(), &m); err != nil {
		d.fail("want an object")
	}
	return m
}

func (d *decoder) stringMap(v jsonx.Value) map[string]string {
	var m map[string]string
	for name, s := range d.members(v) {
		if m == nil {
			m = map[string]string{}
		}
		m[string(name)] = d.str(s)
	}
	return m
}

// unmarshalNumber is json.Unmarshal with numbers kept as json.Number.
func unmarshalNumber(data []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	return d.Decode(v)
}
