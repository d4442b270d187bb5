package widget

// SelectOption is one choice of a [Select] (ChatKit protocol: shared widget types).
type SelectOption struct {
	// Value is what the form sends. It is always written.
	Value string
	// Label is what the user sees. It is always written.
	Label string
	// Disabled blocks the choice.
	Disabled Bool
	// Description is a second line below the label.
	Description string
}

// RadioOption is one choice of a [RadioGroup] (ChatKit protocol: shared widget types).
type RadioOption struct {
	// Label is what the user sees. It is always written.
	Label string
	// Value is what the form sends. It is always written.
	Value string
	// Disabled blocks the choice.
	Disabled Bool
}

func (e *encoder) selectOptions(name string, options []SelectOption) {
	e.name(name)
	e.buf = append(e.buf, '[')
	for i, o := range options {
		if i > 0 {
			e.buf = append(e.buf, ',')
		}
		e.buf = append(e.buf, '{')
		e.text("value", o.Value)
		e.text("label", o.Label)
		e.boolean("disabled", o.Disabled)
		e.str("description", o.Description)
		e.buf = append(e.buf, '}')
	}
	e.buf = append(e.buf, ']')
}

func (e *encoder) radioOptions(name string, options []RadioOption) {
	if options == nil {
		return
	}
	e.name(name)
	e.buf = append(e.buf, '[')
	for i, o := range options {
		if i > 0 {
			e.buf = append(e.buf, ',')
		}
		e.buf = append(e.buf, '{')
		e.text("label", o.Label)
		e.text("value", o.Value)
		e.boolean("disabled", o.Disabled)
		e.buf = append(e.buf, '}')
	}
	e.buf = append(e.buf, ']')
}
