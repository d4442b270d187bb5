package widgettemplate

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// globals are the functions that a template can call without any data.
var globals = map[string]*function{
	"range":     {"range", rangeFunc},
	"dict":      {"dict", dictFunc},
	"namespace": {"namespace", namespaceFunc},
}

func rangeFunc(r *run, a args) (value, error) {
	if len(a.names) > 0 || len(a.list) == 0 || len(a.list) > 3 {
		return nil, errors.New("one to three numbers are needed")
	}
	var n [3]int
	for i, v := range a.list {
		var ok bool
		if n[i], ok = small(v); !ok {
			return nil, fmt.Errorf("%s where a number was expected", kind(v))
		}
	}
	from, to, step := 0, n[0], 1
	if len(a.list) > 1 {
		from, to = n[0], n[1]
	}
	if len(a.list) > 2 {
		if step = n[2]; step == 0 {
			return nil, errors.New("the step is zero")
		}
	}
	out := &list{}
	for i := from; step > 0 && i < to || step < 0 && i > to; i += step {
		if err := r.spend(1); err != nil {
			return nil, err
		}
		out.items = append(out.items, int64(i))
	}
	return out, nil
}

func dictFunc(_ *run, a args) (value, error) {
	d := newDict()
	if len(a.list) > 1 {
		return nil, errors.New("one map at most")
	}
	for _, v := range a.list {
		from, ok := v.(*dict)
		if !ok {
			return nil, fmt.Errorf("%s is no map", kind(v))
		}
		for _, k := range from.keys {
			d.set(k, from.vals[k])
		}
	}
	for i, n := range a.names {
		d.set(n, a.named[i])
	}
	return d, nil
}

func namespaceFunc(r *run, a args) (value, error) {
	d, err := dictFunc(r, a)
	if err != nil {
		return nil, err
	}
	return &namespace{d.(*dict)}, nil
}

// member returns a member that belongs to v's kind, such as the method append of a list, and whether there is
// one. Members of maps are not among them.
func (r *run) member(v value, name string) (value, bool, error) {
	switch v := v.(type) {
	case undefined:
		return nil, false, v.err()
	case *namespace:
		m, ok := v.dict.vals[name]
		return m, ok, nil
	case *loop:
		m, ok := v.member(name)
		return m, ok, nil
	case *list:
		if v.tuple {
			return nil, false, nil
		}
		if f, ok := listMethods[name]; ok {
			return &function{name, func(r *run, a args) (value, error) { return f(r, v, a) }}, true, nil
		}
	case *dict:
		if f, ok := dictMethods[name]; ok {
			return &function{name, func(r *run, a args) (value, error) { return f(r, v, a) }}, true, nil
		}
	case string:
		if f, ok := textMethods[name]; ok {
			return &function{name, func(r *run, a args) (value, error) { return f(r, v, a) }}, true, nil
		}
	}
	return nil, false, nil
}

func (l *loop) member(name string) (value, bool) {
	n := len(l.items)
	switch name {
	case "index":
		return int64(l.index + 1), true
	case "index0":
		return int64(l.index), true
	case "revindex":
		return int64(n - l.index), true
	case "revindex0":
		return int64(n - l.index - 1), true
	case "first":
		return l.index == 0, true
	case "last":
		return l.index == n-1, true
	case "length":
		return int64(n), true
	case "depth":
		return int64(l.depth), true
	case "depth0":
		return int64(l.depth - 1), true
	case "previtem":
		if l.index > 0 {
			return l.items[l.index-1], true
		}
		return undefined{what: "there is no previous item"}, true
	case "nextitem":
		if l.index < n-1 {
			return l.items[l.index+1], true
		}
		return undefined{what: "there is no next item"}, true
	case "cycle":
		return &function{"cycle", func(_ *run, a args) (value, error) {
			if len(a.list) == 0 {
				return nil, errors.New("nothing to cycle through")
			}
			return a.list[l.index%len(a.list)], nil
		}}, true
	case "changed":
		return &function{"changed", func(r *run, a args) (value, error) {
			same, err := r.equal(&list{items: l.changed}, &list{items: a.list}, 0)
			changed := !same || l.changed == nil
			l.changed = slices.Clone(a.list)
			return changed, err
		}}, true
	}
	return nil, false
}

var listMethods = map[string]func(r *run, l *list, a args) (value, error){
	"append": func(r *run, l *list, a args) (value, error) {
		p, err := a.bind("object")
		if err != nil || !given(p[0]) {
			return nil, errors.Join(err, errors.New("one value is needed"))
		}
		l.items = append(l.items, p[0])
		return nil, r.spend(1)
	},
	"extend": func(r *run, l *list, a args) (value, error) {
		p, err := a.bind("iterable")
		if err != nil {
			return nil, err
		}
		more, err := r.iterate(p[0])
		l.items = append(l.items, more...)
		return nil, err
	},
	"index": func(r *run, l *list, a args) (value, error) {
		p, err := a.bind("value")
		if err != nil {
			return nil, err
		}
		for i, e := range l.items {
			if same, err := r.equal(e, p[0], 0); same || err != nil {
				return int64(i), err
			}
		}
		return nil, errors.New("the value is not in the list")
	},
}

