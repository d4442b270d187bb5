// Code generated from internal/spec by go generate. DO NOT EDIT.

package widget

// Text is plain text. With an id it can be streamed. (ChatKit protocol: widget components)
type Text struct {
	// Key tells siblings apart when a list changes.
	Key string
	// ID names the component in updates and actions.
	ID string
	// Value is the text.
	Value string
	// Streaming shows the text as one that grows. While it is true, text deltas are not done.
	Streaming Bool
	// Italic sets the text in italics.
	Italic Bool
	// LineThrough strikes the text through.
	LineThrough Bool
	// Color is the text's colour: prose, primary, emphasis, secondary, tertiary, success, warning, danger, a
	// primitive such as red-100, or CSS.
	Color Color
	// Weight is the font weight: normal, medium, semibold, bold.
	Weight Weight
	// Width is the width in pixels or CSS.
	Width Size
	// Size is the text's size: xs, sm, md, lg, xl.
	Size TextSize
	// TextAlign is the horizontal alignment: start, center, end.
	TextAlign TextAlign
	// Truncate ends a text that does not fit with an ellipsis.
	Truncate Bool
	// MinLines is the number of lines to keep free.
	MinLines int
	// MaxLines is the largest number of lines to show.
	MaxLines int
	// Editable lets the user edit the text in place: [EditableProps], or [False].
	Editable EditableValue
}

// ComponentType returns "Text".
func (*Text) ComponentType() string { return "Text" }

// MarshalJSON returns the component and everything below it, or a [*PathError].
func (c *Text) MarshalJSON() ([]byte, error) { return marshal(c) }

func (c *Text) encode(e *encoder) {
	if c == nil {
		e.fail("", "is nil")
		return
	}
	e.open("Text")
	e.head(c.Key, c.ID, "Text")
	e.growing("value", c.Value)
	e.boolean("streaming", c.Streaming)
	e.boolean("italic", c.Italic)
	e.boolean("lineThrough", c.LineThrough)
	e.color("color", c.Color)
	enum(e, "weight", c.Weight, weights)
	e.size("width", c.Width, floats)
	enum(e, "size", c.Size, textSizes)
	enum(e, "textAlign", c.TextAlign, textAligns)
	e.boolean("truncate", c.Truncate)
	e.integer("minLines", c.MinLines)
	e.integer("maxLines", c.MaxLines)
	e.editable("editable", c.Editable)
	e.close()
}

func (c *Text) below() (n int, alone bool) { return 0, false }

func (c *Text) child(i int) Component { return nil }

func (c *Text) grown() (id, value string, streaming bool) { return c.ID, c.Value, c.Streaming == True }

// Title is a headline. (ChatKit protocol: widget components)
type Title struct {
	// Key tells siblings apart when a list changes.
	Key string
	// ID names the component in updates and actions.
	ID string
	// Value is the text.
	Value string
	// Color is the text's colour: prose, primary, emphasis, secondary, tertiary, success, warning, danger, a
	// primitive such as red-100, or CSS.
	Color Color
	// Weight is the font weight: normal, medium, semibold, bold.
	Weight Weight
	// Size is the text's size: sm, md, lg, xl, 2xl, 3xl, 4xl, 5xl.
	Size TitleSize
	// TextAlign is the horizontal alignment: start, center, end.
	TextAlign TextAlign
	// Truncate ends a text that does not fit with an ellipsis.
	Truncate Bool
	// MaxLines is the largest number of lines to show.
	MaxLines int
}

// ComponentType returns "Title".
func (*Title) ComponentType() string { return "Title" }

// MarshalJSON returns the component and everything below it, or a [*PathError].
func (c *Title) MarshalJSON() ([]byte, error) { return marshal(c) }

func (c *Title) encode(e *encoder) {
	if c == nil {
		e.fail("", "is nil")
		return
	}
	e.open("Title")
	e.head(c.Key, c.ID, "Title")
	e.text("value", c.Value)
	e.color("color", c.Color)
	enum(e, "weight", c.Weight, weights)
	enum(e, "size", c.Size, titleSizes)
	enum(e, "textAlign", c.TextAlign, textAligns)
	e.boolean("truncate", c.Truncate)
	e.integer("maxLines", c.MaxLines)
	e.close()
}

func (c *Title) below() (n int, alone bool) { return 0, false }

func (c *Title) child(i int) Component { return nil }

// Caption is small, secondary text. (ChatKit protocol: widget components)
type Caption struct {
	// Key tells siblings apart when a list changes.
	Key string
	// ID names the component in updates and actions.
	ID string
	// Value is the text.
	Value string
	// Color is the text's colour: prose, primary, emphasis, secondary, tertiary, success, warning, danger, a
	// primitive such as red-100, or CSS.
	Color Color
	// Weight is the font weight: normal, medium, semibold, bold.
	Weight Weight
	// Size is the text's size: sm, md, lg.
	Size CaptionSize
	// TextAlign is the horizontal alignment: start, center, end.
	TextAlign TextAlign
	// Truncate ends a text that does not fit with an ellipsis.
	Truncate Bool
	// MaxLines is the largest number of lines to show.
	MaxLines int
}

