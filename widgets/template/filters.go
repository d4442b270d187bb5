package widgettemplate

import (
	"errors"
	"fmt"
	"html"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// filters are the filters by name. It is filled at start because map and select lead back here.
var filters map[string]func(r *run, v value, a args) (value, error)

func init() {
	filters = map[string]func(*run, value, args) (value, error){
		"tojson": toJSON, "default": defaultFilter, "d": defaultFilter,
		"length": length, "count": length,
		"upper": onText(strings.ToUpper), "lower": onText(strings.ToLower),
		"title": onText(title), "capitalize": onText(capitalize),
		"escape": onText(escape), "e": onText(escape), "safe": onText(func(s string) string { return s }),
		"trim": trim, "replace": replace, "truncate": truncate, "string": toString,
		"join": join, "first": first, "last": last, "list": toList, "reverse": reverse, "items": items,
		"int": toInt, "float": toFloat, "round": round, "abs": abs,
		"sort": sortFilter, "dictsort": dictsort, "unique": unique, "min": extreme(-1), "max": extreme(1), "sum": sum,
		"batch": batch, "map": mapFilter,
		"select": selector(true, false), "reject": selector(false, false),
		"selectattr": selector(true, true), "rejectattr": selector(false, true),
	}
}

// defined refuses an undefined value, which all filters but default do.
func defined(v value) error {
	if u, ok := v.(undefined); ok {
		return u.err()
	}
	return nil
}

func defaultFilter(_ *run, v value, a args) (value, error) {
	p, err := a.bind("default_value", "boolean")
	if err != nil {
		return nil, err
	}
	other := p[0]
	if !given(other) {
		other = ""
	}
	if _, ok := v.(undefined); ok {
		return other, nil
	}
	falsy, err := flag(p[1])
	if err != nil || !falsy {
		return v, err
	}
	if ok, err := truth(v); ok || err != nil {
		return v, err
	}
	return other, nil
}

func length(_ *run, v value, a args) (value, error) {
	if _, err := a.bind(); err != nil {
		return nil, err
	}
	switch v := v.(type) {
	case undefined:
		return nil, v.err()
	case string:
		return int64(utf8.RuneCountInString(v)), nil
	case *list:
		return int64(len(v.items)), nil
	case *dict:
		return int64(len(v.keys)), nil
	}
	return nil, fmt.Errorf("%s has no length", kind(v))
}

func onText(f func(string) string) func(*run, value, args) (value, error) {
	return func(r *run, v value, a args) (value, error) {
		if _, err := a.bind(); err != nil {
			return nil, err
		}
		s, err := r.str(v)
		if err != nil {
			return nil, err
		}
		return f(s), r.spendBytes(len(s))
	}
}

func title(s string) string {
	var b strings.Builder
	start := true
	for _, c := range s {
		if start {
			b.WriteString(strings.ToUpper(string(c)))
		} else {
			b.WriteString(strings.ToLower(string(c)))
		}
		start = strings.ContainsRune("-({[< \t\n\r", c)
	}
	return b.String()
}

func capitalize(s string) string {
	_, n := utf8.DecodeRuneInString(s)
	return strings.ToUpper(s[:n]) + strings.ToLower(s[n:])
}

// escape writes the entities of the reference's engine.
func escape(s string) string { return html.EscapeString(s) }

func toString(r *run, v value, a args) (value, error) {
	if _, err := a.bind(); err != nil {
		return nil, err
	}
	return r.str(v)
}

func trim(r *run, v value, a args) (value, error) {
	p, err := a.bind("chars")
	if err != nil {
		return nil, err
	}
	s, err := r.str(v)
	if err != nil {
		return nil, err
	}
	chars, err := text(p[0], "")
	if err != nil || chars == "" {
		return strings.TrimSpace(s), err
	}
	return strings.Trim(s, chars), nil
}

func replace(r *run, v value, a args) (value, error) {
	p, err := a.bind("old", "new", "count")
	if err != nil {
		return nil, err
	}
	s, err := r.str(v)
	if err != nil {
		return nil, err
	}
	if !given(p[0]) || !given(p[1]) {
		return nil, errors.New("two arguments are needed")
	}
	from, err := r.str(p[0])
	if err != nil {
		return nil, err
	}
	to, err := r.str(p[1])
	if err != nil {
		return nil, err
	}
	n, err := number(p[2], -1)
	if err != nil {
		return nil, err
	}
	return r.replaceAll(s, from, to, n)
}

// replaceAll is strings.Replace that asks first what the result will cost.
func (r *run) replaceAll(s, from, to string, n int) (value, error) {
	found := strings.Count(s, from)
	if n >= 0 {
		found = min(found, n)
	}
	if err := r.spendBytes(len(s) + found*len(to)); err != nil {
		return nil, err
	}
	return strings.Replace(s, from, to, n), nil
}

func truncate(r *run, v value, a args) (value, error) {
	p, err := a.bind("length", "killwords", "end", "leeway")
	if err != nil {
		return nil, err
	}
	s, err := r.str(v)
	if err != nil {
		return nil, err
	}
	limit, err := number(p[0], 255)
	if err != nil {
		return nil, err
	}
	kill, err := flag(p[1])
	if err != nil {
		return nil, err
	}
	end, err := text(p[2], "...")
	if err != nil {
		return nil, err
	}
	leeway, err := number(p[3], 5)
	if err != nil {
		return nil, err
	}
	runes := []rune(s)
	keep := limit - utf8.RuneCountInString(end)
	if keep < 0 {
		return nil, errors.New("the length is shorter than the ending")
	}
	if len(runes) <= limit+leeway {
		return s, nil
	}
	short := string(runes[:keep])
	if i := strings.LastIndexByte(short, ' '); i >= 0 && !kill {
		short = short[:i]
	}
	return short + end, nil
}

func join(r *run, v value, a args) (value, error) {
	p, err := a.bind("d", "attribute")
	if err != nil {
		return nil, err
	}
	sep := ""
	if given(p[0]) {
		if sep, err = r.str(p[0]); err != nil {
			return nil, err
		}
	}
	list, err := r.iterate(v)
	if err != nil {
		return nil, err
	}
	if list, err = r.attributes(list, p[1]); err != nil {
		return nil, err
	}
	return r.join(list, sep)
}

func (r *run) join(list []value, sep string) (value, error) {
	var b strings.Builder
	for i, e := range list {
		s, err := r.str(e)
		if err != nil {
			return nil, err
		}
		if err := r.spendBytes(len(s) + len(sep)); err != nil {
			return nil, err
		}
		if i > 0 {
			b.WriteString(sep)
		}
		b.WriteString(s)
	}
	return b.String(), nil
}

func end(r *run, v value, a args, at func(n int) int) (value, error) {
	if _, err := a.bind(); err != nil {
		return nil, err
	}
	list, err := r.iterate(v)
	if err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return undefined{what: "the sequence is empty"}, nil
	}
	return list[at(len(list))], nil
}

