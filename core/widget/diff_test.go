package widget_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/gochatkit/chatkit/core/chatkittest/vectortest"
	"github.com/gochatkit/chatkit/core/widget"
)

// wire returns updates in their wire form, one a line.
func wire(updates []widget.Update) string {
	var out []string
	for _, u := range updates {
		switch u := u.(type) {
		case *widget.TextDelta:
			id, _ := json.Marshal(u.ComponentID)
			delta, _ := json.Marshal(u.Delta)
			out = append(out, fmt.Sprintf(`{"type":"widget.streaming_text.value_delta","component_id":%s,"delta":%s,"done":%t}`, id, delta, u.Done))
		case *widget.RootUpdated:
			out = append(out, fmt.Sprintf(`{"type":"widget.root.updated","widget":%s}`, widget.StripNulls(nil, u.Widget)))
		}
	}
	return strings.Join(out, "\n")
}

func TestDiffAnswersTheGoldenVectors(t *testing.T) {
	outcomes, err := vectortest.WidgetDiff(vectortest.Dir("../testdata/vectors"))
	if err != nil {
		t.Fatal(err)
	}
	vectortest.Report(t, outcomes)
}

func TestDiff(t *testing.T) {
	const root = "root" // stands for one new root with after
	delta := func(id, delta string, done bool) string {
		return wire([]widget.Update{&widget.TextDelta{ComponentID: id, Delta: delta, Done: done}})
	}
	card := func(children string) string { return `{"type":"Card","children":[` + children + `]}` }
	tests := []struct {
		name, before, after, want, lossless string // lossless: "" means the same as want
	}{
		{"a streaming text that grows is not done", card(`{"id":"t","type":"Text","value":"He","streaming":true}`), card(`{"id":"t","type":"Text","value":"Hello","streaming":true}`), delta("t", "llo", false), ""},
		{"a text that grows without streaming is done each time", card(`{"id":"t","type":"Text","value":"He"}`), card(`{"id":"t","type":"Text","value":"Hello"}`), delta("t", "llo", true), ""},
		{"a text that grows without an id is lost unless asked for", card(`{"type":"Text","value":"He"}`), card(`{"type":"Text","value":"Hello"}`), "", root},
		{"an empty id is no id", card(`{"id":"","type":"Text","value":"He"}`), card(`{"id":"","type":"Text","value":"Hello"}`), "", root},
		{"streaming turned off is a new root", card(`{"id":"t","type":"Text","value":"He","streaming":true}`), card(`{"id":"t","type":"Text","value":"Hello","streaming":false}`), root, ""},
		{"a rewritten text is a new root", card(`{"id":"t","type":"Text","value":"He"}`), card(`{"id":"t","type":"Text","value":"Ho"}`), root, ""},
		{"a text below a single child is lost unless asked for", card(`{"type":"Transition","children":{"id":"t","type":"Text","value":"a"}}`), card(`{"type":"Transition","children":{"id":"t","type":"Text","value":"ab"}}`), "", root},
		{"a member that appears is a new root where the reference crashes", card(``), `{"type":"Card","children":[],"size":"md"}`, root, ""},
		{"a member that disappears is a new root", `{"type":"Card","children":[],"size":"md"}`, card(``), root, ""},
		{"nothing changed", card(`{"type":"Divider"}`), card(`{"type":"Divider"}`), "", ""},
		{"member order, space and number forms make no difference", `{"type":"Card","gap":1,"children":[{"type":"Spacer","x":[1,{"a":"é"}]}]}`, ` { "children":[ {"x":[1.0,{"a":"\u00e9"}],"type":"Spacer"}], "gap":10e-1, "type":"Card"} `, "", ""},
		{"a text grows although its members changed places", card(`{"id":"t","value":"a","type":"Text"}`), card(`{"type":"Text","value":"ab","id":"t"}`), delta("t", "b", true), ""},
		{"nulls make no difference", card(`{"type":"Divider","color":null},null`), card(`{"type":"Divider"}`), "", ""},
		{"a null named children in nested data is a difference", card(`{"type":"X","data":{"children":null}}`), card(`{"type":"X","data":{}}`), root, ""},
		{"a number that only rounds to the same value is a difference", card(`{"type":"X","n":9007199254740993}`), card(`{"type":"X","n":9007199254740992.0}`), root, ""},
		{"true is not 1", card(`{"type":"X","n":true}`), card(`{"type":"X","n":1}`), root, ""},
		{"minus zero is zero", card(`{"type":"X","n":-0}`), card(`{"type":"X","n":0.0e5}`), "", ""},
		{"a value that grows in another component is a new root", card(`{"id":"t","type":"Title","value":"a"}`), card(`{"id":"t","type":"Title","value":"ab"}`), root, ""},
		{"a value that is no string is a new root", card(`{"id":"t","type":"Text","value":1}`), card(`{"id":"t","type":"Text","value":12}`), root, ""},
		{"texts in nested data are no components", card(`{"type":"X","data":{"id":"t","type":"Text","value":"a"}}`), card(`{"type":"X","data":{"id":"t","type":"Text","value":"ab"}}`), root, ""},
		{"two texts grow in tree order", card(`{"id":"b","type":"Text","value":""},{"type":"Row","children":[{"id":"a","type":"Markdown","value":"x"}]}`), card(`{"id":"b","type":"Text","value":"1"},{"type":"Row","children":[{"id":"a","type":"Markdown","value":"xy"}]}`), delta("b", "1", true) + "\n" + delta("a", "y", true), ""},
		{"an id that two texts share cannot be named", card(`{"id":"t","type":"Text","value":"a"},{"id":"\u0074","type":"Text","value":"b"}`), card(`{"id":"t","type":"Text","value":"ax"},{"id":"\u0074","type":"Text","value":"b"}`), root, ""},
		{"an id that another kind of component shares can", card(`{"id":"t","type":"Text","value":"a"},{"id":"t","type":"Box"}`), card(`{"id":"t","type":"Text","value":"ax"},{"id":"t","type":"Box"}`), delta("t", "x", true), ""},
		{"a text grows beside a changed sibling", card(`{"id":"t","type":"Text","value":"a"},{"type":"Badge","label":"1"}`), card(`{"id":"t","type":"Text","value":"ab"},{"type":"Badge","label":"2"}`), root, ""},
		{"a text cut inside a character is rewritten", card(`{"id":"t","type":"Text","value":"\ud83d"}`), card(`{"id":"t","type":"Text","value":"\ud83d\ude00"}`), root, ""},
		{"escapes are read before texts are compared", card(`{"id":"t","type":"Text","value":"a\u0062"}`), card(`{"id":"t","type":"Text","value":"ab\n"}`), delta("t", "\n", true), ""},
		{"the last of equal member names counts", card(`{"id":"t","type":"Text","value":"a","value":"b"}`), card(`{"id":"t","type":"Text","value":"c","value":"bc"}`), delta("t", "c", true), ""},
		{"streaming counts as the reference's language counts", card(`{"id":"t","type":"Text","value":"","streaming":"yes"}`), card(`{"id":"t","type":"Text","value":"a","streaming":"yes"}`), delta("t", "a", false), ""},
		{"a list that becomes one child is a new root", card(`{"type":"Box","children":[{"type":"Divider"}]}`), card(`{"type":"Box","children":{"type":"Divider"}}`), root, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for _, opt := range []widget.DiffOption{0, widget.Lossless} {
				want := tt.want
				if opt == widget.Lossless && tt.lossless != "" {
					want = tt.lossless
				}
				if want == root {
					want = wire([]widget.Update{&widget.RootUpdated{Widget: json.RawMessage(tt.after)}})
				}
				got, err := widget.Diff(json.RawMessage(tt.before), json.RawMessage(tt.after), opt)
				if err != nil {
					t.Fatal(err)
				}
				if g := wire(got); g != want {
					t.Errorf("Diff(option %d):\n got %s\nwant %s", opt, g, want)
				}
			}
		})
	}
}