// ComponentType returns "Caption".
func (*Caption) ComponentType() string { return "Caption" }

// MarshalJSON returns the component and everything below it, or a [*PathError].
func (c *Caption) MarshalJSON() ([]byte, error) { return marshal(c) }

func (c *Caption) encode(e *encoder) {
	if c == nil {
		e.fail("", "is nil")
		return
	}
	e.open("Caption")
	e.head(c.Key, c.ID, "Caption")
	e.text("value", c.Value)
	e.color("color", c.Color)
	enum(e, "weight", c.Weight, weights)
	enum(e, "size", c.Size, captionSizes)
	enum(e, "textAlign", c.TextAlign, textAligns)
	e.boolean("truncate", c.Truncate)
	e.integer("maxLines", c.MaxLines)
	e.close()
}

func (c *Caption) below() (n int, alone bool) { return 0, false }

func (c *Caption) child(i int) Component { return nil }

// Markdown is formatted text. With an id it can be streamed. (ChatKit protocol: widget components)
type Markdown struct {
	// Key tells siblings apart when a list changes.
	Key string
	// ID names the component in updates and actions.
	ID string
	// Value is the Markdown source.
	Value string
	// Streaming shows the text as one that grows. While it is true, text deltas are not done.
	Streaming Bool
}

// ComponentType returns "Markdown".
func (*Markdown) ComponentType() string { return "Markdown" }

// MarshalJSON returns the component and everything below it, or a [*PathError].
func (c *Markdown) MarshalJSON() ([]byte, error) { return marshal(c) }

func (c *Markdown) encode(e *encoder) {
	if c == nil {
		e.fail("", "is nil")
		return
	}
	e.open("Markdown")
	e.head(c.Key, c.ID, "Markdown")
	e.growing("value", c.Value)
	e.boolean("streaming", c.Streaming)
	e.close()
}

func (c *Markdown) below() (n int, alone bool) { return 0, false }

func (c *Markdown) child(i int) Component { return nil }

func (c *Markdown) grown() (id, value string, streaming bool) {
	return c.ID, c.Value, c.Streaming == True
}

// Badge is a small label that shows a state or a category. (ChatKit protocol: widget components)
type Badge struct {
	// Key tells siblings apart when a list changes.
	Key string
	// ID names the component in updates and actions.
	ID string
	// Label is the text.
	Label string
	// Color is the badge's colour: secondary, success, danger, warning, info, discovery.
	Color BadgeColor
	// Variant is the badge's style: solid, soft, outline.
	Variant BadgeVariant
	// Size is the badge's size: sm, md, lg.
	Size BadgeSize
	// Pill makes the shape fully rounded.
	Pill Bool
}

// ComponentType returns "Badge".
func (*Badge) ComponentType() string { return "Badge" }

// MarshalJSON returns the component and everything below it, or a [*PathError].
func (c *Badge) MarshalJSON() ([]byte, error) { return marshal(c) }

func (c *Badge) encode(e *encoder) {
	if c == nil {
		e.fail("", "is nil")
		return
	}
	e.open("Badge")
	e.head(c.Key, c.ID, "Badge")
	e.text("label", c.Label)
	enum(e, "color", c.Color, badgeColors)
	enum(e, "variant", c.Variant, badgeVariants)
	enum(e, "size", c.Size, badgeSizes)
	e.boolean("pill", c.Pill)
	e.close()
}

func (c *Badge) below() (n int, alone bool) { return 0, false }

func (c *Badge) child(i int) Component { return nil }

// Icon is one of the client's icons. (ChatKit protocol: widget components)
type Icon struct {
	// Key tells siblings apart when a list changes.
	Key string
	// ID names the component in updates and actions.
	ID string
	// Name is the icon. It is required.
	Name IconName
	// Color is the text's colour: prose, primary, emphasis, secondary, tertiary, success, warning, danger, a
	// primitive such as red-100, or CSS.
	Color Color
	// Size is the icon's size: xs, sm, md, lg, xl, 2xl, 3xl.
	Size IconSize
}

// ComponentType returns "Icon".
func (*Icon) ComponentType() string { return "Icon" }

// MarshalJSON returns the component and everything below it, or a [*PathError].
func (c *Icon) MarshalJSON() ([]byte, error) { return marshal(c) }

func (c *Icon) encode(e *encoder) {
	if c == nil {
		e.fail("", "is nil")
		return
	}
	e.open("Icon")
	e.head(c.Key, c.ID, "Icon")
	if c.Name == "" {
		e.fail("name", "is required")
	}
	e.icon("name", c.Name)
	e.color("color", c.Color)
	enum(e, "size", c.Size, iconSizes)
	e.close()
}

func (c *Icon) below() (n int, alone bool) { return 0, false }

func (c *Icon) child(i int) Component { return nil }

