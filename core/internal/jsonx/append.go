package jsonx

import (
	"encoding/binary"
	"math"
	"math/bits"
	"slices"
	"strconv"
	"time"
	"unicode/utf8"
)

const (
	lows  = 0x0101010101010101
	highs = 0x8080808080808080
)

// special reports which of the eight bytes in x a JSON string cannot hold as they are: the highest bit of
// such a byte is set. Above the lowest of them the bits mean nothing.
func special(x uint64) uint64 {
	control := x - lows*0x20
	quote := (x ^ lows*'"') - lows
	slash := (x ^ lows*'\\') - lows
	// A byte from 0x80 on is none of these; its own high bit takes it out.
	return (control | quote | slash) &^ x & highs
}

// load returns the eight bytes of s from i on.
func load[T string | []byte](s T, i int) uint64 {
	s = s[i : i+8]
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
		uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
}

// clean returns the place of the first byte from i on that a JSON string cannot hold as it is, or the
// length of b. It stops at no byte from 0x80 on.
func clean(b []byte, i int) int {
	for ; i+8 <= len(b); i += 8 {
		if m := special(load(b, i)); m != 0 {
			return i + bits.TrailingZeros64(m)/8
		}
	}
	for i < len(b) && b[i] >= 0x20 && b[i] != '"' && b[i] != '\\' {
		i++
	}
	return i
}

// AppendString appends s as a JSON string. Bytes that are not UTF-8 become U+FFFD, one for each.
func AppendString(dst []byte, s string) []byte {
	dst = append(dst, '"')
	dst = AppendEscaped(dst, s)
	return append(dst, '"')
}

// AppendEscaped appends what stands between the quotes of the JSON string for s. Escaping works piece by
// piece: the escaped form of a text is that of its parts one after the other, as long as no character is
// cut in two.
func AppendEscaped(dst []byte, s string) []byte {
	dst = slices.Grow(dst, len(s)+8)
	// Until a first byte from 0x80 on has been met it stops at each of them, and then, if all the rest is
	// UTF-8, at none: one check of the whole is cheaper than a look at every character.
	stop := uint64(highs)
	i := 0
	for i+8 <= len(s) {
		x := load(s, i)
		// Eight bytes are written and as many kept as are clean.
		dst = binary.LittleEndian.AppendUint64(dst, x)
		m := special(x) | x&stop
		if m == 0 {
			i += 8
			continue
		}
		n := bits.TrailingZeros64(m) / 8
		dst = dst[:len(dst)-8+n]
		i += n
		switch c := s[i]; {
		case c < utf8.RuneSelf:
			dst = appendEscape(dst, c)
			i++
		case utf8.ValidString(s[i:]):
			stop = 0
		default:
			return appendEachEscaped(dst, s[i:], false)
		}
	}
	return appendEachEscaped(dst, s[i:], stop == 0)
}

// appendEachEscaped is AppendEscaped byte by byte. If s is known to be the end of valid UTF-8 it may begin
// inside of a character.
func appendEachEscaped(dst []byte, s string, valid bool) []byte {
	start := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c >= 0x20 && c < utf8.RuneSelf && c != '"' && c != '\\' || c >= utf8.RuneSelf && valid {
			i++
			continue
		}
		dst = append(dst, s[start:i]...)
		if c < utf8.RuneSelf {
			dst = appendEscape(dst, c)
			i++
		} else {
			r, n := utf8.DecodeRuneInString(s[i:])
			dst = utf8.AppendRune(dst, r)
			i += n
		}
		start = i
	}
	return append(dst, s[start:]...)
}

func appendEscape(dst []byte, c byte) []byte {
	switch c {
	case '"', '\\':
		return append(dst, '\\', c)
	case '\b':
		return append(dst, '\\', 'b')
	case '\f':
		return append(dst, '\\', 'f')
	case '\n':
		return append(dst, '\\', 'n')
	case '\r':
		return append(dst, '\\', 'r')
	case '\t':
		return append(dst, '\\', 't')
	}
	const hex = "0123456789abcdef"
	return append(dst, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
}

// AppendInt appends i.
func AppendInt(dst []byte, i int64) []byte { return strconv.AppendInt(dst, i, 10) }

// AppendBool appends b.
func AppendBool(dst []byte, b bool) []byte { return strconv.AppendBool(dst, b) }

// AppendFloat appends f in the form the protocol gives to fields of type float: shortest digits that read
// back as f, with a point in them between 1e-5 and 1e16, and with an exponent beyond. What JSON cannot
// say is null.
func AppendFloat(dst []byte, f float64) []byte {
	abs := math.Abs(f)
	switch {
	case math.IsNaN(f) || math.IsInf(f, 0):
		return append(dst, "null"...)
	case abs == 0 || abs >= 1e-5 && abs < 1e16:
		start := len(dst)
		dst = strconv.AppendFloat(dst, f, 'f', -1, 64)
		for _, c := range dst[start:] {
			if c == '.' {
				return dst
			}
		}
		return append(dst, '.', '0')
	}
	dst = strconv.AppendFloat(dst, f, 'e', -1, 64)
	if n := len(dst); dst[n-2] == '0' && (dst[n-3] == '-' || dst[n-3] == '+') {
		dst[n-2] = dst[n-1] // strconv pads the exponent to two digits
		dst = dst[:n-1]
	}
	return dst
}

// AppendTime appends t as a JSON string in UTC, cut to microseconds; a fraction of zero is left out. A year
// that has no four digits becomes the nearest that has.
func AppendTime(dst []byte, t time.Time) []byte {
	t = t.UTC()
	switch year := t.Year(); {
	case year < 0:
		t = time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC)
	case year > 9999:
		t = time.Date(9999, 12, 31, 23, 59, 59, 999999000, time.UTC)
	}
	year, month, day := t.Date()
	hour, minute, second := t.Clock()
	dst = append(dst, '"')
	dst = appendDigits(dst, year, 4)
	dst = append(dst, '-')
	dst = appendDigits(dst, int(month), 2)
	dst = append(dst, '-')
	dst = appendDigits(dst, day, 2)
	dst = append(dst, 'T')
	dst = appendDigits(dst, hour, 2)
	dst = append(dst, ':')
	dst = appendDigits(dst, minute, 2)
	dst = append(dst, ':')
	dst = appendDigits(dst, second, 2)
	if micro := t.Nanosecond() / 1000; micro != 0 {
		dst = append(dst, '.')
		dst = appendDigits(dst, micro, 6)
	}
	return append(dst, 'Z', '"')
}

// appendDigits appends n with exactly width digits.
func appendDigits(dst []byte, n, width int) []byte {
	var b [8]byte
	binary.LittleEndian.PutUint64(b[:], lows*'0')
	for i := width - 1; n > 0; i-- {
		b[i] += byte(n % 10)
		n /= 10
	}
	return append(dst, b[:width]...)
}