func TestDiffRefusesWhatIsNoWidget(t *testing.T) {
	const ok = `{"type":"Card","children":[]}`
	deep := strings.Repeat(`{"children":`, 5000) + "1" + strings.Repeat("}", 5000)
	for _, bad := range []string{
		``, ` `, `null`, `[]`, `"Card"`, `{`, `{"type":"Card"`, `{"type":"Card"} x`, `{"type":"Card",}`, `{"type" "Card"}`,
		`{"type":"Ca` + "\n" + `rd"}`, `{"type":"Card","children":[1,]}`, `{"type":"Card","n":01}`, `{"type":"Card","n":1.}`, `{"type":"Card","n":nul}`, `{"type":"Card","s":"\x"}`, deep,
	} {
		if got, err := widget.Diff(json.RawMessage(ok), json.RawMessage(bad)); err == nil {
			t.Errorf("Diff(ok, %.40q) = %s, want an error", bad, wire(got))
		}
		if got, err := widget.Diff(json.RawMessage(bad), json.RawMessage(ok)); err == nil {
			t.Errorf("Diff(%.40q, ok) = %s, want an error", bad, wire(got))
		}
	}
}

func TestStripNulls(t *testing.T) {
	tests := []struct{ name, raw, want string }{
		{"members and elements vanish at every depth", `{"type":"Card","size":null,"children":[null,{"type":"X","a":[1,null,[null]],"b":{"c":null}},null]}`, `{"type":"Card","children":[{"type":"X","a":[1,[]],"b":{}}]}`},
		{"a component's null children vanish", `{"type":"Card","children":[{"type":"Box","children":null},{"type":"T","children":{"type":"Row","children":null}}]}`, `{"type":"Card","children":[{"type":"Box"},{"type":"T","children":{"type":"Row"}}]}`},
		{"null children in nested data stay", `{"type":"Card","onClickAction":{"type":"a","payload":{"children":null,"x":null}}}`, `{"type":"Card","onClickAction":{"type":"a","payload":{"children":null}}}`},
		{"space between tokens vanishes, space in strings stays", "{ \"type\" : \"Ca rd\" ,\n\t\"children\" : [ ] }", `{"type":"Ca rd","children":[]}`},
		{"numbers, escapes and HTML stay as they are", `{"type":"Card","a":1.0,"b":1e5,"c":"<\u00e9\/>"}`, `{"type":"Card","a":1.0,"b":1e5,"c":"<\u00e9\/>"}`},
		{"a string that says null stays", `{"type":"null"}`, `{"type":"null"}`},
		{"bytes that are not UTF-8 are replaced", "{\"type\":\"\xff\",\"a\":null}", "{\"type\":\"\uFFFD\"}"},
		{"what is not JSON stays", `{"type":"Card", "a":null`, `{"type":"Card", "a":null`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			raw := []byte(tt.raw)
			if got := widget.StripNulls([]byte("x"), raw); string(got) != "x"+tt.want {
				t.Errorf("StripNulls() = %s, want x%s", got, tt.want)
			}
			if !bytes.Equal(raw, []byte(tt.raw)) {
				t.Errorf("StripNulls changed its input to %s", raw)
			}
		})
	}
}

