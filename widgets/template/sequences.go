package widgettemplate

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// attributes returns the member that path names of each element, or the elements if there is no path.
func (r *run) attributes(list []value, path value) ([]value, error) {
	if !given(path) || path == nil {
		return list, nil
	}
	out := make([]value, len(list))
	for i, e := range list {
		v, err := r.attribute(e, path)
		if err != nil {
			return nil, err
		}
		out[i] = v
	}
	return out, nil
}

// attribute follows a path such as "user.name" or 0.
func (r *run) attribute(v value, path value) (value, error) {
	keys := []value{path}
	if s, ok := path.(string); ok {
		keys = keys[:0]
		for _, part := range strings.Split(s, ".") {
			if n, err := strconv.ParseInt(part, 10, 32); err == nil {
				keys = append(keys, n)
			} else {
				keys = append(keys, part)
			}
		}
	}
	for _, k := range keys {
		var err error
		if v, err = (subscript{constant{v}, constant{k}}).eval(r); err != nil {
			return nil, err
		}
	}
	return v, nil
}

// folded is what sorting compares: strings without regard to case unless that was asked for.
func folded(v value, cased bool) value {
	if s, ok := v.(string); ok && !cased {
		return strings.ToLower(s)
	}
	return v
}

// sorted returns list ordered by keys.
func (r *run) sorted(list, keys []value, cased, backwards bool) ([]value, error) {
	order := make([]int, len(list))
	for i := range order {
		order[i] = i
	}
	var failed error
	slices.SortStableFunc(order, func(i, j int) int {
		c, err := r.compare(folded(keys[i], cased), folded(keys[j], cased), 0)
		if err != nil && failed == nil {
			failed = err
		}
		if backwards {
			return -c
		}
		return c
	})
	out := make([]value, len(list))
	for i, at := range order {
		out[i] = list[at]
	}
	return out, failed
}

func sortFilter(r *run, v value, a args) (value, error) {
	p, err := a.bind("reverse", "case_sensitive", "attribute")
	if err != nil {
		return nil, err
	}
	backwards, err := flag(p[0])
	if err != nil {
		return nil, err
	}
	cased, err := flag(p[1])
	if err != nil {
		return nil, err
	}
	all, err := r.iterate(v)
	if err != nil {
		return nil, err
	}
	keys, err := r.attributes(all, p[2])
	if err != nil {
		return nil, err
	}
	all, err = r.sorted(all, keys, cased, backwards)
	return &list{items: all}, err
}

func dictsort(r *run, v value, a args) (value, error) {
	p, err := a.bind("case_sensitive", "by", "reverse")
	if err != nil {
		return nil, err
	}
	d, ok := v.(*dict)
	if !ok {
		return nil, fmt.Errorf("%s is no map", kind(v))
	}
	cased, err := flag(p[0])
	if err != nil {
		return nil, err
	}
	by, err := text(p[1], "key")
	if err != nil || by != "key" && by != "value" {
		return nil, errors.New("by is neither key nor value")
	}
	backwards, err := flag(p[2])
	if err != nil {
		return nil, err
	}
	all := pairs(d)
	keys := make([]value, len(all.items))
	for i, k := range d.keys {
		if keys[i] = k; by == "value" {
			keys[i] = d.vals[k]
		}
	}
	sorted, err := r.sorted(all.items, keys, cased, backwards)
	return &list{items: sorted}, err
}

func unique(r *run, v value, a args) (value, error) {
	p, err := a.bind("case_sensitive", "attribute")
	if err != nil {
		return nil, err
	}
	cased, err := flag(p[0])
	if err != nil {
		return nil, err
	}
	all, err := r.iterate(v)
	if err != nil {
		return nil, err
	}
	keys, err := r.attributes(all, p[1])
	if err != nil {
		return nil, err
	}
	out, seen := &list{}, &list{}
	for i, e := range all {
		k := folded(keys[i], cased)
		found, err := r.contains(k, seen)
		if err != nil {
			return nil, err
		}
		if !found {
			out.items, seen.items = append(out.items, e), append(seen.items, k)
		}
	}
	return out, nil
}