var dictMethods = map[string]func(r *run, d *dict, a args) (value, error){
	"get": func(_ *run, d *dict, a args) (value, error) {
		p, err := a.bind("key", "default")
		if err != nil {
			return nil, err
		}
		if k, ok := p[0].(string); ok {
			if v, ok := d.vals[k]; ok {
				return v, nil
			}
		}
		if given(p[1]) {
			return p[1], nil
		}
		return nil, nil
	},
	"items": func(r *run, d *dict, a args) (value, error) {
		_, err := a.bind()
		return pairs(d), errors.Join(err, r.spend(len(d.keys)))
	},
	"keys": func(r *run, d *dict, a args) (value, error) {
		_, err := a.bind()
		return strings2list(d.keys), errors.Join(err, r.spend(len(d.keys)))
	},
	"values": func(r *run, d *dict, a args) (value, error) {
		_, err := a.bind()
		out := &list{}
		for _, k := range d.keys {
			out.items = append(out.items, d.vals[k])
		}
		return out, errors.Join(err, r.spend(len(d.keys)))
	},
	// A member of that name is hidden by the method in the reference's language, so it is here.
	"update":     changesMap,
	"pop":        changesMap,
	"popitem":    changesMap,
	"clear":      changesMap,
	"setdefault": changesMap,
	"copy":       func(_ *run, d *dict, _ args) (value, error) { return dictFunc(nil, args{list: []value{d}}) },
	"fromkeys":   changesMap,
}

func changesMap(*run, *dict, args) (value, error) {
	return nil, errors.New("this method is not supported")
}

var textMethods = map[string]func(r *run, s string, a args) (value, error){
	"upper":      simple(strings.ToUpper),
	"lower":      simple(strings.ToLower),
	"title":      simple(wordTitle),
	"capitalize": simple(capitalize),
	"strip":      stripping(strings.TrimSpace, strings.Trim),
	"lstrip":     stripping(func(s string) string { return strings.TrimLeftFunc(s, unicode.IsSpace) }, strings.TrimLeft),
	"rstrip":     stripping(func(s string) string { return strings.TrimRightFunc(s, unicode.IsSpace) }, strings.TrimRight),
	"startswith": having(strings.HasPrefix),
	"endswith":   having(strings.HasSuffix),
	"split": func(r *run, s string, a args) (value, error) {
		p, err := a.bind("sep", "maxsplit")
		if err != nil {
			return nil, err
		}
		sep, err := text(p[0], "")
		if err != nil {
			return nil, err
		}
		n, err := number(p[1], -1)
		if err != nil {
			return nil, err
		}
		if err := r.spend(len(s)); err != nil {
			return nil, err
		}
		switch {
		case !given(p[0]) || p[0] == nil:
			if n >= 0 {
				return nil, errors.New("maxsplit needs a separator")
			}
			return strings2list(strings.Fields(s)), nil
		case sep == "":
			return nil, errors.New("the separator is empty")
		case n >= 0:
			n++
		}
		return strings2list(strings.SplitN(s, sep, n)), nil
	},
	"join": func(r *run, s string, a args) (value, error) {
		p, err := a.bind("iterable")
		if err != nil {
			return nil, err
		}
		list, err := r.iterate(p[0])
		if err != nil {
			return nil, err
		}
		for _, e := range list {
			if _, ok := e.(string); !ok {
				return nil, fmt.Errorf("%s where a string was expected", kind(e))
			}
		}
		return r.join(list, s)
	},
	"replace": func(r *run, s string, a args) (value, error) {
		p, err := a.bind("old", "new", "count")
		if err != nil {
			return nil, err
		}
		from, ok := p[0].(string)
		to, okToo := p[1].(string)
		if !ok || !okToo {
			return nil, errors.New("two strings are needed")
		}
		n, err := number(p[2], -1)
		if err != nil {
			return nil, err
		}
		return r.replaceAll(s, from, to, n)
	},
}

func simple(f func(string) string) func(*run, string, args) (value, error) {
	return func(r *run, s string, a args) (value, error) {
		_, err := a.bind()
		return f(s), errors.Join(err, r.spendBytes(len(s)))
	}
}

func stripping(space func(string) string, cut func(s, set string) string) func(*run, string, args) (value, error) {
	return func(_ *run, s string, a args) (value, error) {
		p, err := a.bind("chars")
		if err != nil {
			return nil, err
		}
		if !given(p[0]) || p[0] == nil {
			return space(s), nil
		}
		set, err := text(p[0], "")
		return cut(s, set), err
	}
}

func having(f func(s, part string) bool) func(*run, string, args) (value, error) {
	return func(_ *run, s string, a args) (value, error) {
		p, err := a.bind("part")
		if err != nil {
			return nil, err
		}
		part, ok := p[0].(string)
		if !ok {
			return nil, errors.New("a string is needed")
		}
		return f(s, part), nil
	}
}

// wordTitle is the method title, which starts a word after anything that is no letter.
func wordTitle(s string) string {
	var b strings.Builder
	inside := false
	for _, c := range s {
		if inside {
			b.WriteString(strings.ToLower(string(c)))
		} else {
			b.WriteString(strings.ToUpper(string(c)))
		}
		inside = unicode.IsLetter(c)
	}
	return b.String()
}
