package widget

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// maxDepth bounds how deep widget JSON may nest. It is far above any widget a person would write and keeps
// hostile JSON from using up the stack.
const maxDepth = 1000

var errDepth = errors.New("nested deeper than 1000 levels")

// scanner walks JSON text without decoding it. Its methods take a position and return the position after
// what they read. They accept exactly what encoding/json accepts, up to maxDepth.
type scanner struct {
	buf   []byte
	depth int
}

// span is a part of the text: buf[from:to].
type span struct{ from, to int }

func (s *scanner) bytes(p span) []byte { return s.buf[p.from:p.to] }

func (s *scanner) syntax(i int) error {
	if i >= len(s.buf) {
		return errors.New("unexpected end of JSON")
	}
	return fmt.Errorf("invalid character %q in JSON at offset %d", s.buf[i], i)
}

func (s *scanner) space(i int) int {
	for i < len(s.buf) {
		switch s.buf[i] {
		case ' ', '\t', '\n', '\r':
			i++
		default:
			return i
		}
	}
	return i
}

// whole checks that the text is one JSON value with nothing but space around it.
func (s *scanner) whole() error {
	i, err := s.value(s.space(0))
	if err != nil {
		return err
	}
	if i = s.space(i); i < len(s.buf) {
		return s.syntax(i)
	}
	return nil
}

// wholeObject is whole for an object. It returns the position of its opening brace.
func (s *scanner) wholeObject() (int, error) {
	i := s.space(0)
	if i < len(s.buf) && s.buf[i] != '{' {
		return i, errors.New("not a JSON object")
	}
	return i, s.whole()
}

// value skips the value that begins at i.
func (s *scanner) value(i int) (int, error) {
	if i >= len(s.buf) {
		return i, s.syntax(i)
	}
	switch c := s.buf[i]; {
	case c == '"':
		return s.str(i)
	case c == '{':
		i, done, err := s.open(i, '}')
		for !done && err == nil {
			if _, i, err = s.key(i); err != nil {
				break
			}
			if i, err = s.value(i); err != nil {
				break
			}
			i, done, err = s.next(i, '}')
		}
		return i, err
	case c == '[':
		i, done, err := s.open(i, ']')
		for !done && err == nil {
			if i, err = s.value(i); err != nil {
				break
			}
			i, done, err = s.next(i, ']')
		}
		return i, err
	case c == 't':
		return s.literal(i, "true")
	case c == 'f':
		return s.literal(i, "false")
	case c == 'n':
		return s.literal(i, "null")
	default:
		return s.number(i)
	}
}

// open reads the opening bracket at i. It returns the position of the first key or element, or the position
// after the closing bracket and true.
func (s *scanner) open(i int, end byte) (int, bool, error) {
	if s.depth++; s.depth > maxDepth {
		return i, false, errDepth
	}
	i = s.space(i + 1)
	if i < len(s.buf) && s.buf[i] == end {
		s.depth--
		return i + 1, true, nil
	}
	return i, false, nil
}

// next reads what follows a member or element: a comma, or the closing bracket.
func (s *scanner) next(i int, end byte) (int, bool, error) {
	i = s.space(i)
	if i >= len(s.buf) {
		return i, false, s.syntax(i)
	}
	switch s.buf[i] {
	case ',':
		return s.space(i + 1), false, nil
	case end:
		s.depth--
		return i + 1, true, nil
	}
	return i, false, s.syntax(i)
}

// key reads a member's key, with its quotes, and the colon. It returns the position of the value.
func (s *scanner) key(i int) (span, int, error) {
	if i >= len(s.buf) || s.buf[i] != '"' {
		return span{}, i, s.syntax(i)
	}
	end, err := s.str(i)
	if err != nil {
		return span{}, end, err
	}
	k := span{i, end}
	i = s.space(end)
	if i >= len(s.buf) || s.buf[i] != ':' {
		return span{}, i, s.syntax(i)
	}
	return k, s.space(i + 1), nil
}

func (s *scanner) str(i int) (int, error) {
	b := s.buf
	for i++; i < len(b); i++ {
		if plain[b[i]] {
			continue
		}
		switch b[i] {
		case '"':
			return i + 1, nil
		case '\\':
			i++
			if i >= len(b) {
				return i, s.syntax(i)
			}
			switch b[i] {
			case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
			case 'u':
				for range 4 {
					if i++; i >= len(b) || hexValue(b[i]) < 0 {
						return i, s.syntax(i)
					}
				}
			default:
				return i, s.syntax(i)
			}
		default:
			return i, s.syntax(i)
		}
	}
	return i, s.syntax(i)
}

