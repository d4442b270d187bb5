package widgettemplate

import (
	"context"
	"errors"
	"strings"
)

// run is one rendering of a template.
type run struct {
	ctx    context.Context
	limits Limits
	steps  int
	nextCk int // the step at which the context is asked again
	bytes  int
	out    *strings.Builder
	scope  *scope
	depth  int
}

// scope is a set of variables. What is not in it is looked up further out.
type scope struct {
	vars map[string]value
	up   *scope
}

// ErrLimit means that a rendering went over one of its [Limits].
var ErrLimit = errors.New("the template does too much")

// spend counts work: about one step for each expression, statement and element that is looked at.
func (r *run) spend(n int) error {
	r.steps += n
	if r.steps > r.limits.Steps {
		return ErrLimit
	}
	if r.steps >= r.nextCk {
		r.nextCk = r.steps + 1000
		return context.Cause(r.ctx)
	}
	return nil
}

// spendBytes counts text that is made, printed or not: a text that doubles a few dozen times takes few steps.
func (r *run) spendBytes(n int) error {
	r.bytes += n
	if r.bytes > 16*r.limits.Output {
		return ErrLimit
	}
	return r.spend(1)
}

func (r *run) push() { r.scope = &scope{vars: map[string]value{}, up: r.scope} }
func (r *run) pop()  { r.scope = r.scope.up }

func (r *run) lookup(name string) value {
	for s := r.scope; s != nil; s = s.up {
		if v, ok := s.vars[name]; ok {
			return v
		}
	}
	if f, ok := globals[name]; ok {
		return f
	}
	return undefined{what: "'" + name + "' is undefined"}
}

func (r *run) write(s string) error {
	if err := r.spendBytes(len(s)); err != nil {
		return err
	}
	if r.out.Len()+len(s) > r.limits.Output {
		return ErrLimit
	}
	r.out.WriteString(s)
	return nil
}

func (r *run) all(body []statement) error {
	for _, s := range body {
		if err := r.spend(1); err != nil {
			return err
		}
		if err := s.exec(r); err != nil {
			return err
		}
	}
	return nil
}

// capture returns what body prints, in a scope of its own.
func (r *run) capture(body []statement) (string, error) {
	out := r.out
	r.out = new(strings.Builder)
	r.push()
	err := r.all(body)
	r.pop()
	text := r.out.String()
	r.out = out
	return text, err
}
