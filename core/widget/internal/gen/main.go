// Gen writes the typed components of package widget from the table in package spec. Run it with go generate
// in the package's folder.
package main

import (
	"bytes"
	"fmt"
	"go/format"
	"log"
	"os"
	"strings"

	"github.com/gochatkit/chatkit/core/widget/internal/spec"
)

const banner = "// Code generated from internal/spec by go generate. DO NOT EDIT.\n\npackage widget\n"

func main() {
	log.SetFlags(0)
	files := map[string]*bytes.Buffer{}
	for _, c := range spec.Components {
		if files[c.File] == nil {
			files[c.File] = bytes.NewBufferString(banner)
		}
		component(files[c.File], c)
	}
	files["enums"] = bytes.NewBufferString(banner)
	for _, e := range spec.Enums {
		enum(files["enums"], e)
	}
	files["icons"] = bytes.NewBufferString(banner)
	icons(files["icons"])
	for name, b := range files {
		src, err := format.Source(b.Bytes())
		if err != nil {
			log.Fatalf("format %s: %v\n%s", name, err, b.Bytes())
		}
		if err := os.WriteFile(name+"_gen.go", src, 0o644); err != nil {
			log.Fatal(err)
		}
	}
}

func component(w *bytes.Buffer, c spec.Component) {
	name := c.GoName()
	fmt.Fprintf(w, "\n%s", comment(name+" "+c.Doc+" (ChatKit protocol: "+section(c)+")"))
	fmt.Fprintf(w, "type %s struct {\n", name)
	if c.Role != spec.Part {
		fmt.Fprintf(w, "// Key tells siblings apart when a list changes.\nKey string\n")
		fmt.Fprintf(w, "// ID names the component in updates and actions.\nID string\n")
	}
	for _, p := range c.Props {
		if p != spec.Head {
			fmt.Fprintf(w, "%s%s %s\n", comment(p.Field()+" "+doc(p)), p.Field(), goType(p))
		}
	}
	fmt.Fprintf(w, "}\n\n")
	if c.Role == spec.Part {
		encode(w, c)
		return
	}
	fmt.Fprintf(w, "// ComponentType returns %q.\nfunc (*%s) ComponentType() string { return %q }\n\n", c.Type, name, c.Type)
	if c.Role == spec.Root {
		fmt.Fprintf(w, "// RootType returns %q.\nfunc (*%s) RootType() string { return %q }\n\n", c.Type, name, c.Type)
	}
	fmt.Fprintf(w, "%sfunc (c *%s) MarshalJSON() ([]byte, error) { return marshal(c) }\n\n",
		comment("MarshalJSON returns the component and everything below it, or a [*PathError]."), name)
	encode(w, c)
	count, at := below(c)
	fmt.Fprintf(w, "func (c *%s) below() (n int, alone bool) { return %s }\n\n", name, count)
	fmt.Fprintf(w, "func (c *%s) child(i int) Component { return %s }\n", name, at)
	for _, p := range c.Props {
		if p.Kind == spec.Growing {
			fmt.Fprintf(w, "\nfunc (c *%s) grown() (id, value string, streaming bool) { return c.ID, c.Value, c.Streaming == True }\n", name)
		}
	}
}

func section(c spec.Component) string {
	switch {
	case c.Role == spec.Root:
		return "widget roots"
	case c.File == "charts":
		return "chart"
	case c.File == "tables":
		return "client declarations"
	}
	return "widget components"
}

func encode(w *bytes.Buffer, c spec.Component) {
	fmt.Fprintf(w, "func (c *%s) encode(e *encoder) {\n", c.GoName())
	fmt.Fprintf(w, "if c == nil {\ne.fail(\"\", \"is nil\")\nreturn\n}\n")
	open, end := fmt.Sprintf("e.open(%q)\n", c.Type), "e.close()\n"
	head := fmt.Sprintf("e.head(c.Key, c.ID, %q)\n", c.Type)
	if c.Role == spec.Part {
		open, end = "e.buf = append(e.buf, '{')\n", "e.buf = append(e.buf, '}')\n"
		head = fmt.Sprintf("e.text(\"type\", %q)\n", c.Type)
	}
	w.WriteString(open)
	for _, p := range c.Props {
		if p == spec.Head {
			w.WriteString(head)
			continue
		}
		w.WriteString(write(p) + "\n")
	}
	w.WriteString(end + "}\n\n")
}

