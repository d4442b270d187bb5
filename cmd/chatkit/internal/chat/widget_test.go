package chat

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestWidgetText(t *testing.T) {
	for _, c := range []struct{ name, widget, want string }{
		{"text", `{"type":"Card","children":[{"type":"Title","value":"Hi"},{"type":"Markdown","value":"two\nlines"}]}`, "  Hi\n  two\n  lines\n"},
		{"a row", `{"type":"Card","children":[{"type":"Row","children":[{"type":"Text","value":"a"},{"type":"Badge","label":"b"}]}]}`, "  a  [b]\n"},
		{"a box in a row", `{"type":"Row","children":[{"type":"Text","value":"a"},{"type":"Col","children":[{"type":"Text","value":"b"},{"type":"Text","value":"c"}]}]}`, "  a\n    b\n    c\n"},
		{
			"a form", `{"type":"Form","children":[{"type":"Input","name":"who","placeholder":"name"},{"type":"Select","name":"size","options":[{"label":"S","value":"s"},{"value":"m"}]},{"type":"Checkbox","name":"ok","label":"Sure","defaultChecked":true}]}`,
			"  who: [name]\n  size: [S | m]\n  [x] Sure\n",
		},
		{"buttons of a card", `{"type":"Card","confirm":{"label":"Yes"},"cancel":{"label":"No"},"children":[]}`, "  <Yes>\n  <No>\n"},
		{"a table", `{"type":"Table","children":[{"type":"Table.Row","children":[{"type":"Table.Cell","children":[{"type":"Text","value":"a"}]},{"type":"Table.Cell","children":[{"type":"Text","value":"b"}]}]}]}`, "  a  b\n"},
		{"one child", `{"type":"Transition","children":{"type":"Text","value":"a"}}`, "  a\n"},
		{"an image as data", `{"type":"Image","src":"data:` + strings.Repeat("x", 1000) + `"}`, "  (image: data:" + strings.Repeat("x", 75) + "…)\n"},
		{"a kind that is not known", `{"type":"Hologram","children":[{"type":"Text","value":"a"}]}`, "  (Hologram)\n  a\n"},
		{"no widget", `[]`, "  (a widget that cannot be read)\n"},
	} {
		if got := widgetText(json.RawMessage(c.widget)); strings.TrimSpace(got) != strings.TrimSpace(c.want) {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func FuzzWidgetText(f *testing.F) {
	f.Add([]byte(`{"type":"Card","children":[{"type":"Row","children":[{"type":"Text","value":"a\u001b[2J"}]},{"type":"Chart","data":[{"x":1}]}]}`))
	f.Add([]byte(strings.Repeat(`{"type":"Box","children":[`, 100) + strings.Repeat(`]}`, 100)))
	f.Fuzz(func(t *testing.T, raw []byte) {
		got := widgetText(raw)
		if !utf8.ValidString(got) || strings.ContainsAny(got, "\x1b\r\x00\u009b") {
			t.Errorf("widgetText(%q) = %q, want text for a terminal", raw, got)
		}
	})
}
