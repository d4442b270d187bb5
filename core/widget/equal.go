package widget

import (
	"bytes"
	"strconv"
	"strings"
)

// data compares two values that are no components, deeply.
func (d *differ) data(i, j int) (int, int, bool) {
	if i >= len(d.a.buf) {
		d.fail(&d.a, d.a.syntax(i))
		return i, j, false
	}
	if j >= len(d.b.buf) {
		d.fail(&d.b, d.b.syntax(j))
		return i, j, false
	}
	a, b := d.a.buf[i], d.b.buf[j]
	switch {
	case a == '{' && b == '{':
		return d.object(i, j)
	case a == '[' && b == '[':
		return d.list(i, j, d.data)
	}
	ni, err := d.a.value(i)
	if err != nil {
		d.fail(&d.a, err)
		return i, j, false
	}
	nj, err := d.b.value(j)
	if err != nil {
		d.fail(&d.b, err)
		return i, j, false
	}
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
	endA, ma, err := d.a.members(i, true)
	if err != nil {
		d.fail(&d.a, err)
		return i, j, false
	}
	endB, mb, err := d.b.members(j, true)
	if err != nil {
		d.fail(&d.b, err)
		return i, j, false
	}
	if bytes.Equal(d.a.buf[i:endA], d.b.buf[j:endB]) {
		return endA, endB, true
	}
	if len(ma) != len(mb) {
		return i, j, false
	}
	for name, pa := range ma {
		pb, ok := mb[name]
		if !ok {
			return i, j, false
		}
		if _, _, ok := d.data(pa.from, pb.from); !ok {
			return i, j, false
		}
	}
	return endA, endB, true
}

// members returns the values of the object at i by name, the last of equal names, without those that are
// null. KeepChildren keeps a null named children, as nested data does on the wire.
func (s *scanner) members(i int, keepChildren bool) (int, map[string]span, error) {
	found := map[string]span{}
	i, done, err := s.open(i, '}')
	for !done && err == nil {
		var k span
		if k, i, err = s.key(i); err != nil {
			break
		}
		from := i
		if i, err = s.value(i); err != nil {
			break
		}
		name := unquote(s.bytes(k))
		if !s.null(from) || keepChildren && name == "children" {
			found[name] = span{from, i}
		}
		i, done, err = s.next(i, '}')
	}
	return i, found, err
}

// names returns the member names of the object at i in order. The object was read before, so it is valid.
func (s *scanner) names(i int) []string {
	t := scanner{buf: s.buf}
	var names []string
	i, done, _ := t.open(i, '}')
	for !done {
		k, v, err := t.key(i)
		if err != nil {
			break
		}
		names = append(names, unquote(t.bytes(k)))
		if v, err = t.value(v); err != nil {
			break
		}
		if i, done, err = t.next(v, '}'); err != nil {
			break
		}
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
