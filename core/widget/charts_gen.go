// Code generated from internal/spec by go generate. DO NOT EDIT.

package widget

// Chart shows data as bars, areas and lines. (ChatKit protocol: chart)
type Chart struct {
	// Key tells siblings apart when a list changes.
	Key string
	// ID names the component in updates and actions.
	ID string
	// Data are the rows: field names to strings or numbers. Members are written in the order of their names.
	Data []map[string]any
	// Series says how fields are drawn: a [*BarSeries], [*AreaSeries] or [*LineSeries] each.
	Series []Series
	// XAxis names the field of the x axis. Its DataKey is required.
	XAxis XAxis
	// ShowYAxis draws the y axis.
	ShowYAxis Bool
	// ShowLegend draws the legend.
	ShowLegend Bool
	// ShowTooltip shows values under the pointer.
	ShowTooltip Bool
	// BarGap is the space between the bars of one category, in pixels.
	BarGap Size
	// BarCategoryGap is the space between categories, in pixels.
	BarCategoryGap Size
	// Flex is the factor by which it grows and shrinks, a number or CSS.
	Flex Size
	// Height is the height in pixels or CSS.
	Height Size
	// Width is the width in pixels or CSS.
	Width Size
	// Size is both height and width.
	Size Size
	// MinHeight is the smallest height in pixels or CSS.
	MinHeight Size
	// MinWidth is the smallest width in pixels or CSS.
	MinWidth Size
	// MinSize is both minHeight and minWidth.
	MinSize Size
	// MaxHeight is the largest height in pixels or CSS.
	MaxHeight Size
	// MaxWidth is the largest width in pixels or CSS.
	MaxWidth Size
	// MaxSize is both maxHeight and maxWidth.
	MaxSize Size
	// AspectRatio is width divided by height, a number or CSS such as 16/9.
	AspectRatio Size
}

// ComponentType returns "Chart".
func (*Chart) ComponentType() string { return "Chart" }

// MarshalJSON returns the component and everything below it, or a [*PathError].
func (c *Chart) MarshalJSON() ([]byte, error) { return marshal(c) }

func (c *Chart) encode(e *encoder) {
	if c == nil {
		e.fail("", "is nil")
		return
	}
	e.open("Chart")
	e.head(c.Key, c.ID, "Chart")
	e.data("data", c.Data)
	e.seriesList("series", c.Series)
	e.xAxis("xAxis", c.XAxis)
	e.boolean("showYAxis", c.ShowYAxis)
	e.boolean("showLegend", c.ShowLegend)
	e.boolean("showTooltip", c.ShowTooltip)
	e.whole("barGap", c.BarGap)
	e.whole("barCategoryGap", c.BarCategoryGap)
	e.size("flex", c.Flex, ints)
	e.size("height", c.Height, ints)
	e.size("width", c.Width, ints)
	e.size("size", c.Size, ints)
	e.size("minHeight", c.MinHeight, ints)
	e.size("minWidth", c.MinWidth, ints)
	e.size("minSize", c.MinSize, ints)
	e.size("maxHeight", c.MaxHeight, ints)
	e.size("maxWidth", c.MaxWidth, ints)
	e.size("maxSize", c.MaxSize, ints)
	e.size("aspectRatio", c.AspectRatio, floats)
	e.close()
}

func (c *Chart) below() (n int, alone bool) { return 0, false }

func (c *Chart) child(i int) Component { return nil }

// BarSeries draws a field of a [Chart] as bars. (ChatKit protocol: chart)
type BarSeries struct {
	// Label is the series' name in the legend.
	Label string
	// DataKey is the field with the numbers. It is required.
	DataKey string
	// Stack names a stack: series with the same name stand on each other.
	Stack string
	// Color is blue, purple, orange, green, red, yellow, pink, a primitive such as red-100, or CSS. Defaults to the
	// next free chart colour.
	Color Color
}

func (c *BarSeries) encode(e *encoder) {
	if c == nil {
		e.fail("", "is nil")
		return
	}
	e.buf = append(e.buf, '{')
	e.text("type", "bar")
	e.str("label", c.Label)
	e.required("dataKey", c.DataKey)
	e.str("stack", c.Stack)
	e.color("color", c.Color)
	e.buf = append(e.buf, '}')
}

// AreaSeries draws a field of a [Chart] as a filled area. (ChatKit protocol: chart)
type AreaSeries struct {
	// Label is the series' name in the legend.
	Label string
	// DataKey is the field with the numbers. It is required.
	DataKey string
	// Stack names a stack: series with the same name stand on each other.
	Stack string
	// Color is blue, purple, orange, green, red, yellow, pink, a primitive such as red-100, or CSS. Defaults to the
	// next free chart colour.
	Color Color
	// CurveType is how points are joined.
	CurveType CurveType
}

func (c *AreaSeries) encode(e *encoder) {
	if c == nil {
		e.fail("", "is nil")
		return
	}
	e.buf = append(e.buf, '{')
	e.text("type", "area")
	e.str("label", c.Label)
	e.required("dataKey", c.DataKey)
	e.str("stack", c.Stack)
	e.color("color", c.Color)
	enum(e, "curveType", c.CurveType, curveTypes)
	e.buf = append(e.buf, '}')
}

// LineSeries draws a field of a [Chart] as a line. (ChatKit protocol: chart)
type LineSeries struct {
	// Label is the series' name in the legend.
	Label string
	// DataKey is the field with the numbers. It is required.
	DataKey string
	// Color is blue, purple, orange, green, red, yellow, pink, a primitive such as red-100, or CSS. Defaults to the
	// next free chart colour.
	Color Color
	// CurveType is how points are joined.
	CurveType CurveType
}

func (c *LineSeries) encode(e *encoder) {
	if c == nil {
		e.fail("", "is nil")
		return
	}
	e.buf = append(e.buf, '{')
	e.text("type", "line")
	e.str("label", c.Label)
	e.required("dataKey", c.DataKey)
	e.color("color", c.Color)
	enum(e, "curveType", c.CurveType, curveTypes)
	e.buf = append(e.buf, '}')
}
