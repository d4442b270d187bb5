package widget_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/big"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gochatkit/chatkit/core/widget"
)

// canonical decodes the wire form of a widget into something that can be compared: numbers by their value.
func canonical(raw []byte) (any, error) {
	d := json.NewDecoder(bytes.NewReader(widget.StripNulls(nil, raw)))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return nil, err
	}
	return numbers(v), nil
}

func numbers(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for k, e := range v {
			v[k] = numbers(e)
		}
	case []any:
		for i, e := range v {
			v[i] = numbers(e)
		}
	case json.Number:
		if _, exp, _ := strings.Cut(strings.ToLower(v.String()), "e"); len(exp) > 4 {
			return v // too large to work out
		}
		r, ok := new(big.Rat).SetString(v.String())
		if !ok {
			return v
		}
		return r.RatString()
	}
	return v
}

func sameWidget(a, b []byte) bool {
	if bytes.Equal(a, b) {
		return true
	}
	va, errA := canonical(a)
	vb, errB := canonical(b)
	return errA == nil && errB == nil && reflect.DeepEqual(va, vb)
}

// gen makes random trees. A tree is a map; print writes it with its members in any order and any number of
// nulls, so that equal trees look different.
type gen struct{ *rand.Rand }

type tree map[string]any

func (g gen) root() tree {
	t := tree{"type": g.pick("Card", "ListView", "Basic"), "children": g.children(3)}
	g.props(t)
	return t
}

func (g gen) pick(s ...string) string { return s[g.IntN(len(s))] }

func (g gen) word() string {
	return g.pick("", "a", "ab", "é", "😀", "\"", "\\", "\n", "<&>", "null", "\u2028", "x y")
}

func (g gen) children(depth int) []any {
	list := []any{}
	for range g.IntN(4) {
		list = append(list, g.component(depth-1))
	}
	return list
}

func (g gen) component(depth int) tree {
	t := tree{"type": g.pick("Text", "Text", "Markdown", "Row", "Transition", "Title", "Table.Row")}
	if g.IntN(3) > 0 {
		t["id"] = fmt.Sprint("id", g.IntN(40))
	}
	switch t["type"] {
	case "Text", "Markdown", "Title":
		t["value"] = g.word() + g.word()
		if g.IntN(3) == 0 {
			t["streaming"] = g.IntN(2) == 0
		}
	case "Transition":
		if depth > 0 {
			t["children"] = g.component(depth - 1)
		}
	default:
		if depth > 0 {
			t["children"] = g.children(depth)
		}
	}
	g.props(t)
	return t
}

func (g gen) props(t tree) {
	for range g.IntN(3) {
		t[g.pick("size", "color", "x", "key")] = g.pick("sm", "md")
	}
	if g.IntN(4) == 0 {
		t["data"] = g.free(2)
	}
}

func (g gen) free(depth int) any {
	switch k := g.IntN(6); {
	case k == 0 || depth == 0:
		return g.word()
	case k == 1:
		return json.Number(g.pick("1", "1.0", "10e-1", "0", "-0", "2", "9007199254740993"))
	case k == 2:
		return g.IntN(2) == 0
	case k == 3:
		return []any{g.free(depth - 1), g.free(depth - 1)}
	}
	return tree{"children": g.free(depth - 1), "b": g.free(depth - 1)}
}

// change returns a copy of t in which texts have grown and, rarely, something else has changed.
func (g gen) change(t tree) tree {
	c := tree{}
	for _, k := range sortedKeys(t) {
		v := t[k]
		switch v := v.(type) {
		case tree:
			c[k] = g.change(v)
		case []any:
			list := make([]any, len(v))
			for i, e := range v {
				list[i] = e
				if child, ok := e.(tree); ok {
					list[i] = g.change(child)
				}
			}
			if k == "children" && g.IntN(60) == 0 {
				list = append(list, g.component(1))
			}
			c[k] = list
		default:
			c[k] = v
		}
	}
	if s, ok := c["value"].(string); ok && g.IntN(3) == 0 {
		c["value"] = s + g.word()
	}
	switch g.IntN(80) {
	case 0:
		delete(c, g.pick("size", "color", "key", "value"))
	case 1:
		g.props(c)
	case 2:
		if _, ok := c["value"]; ok {
			c["value"] = g.word()
		}
	case 3:
		c["streaming"] = g.free(0)
	case 4:
		c["id"] = "other"
	}
	return c
}