// Image is a picture. (ChatKit protocol: widget components)
type Image struct {
	// Key tells siblings apart when a list changes.
	Key string
	// ID names the component in updates and actions.
	ID string
	// Src is the picture's URL. It is required.
	Src string
	// Alt describes the picture to those who cannot see it.
	Alt string
	// Fit is how the picture fills its box: cover, contain, fill, scale-down, none.
	Fit ImageFit
	// Position is the part that stays visible when the picture is cut: top left, top, top right, left, center,
	// right, bottom left, bottom, bottom right.
	Position ImagePosition
	// Radius is the corner radius.
	Radius Radius
	// Frame draws a thin frame.
	Frame Bool
	// Flush extends the picture to the container's edge.
	Flush Bool
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
	// Margin is the outer space: a number of spacing units, CSS, or a [Spacing].
	Margin SpacingValue
	// Background is the fill: surface, surface-secondary, surface-tertiary, surface-elevated,
	// surface-elevated-secondary, a primitive such as red-100, or CSS.
	Background Color
	// AspectRatio is width divided by height, a number or CSS such as 16/9.
	AspectRatio Size
	// Flex is the factor by which it grows and shrinks, a number or CSS.
	Flex Size
}

// ComponentType returns "Image".
func (*Image) ComponentType() string { return "Image" }

// MarshalJSON returns the component and everything below it, or a [*PathError].
func (c *Image) MarshalJSON() ([]byte, error) { return marshal(c) }

func (c *Image) encode(e *encoder) {
	if c == nil {
		e.fail("", "is nil")
		return
	}
	e.open("Image")
	e.head(c.Key, c.ID, "Image")
	e.required("src", c.Src)
	e.str("alt", c.Alt)
	enum(e, "fit", c.Fit, imageFits)
	enum(e, "position", c.Position, imagePositions)
	enum(e, "radius", c.Radius, radiuses)
	e.boolean("frame", c.Frame)
	e.boolean("flush", c.Flush)
	e.size("height", c.Height, ints)
	e.size("width", c.Width, ints)
	e.size("size", c.Size, ints)
	e.size("minHeight", c.MinHeight, ints)
	e.size("minWidth", c.MinWidth, ints)
	e.size("minSize", c.MinSize, ints)
	e.size("maxHeight", c.MaxHeight, ints)
	e.size("maxWidth", c.MaxWidth, ints)
	e.size("maxSize", c.MaxSize, ints)
	e.spacing("margin", c.Margin, ints)
	e.color("background", c.Background)
	e.size("aspectRatio", c.AspectRatio, floats)
	e.size("flex", c.Flex, ints)
	e.close()
}

func (c *Image) below() (n int, alone bool) { return 0, false }

func (c *Image) child(i int) Component { return nil }

// Divider is a line between sections. (ChatKit protocol: widget components)
type Divider struct {
	// Key tells siblings apart when a list changes.
	Key string
	// ID names the component in updates and actions.
	ID string
	// Color is default, subtle, strong, a primitive such as red-100, or CSS.
	Color Color
	// Size is the line's thickness in pixels or CSS.
	Size Size
	// Spacing is the space above and below in spacing units or CSS.
	Spacing Size
	// Flush extends the line to the container's edge.
	Flush Bool
}

// ComponentType returns "Divider".
func (*Divider) ComponentType() string { return "Divider" }

// MarshalJSON returns the component and everything below it, or a [*PathError].
func (c *Divider) MarshalJSON() ([]byte, error) { return marshal(c) }

func (c *Divider) encode(e *encoder) {
	if c == nil {
		e.fail("", "is nil")
		return
	}
	e.open("Divider")
	e.head(c.Key, c.ID, "Divider")
	e.color("color", c.Color)
	e.size("size", c.Size, ints)
	e.size("spacing", c.Spacing, ints)
	e.boolean("flush", c.Flush)
	e.close()
}

func (c *Divider) below() (n int, alone bool) { return 0, false }

func (c *Divider) child(i int) Component { return nil }

// Spacer takes up free space and pushes its neighbours apart. (ChatKit protocol: widget components)
type Spacer struct {
	// Key tells siblings apart when a list changes.
	Key string
	// ID names the component in updates and actions.
	ID string
	// MinSize is the least space it takes along the direction, in pixels or CSS.
	MinSize Size
}

// ComponentType returns "Spacer".
func (*Spacer) ComponentType() string { return "Spacer" }

// MarshalJSON returns the component and everything below it, or a [*PathError].
func (c *Spacer) MarshalJSON() ([]byte, error) { return marshal(c) }

func (c *Spacer) encode(e *encoder) {
	if c == nil {
		e.fail("", "is nil")
		return
	}
	e.open("Spacer")
	e.head(c.Key, c.ID, "Spacer")
	e.size("minSize", c.MinSize, ints)
	e.close()
}

func (c *Spacer) below() (n int, alone bool) { return 0, false }

func (c *Spacer) child(i int) Component { return nil }
