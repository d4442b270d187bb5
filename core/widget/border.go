package widget

import "strconv"

// BorderValue is the border of a container: a width in pixels as a [Size], one [Border] for all edges, or
// [Borders].
//
//sumtype:decl
type BorderValue interface{ isBorder() }

// EdgeValue is the border of one edge: a width in pixels as a [Size], or a [Border].
//
//sumtype:decl
type EdgeValue interface{ isEdge() }

// Border is a line (ChatKit protocol: shared widget types).
type Border struct {
	// Size is the width in pixels. It is always written.
	Size int
	// Color is default, subtle, strong, a primitive such as red-100, or CSS.
	Color Color
	// Style is the line's style. Defaults to solid.
	Style BorderStyle
}

// Borders is a border edge by edge (ChatKit protocol: shared widget types). Edges that are nil are left out.
type Borders struct {
	// Top is the upper edge.
	Top EdgeValue
	// Right is the right edge.
	Right EdgeValue
	// Bottom is the lower edge.
	Bottom EdgeValue
	// Left is the left edge.
	Left EdgeValue
	// X is both Left and Right.
	X EdgeValue
	// Y is both Top and Bottom.
	Y EdgeValue
}

func (Size) isBorder()    {}
func (Border) isBorder()  {}
func (Borders) isBorder() {}
func (Size) isEdge()      {}
func (Border) isEdge()    {}

func (e *encoder) border(name string, v BorderValue) {
	switch v := v.(type) {
	case nil:
	case Size:
		e.whole(name, v)
	case Border:
		e.line(name, v)
	case Borders:
		e.object(name)
		e.edge("top", v.Top)
		e.edge("right", v.Right)
		e.edge("bottom", v.Bottom)
		e.edge("left", v.Left)
		e.edge("x", v.X)
		e.edge("y", v.Y)
		e.close()
	}
}

func (e *encoder) edge(name string, v EdgeValue) {
	switch v := v.(type) {
	case nil:
	case Size:
		e.whole(name, v)
	case Border:
		e.line(name, v)
	}
}

func (e *encoder) line(name string, b Border) {
	e.object(name)
	e.name("size")
	e.buf = strconv.AppendInt(e.buf, int64(b.Size), 10)
	e.color("color", b.Color)
	enum(e, "style", b.Style, borderStyles)
	e.close()
}
