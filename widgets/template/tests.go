package widgettemplate

import (
	"errors"
	"math/big"
	"strings"
)

// testFunc is what stands behind is.
type testFunc struct {
	args int
	fn   func(r *run, v value, a []value) (bool, error)
}

// tests are the tests by name. It is filled at start because some of them lead back here.
var tests map[string]testFunc

func init() {
	is := func(f func(v value) bool) testFunc {
		return testFunc{0, func(_ *run, v value, _ []value) (bool, error) {
			if u, ok := v.(undefined); ok {
				return false, u.err()
			}
			return f(v), nil
		}}
	}
	relation := func(op string) testFunc {
		return testFunc{1, func(r *run, v value, a []value) (bool, error) { return r.relation(op, v, a[0]) }}
	}
	divides := func(v value, by int64) (bool, error) {
		n, ok := whole(v)
		if !ok {
			return false, errors.New(kind(v) + " is no integer")
		}
		if by == 0 {
			return false, errZero
		}
		return new(big.Int).Rem(n, big.NewInt(by)).Sign() == 0, nil
	}
	defined := func(want bool) testFunc {
		return testFunc{0, func(_ *run, v value, _ []value) (bool, error) {
			_, no := v.(undefined)
			return no != want, nil
		}}
	}
	tests = map[string]testFunc{
		"defined":   defined(true),
		"undefined": defined(false),
		"none":      is(func(v value) bool { return v == nil }),
		"boolean":   is(func(v value) bool { _, ok := v.(bool); return ok }),
		"true":      is(func(v value) bool { return v == true }),
		"false":     is(func(v value) bool { return v == false }),
		"string":    is(func(v value) bool { _, ok := v.(string); return ok }),
		"number":    is(isNumber),
		"integer": is(func(v value) bool {
			_, isBool := v.(bool)
			_, ok := whole(v)
			return ok && !isBool
		}),
		"float":    is(func(v value) bool { _, ok := v.(float64); return ok }),
		"mapping":  is(func(v value) bool { _, ok := v.(*dict); return ok }),
		"sequence": is(iterable),
		"iterable": is(iterable),
		"callable": is(func(v value) bool { _, ok := v.(*function); return ok }),
		"lower":    is(func(v value) bool { s, ok := v.(string); return ok && s == strings.ToLower(s) }),
		"upper":    is(func(v value) bool { s, ok := v.(string); return ok && s == strings.ToUpper(s) }),
		"odd": {0, func(_ *run, v value, _ []value) (bool, error) {
			even, err := divides(v, 2)
			return !even && err == nil, err
		}},
		"even": {0, func(_ *run, v value, _ []value) (bool, error) { return divides(v, 2) }},
		"divisibleby": {1, func(_ *run, v value, a []value) (bool, error) {
			by, ok := small(a[0])
			if !ok {
				return false, errors.New(kind(a[0]) + " is no integer")
			}
			return divides(v, int64(by))
		}},
		"sameas": {1, func(_ *run, v value, a []value) (bool, error) { return v == a[0], nil }},
		"in":     relation("in"),
		"eq":     relation("=="), "equalto": relation("=="), "==": relation("=="),
		"ne": relation("!="), "!=": relation("!="),
		"lt": relation("<"), "lessthan": relation("<"), "<": relation("<"),
		"le": relation("<="), "<=": relation("<="),
		"gt": relation(">"), "greaterthan": relation(">"), ">": relation(">"),
		"ge": relation(">="), ">=": relation(">="),
	}
}

func iterable(v value) bool {
	switch v.(type) {
	case string, *list, *dict:
		return true
	}
	return false
}
