package widgettemplate

import (
	"errors"
	"fmt"
	"math"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// value is what an expression gives: nil (none), bool, int64, *big.Int (only where an int64 does not do),
// float64, string, *list, *dict, undefined, *namespace, *loop or *function.
type value any

type list struct {
	items []value
	tuple bool
}

// dict keeps its keys in the order in which they came.
type dict struct {
	keys []string
	vals map[string]value
}

func newDict() *dict { return &dict{vals: map[string]value{}} }

func (d *dict) set(k string, v value) {
	if _, ok := d.vals[k]; !ok {
		d.keys = append(d.keys, k)
	}
	d.vals[k] = v
}

// undefined is what a name or member that does not exist gives. Almost everything one can do with it is an
// error; what says which name it was.
type undefined struct {
	what string
	// lenient is the value of a conditional whose else is missing: it prints as nothing and counts as false.
	lenient bool
}

func (u undefined) err() error { return errors.New(u.what) }

// namespace is an object whose members can be assigned to from inside a loop.
type namespace struct{ dict *dict }

// function is something that can be called.
type function struct {
	name string
	fn   func(r *run, a args) (value, error)
}

func kind(v value) string {
	switch v := v.(type) {
	case nil:
		return "none"
	case bool:
		return "a boolean"
	case int64, *big.Int:
		return "an integer"
	case float64:
		return "a float"
	case string:
		return "a string"
	case *list:
		return "a list"
	case *dict:
		return "a map"
	case *function:
		return "the function " + v.name
	}
	return "an object"
}

// integer returns n in its smallest form.
func integer(n *big.Int) value {
	if n.IsInt64() {
		return n.Int64()
	}
	return n
}

// whole returns v as an integer if it is one. Booleans count, as in the reference's language.
func whole(v value) (*big.Int, bool) {
	switch v := v.(type) {
	case bool:
		if v {
			return big.NewInt(1), true
		}
		return new(big.Int), true
	case int64:
		return big.NewInt(v), true
	case *big.Int:
		return v, true
	}
	return nil, false
}

// small returns v as an int if it is an integer that fits one.
func small(v value) (int, bool) {
	n, ok := whole(v)
	if !ok || !n.IsInt64() || n.Int64() > math.MaxInt32 || n.Int64() < math.MinInt32 {
		return 0, false
	}
	return int(n.Int64()), true
}

func float(v value) (float64, bool) {
	if f, ok := v.(float64); ok {
		return f, true
	}
	n, ok := whole(v)
	if !ok {
		return 0, false
	}
	f, _ := new(big.Float).SetInt(n).Float64()
	return f, true
}

func isNumber(v value) bool {
	_, ok := float(v)
	return ok
}

func truth(v value) (bool, error) {
	switch v := v.(type) {
	case undefined:
		if v.lenient {
			return false, nil
		}
		return false, v.err()
	case nil:
		return false, nil
	case string:
		return v != "", nil
	case *list:
		return len(v.items) > 0, nil
	case *dict:
		return len(v.keys) > 0, nil
	}
	if f, ok := float(v); ok {
		return f != 0, nil
	}
	return true, nil
}

var errTooDeep = fmt.Errorf("a value nests deeper than %d levels", maxNesting)

// equal compares two values as the reference's language does.
func (r *run) equal(a, b value, depth int) (bool, error) {
	if depth > maxNesting {
		return false, errTooDeep
	}
	if err := r.spend(1); err != nil {
		return false, err
	}
	for _, v := range []value{a, b} {
		if u, ok := v.(undefined); ok && !u.lenient {
			return false, u.err()
		}
	}
	if isNumber(a) && isNumber(b) {
		c, err := compareNumbers(a, b)
		return c == 0, err
	}
	switch a := a.(type) {
	case string:
		b, ok := b.(string)
		return ok && a == b, nil
	case *list:
		b, ok := b.(*list)
		if !ok || a.tuple != b.tuple || len(a.items) != len(b.items) {
			return false, nil
		}
		for i := range a.items {
			if same, err := r.equal(a.items[i], b.items[i], depth+1); !same || err != nil {
				return false, err
			}
		}
		return true, nil
	case *dict:
		b, ok := b.(*dict)
		if !ok || len(a.keys) != len(b.keys) {
			return false, nil
		}
		for k, v := range a.vals {
			w, ok := b.vals[k]
			if !ok {
				return false, nil
			}
			if same, err := r.equal(v, w, depth+1); !same || err != nil {
				return false, err
			}
		}
		return true, nil
	}
	return a == b, nil
}

func compareNumbers(a, b value) (int, error) {
	if m, ok := whole(a); ok {
		if n, ok := whole(b); ok {
			return m.Cmp(n), nil
		}
	}
	x, y := exact(a), exact(b)
	if x == nil || y == nil {
		return 0, errors.New("a number is too large")
	}
	return x.Cmp(y), nil
}

func exact(v value) *big.Float {
	if n, ok := whole(v); ok {
		return new(big.Float).SetInt(n)
	}
	f, _ := v.(float64)
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return nil
	}
	return big.NewFloat(f)
}