// write returns the statement that encodes a member.
func write(p spec.Prop) string {
	v := "c." + p.Field()
	call := func(method string, more ...string) string {
		return fmt.Sprintf("e.%s(%s)", method, strings.Join(append([]string{fmt.Sprintf("%q", p.Name), v}, more...), ", "))
	}
	switch p.Kind {
	case spec.Str:
		return call("str")
	case spec.Text:
		return call("text")
	case spec.Growing:
		return call("growing")
	case spec.Name:
		return call("required")
	case spec.Bool:
		return call("boolean")
	case spec.Int:
		return call("integer")
	case spec.Whole:
		return call("whole")
	case spec.Floats, spec.Ints, spec.Numbers:
		return call("size", string(p.Kind))
	case spec.Spacing:
		return call("spacing", "floats")
	case spec.IntSpacing:
		return call("spacing", "ints")
	case spec.FreeSpacing:
		return call("spacing", "numbers")
	case spec.Sides:
		return fmt.Sprintf("if %s != nil {\ne.sides(%q, *%s, numbers)\n}", v, p.Name, v)
	case spec.Enum:
		return fmt.Sprintf("enum(e, %q, %s, %s)", p.Name, v, list(p.Enum))
	case spec.IconName:
		return fmt.Sprintf("if %s == \"\" {\ne.fail(%q, \"is required\")\n}\n%s", v, p.Name, call("icon"))
	case spec.Children, spec.Items:
		return fmt.Sprintf("list(e, %s)", v)
	case spec.MaybeKids, spec.TableRows, spec.TableCells:
		return fmt.Sprintf("if %s != nil {\nlist(e, %s)\n}", v, v)
	case spec.Child:
		return fmt.Sprintf("e.child(%s)", v)
	case spec.Border, spec.Color, spec.Icon, spec.Action, spec.Status, spec.Limit, spec.Editable, spec.DateTime, spec.Data:
		return call(strings.TrimSuffix(string(p.Kind), "!"))
	case spec.CardAction:
		return call("cardAction")
	case spec.Select:
		return call("selectOptions")
	case spec.Radio:
		return call("radioOptions")
	case spec.Series:
		return call("seriesList")
	case spec.XAxis:
		return call("xAxis")
	case spec.Extra:
		return fmt.Sprintf("e.props(%s)", v)
	}
	log.Fatalf("no encoder for kind %q", p.Kind)
	return ""
}

func goType(p spec.Prop) string {
	switch p.Kind {
	case spec.Str, spec.Text, spec.Growing, spec.Name:
		return "string"
	case spec.Bool:
		return "Bool"
	case spec.Int:
		return "int"
	case spec.Whole, spec.Floats, spec.Ints, spec.Numbers:
		return "Size"
	case spec.Spacing, spec.IntSpacing, spec.FreeSpacing:
		return "SpacingValue"
	case spec.Sides:
		return "*Spacing"
	case spec.Border:
		return "BorderValue"
	case spec.Color:
		return "Color"
	case spec.Enum:
		return p.Enum
	case spec.Icon, spec.IconName:
		return "IconName"
	case spec.Action:
		return "*ActionConfig"
	case spec.Children, spec.MaybeKids:
		return "[]Component"
	case spec.Child:
		return "Component"
	case spec.Items:
		return "[]*ListViewItem"
	case spec.TableRows:
		return "[]*TableRow"
	case spec.TableCells:
		return "[]*TableCell"
	case spec.Status:
		return "*Status"
	case spec.CardAction:
		return "*CardAction"
	case spec.Limit:
		return "Limit"
	case spec.Editable:
		return "EditableValue"
	case spec.DateTime:
		return "DateTime"
	case spec.Select:
		return "[]SelectOption"
	case spec.Radio:
		return "[]RadioOption"
	case spec.Series:
		return "[]Series"
	case spec.Data:
		return "[]map[string]any"
	case spec.XAxis:
		return "XAxis"
	case spec.Extra:
		return "Props"
	}
	log.Fatalf("no Go type for kind %q", p.Kind)
	return ""
}

