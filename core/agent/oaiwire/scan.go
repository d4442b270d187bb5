package oaiwire

import (
	"bytes"
	"unicode/utf16"
	"unicode/utf8"
)

// The scanner walks JSON text once and hands out fields undecoded. It exists for the one event that
// comes thousands of times, the text delta; whatever it finds odd is left to encoding/json, which then
// gives the error. It checks structure, not every detail of the grammar.

// eachField calls fn with every key and raw value of the object data until fn returns false. It reports
// whether data is an object that could be walked. Keys with escapes are given undecoded.
func eachField(data []byte, fn func(key, val []byte) bool) bool {
	i := space(data, 0)
	if i >= len(data) || data[i] != '{' {
		return false
	}
	if i = space(data, i+1); i < len(data) && data[i] == '}' {
		return space(data, i+1) == len(data)
	}
	for {
		if i >= len(data) || data[i] != '"' {
			return false
		}
		k := skipString(data, i)
		if k < 0 {
			return false
		}
		key := data[i+1 : k-1]
		if i = space(data, k); i >= len(data) || data[i] != ':' {
			return false
		}
		i = space(data, i+1)
		v := skipValue(data, i)
		if v < 0 {
			return false
		}
		if !fn(key, data[i:v]) {
			return true
		}
		if i = space(data, v); i >= len(data) {
			return false
		}
		switch data[i] {
		case ',':
			i = space(data, i+1)
		case '}':
			return space(data, i+1) == len(data)
		default:
			return false
		}
	}
}

// eachElement calls fn with every raw element of the array data until fn returns false.
func eachElement(data []byte, fn func(val []byte) bool) bool {
	i := space(data, 0)
	if i >= len(data) || data[i] != '[' {
		return false
	}
	if i = space(data, i+1); i < len(data) && data[i] == ']' {
		return true
	}
	for {
		v := skipValue(data, i)
		if v < 0 {
			return false
		}
		if !fn(data[i:v]) {
			return true
		}
		if i = space(data, v); i >= len(data) {
			return false
		}
		switch data[i] {
		case ',':
			i = space(data, i+1)
		case ']':
			return true
		default:
			return false
		}
	}
}

func space(b []byte, i int) int {
	for i < len(b) && (b[i] == ' ' || b[i] == '\t' || b[i] == '\n' || b[i] == '\r') {
		i++
	}
	return i
}

// skipString returns the position behind the string that starts at b[i], or -1.
func skipString(b []byte, i int) int {
	i++
	for {
		n := bytes.IndexByte(b[i:], '"')
		if n < 0 {
			return -1
		}
		i += n
		slashes := 0
		for b[i-1-slashes] == '\\' {
			slashes++
		}
		i++
		if slashes%2 == 0 {
			return i
		}
	}
}

// skipValue returns the position behind the value that starts at b[i], or -1.
func skipValue(b []byte, i int) int {
	if i >= len(b) {
		return -1
	}
	switch b[i] {
	case '"':
		return skipString(b, i)
	case '{', '[':
		depth := 0
		for i < len(b) {
			switch b[i] {
			case '"':
				if i = skipString(b, i); i < 0 {
					return -1
				}
				continue
			case '{', '[':
				depth++
			case '}', ']':
				if depth--; depth == 0 {
					return i + 1
				}
			}
			i++
		}
		return -1
	}
	start := i
	for i < len(b) {
		switch b[i] {
		case ',', '}', ']', ' ', '\t', '\n', '\r':
			if i == start {
				return -1
			}
			return i
		}
		i++
	}
	return i
}

// smallInt reads a JSON integer of few digits.
func smallInt(b []byte) (int, bool) {
	neg := len(b) > 0 && b[0] == '-'
	if neg {
		b = b[1:]
	}
	if len(b) == 0 || len(b) > 9 {
		return 0, false
	}
	n := 0
	for _, c := range b {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + int(c-'0')
	}
	if neg {
		n = -n
	}
	return n, true
}

// unquote decodes the JSON string val, quotes included. first is a high surrogate that ended the string
// before, or 0; the result's second value is such a half at the end of this one. Some providers cut a
// character in two between deltas, and each half alone is not text.
func unquote(val []byte, first rune) (string, rune, bool) {
	if len(val) < 2 || val[0] != '"' || val[len(val)-1] != '"' {
		return "", 0, false
	}
	val = val[1 : len(val)-1]
	if first == 0 && bytes.IndexByte(val, '\\') < 0 && utf8.Valid(val) {
		return string(val), 0, true
	}
	out := make([]byte, 0, len(val)+4)
	high := first
	for i := 0; i < len(val); {
		c := val[i]
		if c != '\\' {
			if high != 0 {
				out = utf8.AppendRune(out, utf8.RuneError)
				high = 0
			}
			r, n := utf8.DecodeRune(val[i:])
			out = utf8.AppendRune(out, r)
			i += n
			continue
		}
		if i+1 >= len(val) {
			return "", 0, false
		}
		if val[i+1] == 'u' {
			r := hex4(val, i+2)
			if r < 0 {
				return "", 0, false
			}
			i += 6
			if high != 0 {
				whole := utf16.DecodeRune(high, r)
				high = 0
				out = utf8.AppendRune(out, whole) // U+FFFD if they do not match
				if whole != utf8.RuneError {
					continue
				}
			}
			switch {
			case r >= 0xd800 && r < 0xdc00:
				high = r
			case utf16.IsSurrogate(r):
				out = utf8.AppendRune(out, utf8.RuneError)
			default:
				out = utf8.AppendRune(out, r)
			}
			continue
		}
		if high != 0 {
			out = utf8.AppendRune(out, utf8.RuneError)
			high = 0
		}
		switch val[i+1] {
		case '"', '\\', '/':
			out = append(out, val[i+1])
		case 'b':
			out = append(out, '\b')
		case 'f':
			out = append(out, '\f')
		case 'n':
			out = append(out, '\n')
		case 'r':
			out = append(out, '\r')
		case 't':
			out = append(out, '\t')
		default:
			return "", 0, false
		}
		i += 2
	}
	return string(out), high, true
}

func hex4(b []byte, i int) rune {
	if i+4 > len(b) {
		return -1
	}
	var r rune
	for _, c := range b[i : i+4] {
		switch {
		case c >= '0' && c <= '9':
			r = r<<4 | rune(c-'0')
		case c >= 'a' && c <= 'f':
			r = r<<4 | rune(c-'a'+10)
		case c >= 'A' && c <= 'F':
			r = r<<4 | rune(c-'A'+10)
		default:
			return -1
		}
	}
	return r
}
