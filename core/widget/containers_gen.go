// Code generated from internal/spec by go generate. DO NOT EDIT.

package widget

// ListViewItem is one row of a [ListView]. (ChatKit protocol: widget components)
type ListViewItem struct {
	// Key tells siblings apart when a list changes.
	Key string
	// ID names the component in updates and actions.
	ID string
	// Children are the components inside, in order.
	Children []Component
	// OnClickAction runs when the row is clicked.
	OnClickAction *ActionConfig
	// Gap is the space between children in spacing units or CSS.
	Gap Size
	// Align is the vertical alignment of the content: start, center, end, baseline, stretch.
	Align Alignment
}

// ComponentType returns "ListViewItem".
func (*ListViewItem) ComponentType() string { return "ListViewItem" }

// MarshalJSON returns the component and everything below it, or a [*PathError].
func (c *ListViewItem) MarshalJSON() ([]byte, error) { return marshal(c) }

func (c *ListViewItem) encode(e *encoder) {
	if c == nil {
		e.fail("", "is nil")
		return
	}
	e.open("ListViewItem")
	e.head(c.Key, c.ID, "ListViewItem")
	list(e, c.Children)
	e.action("onClickAction", c.OnClickAction)
	e.size("gap", c.Gap, ints)
	enum(e, "align", c.Align, alignments)
	e.close()
}

func (c *ListViewItem) below() (n int, alone bool) { return len(c.Children), false }

func (c *ListViewItem) child(i int) Component { return c.Children[i] }

// Box is a container whose direction can be chosen. (ChatKit protocol: widget components)
type Box struct {
	// Key tells siblings apart when a list changes.
	Key string
	// ID names the component in updates and actions.
	ID string
	// Children are the components inside, in order.
	Children []Component
	// Align is the alignment across the direction: start, center, end, baseline, stretch.
	Align Alignment
	// Justify is the distribution along the direction: start, center, end, between, around, evenly, stretch.
	Justify Justification
	// Wrap tells whether children may take several lines: nowrap, wrap, wrap-reverse.
	Wrap Wrap
	// Flex is the factor by which it grows and shrinks, a number or CSS.
	Flex Size
	// Gap is the space between children in spacing units or CSS.
	Gap Size
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
	// Padding is the inner space: a number of spacing units, CSS, or a [Spacing].
	Padding SpacingValue
	// Margin is the outer space: a number of spacing units, CSS, or a [Spacing].
	Margin SpacingValue
	// Border is the border: a width in pixels, a [Border] or [Borders].
	Border BorderValue
	// Radius is the corner radius.
	Radius Radius
	// Background is the fill: surface, surface-secondary, surface-tertiary, surface-elevated,
	// surface-elevated-secondary, a primitive such as red-100, or CSS.
	Background Color
	// AspectRatio is width divided by height, a number or CSS such as 16/9.
	AspectRatio Size
	// Direction is the direction of the children: row, col.
	Direction Direction
}

// ComponentType returns "Box".
func (*Box) ComponentType() string { return "Box" }

// MarshalJSON returns the component and everything below it, or a [*PathError].
func (c *Box) MarshalJSON() ([]byte, error) { return marshal(c) }

func (c *Box) encode(e *encoder) {
	if c == nil {
		e.fail("", "is nil")
		return
	}
	e.open("Box")
	if c.Children != nil {
		list(e, c.Children)
	}
	enum(e, "align", c.Align, alignments)
	enum(e, "justify", c.Justify, justifications)
	enum(e, "wrap", c.Wrap, wraps)
	e.size("flex", c.Flex, ints)
	e.size("gap", c.Gap, ints)
	e.size("height", c.Height, floats)
	e.size("width", c.Width, floats)
	e.size("size", c.Size, floats)
	e.size("minHeight", c.MinHeight, ints)
	e.size("minWidth", c.MinWidth, ints)
	e.size("minSize", c.MinSize, ints)
	e.size("maxHeight", c.MaxHeight, ints)
	e.size("maxWidth", c.MaxWidth, ints)
	e.size("maxSize", c.MaxSize, ints)
	e.spacing("padding", c.Padding, floats)
	e.spacing("margin", c.Margin, floats)
	e.border("border", c.Border)
	enum(e, "radius", c.Radius, radiuses)
	e.color("background", c.Background)
	e.size("aspectRatio", c.AspectRatio, floats)
	e.head(c.Key, c.ID, "Box")
	enum(e, "direction", c.Direction, directions)
	e.close()
}

func (c *Box) below() (n int, alone bool) { return len(c.Children), false }

func (c *Box) child(i int) Component { return c.Children[i] }