func TestValidateNamesThePath(t *testing.T) {
	tests := []struct{ name, raw, want string }{
		{"a widget", `{"type":"Basic","children":{"type":"Anything","x":1,"children":[null,{"type":"Text","id":"a","key":null}]}}`, ""},
		{"children may be null", `{"type":"Card","children":null}`, ""},
		{"not JSON", `{"type":}`, `validate widget: invalid character '}' in JSON at offset 8`},
		{"not an object", `[]`, `widget: not a JSON object`},
		{"no type", `{}`, `widget: a component needs a type`},
		{"another root", `{"type":"Box"}`, `Box: a widget's root is a Card, a ListView or a Basic`},
		{"a child without a type", `{"children":[{"type":"Row","children":[{"type":"Text"},{"value":"x"}]}],"type":"Card"}`, `Card.children[0].Row.children[1]: a component needs a type`},
		{"a child with an empty type", `{"type":"Card","children":[{"type":""}]}`, `Card.children[0]: a component needs a type`},
		{"a child that is no component", `{"type":"Card","children":[1]}`, `Card.children[0]: not a component`},
		{"children that are none", `{"type":"Card","children":"x"}`, `Card.children: neither a component nor a list of components`},
		{"a single child without a type", `{"type":"Card","children":[{"type":"Transition","children":{}}]}`, `Card.children[0].Transition.children: a component needs a type`},
		{"a number as id", `{"type":"Card","children":[{"type":"Text","id":1}]}`, `Card.children[0].Text.id: not a string`},
		{"a number as key", `{"type":"Card","key":1}`, `Card.key: not a string`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			err := widget.Validate(json.RawMessage(tt.raw))
			if got := fmt.Sprint(err); got != tt.want && !(err == nil && tt.want == "") {
				t.Errorf("Validate() = %v, want %v", err, tt.want)
			}
		})
	}
}

func TestRawPassesThrough(t *testing.T) {
	var r widget.Root = widget.Raw(`{"children":[],"type":"ListView","x":null}`)
	if got := r.RootType(); got != "ListView" {
		t.Errorf("RootType() = %q, want ListView", got)
	}
	b, err := widget.Encode(r)
	if err != nil || string(b) != `{"children":[],"type":"ListView","x":null}` {
		t.Errorf("Encode() = %s, %v", b, err)
	}
	if _, err := widget.Encode(widget.Raw(`{"type":"Box"}`)); err == nil {
		t.Error("Encode accepted a Box as a root")
	}
	if _, err := widget.Encode(nil); err == nil {
		t.Error("Encode accepted no root")
	}
}