// plain tells which bytes mean themselves in a JSON string.
var plain = func() (table [256]bool) {
	for c := range table {
		table[c] = c >= 0x20 && c != '"' && c != '\\'
	}
	return table
}()

func (s *scanner) literal(i int, word string) (int, error) {
	for j := range len(word) {
		if i+j >= len(s.buf) || s.buf[i+j] != word[j] {
			return i + j, s.syntax(i + j)
		}
	}
	return i + len(word), nil
}

func (s *scanner) number(i int) (int, error) {
	b := s.buf
	if i < len(b) && b[i] == '-' {
		i++
	}
	switch {
	case i < len(b) && b[i] == '0':
		i++
	case i < len(b) && '1' <= b[i] && b[i] <= '9':
		i = s.digits(i)
	default:
		return i, s.syntax(i)
	}
	if i < len(b) && b[i] == '.' {
		j := s.digits(i + 1)
		if j == i+1 {
			return j, s.syntax(j)
		}
		i = j
	}
	if i < len(b) && (b[i] == 'e' || b[i] == 'E') {
		i++
		if i < len(b) && (b[i] == '+' || b[i] == '-') {
			i++
		}
		j := s.digits(i)
		if j == i {
			return j, s.syntax(j)
		}
		i = j
	}
	return i, nil
}

func (s *scanner) digits(i int) int {
	for i < len(s.buf) && '0' <= s.buf[i] && s.buf[i] <= '9' {
		i++
	}
	return i
}

func hexValue(c byte) rune {
	switch {
	case '0' <= c && c <= '9':
		return rune(c - '0')
	case 'a' <= c && c <= 'f':
		return rune(c-'a') + 10
	case 'A' <= c && c <= 'F':
		return rune(c-'A') + 10
	}
	return -1
}

// unquote decodes a JSON string that the scanner has accepted. Lone surrogates and invalid UTF-8 become
// U+FFFD, as in encoding/json.
func unquote(quoted []byte) string {
	b := quoted[1 : len(quoted)-1]
	plain := utf8.Valid(b)
	for _, c := range b {
		if c == '\\' {
			plain = false
			break
		}
	}
	if plain {
		return string(b)
	}
	var out strings.Builder
	out.Grow(len(b))
	for i := 0; i < len(b); {
		if b[i] != '\\' {
			r, n := utf8.DecodeRune(b[i:])
			out.WriteRune(r)
			i += n
			continue
		}
		i++
		switch c := b[i]; c {
		case 'b':
			out.WriteByte('\b')
		case 'f':
			out.WriteByte('\f')
		case 'n':
			out.WriteByte('\n')
		case 'r':
			out.WriteByte('\r')
		case 't':
			out.WriteByte('\t')
		case 'u':
			r := hex4(b[i+1:])
			i += 4
			if utf16.IsSurrogate(r) {
				low := rune(-1)
				if i+6 < len(b) && b[i+1] == '\\' && b[i+2] == 'u' {
					low = hex4(b[i+3:])
				}
				if r = utf16.DecodeRune(r, low); r != utf8.RuneError {
					i += 6
				}
			}
			out.WriteRune(r)
		default:
			out.WriteByte(c)
		}
		i++
	}
	return out.String()
}

func hex4(b []byte) rune {
	var r rune
	for i := range 4 {
		r = r<<4 | hexValue(b[i])
	}
	return r
}

// stringMember returns the last member of the object raw with that name if it is a string.
func stringMember(raw []byte, name string) (value string, ok bool) {
	s := scanner{buf: raw}
	i, err := s.wholeObject()
	if err != nil {
		return "", false
	}
	for c := s.enter(i); !c.done; {
		k := s.bytes(c.key())
		v := span{c.at, s.skip(c.at)}
		if keyIs(k, name) {
			value, ok = text(s.bytes(v)), raw[v.from] == '"'
		}
		c.next(v.to)
	}
	return value, ok
}

// keyIs reports whether the quoted key is name.
func keyIs(quoted []byte, name string) bool {
	if len(quoted) == len(name)+2 {
		return string(quoted[1:len(quoted)-1]) == name
	}
	for _, c := range quoted {
		if c == '\\' {
			return unquote(quoted) == name
		}
	}
	return false
}

// null reports whether the value at i is null. No other JSON value begins with an n.
func (s *scanner) null(i int) bool {
	return i+4 <= len(s.buf) && string(s.buf[i:i+4]) == "null"
}
