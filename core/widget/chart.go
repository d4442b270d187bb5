package widget

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"

	"github.com/gochatkit/chatkit/core/internal/jsonx"
)

// Series says how one field of a [Chart] is drawn: a [*BarSeries], an [*AreaSeries] or a [*LineSeries].
//
//sumtype:decl
type Series interface {
	isSeries()
	encode(e *encoder)
}

func (*BarSeries) isSeries()  {}
func (*AreaSeries) isSeries() {}
func (*LineSeries) isSeries() {}

// XAxis is the x axis of a [Chart] (ChatKit protocol: shared widget types). With nothing but DataKey it is
// written in its short form, the field's name.
type XAxis struct {
	// DataKey is the field with the categories. It is required.
	DataKey string
	// Hide hides the axis, its ticks and labels.
	Hide Bool
	// Labels maps values of the field to what the axis shows for them. It is written in the order of its keys.
	Labels map[string]string
}

// Limit is the number of rows a [ListView] shows at first. Zero is unset.
type Limit int

// LimitAuto leaves the number of rows to the client.
const LimitAuto Limit = -1

func (e *encoder) limit(name string, l Limit) {
	switch {
	case l == 0:
	case l == LimitAuto:
		e.text(name, "auto")
	case l < 0:
		e.fail(name, "%d is neither positive nor LimitAuto", int(l))
	default:
		e.name(name)
		e.buf = strconv.AppendInt(e.buf, int64(l), 10)
	}
}

func (e *encoder) xAxis(name string, x XAxis) {
	if x.DataKey == "" {
		e.fail(name+".dataKey", "is required")
	}
	if x.Hide == Unset && x.Labels == nil {
		e.text(name, x.DataKey)
		return
	}
	e.object(name)
	e.text("dataKey", x.DataKey)
	e.boolean("hide", x.Hide)
	if x.Labels != nil {
		e.name("labels")
		e.buf = append(e.buf, '{')
		for _, k := range slices.Sorted(maps.Keys(x.Labels)) {
			e.member(k)
			e.buf = jsonx.AppendString(e.buf, x.Labels[k])
		}
		e.buf = append(e.buf, '}')
	}
	e.close()
}

// member begins a member whose name may need escaping.
func (e *encoder) member(name string) {
	if e.buf[len(e.buf)-1] != '{' {
		e.buf = append(e.buf, ',')
	}
	e.buf = append(jsonx.AppendString(e.buf, name), ':')
}

func (e *encoder) seriesList(name string, series []Series) {
	e.name(name)
	e.buf = append(e.buf, '[')
	depth := len(e.path)
	for i, s := range series {
		if i > 0 {
			e.buf = append(e.buf, ',')
		}
		at := name + "[" + strconv.Itoa(i) + "]"
		if s == nil {
			e.fail(at, "is nil")
			continue
		}
		e.path = append(e.path, step{at, nowhere})
		s.encode(e)
		e.path = e.path[:depth]
	}
	e.buf = append(e.buf, ']')
}

func (e *encoder) data(name string, rows []map[string]any) {
	e.name(name)
	e.buf = append(e.buf, '[')
	for i, row := range rows {
		if i > 0 {
			e.buf = append(e.buf, ',')
		}
		e.buf = append(e.buf, '{')
		for _, k := range slices.Sorted(maps.Keys(row)) {
			e.member(k)
			e.cell(name+"["+strconv.Itoa(i)+"]."+k, row[k])
		}
		e.buf = append(e.buf, '}')
	}
	e.buf = append(e.buf, ']')
}

func (e *encoder) cell(at string, v any) {
	switch v := v.(type) {
	case string:
		e.buf = jsonx.AppendString(e.buf, v)
	case float64:
		e.sizeValue(at, Num(v), floats)
	case int:
		e.buf = strconv.AppendInt(e.buf, int64(v), 10)
	case int8, int16, int32, int64, uint, uint8, uint16, uint32, uint64, json.Number:
		b, err := json.Marshal(v)
		if err != nil {
			e.fail(at, "%w", err)
		}
		e.buf = append(e.buf, b...)
	case float32:
		e.sizeValue(at, Num(float64(v)), floats)
	default:
		e.fail(at, "%T is neither a string nor a number", v)
	}
}
