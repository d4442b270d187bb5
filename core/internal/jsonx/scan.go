package jsonx

import (
	"fmt"
	"unicode/utf8"
)

// A SyntaxError says why bytes are not the JSON that was asked for. Its text holds nothing of the input.
type SyntaxError struct {
	Offset int    // the byte at which it shows, from 0
	Reason string // such as "unexpected character"
}

func (e *SyntaxError) Error() string {
	return fmt.Sprintf("invalid JSON at byte %d: %s", e.Offset, e.Reason)
}

// maxDepth is how deep JSON may nest that did not come from a request. Decoders of other languages and Go's
// own stop at about this depth.
const maxDepth = 10000

func skipSpace(b []byte, i int) int {
	for i < len(b) && (b[i] == ' ' || b[i] == '\n' || b[i] == '\r' || b[i] == '\t') {
		i++
	}
	return i
}

// scanString reads the string whose opening quote is at b[i] and returns the place behind its closing one.
// With strict set it refuses half a surrogate pair.
func scanString(b []byte, i int, strict bool) (int, error) {
	start := i
	for i++; ; {
		i = clean(b, i)
		if i == len(b) {
			return i, &SyntaxError{start, "unfinished string"}
		}
		switch b[i] {
		case '"':
			return i + 1, nil
		case '\\':
			if i+1 == len(b) {
				return i, &SyntaxError{start, "unfinished string"}
			}
			switch b[i+1] {
			case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
				i += 2
			case 'u':
				r, ok := hex4(b, i+2)
				if !ok {
					return i, &SyntaxError{i, "bad escape in a string"}
				}
				if strict && r >= 0xD800 && r < 0xE000 {
					low, ok := rune(0), false
					if i+7 < len(b) && b[i+6] == '\\' && b[i+7] == 'u' {
						low, ok = hex4(b, i+8)
					}
					if r >= 0xDC00 || !ok || low < 0xDC00 || low >= 0xE000 {
						return i, &SyntaxError{i, "half a surrogate pair in a string"}
					}
					i += 6
				}
				i += 6
			default:
				return i, &SyntaxError{i, "bad escape in a string"}
			}
		default:
			return i, &SyntaxError{i, "control character in a string"}
		}
	}
}

func hex4(b []byte, i int) (r rune, ok bool) {
	if i+4 > len(b) {
		return 0, false
	}
	for _, c := range b[i : i+4] {
		switch {
		case c >= '0' && c <= '9':
			c -= '0'
		case c >= 'a' && c <= 'f':
			c -= 'a' - 10
		case c >= 'A' && c <= 'F':
			c -= 'A' - 10
		default:
			return 0, false
		}
		r = r<<4 | rune(c)
	}
	return r, true
}

// scanScalar reads the string, number or literal at b[i] and returns the place behind it.
func scanScalar(b []byte, i int, strict bool) (int, error) {
	switch c := b[i]; {
	case c == '"':
		return scanString(b, i, strict)
	case c == '-' || c >= '0' && c <= '9':
		return scanNumber(b, i)
	case c == 't':
		return scanLiteral(b, i, "true")
	case c == 'f':
		return scanLiteral(b, i, "false")
	case c == 'n':
		return scanLiteral(b, i, "null")
	}
	return i, &SyntaxError{i, "unexpected character"}
}

func scanLiteral(b []byte, i int, word string) (int, error) {
	if len(b)-i < len(word) || string(b[i:i+len(word)]) != word {
		return i, &SyntaxError{i, "unexpected character"}
	}
	return i + len(word), nil
}

func scanNumber(b []byte, i int) (int, error) {
	start := i
	if b[i] == '-' {
		i++
	}
	n := i
	if i = skipDigits(b, i); i == n || b[n] == '0' && i > n+1 {
		return i, &SyntaxError{start, "bad number"}
	}
	if i < len(b) && b[i] == '.' {
		n = i + 1
		if i = skipDigits(b, n); i == n {
			return i, &SyntaxError{start, "bad number"}
		}
	}
	if i < len(b) && (b[i] == 'e' || b[i] == 'E') {
		i++
		if i < len(b) && (b[i] == '+' || b[i] == '-') {
			i++
		}
		n = i
		if i = skipDigits(b, n); i == n {
			return i, &SyntaxError{start, "bad number"}
		}
	}
	return i, nil
}

func skipDigits(b []byte, i int) int {
	for i < len(b) && b[i] >= '0' && b[i] <= '9' {
		i++
	}
	return i
}

// check walks the JSON document b without recursion and returns an error unless it is a whole and valid
// one. With strict set, bytes that are not UTF-8 and half surrogate pairs are invalid. A non-nil v refuses
// members of the same name.
func check(b []byte, limit int, strict bool, v *keys) error {
	if strict {
		if i := firstInvalid(b); i >= 0 {
			return &SyntaxError{i, "not UTF-8"}
		}
	}
	// open has one byte for each container that is open: '{' or '['.
	var local [64]byte
	open := local[:0]
	var err error
	for i := skipSpace(b, 0); ; {
		if i == len(b) {
			return &SyntaxError{i, "unexpected end"}
		}
		// A value starts at b[i].
		if c := b[i]; c == '{' || c == '[' {
			if len(open) == limit {
				return &SyntaxError{i, "nested too deeply"}
			}
			open = append(open, c)
			if v != nil {
				v.open()
			}
			i = skipSpace(b, i+1)
			if i == len(b) {
				return &SyntaxError{i, "unexpected end"}
			}
			if b[i] != c+2 { // '}' is '{'+2, and so with brackets
				if c == '{' {
					if i, err = checkKey(b, i, strict, v); err != nil {
						return err
					}
				}
				continue
			}
		} else if i, err = scanScalar(b, i, strict); err != nil {
			return err
		} else {
			i = skipSpace(b, i)
		}
		// A value has ended before b[i], or an empty container ends at it.
		for {
			if len(open) == 0 {
				if i < len(b) {
					return &SyntaxError{i, "unexpected data after the end"}
				}
				return nil
			}
			if i == len(b) {
				return &SyntaxError{i, "unexpected end"}
			}
			c := open[len(open)-1]
			if b[i] == ',' {
				i = skipSpace(b, i+1)
				if c == '{' {
					if i, err = checkKey(b, i, strict, v); err != nil {
						return err
					}
				}
				break
			}
			if b[i] != c+2 {
				return &SyntaxError{i, "unexpected character"}
			}
			open = open[:len(open)-1]
			if v != nil {
				if err := v.close(b); err != nil {
					return err
				}
			}
			i = skipSpace(b, i+1)
		}
	}
}

// checkKey reads a member's name and colon and returns where its value starts.
func checkKey(b []byte, i int, strict bool, v *keys) (int, error) {
	if i == len(b) {
		return i, &SyntaxError{i, "unexpected end"}
	}
	if b[i] != '"' {
		return i, &SyntaxError{i, "want the name of a member"}
	}
	end, err := scanString(b, i, strict)
	if err != nil {
		return i, err
	}
	if v != nil {
		v.add(b, i, end)
	}
	if i = skipSpace(b, end); i == len(b) || b[i] != ':' {
		return i, &SyntaxError{i, "want a colon"}
	}
	return skipSpace(b, i+1), nil
}

// firstInvalid returns the place of the first byte that is not UTF-8, or -1.
func firstInvalid(b []byte) int {
	if utf8.Valid(b) {
		return -1
	}
	for i := 0; i < len(b); {
		r, n := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && n == 1 {
			return i
		}
		i += n
	}
	return -1
}
