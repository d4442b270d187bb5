package chat

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/gochatkit/chatkit/cmd/chatkit/internal/terminal"
)

// maxWidgetDepth limits how deep a widget may nest.
const maxWidgetDepth = 40

// widgetText is a widget as indented lines of text: what it says, and what could be pressed or filled in.
func widgetText(raw json.RawMessage) string {
	var root map[string]any
	if json.Unmarshal(raw, &root) != nil {
		return "(a widget that cannot be read)\n"
	}
	var b strings.Builder
	for _, line := range widgetLines(root, 0) {
		fmt.Fprintf(&b, "  %s\n", line)
	}
	return b.String()
}

// widgetLines are the lines of a component, without its own indentation.
func widgetLines(c map[string]any, depth int) []string {
	if depth > maxWidgetDepth {
		return []string{"…"}
	}
	kind := text(c, "type")
	switch kind {
	case "Text", "Title", "Caption", "Markdown", "Label":
		value, _ := c["value"].(string)
		return lines(value)
	case "Badge":
		return []string{"[" + text(c, "label") + "]"}
	case "Button":
		return []string{"<" + first(c, "label", "iconStart", "iconEnd") + ">"}
	case "Icon":
		return []string{"(" + text(c, "name") + ")"}
	case "Image":
		return []string{"(image: " + cut(first(c, "alt", "src"), 80) + ")"}
	case "Divider":
		return []string{"────"}
	case "Spacer":
		return nil
	case "Input", "Textarea", "DatePicker":
		return []string{field(c, first(c, "defaultValue", "placeholder"))}
	case "Checkbox":
		mark := " "
		if on, _ := c["defaultChecked"].(bool); on {
			mark = "x"
		}
		return []string{"[" + mark + "] " + first(c, "label", "name")}
	case "Select", "RadioGroup":
		var options []string
		for _, o := range objects(c["options"]) {
			options = append(options, first(o, "label", "value"))
		}
		return []string{field(c, strings.Join(options, " | "))}
	case "Chart":
		return append([]string{"(chart)"}, chartLines(c)...)
	}
	return containerLines(c, kind, depth)
}

// containerLines are the lines of what has children. A row is one line if its children are.
func containerLines(c map[string]any, kind string, depth int) []string {
	children := objects(c["children"])
	if child, ok := c["children"].(map[string]any); ok {
		children = []map[string]any{child}
	}
	var out []string
	flat := kind == "Row" || kind == "ListViewItem" || kind == "Table.Row"
	var row []string
	for _, child := range children {
		ls := widgetLines(child, depth+1)
		if len(ls) > 1 {
			flat = false
		}
		row = append(row, ls...)
	}
	if flat && len(row) > 0 {
		row = []string{strings.Join(row, "  ")}
	}
	out = append(out, row...)
	for _, name := range []string{"confirm", "cancel"} {
		if o, ok := c[name].(map[string]any); ok {
			out = append(out, "<"+text(o, "label")+">")
		}
	}
	switch kind {
	case "Card", "ListView", "Basic", "Box", "Row", "Col", "Form", "ListViewItem", "Transition", "Table", "Table.Row", "Table.Cell":
		if depth > 0 && (kind == "Box" || kind == "Col" || kind == "Form" || kind == "Table") && len(out) > 1 {
			for i := range out {
				out[i] = "  " + out[i]
			}
		}
		return out
	}
	return append([]string{"(" + terminal.Line(kind) + ")"}, out...)
}

// chartLines are the data of a chart, a line each.
func chartLines(c map[string]any) []string {
	var out []string
	for _, point := range objects(c["data"]) {
		doc, err := json.Marshal(point)
		if err == nil {
			out = append(out, "  "+cut(string(doc), 200))
		}
	}
	return out
}

func field(c map[string]any, value string) string {
	return first(c, "label", "name") + ": [" + value + "]"
}

// lines are the lines of a text.
func lines(s string) []string {
	s = strings.TrimRight(terminal.Clean(s), "\n")
	if s == "" {
		return nil
	}
	return strings.Split(s, "\n")
}

// text is a member that is text.
func text(c map[string]any, name string) string {
	s, _ := c[name].(string)
	return terminal.Line(s)
}

// first is the first of some members that is not empty.
func first(c map[string]any, names ...string) string {
	for _, name := range names {
		if s := text(c, name); s != "" {
			return s
		}
	}
	return ""
}

// objects are the objects in a list.
func objects(v any) []map[string]any {
	list, _ := v.([]any)
	var out []map[string]any
	for _, m := range list {
		if o, ok := m.(map[string]any); ok {
			out = append(out, o)
		}
	}
	return out
}
