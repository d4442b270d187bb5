package widgettemplate

import (
	"fmt"
	"strings"
)

func (e constant) eval(r *run) (value, error) { return e.v, r.spend(1) }

func (e variable) eval(r *run) (value, error) { return r.lookup(e.name), r.spend(1) }

func evalAll(r *run, list []expr) ([]value, error) {
	out := make([]value, len(list))
	for i, e := range list {
		v, err := e.eval(r)
		if err != nil {
			return nil, err
		}
		out[i] = v
	}
	return out, r.spend(len(out))
}

func (e listExpr) eval(r *run) (value, error) {
	items, err := evalAll(r, e.items)
	return &list{items, e.tuple}, err
}

func (e dictExpr) eval(r *run) (value, error) {
	d := newDict()
	for i := range e.keys {
		k, err := e.keys[i].eval(r)
		if err != nil {
			return nil, err
		}
		name, ok := k.(string)
		if !ok {
			return nil, fmt.Errorf("%s is the key of a map, only strings can be", kind(k))
		}
		v, err := e.values[i].eval(r)
		if err != nil {
			return nil, err
		}
		d.set(name, v)
	}
	return d, r.spend(1)
}

func (e attribute) eval(r *run) (value, error) {
	of, err := e.of.eval(r)
	if err != nil {
		return nil, err
	}
	if v, ok, err := r.member(of, e.name); ok || err != nil {
		return v, err
	}
	if d, ok := of.(*dict); ok {
		if v, ok := d.vals[e.name]; ok {
			return v, nil
		}
	}
	return undefined{what: fmt.Sprintf("%s has no member '%s'", kind(of), e.name)}, nil
}

func (e subscript) eval(r *run) (value, error) {
	of, err := e.of.eval(r)
	if err != nil {
		return nil, err
	}
	key, err := e.key.eval(r)
	if err != nil {
		return nil, err
	}
	for _, v := range []value{of, key} {
		if u, ok := v.(undefined); ok {
			return nil, u.err()
		}
	}
	if name, ok := key.(string); ok {
		if d, ok := of.(*dict); ok {
			if v, ok := d.vals[name]; ok {
				return v, nil
			}
		}
		if v, ok, err := r.member(of, name); ok || err != nil {
			return v, err
		}
		return undefined{what: fmt.Sprintf("%s has no member '%s'", kind(of), name)}, nil
	}
	if i, ok := small(key); ok {
		items, _, err := r.sequence(of)
		if err != nil {
			return nil, err
		}
		if i < 0 {
			i += len(items)
		}
		if i >= 0 && i < len(items) {
			return items[i], nil
		}
	}
	return undefined{what: fmt.Sprintf("%s has no such element", kind(of))}, nil
}

// sequence returns the elements of a list or the characters of a string, and nothing for anything else.
func (r *run) sequence(v value) (items []value, text bool, err error) {
	switch v := v.(type) {
	case *list:
		return v.items, false, nil
	case string:
		items, err = r.iterate(v)
		return items, true, err
	}
	return nil, false, nil
}

func (e call) eval(r *run) (value, error) {
	fn, err := e.fn.eval(r)
	if err != nil {
		return nil, err
	}
	if u, ok := fn.(undefined); ok {
		return nil, u.err()
	}
	f, ok := fn.(*function)
	if !ok {
		return nil, fmt.Errorf("%s cannot be called", kind(fn))
	}
	a, err := evalArgs(r, e.args, e.named)
	if err != nil {
		return nil, err
	}
	v, err := f.fn(r, a)
	if err != nil {
		return nil, at(e.line, fmt.Errorf("%s: %w", f.name, err))
	}
	return v, r.spend(1)
}

func evalArgs(r *run, list []expr, names []named) (args, error) {
	var a args
	var err error
	if a.list, err = evalAll(r, list); err != nil {
		return a, err
	}
	for _, n := range names {
		v, err := n.v.eval(r)
		if err != nil {
			return a, err
		}
		a.names, a.named = append(a.names, n.name), append(a.named, v)
	}
	return a, nil
}

func (e filterExpr) eval(r *run) (value, error) {
	v, err := e.of.eval(r)
	if err != nil {
		return nil, err
	}
	a, err := evalArgs(r, e.args, e.named)
	if err != nil {
		return nil, err
	}
	return r.filter(e.name, v, a)
}

func (r *run) filter(name string, v value, a args) (value, error) {
	f, ok := filters[name]
	if !ok {
		return nil, fmt.Errorf("unknown filter %q", name)
	}
	out, err := f(r, v, a)
	if err != nil {
		return nil, fmt.Errorf("filter %s: %w", name, err)
	}
	return out, r.spend(1)
}

func (e testExpr) eval(r *run) (value, error) {
	v, err := e.of.eval(r)
	if err != nil {
		return nil, err
	}
	a, err := evalAll(r, e.args)
	if err != nil {
		return nil, err
	}
	ok, err := r.test(e.name, v, a)
	return ok != e.not, err
}

func (r *run) test(name string, v value, a []value) (bool, error) {
	t, ok := tests[name]
	if !ok {
		return false, fmt.Errorf("unknown test %q", name)
	}
	if len(a) != t.args {
		return false, fmt.Errorf("test %s: %d arguments, want %d", name, len(a), t.args)
	}
	ok, err := t.fn(r, v, a)
	if err != nil {
		return false, fmt.Errorf("test %s: %w", name, err)
	}
	return ok, r.spend(1)
}

func (e conditional) eval(r *run) (value, error) {
	v, err := e.cond.eval(r)
	if err != nil {
		return nil, err
	}
	ok, err := truth(v)
	switch {
	case err != nil:
		return nil, err
	case ok:
		return e.then.eval(r)
	case e.other == nil:
		return undefined{"a conditional without else has no value", true}, nil
	}
	return e.other.eval(r)
}

func (e concat) eval(r *run) (value, error) {
	var b strings.Builder
	for _, p := range e.parts {
		v, err := p.eval(r)
		if err != nil {
			return nil, err
		}
		s, err := r.str(v)
		if err != nil {
			return nil, err
		}
		if err := r.spendBytes(len(s)); err != nil {
			return nil, err
		}
		b.WriteString(s)
	}
	return b.String(), nil
}

func (e comparison) eval(r *run) (value, error) {
	left, err := e.first.eval(r)
	if err != nil {
		return nil, err
	}
	for i, op := range e.ops {
		right, err := e.rest[i].eval(r)
		if err != nil {
			return nil, err
		}
		ok, err := r.relation(op, left, right)
		if !ok || err != nil {
			return false, err
		}
		left = right
	}
	return true, nil
}

func (r *run) relation(op string, a, b value) (bool, error) {
	switch op {
	case "==", "!=":
		same, err := r.equal(a, b, 0)
		return same == (op == "=="), err
	case "in", "not in":
		in, err := r.contains(a, b)
		return in == (op == "in"), err
	}
	c, err := r.compare(a, b, 0)
	switch op {
	case "<":
		return c < 0, err
	case "<=":
		return c <= 0, err
	case ">":
		return c > 0, err
	}
	return c >= 0, err
}
