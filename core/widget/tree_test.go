package widget_test

import (
	"encoding/json"
	"errors"
	"iter"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/gochatkit/chatkit/core/widget"
)

func encode(t *testing.T, root widget.Root) json.RawMessage {
	t.Helper()
	b, err := widget.Encode(root)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestDiffRootsFindsWhatDiffFinds(t *testing.T) {
	text := func(id, value string, streaming widget.Bool) *widget.Text {
		return &widget.Text{ID: id, Value: value, Streaming: streaming}
	}
	card := func(children ...widget.Component) *widget.Card { return &widget.Card{Children: children} }
	shared := &widget.Row{Gap: widget.Units(2), Children: []widget.Component{&widget.Badge{Label: "new"}, text("s", "shared", widget.Unset)}}
	raw := widget.Raw(`{"type":"Table","children":[{"type":"Table.Row"}]}`)
	tests := []struct {
		name          string
		before, after widget.Root
	}{
		{"nothing changed", card(shared, raw), card(shared, raw)},
		{"the same tree", card(shared), nil}, // after is before
		{"a text grows beside shared parts", card(shared, text("t", "He", widget.True), raw), card(shared, text("t", "Hello", widget.True), raw)},
		{"a Markdown grows in a row", card(&widget.Row{Children: []widget.Component{&widget.Markdown{ID: "m", Value: "a"}}}), card(&widget.Row{Children: []widget.Component{&widget.Markdown{ID: "m", Value: "ab"}}})},
		{"a text without an id grows", card(text("", "a", widget.Unset)), card(text("", "ab", widget.Unset))},
		{"a text below a transition grows", card(&widget.Transition{Child: text("t", "a", widget.Unset)}), card(&widget.Transition{Child: text("t", "ab", widget.Unset)})},
		{"a transition gets its child", card(&widget.Transition{}), card(&widget.Transition{Child: shared})},
		{"a text shrinks", card(text("t", "ab", widget.Unset)), card(text("t", "a", widget.Unset))},
		{"streaming is turned off", card(text("t", "ab", widget.True)), card(text("t", "abc", widget.False))},
		{"a member changes", card(&widget.Button{Label: "Go"}), card(&widget.Button{Label: "Stop"})},
		{"a child comes", card(shared), card(shared, &widget.Divider{})},
		{"a child is another type", card(&widget.Divider{}), card(&widget.Spacer{})},
		{"another root", card(), &widget.ListView{}},
		{"rows of a list", &widget.ListView{Children: []*widget.ListViewItem{{Children: []widget.Component{text("t", "a", widget.Unset)}}}}, &widget.ListView{Children: []*widget.ListViewItem{{Children: []widget.Component{text("t", "ab", widget.Unset)}}}}},
		{"a typed and a dynamic component that say the same", card(text("t", "a", widget.Unset)), card(&widget.Dynamic{Type: "Text", ID: "t", Props: widget.Props{{Name: "value", Value: "ab"}}})},
		{"two dynamic texts", card(&widget.Dynamic{Type: "Text", ID: "t", Props: widget.Props{{Name: "value", Value: "a"}}}), card(&widget.Dynamic{Type: "Text", ID: "t", Props: widget.Props{{Name: "value", Value: "ab"}}})},
		{"dynamic components with numbers in another form", card(&widget.Dynamic{Type: "X", Props: widget.Props{{Name: "n", Value: json.RawMessage("1.0")}}}), card(&widget.Dynamic{Type: "X", Props: widget.Props{{Name: "n", Value: 1}}})},
		{"a dynamic root with typed children", &widget.Dynamic{Type: "Card", Children: []widget.Component{shared, text("t", "", widget.Unset)}}, &widget.Dynamic{Type: "Card", Children: []widget.Component{shared, text("t", "x", widget.Unset)}}},
		{"raw children", card(raw), card(widget.Raw(strings.Replace(string(raw), "Row", "Cell", 1)))},
		{"raw and typed child", card(widget.Raw(`{"type":"Text","id":"t","value":"a"}`)), card(text("t", "ab", widget.Unset))},
		{"raw roots", widget.Raw(`{"type":"Card","children":[{"type":"Text","id":"t","value":"a"}]}`), widget.Raw(`{"type":"Card","children":[{"type":"Text","id":"t","value":"ab"}]}`)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if tt.after == nil {
				tt.after = tt.before
			}
			for _, opt := range []widget.DiffOption{0, widget.Lossless} {
				got, err := widget.DiffRoots(tt.before, tt.after, opt)
				if err != nil {
					t.Fatal(err)
				}
				want, err := widget.Diff(encode(t, tt.before), encode(t, tt.after), opt)
				if err != nil {
					t.Fatal(err)
				}
				if wire(got) != wire(want) {
					t.Errorf("DiffRoots(option %d):\n got %s\nwant %s", opt, wire(got), wire(want))
				}
			}
		})
	}
}

