package widget

// EditableValue makes a [Text] editable in place: [EditableProps], or [False]. True is not allowed.
//
//sumtype:decl
type EditableValue interface{ isEditable() }

// EditableProps says how a text is edited (ChatKit protocol: shared widget types).
type EditableProps struct {
	// Name is the form field's name; dots nest, as in todo.title. It is required.
	Name string
	// AutoFocus puts the cursor into the field when it appears.
	AutoFocus Bool
	// AutoSelect selects the whole text when the field gets the cursor.
	AutoSelect Bool
	// AutoComplete is the browser's autocomplete hint, as in HTML.
	AutoComplete string
	// AllowAutofillExtensions lets password managers and the like fill the field.
	AllowAutofillExtensions Bool
	// Pattern is the regular expression, as in HTML, that the value must match.
	Pattern string
	// Placeholder is shown while there is no text.
	Placeholder string
	// Required blocks submitting the form while there is no text.
	Required Bool
}

func (Bool) isEditable()          {}
func (EditableProps) isEditable() {}

func (e *encoder) editable(name string, v EditableValue) {
	switch v := v.(type) {
	case nil:
	case Bool:
		if v == True {
			e.fail(name, "true is not allowed; use EditableProps")
		}
		e.boolean(name, v)
	case EditableProps:
		e.object(name)
		if v.Name == "" {
			e.fail("name", "is required")
		}
		e.text("name", v.Name)
		e.boolean("autoFocus", v.AutoFocus)
		e.boolean("autoSelect", v.AutoSelect)
		e.str("autoComplete", v.AutoComplete)
		e.boolean("allowAutofillExtensions", v.AllowAutofillExtensions)
		e.str("pattern", v.Pattern)
		e.str("placeholder", v.Placeholder)
		e.boolean("required", v.Required)
		e.close()
	}
}
