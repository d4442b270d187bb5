package jsonx

import (
	"bytes"
	"iter"
	"math"
	"unicode/utf16"
	"unicode/utf8"
	"unsafe"
)

// DefaultDepth is how deep a request may nest if nobody says otherwise.
const DefaultDepth = 64

// A Kind is the type of a JSON value.
type Kind byte

// The kinds of JSON values. Invalid is that of the zero [Value].
const (
	Invalid Kind = iota
	Null
	Bool
	Number
	String
	Array
	Object
)

// A Value is a part of a document that has been checked. It refers to the document's bytes, which must not
// change. The zero Value stands for a member that is not there.
type Value struct {
	raw []byte
}

// Parse checks a document that came from outside and returns its value. It refuses what RFC 8259 refuses,
// a byte order mark, bytes that are not UTF-8, half surrogate pairs, two members of the same name in one
// object, and anything that nests deeper than depth (0 means [DefaultDepth]). Its time and memory are
// linear in the size of the document.
func Parse(data []byte, depth int) (Value, error) {
	if depth <= 0 {
		depth = DefaultDepth
	}
	if uint64(len(data)) > math.MaxUint32 {
		return Value{}, &SyntaxError{0, "too long"}
	}
	if err := check(data, depth, true, new(keys)); err != nil {
		return Value{}, err
	}
	return Value{bytes.TrimSpace(data)}, nil
}

// Scan checks a document that comes from the program itself or from a store and returns its value. Of
// members of the same name readers should take the last. Bytes that are not UTF-8 and half surrogate pairs
// are read as U+FFFD.
func Scan(data []byte) (Value, error) {
	if err := check(data, maxDepth, false, nil); err != nil {
		return Value{}, err
	}
	return Value{bytes.TrimSpace(data)}, nil
}

// Kind returns the kind of v.
func (v Value) Kind() Kind {
	if len(v.raw) == 0 {
		return Invalid
	}
	switch v.raw[0] {
	case '{':
		return Object
	case '[':
		return Array
	case '"':
		return String
	case 't', 'f':
		return Bool
	case 'n':
		return Null
	}
	return Number
}

// Raw returns the JSON of v as it stands in the document.
func (v Value) Raw() []byte { return v.raw }

// Bool returns the value of a boolean; it is false for every other kind.
func (v Value) Bool() bool { return len(v.raw) > 0 && v.raw[0] == 't' }

// Text returns the text of a string, and the raw JSON of any other kind.
func (v Value) Text() string {
	if v.Kind() != String {
		return string(v.raw)
	}
	s := v.raw[1 : len(v.raw)-1]
	if plain(s) {
		return string(s)
	}
	b := appendUnescaped(make([]byte, 0, len(s)), s)
	return unsafe.String(unsafe.SliceData(b), len(b))
}

// Is reports whether v is the string s.
func (v Value) Is(s string) bool {
	if v.Kind() != String {
		return false
	}
	if in := v.raw[1 : len(v.raw)-1]; plain(in) {
		return string(in) == s
	}
	return v.Text() == s
}

// Members returns the members of an object in their order, and nothing for any other kind. A name is valid
// until the next one comes.
func (v Value) Members() iter.Seq2[[]byte, Value] {
	return func(yield func([]byte, Value) bool) {
		if v.Kind() != Object {
			return
		}
		b := v.raw
		for i := skipSpace(b, 1); b[i] != '}'; {
			end := skipString(b, i)
			name := b[i+1 : end-1]
			if !plain(name) {
				name = appendUnescaped(nil, name)
			}
			i = skipSpace(b, skipSpace(b, end)+1)
			end = skipValue(b, i)
			if !yield(name, Value{b[i:end:end]}) {
				return
			}
			i = skipComma(b, end)
		}
	}
}

// Elements returns the elements of an array, and nothing for any other kind.
func (v Value) Elements() iter.Seq[Value] {
	return func(yield func(Value) bool) {
		if v.Kind() != Array {
			return
		}
		b := v.raw
		for i := skipSpace(b, 1); b[i] != ']'; {
			end := skipValue(b, i)
			if !yield(Value{b[i:end:end]}) {
				return
			}
			i = skipComma(b, end)
		}
	}
}

// Get returns the first member of that name, or the zero Value.
func (v Value) Get(name string) Value {
	for n, m := range v.Members() {
		if string(n) == name {
			return m
		}
	}
	return Value{}
}

// The skip functions need JSON that has been checked.

func skipComma(b []byte, i int) int {
	if i = skipSpace(b, i); b[i] == ',' {
		i = skipSpace(b, i+1)
	}
	return i
}

func skipString(b []byte, i int) int {
	for i = clean(b, i+1); b[i] != '"'; i = clean(b, i+2) { // steps over an escape
	}
	return i + 1
}

func skipValue(b []byte, i int) int {
	for depth := 0; ; {
		switch b[i] {
		case '"':
			i = skipString(b, i)
		case '{', '[':
			depth++
			i++
			continue
		case '}', ']':
			depth--
			i++
		case ' ', '\n', '\r', '\t', ',', ':':
			i++
			continue
		default:
			for i < len(b) && !endsScalar(b[i]) {
				i++
			}
		}
		if depth == 0 {
			return i
		}
	}
}

func endsScalar(c byte) bool {
	switch c {
	case ' ', '\n', '\r', '\t', ',', ']', '}':
		return true
	}
	return false
}

// plain reports whether the inside of a string is its own text.
func plain(s []byte) bool { return bytes.IndexByte(s, '\\') < 0 && utf8.Valid(s) }

// appendUnescaped appends the text of a string whose inside is s. What is no character becomes U+FFFD.
func appendUnescaped(dst, s []byte) []byte {
	for i := 0; i < len(s); {
		c := s[i]
		switch {
		case c == '\\' && s[i+1] == 'u':
			r, _ := hex4(s, i+2)
			i += 6
			if utf16.IsSurrogate(r) {
				var low rune
				if i+5 < len(s) && s[i] == '\\' && s[i+1] == 'u' {
					low, _ = hex4(s, i+2)
				}
				if r = utf16.DecodeRune(r, low); r != utf8.RuneError {
					i += 6
				}
			}
			dst = utf8.AppendRune(dst, r)
		case c == '\\':
			c = s[i+1]
			switch c {
			case 'b':
				c = '\b'
			case 'f':
				c = '\f'
			case 'n':
				c = '\n'
			case 'r':
				c = '\r'
			case 't':
				c = '\t'
			}
			dst = append(dst, c)
			i += 2
		case c < utf8.RuneSelf:
			dst = append(dst, c)
			i++
		default:
			r, n := utf8.DecodeRune(s[i:])
			dst = utf8.AppendRune(dst, r)
			i += n
		}
	}
	return dst
}