func TestDiffRootsSaysWhatIsWrongWithTheNewRoot(t *testing.T) {
	good := &widget.Card{Children: []widget.Component{&widget.Button{}}}
	bad := &widget.Card{Children: []widget.Component{&widget.Button{Style: "loud"}}}
	_, err := widget.DiffRoots(good, bad)
	if want := `Card.children[0].Button.style: "loud" is not one of primary, secondary`; err == nil || err.Error() != want {
		t.Errorf("DiffRoots() = %v, want %s", err, want)
	}
}

func TestStream(t *testing.T) {
	root := &widget.Card{Children: []widget.Component{
		&widget.Text{ID: "plain", Value: "é\n"},
		&widget.Row{Children: []widget.Component{&widget.Markdown{ID: "grow\"s", Value: "", Streaming: widget.True}}},
		&widget.Transition{Child: &widget.Text{ID: "alone", Value: ""}},
		&widget.Text{ID: "twice"}, &widget.Text{ID: "twice"}, &widget.Title{ID: "title"}, &widget.Text{Value: "no id"},
	}}
	s, err := widget.NewStream(root)
	if err != nil {
		t.Fatal(err)
	}
	state := s.JSON()
	check := func(u widget.TextDelta, err error, done bool) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		if u.Done != done {
			t.Errorf("Done = %t, want %t", u.Done, done)
		}
		if state, err = widget.Apply(state, &u); err != nil {
			t.Fatal(err)
		}
	}
	long := strings.Repeat("0123456789\"\\\n", 2000)
	for _, delta := range []string{"a", "", "<b> & \"c\"\x00", "😀", long, strings.Repeat("x", 3000)} {
		u, err := s.AppendText("plain", delta)
		check(u, err, true)
		u, err = s.AppendText("grow\"s", delta)
		check(u, err, false)
		if string(s.JSON()) != string(state) {
			t.Fatalf("JSON() after %.20q:\n got %.200s\nwant %.200s", delta, s.JSON(), state)
		}
	}
	for _, id := range []string{"", "none", "alone", "twice", "title"} {
		if _, err := s.AppendText(id, "x"); !errors.Is(err, widget.ErrNoText) {
			t.Errorf("AppendText(%q) = %v, want ErrNoText", id, err)
		}
	}
	u, err := s.EndText("grow\"s")
	check(u, err, true)
	if want := strings.Replace(string(state), `"streaming":true`, `"streaming":false`, 1); string(s.JSON()) != want {
		t.Errorf("JSON() after the end:\n got %.200s\nwant %.200s", s.JSON(), want)
	}
	if _, err := s.AppendText("grow\"s", "x"); err == nil {
		t.Error("AppendText worked after EndText")
	}

	next := &widget.Card{Children: []widget.Component{&widget.Text{ID: "plain", Value: "new"}}}
	updates, err := s.Update(next)
	if err != nil || len(updates) != 1 {
		t.Fatalf("Update() = %s, %v", wire(updates), err)
	}
	if _, err := s.Update(&widget.Card{Children: []widget.Component{nil}}); err == nil {
		t.Error("Update accepted a nil component")
	}
	u, err = s.AppendText("plain", "er")
	if err != nil || u.Delta != "er" {
		t.Errorf("AppendText() = %+v, %v", u, err)
	}
	if want := `{"type":"Card","children":[{"id":"plain","type":"Text","value":"newer"}]}`; string(s.JSON()) != want {
		t.Errorf("JSON() = %s, want %s", s.JSON(), want)
	}
	updates, err = s.Update(&widget.Card{Children: []widget.Component{&widget.Text{ID: "plain", Value: "newest"}}})
	if err != nil || len(updates) != 1 || wire(updates) == "" {
		t.Fatalf("Update() = %s, %v", wire(updates), err)
	}
	updates, err = s.Update(&widget.Card{Children: []widget.Component{&widget.Text{ID: "plain", Value: "newest!"}}})
	if want := wire([]widget.Update{&widget.TextDelta{ComponentID: "plain", Delta: "!", Done: true}}); err != nil || wire(updates) != want {
		t.Errorf("Update() = %s, %v, want %s", wire(updates), err, want)
	}
}