func first(r *run, v value, a args) (value, error) {
	return end(r, v, a, func(int) int { return 0 })
}

func last(r *run, v value, a args) (value, error) {
	return end(r, v, a, func(n int) int { return n - 1 })
}

func toList(r *run, v value, a args) (value, error) {
	if _, err := a.bind(); err != nil {
		return nil, err
	}
	items, err := r.iterate(v)
	return &list{items: slices.Clone(items)}, err
}

func reverse(r *run, v value, a args) (value, error) {
	if _, err := a.bind(); err != nil {
		return nil, err
	}
	items, err := r.iterate(v)
	if err != nil {
		return nil, err
	}
	items = slices.Clone(items)
	slices.Reverse(items)
	if _, ok := v.(string); ok {
		return r.join(items, "")
	}
	return &list{items: items}, nil
}

func items(r *run, v value, a args) (value, error) {
	if _, err := a.bind(); err != nil {
		return nil, err
	}
	if _, ok := v.(undefined); ok {
		return &list{}, nil
	}
	d, ok := v.(*dict)
	if !ok {
		return nil, fmt.Errorf("%s is no map", kind(v))
	}
	return pairs(d), r.spend(len(d.keys))
}

func pairs(d *dict) *list {
	out := &list{}
	for _, k := range d.keys {
		out.items = append(out.items, tuple(k, d.vals[k]))
	}
	return out
}

func toInt(_ *run, v value, a args) (value, error) {
	p, err := a.bind("default", "base")
	if err != nil {
		return nil, err
	}
	if err := defined(v); err != nil {
		return nil, err
	}
	if n, ok := whole(v); ok {
		return integer(n), nil
	}
	base, err := number(p[1], 10)
	if err != nil || base < 2 || base > 36 {
		return nil, errors.New("the base is none")
	}
	if s, ok := v.(string); ok {
		s = strings.ReplaceAll(strings.TrimSpace(s), "_", "")
		if n, ok := new(big.Int).SetString(s, base); ok && n.BitLen() <= maxBits {
			return integer(n), nil
		}
		if f, err := strconv.ParseFloat(s, 64); err == nil {
			v = f
		}
	}
	if f, ok := v.(float64); ok && f-f == 0 {
		n, _ := big.NewFloat(f).Int(nil)
		return integer(n), nil
	}
	if given(p[0]) {
		return p[0], nil
	}
	return int64(0), nil
}

func toFloat(_ *run, v value, a args) (value, error) {
	p, err := a.bind("default")
	if err != nil {
		return nil, err
	}
	if err := defined(v); err != nil {
		return nil, err
	}
	if f, ok := float(v); ok {
		return f, nil
	}
	if s, ok := v.(string); ok {
		if f, err := strconv.ParseFloat(strings.TrimSpace(s), 64); err == nil && f-f == 0 {
			return f, nil
		}
	}
	if given(p[0]) {
		return p[0], nil
	}
	return 0.0, nil
}

func round(_ *run, v value, a args) (value, error) {
	p, err := a.bind("precision", "method")
	if err != nil {
		return nil, err
	}
	if err := defined(v); err != nil {
		return nil, err
	}
	digits, err := number(p[0], 0)
	if err != nil || digits < 0 || digits > 30 {
		return nil, errors.New("the precision is not between 0 and 30")
	}
	if method, err := text(p[1], "common"); err != nil || method != "common" {
		return nil, errors.New("only the method common is supported")
	}
	if n, ok := whole(v); ok {
		return integer(n), nil
	}
	f, ok := v.(float64)
	if !ok {
		return nil, fmt.Errorf("%s cannot be rounded", kind(v))
	}
	return strconv.ParseFloat(strconv.FormatFloat(f, 'f', digits, 64), 64)
}

func abs(_ *run, v value, a args) (value, error) {
	if _, err := a.bind(); err != nil {
		return nil, err
	}
	if n, ok := whole(v); ok {
		return integer(new(big.Int).Abs(n)), nil
	}
	if f, ok := v.(float64); ok {
		return max(f, -f), nil
	}
	return nil, fmt.Errorf("%s has no absolute value", kind(v))
}