// below returns the expressions for the number of a component's children and for one of them.
func below(c spec.Component) (count, at string) {
	for _, p := range c.Props {
		switch p.Kind {
		case spec.Children, spec.MaybeKids, spec.Items, spec.TableRows, spec.TableCells:
			return "len(c.Children), false", "c.Children[i]"
		case spec.Child:
			return "single(c.Child)", "c.Child"
		}
	}
	return "0, false", "nil"
}

// doc adds what follows from a member's kind to what the table says.
func doc(p spec.Prop) string {
	if v := p.Allowed(); v != nil && len(v) <= 10 {
		return strings.TrimSuffix(p.Doc, ".") + ": " + strings.Join(v, ", ") + "."
	}
	return p.Doc
}

func enum(w *bytes.Buffer, e spec.EnumType) {
	fmt.Fprintf(w, "\n%stype %s string\n\n", comment(e.Name+" is "+e.Doc), e.Name)
	fmt.Fprintf(w, "// The values of [%s].\nconst (\n", e.Name)
	var names []string
	for _, v := range e.Values {
		names = append(names, e.Name+constant(v))
		fmt.Fprintf(w, "%s%s %s = %q\n", e.Name, constant(v), e.Name, v)
	}
	fmt.Fprintf(w, ")\n\nvar %s = []%s{%s}\n", list(e.Name), e.Name, strings.Join(names, ", "))
}

func icons(w *bytes.Buffer) {
	fmt.Fprintf(w, "\n// The icons that have a name of their own.\nconst (\n")
	for _, v := range spec.Icons {
		fmt.Fprintf(w, "%s IconName = %q\n", icon(v), v)
	}
	fmt.Fprintf(w, ")\n\nvar iconNames = map[IconName]bool{\n")
	for _, v := range spec.Icons {
		fmt.Fprintf(w, "%s: true,\n", icon(v))
	}
	fmt.Fprintf(w, "}\n")
}

// icon returns the name of an icon's constant. IconName is the name of their type.
func icon(v string) string {
	if v == "name" {
		return "IconNameTag"
	}
	return "Icon" + constant(v)
}

// constant turns a value into the end of a Go name: "2xs" into 2XS, "top left" into TopLeft.
func constant(v string) string {
	v = strings.ReplaceAll(v, "%", " percent")
	var b strings.Builder
	for _, word := range strings.FieldsFunc(v, func(r rune) bool { return r == '-' || r == ' ' }) {
		switch strings.TrimLeft(word, "0123456789") {
		case "xs", "sm", "md", "lg", "xl", "url":
			b.WriteString(strings.ToUpper(word))
		default:
			b.WriteString(strings.ToUpper(word[:1]) + word[1:])
		}
	}
	return b.String()
}

// list returns the name of the variable with a type's values.
func list(enum string) string {
	name := strings.ToLower(enum[:1]) + enum[1:]
	if strings.HasSuffix(name, "y") {
		return strings.TrimSuffix(name, "y") + "ies"
	}
	if strings.HasSuffix(name, "s") || strings.HasSuffix(name, "x") {
		return name + "es"
	}
	return name + "s"
}

// comment wraps text into a doc comment.
func comment(text string) string {
	var b strings.Builder
	line := "//"
	for _, word := range strings.Fields(text) {
		if len(line)+1+len(word) > 112 {
			b.WriteString(line + "\n")
			line = "//"
		}
		line += " " + word
	}
	return b.String() + line + "\n"
}