func TestStreamKeepsATextInsideAText(t *testing.T) {
	s, err := widget.NewStream(widget.Raw(`{"type":"Card","children":[{"type":"Text","id":"a","value":"x","children":[{"type":"Text","streaming":true,"id":"b","value":"y"}],"streaming":true}]}`))
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{"a", "b"} {
		if _, err := s.AppendText(id, "!"); err != nil {
			t.Fatal(err)
		}
		if _, err := s.EndText(id); err != nil {
			t.Fatal(err)
		}
	}
	want := `{"type":"Card","children":[{"type":"Text","id":"a","value":"x!","children":[{"type":"Text","streaming":false,"id":"b","value":"y!"}],"streaming":false}]}`
	if got := string(s.JSON()); got != want {
		t.Errorf("JSON():\n got %s\nwant %s", got, want)
	}
}

func deltas(all ...string) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		for _, d := range all {
			var err error
			if d == "fail" {
				err = errors.New("model went away")
			}
			if !yield(d, err) {
				return
			}
		}
	}
}

func TestAccumulateText(t *testing.T) {
	base := &widget.Markdown{ID: "m", Value: "ignored", Streaming: widget.True}
	var got []string
	for state, err := range widget.AccumulateText(base, deltas("He", "", "llo")) {
		if err != nil {
			t.Fatal(err)
		}
		b, err := state.MarshalJSON()
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, string(b))
	}
	want := []string{
		`{"id":"m","type":"Markdown","value":"ignored","streaming":true}`,
		`{"id":"m","type":"Markdown","value":"He","streaming":true}`,
		`{"id":"m","type":"Markdown","value":"He","streaming":true}`,
		`{"id":"m","type":"Markdown","value":"Hello","streaming":true}`,
		`{"id":"m","type":"Markdown","value":"Hello","streaming":false}`,
	}
	if !slices.Equal(got, want) {
		t.Errorf("states:\n got %s\nwant %s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}

	n := 0
	var last error
	for state, err := range widget.AccumulateText(&widget.Text{}, deltas("a", "fail", "b")) {
		n++
		if last = err; err != nil && state != nil {
			t.Errorf("state beside an error: %+v", state)
		}
	}
	if n != 3 || last == nil {
		t.Errorf("%d states, last error %v, want 3 and an error", n, last)
	}
	for range widget.AccumulateText(&widget.Text{}, deltas("a")) {
		break // a reader may stop early
	}
}

func TestEncodeNamesThePath(t *testing.T) {
	under := func(c widget.Component) widget.Root {
		return &widget.Card{Children: []widget.Component{&widget.Spacer{}, c}}
	}
	deep := widget.Component(&widget.Text{})
	for range 2000 {
		deep = &widget.Box{Children: []widget.Component{deep}}
	}
	tests := []struct {
		root widget.Root
		want string
	}{
		{under(&widget.Button{Style: "x"}), `Card.children[1].Button.style: "x" is not one of primary, secondary`},
		{under(&widget.Row{Children: []widget.Component{&widget.Icon{Name: "cat"}}}), `Card.children[1].Row.children[0].Icon.name: "cat" is not an icon of the client, nor does it begin with vendor: or lucide:`},
		{under(&widget.Icon{}), `Card.children[1].Icon.name: is required`},
		{under(&widget.Input{}), `Card.children[1].Input.name: is required`},
		{under(&widget.Transition{Child: &widget.Text{Editable: widget.True}}), `Card.children[1].Transition.children.Text.editable: true is not allowed; use EditableProps`},
		{under(&widget.Text{Editable: widget.EditableProps{}}), `Card.children[1].Text.editable.name: is required`},
		{under(&widget.Button{OnClickAction: &widget.ActionConfig{Type: "a", Handler: "me"}}), `Card.children[1].Button.onClickAction.handler: "me" is not one of server, client`},
		{under(&widget.Box{Border: widget.Borders{Top: widget.Border{Style: "wavy"}}}), `Card.children[1].Box.border.top.style: "wavy" is not one of solid, dashed, dotted, double, groove, ridge, inset, outset`},
		{under(&widget.Box{Padding: widget.Spacing{X: widget.Num(math.Inf(1))}}), `Card.children[1].Box.padding.x: +Inf is not a number of JSON`},
		{under(&widget.Box{Gap: widget.Units(1.5)}), `Card.children[1].Box.gap: 1.5 is not a whole number`},
		{under(&widget.Box{Border: widget.CSS("1px")}), `Card.children[1].Box.border: "1px" is not a number`},
		{under(&widget.Button{OnClickAction: &widget.ActionConfig{}}), `Card.children[1].Button.onClickAction.type: is required`},
		{under(&widget.Button{OnClickAction: &widget.ActionConfig{Type: "a", Payload: json.RawMessage("{")}}), `Card.children[1].Button.onClickAction.payload: unexpected end of JSON`},
		{under(&widget.DatePicker{Name: "d", Min: "tomorrow"}), `Card.children[1].DatePicker.min: "tomorrow" is not an ISO date or time`},
		{under(&widget.Chart{Series: []widget.Series{&widget.BarSeries{DataKey: "y"}, &widget.LineSeries{}}, XAxis: widget.XAxis{DataKey: "x"}}), `Card.children[1].Chart.series[1].dataKey: is required`},
		{under(&widget.Chart{Data: []map[string]any{{"x": true}}, XAxis: widget.XAxis{DataKey: "x"}}), `Card.children[1].Chart.data[0].x: bool is neither a string nor a number`},
		{under(&widget.Text{MaxLines: -1}), `Card.children[1].Text.maxLines: -1 is negative`},
		{under(&widget.Divider{Color: "{no"}), `Card.children[1].Divider.color: "{no" is not a colour`},
		{under(nil), `Card.children[1]: is nil`},
		{under((*widget.Text)(nil)), `Card.children[1]: is nil`},
		{under(&widget.Dynamic{}), `Card.children[1]: a component needs a type`},
		{under(&widget.Dynamic{Type: "X", Props: widget.Props{{Name: "id", Value: 1}}}), `Card.children[1].X.id: is a field of its own, not one of the props`},
		{under(&widget.Dynamic{Type: "X", Props: widget.Props{{Name: "a", Value: 1}, {Name: "a", Value: 2}}}), `Card.children[1].X.a: comes twice`},
		{under(widget.Raw(`[]`)), `Card.children[1]: raw component: not a JSON object`},
		{under(widget.Raw(`{"type":"Row","children":[{"type":"X","id":1}]}`)), `Card.children[1].Row.children[0].X.id: not a string`},
		{under(widget.Raw(`{}`)), `Card.children[1]: a component needs a type`},
		{&widget.Card{Status: &widget.Status{Icon: "bolt", Favicon: "x"}}, `Card.status: has an icon and a favicon`},
		{&widget.Card{Confirm: &widget.CardAction{Label: "OK"}}, `Card.confirm.action: is required`},
		{&widget.ListView{Limit: -2}, `ListView.limit: -2 is neither positive nor LimitAuto`},
		{&widget.ListView{Children: []*widget.ListViewItem{nil}}, `ListView.children[0]: is nil`},
		{(*widget.Card)(nil), `widget: is nil`},
		{&widget.Dynamic{Type: "Box"}, `Box: a widget's root is a Card, a ListView or a Basic`},
		{under(deep), "nested deeper than 1000 levels"},
	}
	for _, tt := range tests {
		_, err := widget.Encode(tt.root)
		var pe *widget.PathError
		if err == nil || !errors.As(err, &pe) || !strings.HasSuffix(err.Error(), tt.want) || pe.Path != "" && !strings.HasPrefix(err.Error(), pe.Path) {
			t.Errorf("Encode() = %.300v, want %s", err, tt.want)
		}
	}
}

func TestDynamicKeepsEverything(t *testing.T) {
	const in = ` {"later":[1.0,{"z":1,"a":null}],"children":[{"x":"\u003c\u00e9\/>","key":"","type":"Unknown","id":"","children":{"type":"Row","children":[]}}, null],"limit":3,"type":"ListView","id":"i","empty":null,"limit":4}`
	const want = `{"id":"i","type":"ListView","children":[{"key":"","id":"","type":"Unknown","children":{"type":"Row","children":[]},"x":"<é/>"}],"later":[1.0,{"z":1}],"limit":4}`
	d, err := widget.Parse(json.RawMessage(in))
	if err != nil {
		t.Fatal(err)
	}
	if got := string(encode(t, d)); got != want {
		t.Errorf("Parse and Encode:\n got %s\nwant %s", got, want)
	}
	var u widget.Dynamic
	if err := json.Unmarshal([]byte(in), &u); err != nil {
		t.Fatal(err)
	}
	if got := string(encode(t, &u)); got != want {
		t.Errorf("Unmarshal and Encode:\n got %s\nwant %s", got, want)
	}
	for _, bad := range []string{`[]`, `{"id":"x"}`, `{"type":"Card","id":1}`} {
		if err := json.Unmarshal([]byte(bad), &u); err == nil {
			t.Errorf("Unmarshal(%s) worked", bad)
		}
	}
	if err := json.Unmarshal([]byte(`{"type":"Text","value":"x"}`), &u); err != nil || u.Type != "Text" {
		t.Errorf("Unmarshal of a component that is no root: %+v, %v", u, err)
	}
}

// wide returns a card of n components, and the same card with a longer text in its middle.
func wide(n int) (before, after *widget.Card, id string) {
	before = &widget.Card{}
	for i := range (n - 1) / 3 {
		before.Children = append(before.Children, &widget.Row{Gap: widget.Units(2), Children: []widget.Component{
			&widget.Text{ID: "t" + strconv.Itoa(i), Value: "Some text of row " + strconv.Itoa(i), Streaming: widget.True}, &widget.Badge{Label: "label", Color: "info"},
		}})
	}
	mid := len(before.Children) / 2
	row := *before.Children[mid].(*widget.Row)
	text := *row.Children[0].(*widget.Text)
	text.Value += " token"
	row.Children = []widget.Component{&text, row.Children[1]}
	after = &widget.Card{Children: slices.Clone(before.Children)}
	after.Children[mid] = &row
	return before, after, text.ID
}

func BenchmarkOneToken(b *testing.B) {
	for _, n := range []int{10, 1_000, 10_000} {
		before, after, id := wide(n)
		nodes := strconv.Itoa(n) + " nodes"
		b.Run("AppendText/"+nodes, func(b *testing.B) {
			s, err := widget.NewStream(before)
			if err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			for b.Loop() {
				if _, err := s.AppendText(id, " token"); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run("DiffRoots/"+nodes, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if u, err := widget.DiffRoots(before, after); err != nil || len(u) != 1 {
					b.Fatal(u, err)
				}
			}
		})
		rawBefore, err := widget.Encode(before)
		if err != nil {
			b.Fatal(err)
		}
		rawAfter, err := widget.Encode(after)
		if err != nil {
			b.Fatal(err)
		}
		b.Run("Diff/"+nodes, func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(rawAfter)))
			for b.Loop() {
				if u, err := widget.Diff(rawBefore, rawAfter); err != nil || len(u) != 1 {
					b.Fatal(u, err)
				}
			}
		})
		b.Run("EncodeAndDiff/"+nodes, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				raw, err := widget.Encode(after)
				if err != nil {
					b.Fatal(err)
				}
				if u, err := widget.Diff(rawBefore, raw); err != nil || len(u) != 1 {
					b.Fatal(u, err)
				}
			}
		})
	}
}
