package widget

// SpacingValue is a padding or margin: one [Size] for all sides, or a [Spacing].
//
//sumtype:decl
type SpacingValue interface{ isSpacing() }

// Spacing is space side by side (ChatKit protocol: shared widget types). Unset sides are left out.
type Spacing struct {
	// Top is the space above, in spacing units or CSS.
	Top Size
	// Right is the space on the right, in spacing units or CSS.
	Right Size
	// Bottom is the space below, in spacing units or CSS.
	Bottom Size
	// Left is the space on the left, in spacing units or CSS.
	Left Size
	// X is both Left and Right.
	X Size
	// Y is both Top and Bottom.
	Y Size
}

func (Size) isSpacing()    {}
func (Spacing) isSpacing() {}

func (e *encoder) spacing(name string, v SpacingValue, form numberForm) {
	switch v := v.(type) {
	case nil:
	case Size:
		e.size(name, v, form)
	case Spacing:
		// Sides are floats in every typed component, even where a single number is an integer.
		if form == ints {
			form = floats
		}
		e.sides(name, v, form)
	}
}

func (e *encoder) sides(name string, v Spacing, form numberForm) {
	e.object(name)
	e.size("top", v.Top, form)
	e.size("right", v.Right, form)
	e.size("bottom", v.Bottom, form)
	e.size("left", v.Left, form)
	e.size("x", v.X, form)
	e.size("y", v.Y, form)
	e.close()
}
