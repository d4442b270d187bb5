package jsonx

import (
	"bytes"
	"unicode/utf8"
)

// AppendRaw appends the JSON document raw without white space. Numbers, escapes and the order of members
// stay as they are; bytes of strings that are not UTF-8 become U+FFFD. If raw is not one valid document,
// dst is returned as it was, with an error.
func AppendRaw(dst, raw []byte) ([]byte, error) {
	if err := check(raw, maxDepth, false, nil); err != nil {
		return dst, err
	}
	valid := utf8.Valid(raw)
	start := 0
	for i := 0; i < len(raw); {
		switch raw[i] {
		case ' ', '\n', '\r', '\t':
			dst = append(dst, raw[start:i]...)
			i = skipSpace(raw, i)
			start = i
		case '"':
			end := skipString(raw, i)
			if !valid {
				dst = append(dst, raw[start:i]...)
				dst = appendValid(dst, raw[i:end])
				start = end
			}
			i = end
		default:
			i++
		}
	}
	return append(dst, raw[start:]...), nil
}

// AppendRawStripNulls is [AppendRaw] for a widget or a component of one: it leaves out members and elements
// that are null, at any depth.
//
// One kind of null stays: a member named children of an object that is data, not a component. Which objects
// are components follows from their place: the outermost one, and those that a component has as its
// children, alone or in an array.
func AppendRawStripNulls(dst, raw []byte) ([]byte, error) { return stripNulls(dst, raw, true) }

// AppendDataStripNulls is [AppendRawStripNulls] for data that is no component.
func AppendDataStripNulls(dst, raw []byte) ([]byte, error) { return stripNulls(dst, raw, false) }

func stripNulls(dst, raw []byte, component bool) ([]byte, error) {
	if !bytes.Contains(raw, []byte("null")) {
		return AppendRaw(dst, raw)
	}
	if err := check(raw, maxDepth, false, nil); err != nil {
		return dst, err
	}
	type container struct {
		open      byte
		component bool // this object, or the elements of this array, are components
		filled    bool
	}
	var local [32]container
	stack := local[:0]
	for i := skipSpace(raw, 0); ; {
		if c := raw[i]; c == '{' || c == '[' {
			stack = append(stack, container{open: c, component: component})
			dst = append(dst, c)
			i = skipSpace(raw, i+1)
		} else {
			end := skipValue(raw, i)
			dst = appendValid(dst, raw[i:end])
			i = skipSpace(raw, end)
		}
		for {
			if len(stack) == 0 {
				return dst, nil
			}
			in := &stack[len(stack)-1]
			if raw[i] == ',' {
				i = skipSpace(raw, i+1)
			}
			if raw[i] == in.open+2 { // '}' is '{'+2, and so with brackets
				dst = append(dst, raw[i])
				stack = stack[:len(stack)-1]
				i = skipSpace(raw, i+1)
				continue
			}
			var name []byte
			component = in.component
			keep := false
			if in.open == '{' {
				end := skipString(raw, i)
				name = raw[i:end]
				children := Value{name}.Is("children")
				keep = children && !in.component
				component = children && in.component
				i = skipSpace(raw, skipSpace(raw, end)+1)
			}
			if raw[i] == 'n' && !keep {
				i = skipSpace(raw, i+len("null"))
				continue
			}
			if in.filled {
				dst = append(dst, ',')
			}
			in.filled = true
			if in.open == '{' {
				dst = appendValid(dst, name)
				dst = append(dst, ':')
			}
			break
		}
	}
}

// appendValid appends b with every byte that is not UTF-8 replaced by U+FFFD.
func appendValid(dst, b []byte) []byte {
	if utf8.Valid(b) {
		return append(dst, b...)
	}
	for len(b) > 0 {
		r, n := utf8.DecodeRune(b)
		dst = utf8.AppendRune(dst, r)
		b = b[n:]
	}
	return dst
}

// A Replacement is a member that [AppendReplaced] writes in place of the one of that name.
type Replacement struct {
	Name string
	JSON []byte // one valid document; nil removes the member
}

// AppendReplaced appends the object raw with some of its members replaced. A replacement that raw has no
// member for is appended. If raw is not an object, dst is returned as it was, with an error.
func AppendReplaced(dst, raw []byte, with ...Replacement) ([]byte, error) {
	v, err := Scan(raw)
	if err != nil {
		return dst, err
	}
	if v.Kind() != Object {
		return dst, &SyntaxError{0, "want an object"}
	}
	var doneLocal [8]bool
	done := append(doneLocal[:0], make([]bool, len(with))...)
	start := len(dst)
	dst = append(dst, '{')
	member := func(name string, json []byte) {
		if len(dst) > start+1 {
			dst = append(dst, ',')
		}
		dst = AppendString(dst, name)
		dst = append(dst, ':')
		dst, _ = AppendRaw(dst, json) // checked as a part of raw, or by the caller
	}
next:
	for name, m := range v.Members() {
		for i, r := range with {
			if string(name) == r.Name {
				if !done[i] && r.JSON != nil {
					member(r.Name, r.JSON)
				}
				done[i] = true
				continue next
			}
		}
		member(string(name), m.Raw())
	}
	for i, r := range with {
		if !done[i] && r.JSON != nil {
			member(r.Name, r.JSON)
		}
	}
	return append(dst, '}'), nil
}