// Row is a container that lays out its children from left to right. (ChatKit protocol: widget components)
type Row struct {
	// Key tells siblings apart when a list changes.
	Key string
	// ID names the component in updates and actions.
	ID string
	// Children are the components inside, in order.
	Children []Component
	// Align is the alignment across the direction: start, center, end, baseline, stretch.
	Align Alignment
	// Justify is the distribution along the direction: start, center, end, between, around, evenly, stretch.
	Justify Justification
	// Wrap tells whether children may take several lines: nowrap, wrap, wrap-reverse.
	Wrap Wrap
	// Flex is the factor by which it grows and shrinks, a number or CSS.
	Flex Size
	// Gap is the space between children in spacing units or CSS.
	Gap Size
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
	// Padding is the inner space: a number of spacing units, CSS, or a [Spacing].
	Padding SpacingValue
	// Margin is the outer space: a number of spacing units, CSS, or a [Spacing].
	Margin SpacingValue
	// Border is the border: a width in pixels, a [Border] or [Borders].
	Border BorderValue
	// Radius is the corner radius.
	Radius Radius
	// Background is the fill: surface, surface-secondary, surface-tertiary, surface-elevated,
	// surface-elevated-secondary, a primitive such as red-100, or CSS.
	Background Color
	// AspectRatio is width divided by height, a number or CSS such as 16/9.
	AspectRatio Size
}

// ComponentType returns "Row".
func (*Row) ComponentType() string { return "Row" }

// MarshalJSON returns the component and everything below it, or a [*PathError].
func (c *Row) MarshalJSON() ([]byte, error) { return marshal(c) }

func (c *Row) encode(e *encoder) {
	if c == nil {
		e.fail("", "is nil")
		return
	}
	e.open("Row")
	if c.Children != nil {
		list(e, c.Children)
	}
	enum(e, "align", c.Align, alignments)
	enum(e, "justify", c.Justify, justifications)
	enum(e, "wrap", c.Wrap, wraps)
	e.size("flex", c.Flex, ints)
	e.size("gap", c.Gap, ints)
	e.size("height", c.Height, floats)
	e.size("width", c.Width, floats)
	e.size("size", c.Size, floats)
	e.size("minHeight", c.MinHeight, ints)
	e.size("minWidth", c.MinWidth, ints)
	e.size("minSize", c.MinSize, ints)
	e.size("maxHeight", c.MaxHeight, ints)
	e.size("maxWidth", c.MaxWidth, ints)
	e.size("maxSize", c.MaxSize, ints)
	e.spacing("padding", c.Padding, floats)
	e.spacing("margin", c.Margin, floats)
	e.border("border", c.Border)
	enum(e, "radius", c.Radius, radiuses)
	e.color("background", c.Background)
	e.size("aspectRatio", c.AspectRatio, floats)
	e.head(c.Key, c.ID, "Row")
	e.close()
}

func (c *Row) below() (n int, alone bool) { return len(c.Children), false }

func (c *Row) child(i int) Component { return c.Children[i] }

// Col is a container that lays out its children from top to bottom. (ChatKit protocol: widget components)
type Col struct {
	// Key tells siblings apart when a list changes.
	Key string
	// ID names the component in updates and actions.
	ID string
	// Children are the components inside, in order.
	Children []Component
	// Align is the alignment across the direction: start, center, end, baseline, stretch.
	Align Alignment
	// Justify is the distribution along the direction: start, center, end, between, around, evenly, stretch.
	Justify Justification
	// Wrap tells whether children may take several lines: nowrap, wrap, wrap-reverse.
	Wrap Wrap
	// Flex is the factor by which it grows and shrinks, a number or CSS.
	Flex Size
	// Gap is the space between children in spacing units or CSS.
	Gap Size
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
	// Padding is the inner space: a number of spacing units, CSS, or a [Spacing].
	Padding SpacingValue
	// Margin is the outer space: a number of spacing units, CSS, or a [Spacing].
	Margin SpacingValue
	// Border is the border: a width in pixels, a [Border] or [Borders].
	Border BorderValue
	// Radius is the corner radius.
	Radius Radius
	// Background is the fill: surface, surface-secondary, surface-tertiary, surface-elevated,
	// surface-elevated-secondary, a primitive such as red-100, or CSS.
	Background Color
	// AspectRatio is width divided by height, a number or CSS such as 16/9.
	AspectRatio Size
}

// ComponentType returns "Col".
func (*Col) ComponentType() string { return "Col" }

// MarshalJSON returns the component and everything below it, or a [*PathError].
func (c *Col) MarshalJSON() ([]byte, error) { return marshal(c) }

func (c *Col) encode(e *encoder) {
	if c == nil {
		e.fail("", "is nil")
		return
	}
	e.open("Col")
	if c.Children != nil {
		list(e, c.Children)
	}
	enum(e, "align", c.Align, alignments)
	enum(e, "justify", c.Justify, justifications)
	enum(e, "wrap", c.Wrap, wraps)
	e.size("flex", c.Flex, ints)
	e.size("gap", c.Gap, ints)
	e.size("height", c.Height, floats)
	e.size("width", c.Width, floats)
	e.size("size", c.Size, floats)
	e.size("minHeight", c.MinHeight, ints)
	e.size("minWidth", c.MinWidth, ints)
	e.size("minSize", c.MinSize, ints)
	e.size("maxHeight", c.MaxHeight, ints)
	e.size("maxWidth", c.MaxWidth, ints)
	e.size("maxSize", c.MaxSize, ints)
	e.spacing("padding", c.Padding, floats)
	e.spacing("margin", c.Margin, floats)
	e.border("border", c.Border)
	enum(e, "radius", c.Radius, radiuses)
	e.color("background", c.Background)
	e.size("aspectRatio", c.AspectRatio, floats)
	e.head(c.Key, c.ID, "Col")
	e.close()
}