// compare orders two values of the same kind.
func (r *run) compare(a, b value, depth int) (int, error) {
	if depth > maxNesting {
		return 0, errTooDeep
	}
	if err := r.spend(1); err != nil {
		return 0, err
	}
	for _, v := range []value{a, b} {
		if u, ok := v.(undefined); ok {
			return 0, u.err()
		}
	}
	if isNumber(a) && isNumber(b) {
		return compareNumbers(a, b)
	}
	switch a := a.(type) {
	case string:
		if b, ok := b.(string); ok {
			return strings.Compare(a, b), nil
		}
	case *list:
		if b, ok := b.(*list); ok && a.tuple == b.tuple {
			for i := range min(len(a.items), len(b.items)) {
				if c, err := r.compare(a.items[i], b.items[i], depth+1); c != 0 || err != nil {
					return c, err
				}
			}
			return len(a.items) - len(b.items), nil
		}
	}
	return 0, fmt.Errorf("%s and %s have no order", kind(a), kind(b))
}

// iterate returns what a loop over v sees.
func (r *run) iterate(v value) ([]value, error) {
	switch v := v.(type) {
	case undefined:
		if v.lenient {
			return nil, nil
		}
		return nil, v.err()
	case *list:
		return v.items, r.spend(len(v.items))
	case *dict:
		out := make([]value, len(v.keys))
		for i, k := range v.keys {
			out[i] = k
		}
		return out, r.spend(len(out))
	case string:
		if err := r.spend(len(v)); err != nil {
			return nil, err
		}
		var out []value
		for _, c := range v {
			out = append(out, string(c))
		}
		return out, nil
	}
	return nil, fmt.Errorf("%s cannot be looped over", kind(v))
}

// str returns v as it is printed.
func (r *run) str(v value) (string, error) {
	if s, ok := v.(string); ok {
		return s, nil
	}
	return r.repr(v, 0)
}

func (r *run) repr(v value, depth int) (string, error) {
	if depth > maxNesting {
		return "", errTooDeep
	}
	if err := r.spend(1); err != nil {
		return "", err
	}
	switch v := v.(type) {
	case undefined:
		if v.lenient {
			return "", nil
		}
		return "", v.err()
	case nil:
		return "None", nil
	case bool:
		if v {
			return "True", nil
		}
		return "False", nil
	case int64:
		return strconv.FormatInt(v, 10), nil
	case *big.Int:
		return v.String(), nil
	case float64:
		return floatText(v), nil
	case string:
		return quote(v), r.spendBytes(len(v))
	case *list:
		parts := make([]string, len(v.items))
		for i, e := range v.items {
			s, err := r.repr(e, depth+1)
			if err != nil {
				return "", err
			}
			parts[i] = s
		}
		body := strings.Join(parts, ", ")
		switch {
		case v.tuple && len(parts) == 1:
			body = "(" + body + ",)"
		case v.tuple:
			body = "(" + body + ")"
		default:
			body = "[" + body + "]"
		}
		return body, r.spendBytes(len(body))
	case *dict:
		parts := make([]string, len(v.keys))
		for i, k := range v.keys {
			s, err := r.repr(v.vals[k], depth+1)
			if err != nil {
				return "", err
			}
			parts[i] = quote(k) + ": " + s
		}
		body := "{" + strings.Join(parts, ", ") + "}"
		return body, r.spendBytes(len(body))
	}
	return "", fmt.Errorf("%s cannot be printed", kind(v))
}

// floatText is the shortest text that reads back as f, in the reference language's form.
func floatText(f float64) string {
	abs := math.Abs(f)
	if abs != 0 && (abs < 1e-4 || abs >= 1e16) {
		return strconv.FormatFloat(f, 'e', -1, 64)
	}
	s := strconv.FormatFloat(f, 'f', -1, 64)
	if strings.Contains(s, ".") {
		return s
	}
	return s + ".0"
}

// quote writes a string as a literal.
func quote(s string) string {
	q := '\''
	if strings.Contains(s, "'") && !strings.Contains(s, `"`) {
		q = '"'
	}
	var b strings.Builder
	b.WriteRune(q)
	for _, c := range s {
		switch {
		case c == q || c == '\\':
			b.WriteRune('\\')
			b.WriteRune(c)
		case c == '\n':
			b.WriteString(`\n`)
		case c == '\r':
			b.WriteString(`\r`)
		case c == '\t':
			b.WriteString(`\t`)
		case c < 0x20 || c == 0x7f:
			fmt.Fprintf(&b, `\x%02x`, c)
		case !unicode.IsPrint(c) && c < 0x10000:
			fmt.Fprintf(&b, `\u%04x`, c)
		default:
			b.WriteRune(c)
		}
	}
	b.WriteRune(q)
	return b.String()
}

func (r *run) contains(v, in value) (bool, error) {
	switch in := in.(type) {
	case undefined:
		return false, in.err()
	case string:
		s, ok := v.(string)
		if !ok {
			return false, fmt.Errorf("%s is not in a string, only strings are", kind(v))
		}
		return strings.Contains(in, s), r.spendBytes(len(in))
	case *dict:
		s, ok := v.(string)
		_, found := in.vals[s]
		return ok && found, nil
	case *list:
		for _, e := range in.items {
			if same, err := r.equal(v, e, 0); same || err != nil {
				return same, err
			}
		}
		return false, nil
	}
	return false, fmt.Errorf("%s holds nothing", kind(in))
}

func tuple(items ...value) *list { return &list{items: items, tuple: true} }

func strings2list(s []string) *list {
	items := make([]value, len(s))
	for i, e := range s {
		items[i] = e
	}
	return &list{items: items}
}

func (l *list) clone() *list { return &list{items: slices.Clone(l.items), tuple: l.tuple} }
