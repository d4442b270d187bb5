package widget

import (
	"bytes"
	"strconv"
	"strings"
)

// data compares two values that are no components, deeply.
func (d *differ) data(i, j int) (int, int, bool) {
	a, b := d.a.buf[i], d.b.buf[j]
	switch {
	case a == '{' && b == '{':
		return d.object(i, j)
	case a == '[' && b == '[':
		return d.list(i, j, d.data)
	}
	ni, nj := d.a.skip(i), d.b.skip(j)
	va, vb := d.a.buf[i:ni], d.b.buf[j:nj]
	switch {
	case bytes.Equal(va, vb):
		return ni, nj, true
	case a == '"' && b == '"':
		return ni, nj, unquote(va) == unquote(vb)
	case isNumber(a) && isNumber(b):
		return ni, nj, sameNumber(string(va), string(vb))
	}
	return ni, nj, false
}

func (d *differ) object(i, j int) (int, int, bool) {
	if end := d.a.skip(i); bytes.HasPrefix(d.b.buf[j:], d.a.buf[i:end]) {
		return end, j + end - i, true
	}
	endA, before := d.a.members(i, true)
	endB, after := d.b.members(j, true)
	if len(before) != len(after) {
		return endA, endB, false
	}
	for name, va := range before {
		vb, ok := after[name]
		if !ok {
			return endA, endB, false
		}
		if _, _, ok := d.data(va.from, vb.from); !ok {
			return endA, endB, false
		}
	}
	return endA, endB, true
}

// members returns the values of the object at i by name, the last of equal names, without those that are
// null. KeepChildren keeps a null named children, as nested data does on the wire. End is behind the object.
func (s *scanner) members(i int, keepChildren bool) (end int, found map[string]span) {
	found = map[string]span{}
	c := s.enter(i)
	for !c.done {
		name := unquote(s.bytes(c.key()))
		value := span{c.at, s.skip(c.at)}
		if !s.null(value.from) || keepChildren && name == "children" {
			found[name] = value
		}
		c.next(value.to)
	}
	return c.at, found
}

// names returns the member names of the object at i in order.
func (s *scanner) names(i int) []string {
	var names []string
	for c := s.enter(i); !c.done; c.next(s.skip(c.at)) {
		names = append(names, unquote(s.bytes(c.key())))
	}
	return names
}

// text returns the string that a JSON value is, or "" for any other value.
func text(value []byte) string {
	if len(value) == 0 || value[0] != '"' {
		return ""
	}
	return unquote(value)
}

// truthy reports whether a JSON value counts as true in the reference's language.
func truthy(value []byte) bool {
	switch value[0] {
	case 'f', 'n':
		return false
	case '"':
		return len(value) > 2
	case '{', '[':
		return len(bytes.TrimSpace(value[1:len(value)-1])) > 0
	case 't':
		return true
	}
	return !sameNumber(string(value), "0")
}

func isNumber(c byte) bool { return c == '-' || '0' <= c && c <= '9' }

// sameNumber reports whether two JSON numbers are equal, exactly: 1 is 1.0 and 10e-1, and large integers
// that round to the same float64 differ.
func sameNumber(a, b string) bool {
	na, da, ea := decimal(a)
	nb, db, eb := decimal(b)
	return da == db && ea == eb && (na == nb || da == "")
}

// decimal takes a JSON number apart: ± 0.digits · 10^exp, digits without zeros at either end. An exponent
// that does not fit an int stays part of the digits, which makes the number equal to itself only.
func decimal(s string) (neg bool, digits string, exp int) {
	s, neg = strings.CutPrefix(s, "-")
	mantissa := s
	if e := strings.IndexAny(s, "eE"); e >= 0 {
		mantissa = s[:e]
		n, err := strconv.ParseInt(s[e+1:], 10, 32)
		if err != nil {
			return neg, s, 0
		}
		exp = int(n)
	}
	whole, fraction, _ := strings.Cut(mantissa, ".")
	digits = whole + fraction
	exp += len(whole)
	trimmed := strings.TrimLeft(digits, "0")
	exp -= len(digits) - len(trimmed)
	digits = strings.TrimRight(trimmed, "0")
	if digits == "" {
		exp = 0
	}
	return neg, digits, exp
}
