// Code generated from internal/spec by go generate. DO NOT EDIT.

package widget

// Card is a framed widget, with an optional status line, footer buttons and form. (ChatKit protocol: widget
// roots)
type Card struct {
	// Key tells siblings apart when a list changes.
	Key string
	// ID names the component in updates and actions.
	ID string
	// AsForm makes the card a form: Confirm checks the fields inside and sends their values.
	AsForm Bool
	// Children are the components inside, in order.
	Children []Component
	// Background is the fill: surface, surface-secondary, surface-tertiary, surface-elevated,
	// surface-elevated-secondary, a primitive such as red-100, or CSS.
	Background Color
	// Size is the card's width: sm, md, lg, full.
	Size CardSize
	// Padding is the inner space: a number of spacing units, CSS, or a [Spacing].
	Padding SpacingValue
	// Status is a header line above the content.
	Status *Status
	// Collapsed folds the body away after the main action.
	Collapsed Bool
	// Confirm is the footer's confirm button.
	Confirm *CardAction
	// Cancel is the footer's cancel button.
	Cancel *CardAction
	// Theme forces a theme for everything below: light, dark.
	Theme Theme
	// Border is the border: a width in pixels, a [Border] or [Borders]. Clients know it; the reference server drops
	// it from its typed cards.
	Border BorderValue
}

// ComponentType returns "Card".
func (*Card) ComponentType() string { return "Card" }

// RootType returns "Card".
func (*Card) RootType() string { return "Card" }

// MarshalJSON returns the component and everything below it, or a [*PathError].
func (c *Card) MarshalJSON() ([]byte, error) { return marshal(c) }

func (c *Card) encode(e *encoder) {
	if c == nil {
		e.fail("", "is nil")
		return
	}
	e.open("Card")
	e.head(c.Key, c.ID, "Card")
	e.boolean("asForm", c.AsForm)
	list(e, c.Children)
	e.color("background", c.Background)
	enum(e, "size", c.Size, cardSizes)
	e.spacing("padding", c.Padding, floats)
	e.status("status", c.Status)
	e.boolean("collapsed", c.Collapsed)
	e.cardAction("confirm", c.Confirm)
	e.cardAction("cancel", c.Cancel)
	enum(e, "theme", c.Theme, themes)
	e.border("border", c.Border)
	e.close()
}

func (c *Card) below() (n int, alone bool) { return len(c.Children), false }

func (c *Card) child(i int) Component { return c.Children[i] }

// ListView is a widget of rows. (ChatKit protocol: widget roots)
type ListView struct {
	// Key tells siblings apart when a list changes.
	Key string
	// ID names the component in updates and actions.
	ID string
	// Children are the rows, in order.
	Children []*ListViewItem
	// Limit is the number of rows before a control that shows more, or [LimitAuto].
	Limit Limit
	// Status is a header line above the content.
	Status *Status
	// Theme forces a theme for everything below: light, dark.
	Theme Theme
}

// ComponentType returns "ListView".
func (*ListView) ComponentType() string { return "ListView" }

// RootType returns "ListView".
func (*ListView) RootType() string { return "ListView" }

// MarshalJSON returns the component and everything below it, or a [*PathError].
func (c *ListView) MarshalJSON() ([]byte, error) { return marshal(c) }

func (c *ListView) encode(e *encoder) {
	if c == nil {
		e.fail("", "is nil")
		return
	}
	e.open("ListView")
	e.head(c.Key, c.ID, "ListView")
	list(e, c.Children)
	e.limit("limit", c.Limit)
	e.status("status", c.Status)
	enum(e, "theme", c.Theme, themes)
	e.close()
}

func (c *ListView) below() (n int, alone bool) { return len(c.Children), false }

func (c *ListView) child(i int) Component { return c.Children[i] }

// Basic is a bare root without a frame. Clients use it for previews of entities; it is a widget like the others
// too. (ChatKit protocol: widget roots)
type Basic struct {
	// Key tells siblings apart when a list changes.
	Key string
	// ID names the component in updates and actions.
	ID string
	// Children are the components inside, in order.
	Children []Component
	// Theme forces a theme for everything below: light, dark.
	Theme Theme
	// Direction is the direction of the children: row, col.
	Direction Direction
	// Gap is the space between children in spacing units or CSS.
	Gap Size
	// Padding is the inner space: a number of spacing units, CSS, or a [Spacing].
	Padding SpacingValue
	// Align is the alignment across the direction: start, center, end, baseline, stretch.
	Align Alignment
	// Justify is the distribution along the direction: start, center, end, between, around, evenly, stretch.
	Justify Justification
	// Props are further members, written last and as they are.
	Props Props
}

// ComponentType returns "Basic".
func (*Basic) ComponentType() string { return "Basic" }

// RootType returns "Basic".
func (*Basic) RootType() string { return "Basic" }

// MarshalJSON returns the component and everything below it, or a [*PathError].
func (c *Basic) MarshalJSON() ([]byte, error) { return marshal(c) }

func (c *Basic) encode(e *encoder) {
	if c == nil {
		e.fail("", "is nil")
		return
	}
	e.open("Basic")
	e.head(c.Key, c.ID, "Basic")
	list(e, c.Children)
	enum(e, "theme", c.Theme, themes)
	enum(e, "direction", c.Direction, directions)
	e.size("gap", c.Gap, numbers)
	e.spacing("padding", c.Padding, numbers)
	enum(e, "align", c.Align, alignments)
	enum(e, "justify", c.Justify, justifications)
	e.props(c.Props)
	e.close()
}

func (c *Basic) below() (n int, alone bool) { return len(c.Children), false }

func (c *Basic) child(i int) Component { return c.Children[i] }
