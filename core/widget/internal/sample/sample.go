// Package sample makes one widget for every member of every typed component and every value it may have. Tests
// compare them with what other implementations of the protocol say.
package sample

import (
	"encoding/json"
	"fmt"
	"reflect"
	"time"

	"github.com/gochatkit/chatkit/core/widget"
	"github.com/gochatkit/chatkit/core/widget/internal/spec"
)

// A Sample is one component.
type Sample struct {
	Name      string         // unique, as in "Button.style=primary"
	Spec      spec.Component // what it is
	Member    string         // the member it is about; empty for the sample with all of them
	Component interface {
		MarshalJSON() ([]byte, error)
	}
}

// types are the component types by Go name.
var types = map[string]reflect.Type{}

func init() {
	for _, c := range []any{
		widget.Card{},
		widget.ListView{},
		widget.Basic{},
		widget.ListViewItem{},
		widget.Box{},
		widget.Row{},
		widget.Col{},
		widget.Form{},
		widget.Transition{},
		widget.Text{},
		widget.Title{},
		widget.Caption{},
		widget.Markdown{},
		widget.Badge{},
		widget.Icon{},
		widget.Image{},
		widget.Divider{},
		widget.Spacer{},
		widget.Button{},
		widget.Select{},
		widget.DatePicker{},
		widget.Checkbox{},
		widget.Input{},
		widget.Textarea{},
		widget.RadioGroup{},
		widget.Label{},
		widget.Chart{},
		widget.Table{},
		widget.TableRow{},
		widget.TableCell{},
	} {
		t := reflect.TypeOf(c)
		types[t.Name()] = t
	}
}

// All returns the samples in a fixed order.
func All() []Sample {
	var all []Sample
	for _, c := range spec.Components {
		if c.Role == spec.Part {
			continue
		}
		full := required(c)
		full.Elem().FieldByName("Key").SetString("k")
		full.Elem().FieldByName("ID").SetString("i")
		for _, p := range c.Props {
			if p == spec.Head {
				continue
			}
			for i, v := range values(p) {
				one := required(c)
				set(one, p, v)
				if i == 0 {
					set(full, p, v)
				}
				all = append(all, Sample{fmt.Sprintf("%s.%s=%s", c.Type, p.Name, label(v, i)), c, p.Name, one.Interface().(json.Marshaler)})
			}
		}
		all = append(all, Sample{c.Type, c, "", full.Interface().(json.Marshaler)})
	}
	return all
}

func label(v any, i int) string {
	if s := reflect.ValueOf(v); s.Kind() == reflect.String {
		return s.String()
	}
	return fmt.Sprint(i)
}

// required returns a new component in which only what must be there is set.
func required(c spec.Component) reflect.Value {
	v := reflect.New(types[c.GoName()])
	for _, p := range c.Props {
		switch p.Kind {
		case spec.Name, spec.IconName, spec.XAxis, spec.Data, spec.Series, spec.Child:
			set(v, p, values(p)[0])
		}
	}
	return v
}

func set(c reflect.Value, p spec.Prop, v any) {
	f := c.Elem().FieldByName(p.Field())
	f.Set(reflect.ValueOf(v).Convert(f.Type()))
}

