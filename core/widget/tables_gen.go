// Code generated from internal/spec by go generate. DO NOT EDIT.

package widget

// Table is a table. Clients know it; the reference server has no typed class for it. (ChatKit protocol: client
// declarations)
type Table struct {
	// Key tells siblings apart when a list changes.
	Key string
	// ID names the component in updates and actions.
	ID string
	// Children are the rows, in order.
	Children []*TableRow
}

// ComponentType returns "Table".
func (*Table) ComponentType() string { return "Table" }

// MarshalJSON returns the component and everything below it, or a [*PathError].
func (c *Table) MarshalJSON() ([]byte, error) { return marshal(c) }

func (c *Table) encode(e *encoder) {
	if c == nil {
		e.fail("", "is nil")
		return
	}
	e.open("Table")
	e.head(c.Key, c.ID, "Table")
	if c.Children != nil {
		list(e, c.Children)
	}
	e.close()
}

func (c *Table) below() (n int, alone bool) { return len(c.Children), false }

func (c *Table) child(i int) Component { return c.Children[i] }

// TableRow is one row of a [Table]. (ChatKit protocol: client declarations)
type TableRow struct {
	// Key tells siblings apart when a list changes.
	Key string
	// ID names the component in updates and actions.
	ID string
	// Children are the cells, in order.
	Children []*TableCell
	// Header makes it a row of headings.
	Header Bool
}

// ComponentType returns "Table.Row".
func (*TableRow) ComponentType() string { return "Table.Row" }

// MarshalJSON returns the component and everything below it, or a [*PathError].
func (c *TableRow) MarshalJSON() ([]byte, error) { return marshal(c) }

func (c *TableRow) encode(e *encoder) {
	if c == nil {
		e.fail("", "is nil")
		return
	}
	e.open("Table.Row")
	e.head(c.Key, c.ID, "Table.Row")
	if c.Children != nil {
		list(e, c.Children)
	}
	e.boolean("header", c.Header)
	e.close()
}

func (c *TableRow) below() (n int, alone bool) { return len(c.Children), false }

func (c *TableRow) child(i int) Component { return c.Children[i] }

// TableCell is one cell of a [TableRow]. (ChatKit protocol: client declarations)
type TableCell struct {
	// Key tells siblings apart when a list changes.
	Key string
	// ID names the component in updates and actions.
	ID string
	// Children are the components inside, in order.
	Children []Component
	// Width is the width in pixels or CSS.
	Width Size
	// Padding is the inner space of each side.
	Padding *Spacing
	// ColSpan is the number of columns it covers.
	ColSpan int
	// RowSpan is the number of rows it covers.
	RowSpan int
	// Align is the horizontal alignment: start, center, end.
	Align CellAlign
	// VAlign is the vertical alignment: start, center, end.
	VAlign CellAlign
	// ColSize is the width of its column: xs, sm, md, lg, xl.
	ColSize ColumnSize
}

// ComponentType returns "Table.Cell".
func (*TableCell) ComponentType() string { return "Table.Cell" }

// MarshalJSON returns the component and everything below it, or a [*PathError].
func (c *TableCell) MarshalJSON() ([]byte, error) { return marshal(c) }

func (c *TableCell) encode(e *encoder) {
	if c == nil {
		e.fail("", "is nil")
		return
	}
	e.open("Table.Cell")
	e.head(c.Key, c.ID, "Table.Cell")
	if c.Children != nil {
		list(e, c.Children)
	}
	e.size("width", c.Width, numbers)
	if c.Padding != nil {
		e.sides("padding", *c.Padding, numbers)
	}
	e.integer("colSpan", c.ColSpan)
	e.integer("rowSpan", c.RowSpan)
	enum(e, "align", c.Align, cellAligns)
	enum(e, "vAlign", c.VAlign, cellAligns)
	enum(e, "colSize", c.ColSize, columnSizes)
	e.close()
}

func (c *TableCell) below() (n int, alone bool) { return len(c.Children), false }

func (c *TableCell) child(i int) Component { return c.Children[i] }
