package widgettemplate

import (
	"errors"
	"fmt"
	"strings"
)

func (e slice) eval(r *run) (value, error) {
	of, err := e.of.eval(r)
	if err != nil {
		return nil, err
	}
	bound := func(e expr) (n int, set bool, err error) {
		if e == nil {
			return 0, false, nil
		}
		v, err := e.eval(r)
		if err != nil || v == nil {
			return 0, false, err
		}
		n, ok := small(v)
		if !ok {
			return 0, false, fmt.Errorf("%s bounds a slice", kind(v))
		}
		return n, true, nil
	}
	from, hasFrom, err := bound(e.from)
	if err != nil {
		return nil, err
	}
	to, hasTo, err := bound(e.to)
	if err != nil {
		return nil, err
	}
	step, hasStep, err := bound(e.step)
	if err != nil {
		return nil, err
	}
	if !hasStep {
		step = 1
	}
	if step == 0 {
		return nil, errors.New("the step of a slice is zero")
	}
	// A part of a long text should not cost a walk over its characters.
	if s, ok := of.(string); ok && step == 1 && isASCII(s) {
		from, to = window(from, hasFrom, to, hasTo, 1, len(s))
		return s[from:max(from, to)], r.spendBytes(max(0, to-from))
	}
	if u, ok := of.(undefined); ok {
		return nil, u.err()
	}
	items, text, err := r.sequence(of)
	if err != nil {
		return nil, err
	}
	if _, ok := of.(*list); !ok && !text {
		return nil, fmt.Errorf("%s has no slices", kind(of))
	}
	from, to = window(from, hasFrom, to, hasTo, step, len(items))
	var part []value
	for i := from; step > 0 && i < to || step < 0 && i > to; i += step {
		part = append(part, items[i])
	}
	if err := r.spend(len(part)); err != nil {
		return nil, err
	}
	if text {
		var b strings.Builder
		for _, c := range part {
			b.WriteString(c.(string))
		}
		return b.String(), r.spendBytes(b.Len())
	}
	return &list{part, of.(*list).tuple}, nil
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

// window clamps the bounds of a slice to a sequence of n elements.
func window(from int, hasFrom bool, to int, hasTo bool, step, n int) (int, int) {
	low, high := 0, n
	if step < 0 {
		low, high = -1, n-1
	}
	clamp := func(i int) int {
		if i < 0 {
			i += n
		}
		return min(max(i, low), high)
	}
	switch {
	case hasFrom:
		from = clamp(from)
	case step > 0:
		from = low
	default:
		from = high
	}
	switch {
	case hasTo:
		to = clamp(to)
	case step > 0:
		to = high
	default:
		to = low
	}
	return from, to
}