func values(p spec.Prop) []any {
	hi := &widget.Text{Value: "Hi"}
	switch p.Kind {
	case spec.Str, spec.Name:
		return []any{"s", "a<b>&'\"\\\u2028é😀"}
	case spec.Text, spec.Growing:
		return []any{"", "x"}
	case spec.Bool:
		return []any{widget.True, widget.False}
	case spec.Int:
		return []any{3}
	case spec.Whole:
		return []any{widget.Px(2), widget.Px(0)}
	case spec.Floats:
		return []any{widget.Px(4), widget.Px(1.5), widget.Px(0), widget.CSS("50%")}
	case spec.Ints:
		return []any{widget.Px(4), widget.Px(0), widget.CSS("50%")}
	case spec.Numbers:
		return []any{widget.Px(4), widget.Px(1.5), widget.CSS("50%")}
	case spec.Spacing, spec.FreeSpacing:
		return []any{sides, widget.Units(2), widget.Units(1.5), widget.CSS("2px"), widget.Spacing{X: widget.Units(4), Y: widget.CSS("2px")}}
	case spec.IntSpacing:
		return []any{sides, widget.Units(2), widget.CSS("2px")}
	case spec.Sides:
		return []any{&sides}
	case spec.Border:
		return borders()
	case spec.Color:
		return []any{widget.Color("red-100"), widget.Themed("#000", "#fff"), widget.Color("secondary")}
	case spec.Enum:
		var all []any
		for _, v := range p.Allowed() {
			all = append(all, v)
		}
		return all
	case spec.Icon, spec.IconName:
		var all []any
		for _, v := range spec.Icons {
			all = append(all, v)
		}
		return append(all, "lucide:cat", "vendor:x")
	case spec.Action:
		return actions()
	case spec.Children, spec.MaybeKids:
		return []any{[]widget.Component{hi, &widget.Divider{}}, []widget.Component{}}
	case spec.Child:
		return []any{hi}
	case spec.Items:
		return []any{[]*widget.ListViewItem{{ID: "r", Children: []widget.Component{hi}}, {}}}
	case spec.TableRows:
		return []any{[]*widget.TableRow{{Header: widget.True, Children: []*widget.TableCell{{Children: []widget.Component{hi}}}}}}
	case spec.TableCells:
		return []any{[]*widget.TableCell{{Children: []widget.Component{hi}}, {}}}
	case spec.Status:
		return []any{
			&widget.Status{Text: "t", Favicon: "https://example.com/f.ico", Frame: widget.True},
			&widget.Status{Text: "t", Icon: widget.IconBolt}, &widget.Status{Text: ""},
		}
	case spec.CardAction:
		return []any{&widget.CardAction{Label: "OK", Action: actions()[1].(*widget.ActionConfig)}}
	case spec.Limit:
		return []any{widget.Limit(5), widget.LimitAuto}
	case spec.Editable:
		return []any{widget.EditableProps{
			Name: "n", AutoFocus: widget.True, AutoSelect: widget.False, AutoComplete: "email", AllowAutofillExtensions: widget.True,
			Pattern: ".+", Placeholder: "p", Required: widget.True,
		}, widget.EditableProps{Name: "n"}, widget.False}
	case spec.DateTime:
		return []any{
			widget.DateTime("2026-01-02T03:04:05"), widget.DateTime("2026-01-02T03:04:05.678900+02:00"),
			widget.At(time.Date(2026, 1, 2, 3, 4, 5, 678900000, time.UTC)),
		}
	case spec.Select:
		return []any{[]widget.SelectOption{
			{Value: "a", Label: "A"}, {Value: "b", Label: "B", Disabled: widget.True, Description: "d"},
		}, []widget.SelectOption{{Value: "a", Label: "A"}}, []widget.SelectOption{}}
	case spec.Radio:
		return []any{[]widget.RadioOption{{Label: "A", Value: "a"}, {Label: "B", Value: "b", Disabled: widget.True}}, []widget.RadioOption{}}
	case spec.Series:
		return series()
	case spec.Data:
		return []any{[]map[string]any{{"x": "a", "y": 1, "z": 1.5}, {"x": "b", "y": -2, "z": 2.0}}, []map[string]any{}}
	case spec.XAxis:
		return []any{
			widget.XAxis{DataKey: "x", Hide: widget.True, Labels: map[string]string{"b": "B", "a": "A"}},
			widget.XAxis{DataKey: "x"},
		}
	case spec.Extra:
		return []any{widget.Props{{Name: "later", Value: json.RawMessage(`{"b":1,"a":[1.0,"x"]}`)}, {Name: "also", Value: 1}}}
	}
	panic("no samples for kind " + string(p.Kind))
}

var sides = widget.Spacing{
	Top: widget.Units(1), Right: widget.Units(1.5), Bottom: widget.CSS("1px"), Left: widget.Units(0), X: widget.Units(2), Y: widget.CSS("0"),
}

func borders() []any {
	all := []any{widget.Borders{
		Top: widget.Px(1), Right: widget.Border{Size: 1}, Bottom: widget.Border{Size: 2, Color: "strong", Style: widget.BorderStyleDashed},
		Left: widget.Px(0), X: widget.Px(2), Y: widget.Border{Size: 0, Color: widget.Themed("a", "b")},
	}, widget.Px(1), widget.Border{Size: 0}}
	for _, e := range spec.Enums {
		if e.Name == "BorderStyle" {
			for _, v := range e.Values {
				all = append(all, widget.Border{Size: 1, Style: widget.BorderStyle(v)})
			}
		}
	}
	return all
}

func actions() []any {
	all := []any{
		&widget.ActionConfig{Type: "go"},
		&widget.ActionConfig{
			Type: "go", Payload: map[string]any{"a": 1, "b": nil, "c": []any{nil, "<&>"}, "children": nil},
			Handler: widget.HandlerClient, LoadingBehavior: widget.LoadingBehaviorContainer, Streaming: widget.False,
		},
	}
	for _, v := range []widget.LoadingBehavior{"auto", "none", "self", "container"} {
		all = append(all, &widget.ActionConfig{Type: "go", LoadingBehavior: v})
	}
	return all
}

func series() []any {
	all := []any{[]widget.Series{
		&widget.BarSeries{Label: "B", DataKey: "y", Stack: "s", Color: "blue"},
		&widget.AreaSeries{Label: "A", DataKey: "y", Stack: "s", Color: widget.Themed("a", "b"), CurveType: widget.CurveTypeStep},
		&widget.LineSeries{Label: "L", DataKey: "z", Color: "red", CurveType: widget.CurveTypeBumpX},
	}}
	for _, e := range spec.Enums {
		if e.Name == "CurveType" {
			for _, v := range e.Values {
				all = append(all, []widget.Series{
					&widget.AreaSeries{Label: "A", DataKey: "y", CurveType: widget.CurveType(v)},
					&widget.LineSeries{Label: "L", DataKey: "z", CurveType: widget.CurveType(v)},
				})
			}
		}
	}
	return all
}