func (c *Col) below() (n int, alone bool) { return len(c.Children), false }

func (c *Col) child(i int) Component { return c.Children[i] }

// Form is a container whose fields are checked and sent together. Their values join the payload of every action
// that runs inside. (ChatKit protocol: widget components)
type Form struct {
	// Key tells siblings apart when a list changes.
	Key string
	// ID names the component in updates and actions.
	ID string
	// Children are the components inside, in order.
	Children []Component
	// Align is the alignment across the direction: start, center, end, baseline, stretch.
	Align Alignment
	// Justify is the distribution along the direction: start, center, end, between, around, evenly, stretch.
	Justify Justification
	// Wrap tells whether children may take several lines: nowrap, wrap, wrap-reverse.
	Wrap Wrap
	// Flex is the factor by which it grows and shrinks, a number or CSS.
	Flex Size
	// Gap is the space between children in spacing units or CSS.
	Gap Size
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
	// Padding is the inner space: a number of spacing units, CSS, or a [Spacing].
	Padding SpacingValue
	// Margin is the outer space: a number of spacing units, CSS, or a [Spacing].
	Margin SpacingValue
	// Border is the border: a width in pixels, a [Border] or [Borders].
	Border BorderValue
	// Radius is the corner radius.
	Radius Radius
	// Background is the fill: surface, surface-secondary, surface-tertiary, surface-elevated,
	// surface-elevated-secondary, a primitive such as red-100, or CSS.
	Background Color
	// AspectRatio is width divided by height, a number or CSS such as 16/9.
	AspectRatio Size
	// OnSubmitAction runs when the form is submitted.
	OnSubmitAction *ActionConfig
	// Direction is the direction of the children: row, col.
	Direction Direction
}

// ComponentType returns "Form".
func (*Form) ComponentType() string { return "Form" }

// MarshalJSON returns the component and everything below it, or a [*PathError].
func (c *Form) MarshalJSON() ([]byte, error) { return marshal(c) }

func (c *Form) encode(e *encoder) {
	if c == nil {
		e.fail("", "is nil")
		return
	}
	e.open("Form")
	if c.Children != nil {
		list(e, c.Children)
	}
	enum(e, "align", c.Align, alignments)
	enum(e, "justify", c.Justify, justifications)
	enum(e, "wrap", c.Wrap, wraps)
	e.size("flex", c.Flex, ints)
	e.size("gap", c.Gap, ints)
	e.size("height", c.Height, floats)
	e.size("width", c.Width, floats)
	e.size("size", c.Size, floats)
	e.size("minHeight", c.MinHeight, ints)
	e.size("minWidth", c.MinWidth, ints)
	e.size("minSize", c.MinSize, ints)
	e.size("maxHeight", c.MaxHeight, ints)
	e.size("maxWidth", c.MaxWidth, ints)
	e.size("maxSize", c.MaxSize, ints)
	e.spacing("padding", c.Padding, floats)
	e.spacing("margin", c.Margin, floats)
	e.border("border", c.Border)
	enum(e, "radius", c.Radius, radiuses)
	e.color("background", c.Background)
	e.size("aspectRatio", c.AspectRatio, floats)
	e.head(c.Key, c.ID, "Form")
	e.action("onSubmitAction", c.OnSubmitAction)
	enum(e, "direction", c.Direction, directions)
	e.close()
}

func (c *Form) below() (n int, alone bool) { return len(c.Children), false }

func (c *Form) child(i int) Component { return c.Children[i] }

// Transition animates the layout changes of its child. (ChatKit protocol: widget components)
type Transition struct {
	// Key tells siblings apart when a list changes.
	Key string
	// ID names the component in updates and actions.
	ID string
	// Child is the component inside, or nil for none.
	Child Component
}

// ComponentType returns "Transition".
func (*Transition) ComponentType() string { return "Transition" }

// MarshalJSON returns the component and everything below it, or a [*PathError].
func (c *Transition) MarshalJSON() ([]byte, error) { return marshal(c) }

func (c *Transition) encode(e *encoder) {
	if c == nil {
		e.fail("", "is nil")
		return
	}
	e.open("Transition")
	e.head(c.Key, c.ID, "Transition")
	e.child(c.Child)
	e.close()
}

func (c *Transition) below() (n int, alone bool) { return single(c.Child) }

func (c *Transition) child(i int) Component { return c.Child }
