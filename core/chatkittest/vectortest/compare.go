package vectortest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"math/big"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/gochatkit/chatkit/core/chatkittest"
)

// parse reads JSON with numbers kept as written.
func parse(data []byte) (any, error) {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return nil, err
	}
	return v, nil
}

// parseAll parses a list of documents into one list.
func parseAll(docs []json.RawMessage) (any, error) {
	list := []any{}
	for _, doc := range docs {
		v, err := parse(doc)
		if err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	return list, nil
}

// A comparer compares JSON values by the rules of the vectors.
type comparer struct {
	// durations makes a wanted duration match any that is not negative.
	durations bool
	// lenient allows the differences that lie in single members.
	lenient  bool
	problems []string
	applied  []string // differences that were met
}

const maxProblems = 8

// compare adds the differences between got and want to the problems. Path names
// the value in them.
func (c *comparer) compare(path string, got, want any) {
	if len(c.problems) >= maxProblems {
		return
	}
	switch want := want.(type) {
	case map[string]any:
		c.compareObject(path, got, want)
		return
	case []any:
		g, ok := got.([]any)
		if !ok {
			break
		}
		for i := range min(len(g), len(want)) {
			c.compare(fmt.Sprintf("%s[%d]", path, i), g[i], want[i])
		}
		if len(g) != len(want) {
			c.fail("%s has %d elements, want %d%s", path, len(g), len(want), firstExtra(g, want))
		}
		return
	case json.Number:
		g, ok := got.(json.Number)
		if !ok {
			break
		}
		if !sameNumber(string(g), string(want)) {
			c.fail("%s = %s, want %s", path, g, want)
		}
		return
	default:
		if got == want {
			return
		}
	}
	c.fail("%s = %s, want %s", path, short(got), short(want))
}

func (c *comparer) compareObject(path string, got any, want map[string]any) {
	g, ok := got.(map[string]any)
	if !ok {
		c.fail("%s = %s, want %s", path, short(got), short(want))
		return
	}
	for _, key := range slices.Sorted(maps.Keys(want)) {
		at := path + "." + key
		v, ok := g[key]
		switch {
		case !ok && c.mayMiss(key, want[key], want):
		case !ok:
			c.fail("%s is missing, want %s", at, short(want[key]))
		case c.lenient && (key == "url" || key == "preview_url") && sameURL(v, want[key]):
			if v != want[key] {
				c.applied = append(c.applied, sentAsGiven)
			}
		case key == "created_at":
			c.compareTime(at, v, want[key])
		case key == "duration" && c.durations:
			if n, ok := v.(json.Number); !ok || !isCount(string(n)) {
				c.fail("%s = %s, want an integer that is not negative", at, short(v))
			}
		default:
			c.compare(at, v, want[key])
		}
	}
	for _, key := range slices.Sorted(maps.Keys(g)) {
		if _, ok := want[key]; !ok {
			c.fail("%s.%s = %s, want no such member", path, key, short(g[key]))
		}
	}
}

// optionalTexts are members that authors leave out by leaving them empty.
var optionalTexts = map[string]bool{
	"title": true, "title_query": true, "content": true, "description": true, "timestamp": true, "group": true,
	"attribution": true, "label": true, "inline_label": true, "message": true, "icon": true,
}

// actionDefaults are what the reference adds to an action in a widget.
var actionDefaults = map[string]any{"handler": "server", "loadingBehavior": "auto", "streaming": true}

// mayMiss reports whether a member that is wanted may be missing.
func (c *comparer) mayMiss(key string, want any, in map[string]any) bool {
	if !c.lenient {
		return false
	}
	if optionalTexts[key] && want == "" {
		c.applied = append(c.applied, emptyLeftOut)
		return true
	}
	value, ok := actionDefaults[key]
	_, typed := in["type"].(string)
	if ok && typed && value == want {
		c.applied = append(c.applied, widgetsAsGiven)
		return true
	}
	return false
}

// sameURL compares URLs after what the reference does to them most often: the host
// in lower case, and a path that is never empty.
func sameURL(got, want any) bool {
	g, ok := got.(string)
	w, ok2 := want.(string)
	if !ok || !ok2 {
		return false
	}
	if g == w {
		return true
	}
	a, err := url.Parse(g)
	b, err2 := url.Parse(w)
	if err != nil || err2 != nil || a.Host == "" {
		return false
	}
	for _, u := range []*url.URL{a, b} {
		u.Host = strings.ToLower(u.Host)
		if u.Path == "" {
			u.Path = "/"
		}
	}
	return a.String() == b.String()
}

// compareTime compares instants. What the recording's clock showed matches any time.
func (c *comparer) compareTime(path string, got, want any) {
	g, err := instant(got)
	if err != nil {
		c.fail("%s = %s: %v", path, short(got), err)
		return
	}
	w, err := instant(want)
	if err != nil {
		c.fail("%s: the vector wants %s: %v", path, short(want), err)
		return
	}
	if !w.Equal(chatkittest.Time) && !g.Equal(w) {
		c.fail("%s = %s, want %s", path, short(got), short(want))
	}
}

// instant reads a time of the wire. One without a zone is UTC.
func instant(v any) (time.Time, error) {
	s, ok := v.(string)
	if !ok {
		return time.Time{}, fmt.Errorf("a time must be text")
	}
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t, nil
		}
	}
	return time.Time{}, fmt.Errorf("%q is no time", s)
}

func (c *comparer) fail(format string, args ...any) {
	c.problems = append(c.problems, fmt.Sprintf(format, args...))
}

// sameNumber compares by value: 1, 1.0 and 1e0 are the same.
func sameNumber(a, b string) bool {
	if a == b {
		return true
	}
	const longest = 400 // an exponent must not make the comparison expensive
	if len(a) > longest || len(b) > longest || hugeExponent(a) || hugeExponent(b) {
		return false
	}
	x, ok := new(big.Rat).SetString(a)
	y, ok2 := new(big.Rat).SetString(b)
	return ok && ok2 && x.Cmp(y) == 0
}

func hugeExponent(s string) bool {
	_, exp, ok := strings.Cut(strings.ToLower(s), "e")
	return ok && len(strings.TrimLeft(exp, "+-0")) > 3
}

func isCount(s string) bool {
	n, ok := new(big.Int).SetString(s, 10)
	return ok && n.Sign() >= 0
}

// firstExtra says what the first element is that only one list has.
func firstExtra(got, want []any) string {
	switch {
	case len(got) > len(want):
		return ", first extra one " + short(got[len(want)])
	default:
		return ", first missing one " + short(want[len(got)])
	}
}

// short is v as JSON, cut to a readable length.
func short(v any) string {
	data, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprint(v)
	}
	if len(data) > 160 {
		return string(data[:160]) + "…"
	}
	return string(data)
}