// extreme is min, with -1, or max, with 1.
func extreme(sign int) func(*run, value, args) (value, error) {
	return func(r *run, v value, a args) (value, error) {
		p, err := a.bind("case_sensitive", "attribute")
		if err != nil {
			return nil, err
		}
		cased, err := flag(p[0])
		if err != nil {
			return nil, err
		}
		all, err := r.iterate(v)
		if err != nil {
			return nil, err
		}
		if len(all) == 0 {
			return undefined{what: "the sequence is empty"}, nil
		}
		keys, err := r.attributes(all, p[1])
		if err != nil {
			return nil, err
		}
		best := 0
		for i := range all {
			c, err := r.compare(folded(keys[i], cased), folded(keys[best], cased), 0)
			if err != nil {
				return nil, err
			}
			if c*sign > 0 {
				best = i
			}
		}
		return all[best], nil
	}
}

func sum(r *run, v value, a args) (value, error) {
	p, err := a.bind("attribute", "start")
	if err != nil {
		return nil, err
	}
	all, err := r.iterate(v)
	if err != nil {
		return nil, err
	}
	if all, err = r.attributes(all, p[0]); err != nil {
		return nil, err
	}
	total := p[1]
	if !given(total) {
		total = int64(0)
	}
	for _, e := range all {
		if total, err = r.arithmetic("+", total, e); err != nil {
			return nil, err
		}
	}
	return total, nil
}

func batch(r *run, v value, a args) (value, error) {
	p, err := a.bind("linecount", "fill_with")
	if err != nil {
		return nil, err
	}
	n, err := number(p[0], 0)
	if err != nil || n < 1 {
		return nil, errors.New("the size of a batch is not positive")
	}
	all, err := r.iterate(v)
	if err != nil {
		return nil, err
	}
	out := &list{}
	for part := range slices.Chunk(all, n) {
		line := &list{items: slices.Clone(part)}
		for given(p[1]) && p[1] != nil && len(line.items) < n {
			if err := r.spend(1); err != nil {
				return nil, err
			}
			line.items = append(line.items, p[1])
		}
		out.items = append(out.items, line)
	}
	return out, nil
}

// mapFilter gives a member of each element, or what a filter makes of it.
func mapFilter(r *run, v value, a args) (value, error) {
	all, err := r.iterate(v)
	if err != nil {
		return nil, err
	}
	out := &list{}
	if len(a.list) > 0 {
		name, ok := a.list[0].(string)
		if !ok {
			return nil, errors.New("the name of a filter is needed")
		}
		for _, e := range all {
			m, err := r.filter(name, e, args{a.list[1:], a.names, a.named})
			if err != nil {
				return nil, err
			}
			out.items = append(out.items, m)
		}
		return out, nil
	}
	p, err := a.bind("attribute", "default")
	if err != nil {
		return nil, err
	}
	if !given(p[0]) {
		return nil, errors.New("an attribute or the name of a filter is needed")
	}
	for _, e := range all {
		m, err := r.attribute(e, p[0])
		if err != nil {
			return nil, err
		}
		if _, ok := m.(undefined); ok && given(p[1]) {
			m = p[1]
		}
		out.items = append(out.items, m)
	}
	return out, nil
}

// selector keeps the elements for which a test says what is wanted.
func selector(want, byMember bool) func(*run, value, args) (value, error) {
	return func(r *run, v value, a args) (value, error) {
		if len(a.names) > 0 {
			return nil, fmt.Errorf("unexpected argument %q", a.names[0])
		}
		rest := a.list
		var path value = absent{}
		if byMember {
			if len(rest) == 0 {
				return nil, errors.New("the name of a member is needed")
			}
			path, rest = rest[0], rest[1:]
		}
		all, err := r.iterate(v)
		if err != nil {
			return nil, err
		}
		keys, err := r.attributes(all, path)
		if err != nil {
			return nil, err
		}
		out := &list{}
		for i, e := range all {
			var ok bool
			if len(rest) == 0 {
				ok, err = truth(keys[i])
			} else if name, isText := rest[0].(string); isText {
				ok, err = r.test(name, keys[i], rest[1:])
			} else {
				err = errors.New("the name of a test is needed")
			}
			if err != nil {
				return nil, err
			}
			if ok == want {
				out.items = append(out.items, e)
			}
		}
		return out, nil
	}
}
