package widgettemplate

import (
	"errors"
	"fmt"
)

// at adds the line to an error that has none yet.
func at(line int, err error) error {
	var le *lineError
	if err == nil || errors.As(err, &le) {
		return err
	}
	return &lineError{line, err}
}

func (n textNode) exec(r *run) error { return r.write(n.text) }

func (n printNode) exec(r *run) error {
	v, err := n.e.eval(r)
	if err != nil {
		return at(n.line, err)
	}
	s, err := r.str(v)
	if err != nil {
		return at(n.line, err)
	}
	return at(n.line, r.write(s))
}

func (n ifNode) exec(r *run) error {
	for i, c := range n.conds {
		v, err := c.eval(r)
		if err != nil {
			return at(n.line, err)
		}
		ok, err := truth(v)
		if err != nil {
			return at(n.line, err)
		}
		if ok {
			return r.all(n.bodies[i])
		}
	}
	if len(n.bodies) > len(n.conds) {
		return r.all(n.bodies[len(n.conds)])
	}
	return nil
}

// loop is the variable of that name inside a loop.
type loop struct {
	items   []value
	index   int
	depth   int
	changed []value // what changed was last called with
}

func (n forNode) exec(r *run) error {
	v, err := n.over.eval(r)
	if err != nil {
		return at(n.line, err)
	}
	items, err := r.iterate(v)
	if err != nil {
		return at(n.line, err)
	}
	if n.cond != nil {
		if items, err = n.filter(r, items); err != nil {
			return at(n.line, err)
		}
	}
	if len(items) == 0 {
		r.push()
		defer r.pop()
		return r.all(n.other)
	}
	r.depth++
	defer func() { r.depth-- }()
	l := &loop{items: items, depth: r.depth}
	for i, item := range items {
		l.index = i
		r.push()
		r.scope.vars["loop"] = l
		err := r.assign(n.target, item)
		if err == nil {
			err = r.all(n.body)
		}
		r.pop()
		if err != nil {
			return at(n.line, err)
		}
	}
	return nil
}

// filter returns the items for which the loop's condition holds.
func (n forNode) filter(r *run, items []value) ([]value, error) {
	var kept []value
	for _, item := range items {
		r.push()
		err := r.assign(n.target, item)
		var ok bool
		if err == nil {
			var v value
			if v, err = n.cond.eval(r); err == nil {
				ok, err = truth(v)
			}
		}
		r.pop()
		if err != nil {
			return nil, err
		}
		if ok {
			kept = append(kept, item)
		}
	}
	return kept, nil
}

// assign sets one variable to v, or several to its parts.
func (r *run) assign(target []string, v value) error {
	if len(target) == 1 {
		r.scope.vars[target[0]] = v
		return nil
	}
	parts, err := r.iterate(v)
	if err != nil {
		return err
	}
	if len(parts) != len(target) {
		return fmt.Errorf("%d values for %d names", len(parts), len(target))
	}
	for i, name := range target {
		r.scope.vars[name] = parts[i]
	}
	return nil
}

func (n setNode) exec(r *run) error {
	var v value
	var err error
	if n.v != nil {
		v, err = n.v.eval(r)
	} else {
		if v, err = r.capture(n.body); err != nil {
			return err
		}
		for _, f := range n.filter {
			f.of = constant{v}
			if v, err = f.eval(r); err != nil {
				break
			}
		}
	}
	if err != nil {
		return at(n.line, err)
	}
	if n.attr == "" {
		return at(n.line, r.assign(n.target, v))
	}
	ns, ok := r.lookup(n.target[0]).(*namespace)
	if !ok {
		return at(n.line, fmt.Errorf("%s is no namespace, so its members cannot be set", n.target[0]))
	}
	ns.dict.set(n.attr, v)
	return nil
}

func (n withNode) exec(r *run) error {
	values := make([]value, len(n.values))
	for i, e := range n.values {
		var err error
		if values[i], err = e.eval(r); err != nil {
			return at(n.line, err)
		}
	}
	r.push()
	defer r.pop()
	for i, name := range n.names {
		r.scope.vars[name] = values[i]
	}
	return r.all(n.body)
}