func sortedKeys(t tree) []string {
	keys := make([]string, 0, len(t))
	for k := range t {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// print writes v as JSON. Shuffled puts members in a random order and adds nulls and space.
func (g gen) print(dst []byte, v any, shuffled bool) []byte {
	switch v := v.(type) {
	case tree:
		keys := sortedKeys(v)
		if shuffled {
			g.Shuffle(len(keys), func(i, j int) { keys[i], keys[j] = keys[j], keys[i] })
			if g.IntN(4) == 0 {
				keys = append(keys, "none")
			}
		}
		dst = append(dst, '{')
		for i, k := range keys {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = append(append(append(dst, '"'), k...), '"', ':')
			dst = g.print(dst, v[k], shuffled)
		}
		return append(dst, '}')
	case []any:
		dst = append(dst, '[')
		for i, e := range v {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = g.print(dst, e, shuffled)
		}
		if shuffled && g.IntN(4) == 0 {
			if len(v) > 0 {
				dst = append(dst, ',')
			}
			dst = append(dst, " null "...)
		}
		return append(dst, ']')
	default:
		b, err := json.Marshal(v)
		if err != nil {
			panic(err)
		}
		return append(dst, b...)
	}
}

func TestUpdatesLeadFromOneStateToTheNext(t *testing.T) {
	pairs := 100_000
	if testing.Short() || raceEnabled {
		pairs = 5_000
	}
	g := gen{rand.New(rand.NewPCG(1, 2))}
	var none, texts, roots, lost int
	start := time.Now()
	for i := range pairs {
		tr := g.root()
		shuffled := g.IntN(4) == 0
		before, after := g.print(nil, tr, false), g.print(nil, g.change(tr), shuffled)
		exact, err := widget.Diff(before, after, widget.Lossless)
		if err != nil {
			t.Fatalf("Diff(%s, %s): %v", before, after, err)
		}
		got, err := widget.Apply(before, exact...)
		if err != nil {
			t.Fatalf("Apply(%s, %s): %v", before, wire(exact), err)
		}
		if !sameWidget(got, after) {
			t.Fatalf("applying %s\n to %s\n    gives %s\n want %s", wire(exact), before, got, after)
		}
		plain, err := widget.Diff(before, after)
		if err != nil {
			t.Fatal(err)
		}
		_, isRoot := first(exact).(*widget.RootUpdated)
		switch {
		case wire(plain) != wire(exact):
			// Only where a new root stands in for what the reference's algorithm loses.
			if _, plainRoot := first(plain).(*widget.RootUpdated); !isRoot || plainRoot {
				t.Fatalf("Diff(%s, %s) = %s, with Lossless %s", before, after, wire(plain), wire(exact))
			}
			lost++
		case len(exact) == 0:
			none++
		case isRoot:
			roots++
		default:
			texts++
		}

		// The same through trees, for some of them: parsing takes its time.
		if i%8 != 0 {
			continue
		}
		parsedBefore, err := widget.Parse(before)
		if err != nil {
			t.Fatal(err)
		}
		parsedAfter, err := widget.Parse(after)
		if err != nil {
			t.Fatal(err)
		}
		fromTrees, err := widget.DiffRoots(parsedBefore, parsedAfter, widget.Lossless)
		if err != nil {
			t.Fatal(err)
		}
		if got, err = widget.Apply(before, fromTrees...); err != nil && !strings.Contains(string(after), `"id"`) {
			t.Fatal(err)
		} else if !sameWidget(got, after) && uniqueTexts(after) {
			t.Fatalf("applying %s\n to %s\n    gives %s\n want %s", wire(fromTrees), before, got, after)
		}
	}
	t.Logf("%d pairs in %v: %d without a change, %d texts, %d new roots, %d new roots only because of Lossless", pairs, time.Since(start), none, texts, roots, lost)
	for name, n := range map[string]int{"without a change": none, "with texts only": texts, "with a new root": roots, "with something lost": lost} {
		if n < pairs/100 {
			t.Errorf("%d of %d pairs %s, want more for the test to mean something", n, pairs, name)
		}
	}
}

func first(u []widget.Update) widget.Update {
	if len(u) == 0 {
		return nil
	}
	return u[0]
}

// uniqueTexts reports whether no id comes twice, which DiffRoots asks for.
func uniqueTexts(raw []byte) bool {
	for i := range 40 {
		if bytes.Count(raw, fmt.Appendf(nil, `"id%d"`, i)) > 1 {
			return false
		}
	}
	return bytes.Count(raw, []byte(`"other"`)) <= 1
}

func FuzzDiff(f *testing.F) {
	for _, s := range [][2]string{
		{`{"type":"Card","children":[{"type":"Text","id":"t","value":"a"}]}`, `{"type":"Card","children":[{"type":"Text","id":"t","value":"ab"}]}`},
		{`{"type":"Card","children":{"type":"Text","value":"\u0061"}}`, ` {"children":{"value":"a😀","type":"Text"},"type":"Card","x":null}`},
		{`{"type":"Basic","a":1,"a":1.0,"b":[null,{"children":null}]}`, `{"type":"Basic","b":[{}],"a":10e-1}`},
		{`{"type":"Card","n":9007199254740993}`, `{"type":"Card","n":9007199254740992.0}`},
		{`[`, `{"a":"\ud800"}`},
	} {
		f.Add([]byte(s[0]), []byte(s[1]))
	}
	f.Fuzz(func(t *testing.T, before, after []byte) {
		keep := slices.Clone(after)
		updates, err := widget.Diff(before, after, widget.Lossless)
		object := func(b []byte) bool {
			return json.Valid(b) && bytes.HasPrefix(bytes.TrimLeft(b, " \t\r\n"), []byte("{"))
		}
		if ok := object(before) && object(after); ok != (err == nil) && !strings.Contains(fmt.Sprint(err), "deeper") {
			t.Fatalf("Diff() = %v, want valid = %t", err, ok)
		}
		if !bytes.Equal(keep, after) {
			t.Fatal("Diff changed its input")
		}
		if err != nil || widget.Validate(before) != nil || widget.Validate(after) != nil {
			return
		}
		if _, err := widget.Diff(before, after); err != nil {
			t.Fatal(err)
		}
		got, err := widget.Apply(before, updates...)
		if err != nil {
			t.Fatal(err)
		}
		if !sameWidget(got, after) {
			t.Fatalf("applying %s gives %s, want %s", wire(updates), got, after)
		}
		if wired := widget.StripNulls(nil, after); !json.Valid(wired) {
			t.Fatalf("StripNulls() = %s", wired)
		}
		d, err := widget.Parse(after)
		if err != nil {
			t.Fatal(err)
		}
		if raw, err := widget.Encode(d); err != nil {
			t.Fatal(err)
		} else if !sameWidget(raw, after) && !twice(after) {
			t.Fatalf("Parse and Encode give %s", raw)
		}
	})
}

// twice reports whether a member name comes twice in an object, where order matters to Parse.
func twice(raw []byte) bool {
	d := json.NewDecoder(bytes.NewReader(raw))
	var open []map[string]bool
	key := false
	for {
		tok, err := d.Token()
		if err != nil {
			return false
		}
		switch tok := tok.(type) {
		case json.Delim:
			switch tok {
			case '{':
				open, key = append(open, map[string]bool{}), true
				continue
			case '[':
				open = append(open, nil)
			default:
				open = open[:len(open)-1]
			}
		case string:
			if key {
				if open[len(open)-1][tok] {
					return true
				}
				open[len(open)-1][tok] = true
				key = false
				continue
			}
		}
		key = len(open) > 0 && open[len(open)-1] != nil
	}
}
