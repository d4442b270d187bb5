// Code generated from internal/spec by go generate. DO NOT EDIT.

package widget

// Button runs an action or submits a form. (ChatKit protocol: widget components)
type Button struct {
	// Key tells siblings apart when a list changes.
	Key string
	// ID names the component in updates and actions.
	ID string
	// Submit submits the nearest form.
	Submit Bool
	// Label is the text.
	Label string
	// OnClickAction runs when the button is clicked.
	OnClickAction *ActionConfig
	// IconStart is an icon before the label, or instead of it.
	IconStart IconName
	// IconEnd is an icon after the label.
	IconEnd IconName
	// Style is a preset of colour and variant: primary, secondary.
	Style ButtonStyle
	// IconSize is the size of the icons: sm, md, lg, xl, 2xl.
	IconSize ButtonIconSize
	// Color is the button's colour: primary, secondary, info, discovery, success, caution, warning, danger.
	Color ButtonColor
	// Variant is the control's style: solid, soft, outline, ghost.
	Variant ControlVariant
	// Size is the control's size: 3xs, 2xs, xs, sm, md, lg, xl, 2xl, 3xl.
	Size ControlSize
	// Pill makes the shape fully rounded.
	Pill Bool
	// Uniform makes the button as wide as it is high.
	Uniform Bool
	// Block makes the control as wide as its container.
	Block Bool
	// Disabled greys the control out and blocks it.
	Disabled Bool
}

// ComponentType returns "Button".
func (*Button) ComponentType() string { return "Button" }

// MarshalJSON returns the component and everything below it, or a [*PathError].
func (c *Button) MarshalJSON() ([]byte, error) { return marshal(c) }

func (c *Button) encode(e *encoder) {
	if c == nil {
		e.fail("", "is nil")
		return
	}
	e.open("Button")
	e.head(c.Key, c.ID, "Button")
	e.boolean("submit", c.Submit)
	e.str("label", c.Label)
	e.action("onClickAction", c.OnClickAction)
	e.icon("iconStart", c.IconStart)
	e.icon("iconEnd", c.IconEnd)
	enum(e, "style", c.Style, buttonStyles)
	enum(e, "iconSize", c.IconSize, buttonIconSizes)
	enum(e, "color", c.Color, buttonColors)
	enum(e, "variant", c.Variant, controlVariants)
	enum(e, "size", c.Size, controlSizes)
	e.boolean("pill", c.Pill)
	e.boolean("uniform", c.Uniform)
	e.boolean("block", c.Block)
	e.boolean("disabled", c.Disabled)
	e.close()
}

func (c *Button) below() (n int, alone bool) { return 0, false }

func (c *Button) child(i int) Component { return nil }

// Select lets the user choose one of several options from a menu. (ChatKit protocol: widget components)
type Select struct {
	// Key tells siblings apart when a list changes.
	Key string
	// ID names the component in updates and actions.
	ID string
	// Name is the form field's name; dots nest, as in todo.title. It is required.
	Name string
	// Options are the choices, in order.
	Options []SelectOption
	// OnChangeAction runs when the value changes.
	OnChangeAction *ActionConfig
	// Placeholder is shown while there is no value.
	Placeholder string
	// DefaultValue is the value of the option chosen at first.
	DefaultValue string
	// Variant is the control's style: solid, soft, outline, ghost.
	Variant ControlVariant
	// Size is the control's size: 3xs, 2xs, xs, sm, md, lg, xl, 2xl, 3xl.
	Size ControlSize
	// Pill makes the shape fully rounded.
	Pill Bool
	// Block makes the control as wide as its container.
	Block Bool
	// Clearable shows a control that unsets the value.
	Clearable Bool
	// Disabled greys the control out and blocks it.
	Disabled Bool
	// Searchable shows a search box. Defaults to true for more than 15 options.
	Searchable Bool
}

// ComponentType returns "Select".
func (*Select) ComponentType() string { return "Select" }

// MarshalJSON returns the component and everything below it, or a [*PathError].
func (c *Select) MarshalJSON() ([]byte, error) { return marshal(c) }

func (c *Select) encode(e *encoder) {
	if c == nil {
		e.fail("", "is nil")
		return
	}
	e.open("Select")
	e.head(c.Key, c.ID, "Select")
	e.required("name", c.Name)
	e.selectOptions("options", c.Options)
	e.action("onChangeAction", c.OnChangeAction)
	e.str("placeholder", c.Placeholder)
	e.str("defaultValue", c.DefaultValue)
	enum(e, "variant", c.Variant, controlVariants)
	enum(e, "size", c.Size, controlSizes)
	e.boolean("pill", c.Pill)
	e.boolean("block", c.Block)
	e.boolean("clearable", c.Clearable)
	e.boolean("disabled", c.Disabled)
	e.boolean("searchable", c.Searchable)
	e.close()
}

func (c *Select) below() (n int, alone bool) { return 0, false }

func (c *Select) child(i int) Component { return nil }

// DatePicker lets the user choose a date. (ChatKit protocol: widget components)
type DatePicker struct {
	// Key tells siblings apart when a list changes.
	Key string
	// ID names the component in updates and actions.
	ID string
	// Name is the form field's name; dots nest, as in todo.title. It is required.
	Name string
	// OnChangeAction runs when the value changes.
	OnChangeAction *ActionConfig
	// Placeholder is shown while there is no value.
	Placeholder string
	// DefaultValue is the date chosen at first.
	DefaultValue DateTime
	// Min is the first date that can be chosen.
	Min DateTime
	// Max is the last date that can be chosen.
	Max DateTime
	// Variant is the control's style: solid, soft, outline, ghost.
	Variant ControlVariant
	// Size is the control's size: 3xs, 2xs, xs, sm, md, lg, xl, 2xl, 3xl.
	Size ControlSize
	// Side is where the calendar opens: top, bottom, left, right.
	Side Side
	// Align is how the calendar is aligned with the control: start, center, end.
	Align PickerAlign
	// Pill makes the shape fully rounded.
	Pill Bool
	// Block makes the control as wide as its container.
	Block Bool
	// Clearable shows a control that unsets the value.
	Clearable Bool
	// Disabled greys the control out and blocks it.
	Disabled Bool
}

// ComponentType returns "DatePicker".
func (*DatePicker) ComponentType() string { return "DatePicker" }

// MarshalJSON returns the component and everything below it, or a [*PathError].
func (c *DatePicker) MarshalJSON() ([]byte, error) { return marshal(c) }

func (c *DatePicker) encode(e *encoder) {
	if c == nil {
		e.fail("", "is nil")
		return
	}
	e.open("DatePicker")
	e.head(c.Key, c.ID, "DatePicker")
	e.required("name", c.Name)
	e.action("onChangeAction", c.OnChangeAction)
	e.str("placeholder", c.Placeholder)
	e.datetime("defaultValue", c.DefaultValue)
	e.datetime("min", c.Min)
	e.datetime("max", c.Max)
	enum(e, "variant", c.Variant, controlVariants)
	enum(e, "size", c.Size, controlSizes)
	enum(e, "side", c.Side, sides)
	enum(e, "align", c.Align, pickerAligns)
	e.boolean("pill", c.Pill)
	e.boolean("block", c.Block)
	e.boolean("clearable", c.Clearable)
	e.boolean("disabled", c.Disabled)
	e.close()
}

func (c *DatePicker) below() (n int, alone bool) { return 0, false }

func (c *DatePicker) child(i int) Component { return nil }

// Checkbox lets the user say yes or no. (ChatKit protocol: widget components)
type Checkbox struct {
	// Key tells siblings apart when a list changes.
	Key string
	// ID names the component in updates and actions.
	ID string
	// Name is the form field's name; dots nest, as in todo.title. It is required.
	Name string
	// Label is the text beside the box.
	Label string
	// DefaultChecked ticks the box at first.
	DefaultChecked Bool
	// OnChangeAction runs when the value changes.
	OnChangeAction *ActionConfig
	// Disabled greys the control out and blocks it.
	Disabled Bool
	// Required blocks submitting the form while there is no value.
	Required Bool
}

// ComponentType returns "Checkbox".
func (*Checkbox) ComponentType() string { return "Checkbox" }

// MarshalJSON returns the component and everything below it, or a [*PathError].
func (c *Checkbox) MarshalJSON() ([]byte, error) { return marshal(c) }

func (c *Checkbox) encode(e *encoder) {
	if c == nil {
		e.fail("", "is nil")
		return
	}
	e.open("Checkbox")
	e.head(c.Key, c.ID, "Checkbox")
	e.required("name", c.Name)
	e.str("label", c.Label)
	e.boolean("defaultChecked", c.DefaultChecked)
	e.action("onChangeAction", c.OnChangeAction)
	e.boolean("disabled", c.Disabled)
	e.boolean("required", c.Required)
	e.close()
}

func (c *Checkbox) below() (n int, alone bool) { return 0, false }

func (c *Checkbox) child(i int) Component { return nil }

// Input is a field for one line of text. (ChatKit protocol: widget components)
type Input struct {
	// Key tells siblings apart when a list changes.
	Key string
	// ID names the component in updates and actions.
	ID string
	// Name is the form field's name; dots nest, as in todo.title. It is required.
	Name string
	// InputType is what the field takes: number, email, text, password, tel, url.
	InputType InputType
	// DefaultValue is the text at first.
	DefaultValue string
	// Required blocks submitting the form while there is no value.
	Required Bool
	// Pattern is the regular expression, as in HTML, that the value must match.
	Pattern string
	// Placeholder is shown while there is no value.
	Placeholder string
	// AllowAutofillExtensions lets password managers and the like fill the field.
	AllowAutofillExtensions Bool
	// AutoSelect selects the whole content when the field appears.
	AutoSelect Bool
	// AutoFocus puts the cursor into the field when it appears.
	AutoFocus Bool
	// Disabled greys the control out and blocks it.
	Disabled Bool
	// Variant is the field's style: soft, outline.
	Variant InputVariant
	// Size is the control's size: 3xs, 2xs, xs, sm, md, lg, xl, 2xl, 3xl.
	Size ControlSize
	// GutterSize is the space at the edges; it overrides what size says: 2xs, xs, sm, md, lg, xl.
	GutterSize GutterSize
	// Pill makes the shape fully rounded.
	Pill Bool
}

// ComponentType returns "Input".
func (*Input) ComponentType() string { return "Input" }

// MarshalJSON returns the component and everything below it, or a [*PathError].
func (c *Input) MarshalJSON() ([]byte, error) { return marshal(c) }

func (c *Input) encode(e *encoder) {
	if c == nil {
		e.fail("", "is nil")
		return
	}
	e.open("Input")
	e.head(c.Key, c.ID, "Input")
	e.required("name", c.Name)
	enum(e, "inputType", c.InputType, inputTypes)
	e.str("defaultValue", c.DefaultValue)
	e.boolean("required", c.Required)
	e.str("pattern", c.Pattern)
	e.str("placeholder", c.Placeholder)
	e.boolean("allowAutofillExtensions", c.AllowAutofillExtensions)
	e.boolean("autoSelect", c.AutoSelect)
	e.boolean("autoFocus", c.AutoFocus)
	e.boolean("disabled", c.Disabled)
	enum(e, "variant", c.Variant, inputVariants)
	enum(e, "size", c.Size, controlSizes)
	enum(e, "gutterSize", c.GutterSize, gutterSizes)
	e.boolean("pill", c.Pill)
	e.close()
}

func (c *Input) below() (n int, alone bool) { return 0, false }

func (c *Input) child(i int) Component { return nil }

// Textarea is a field for several lines of text. (ChatKit protocol: widget components)
type Textarea struct {
	// Key tells siblings apart when a list changes.
	Key string
	// ID names the component in updates and actions.
	ID string
	// Name is the form field's name; dots nest, as in todo.title. It is required.
	Name string
	// DefaultValue is the text at first.
	DefaultValue string
	// Required blocks submitting the form while there is no value.
	Required Bool
	// Pattern is the regular expression, as in HTML, that the value must match.
	Pattern string
	// Placeholder is shown while there is no value.
	Placeholder string
	// AutoSelect selects the whole content when the field appears.
	AutoSelect Bool
	// AutoFocus puts the cursor into the field when it appears.
	AutoFocus Bool
	// Disabled greys the control out and blocks it.
	Disabled Bool
	// Variant is the field's style: soft, outline.
	Variant InputVariant
	// Size is the control's size: 3xs, 2xs, xs, sm, md, lg, xl, 2xl, 3xl.
	Size ControlSize
	// GutterSize is the space at the edges; it overrides what size says: 2xs, xs, sm, md, lg, xl.
	GutterSize GutterSize
	// Rows is the number of lines shown at first.
	Rows int
	// AutoResize lets the field grow and shrink with its content.
	AutoResize Bool
	// MaxRows is the number of lines up to which AutoResize grows.
	MaxRows int
	// AllowAutofillExtensions lets password managers and the like fill the field.
	AllowAutofillExtensions Bool
}

// ComponentType returns "Textarea".
func (*Textarea) ComponentType() string { return "Textarea" }

// MarshalJSON returns the component and everything below it, or a [*PathError].
func (c *Textarea) MarshalJSON() ([]byte, error) { return marshal(c) }

func (c *Textarea) encode(e *encoder) {
	if c == nil {
		e.fail("", "is nil")
		return
	}
	e.open("Textarea")
	e.head(c.Key, c.ID, "Textarea")
	e.required("name", c.Name)
	e.str("defaultValue", c.DefaultValue)
	e.boolean("required", c.Required)
	e.str("pattern", c.Pattern)
	e.str("placeholder", c.Placeholder)
	e.boolean("autoSelect", c.AutoSelect)
	e.boolean("autoFocus", c.AutoFocus)
	e.boolean("disabled", c.Disabled)
	enum(e, "variant", c.Variant, inputVariants)
	enum(e, "size", c.Size, controlSizes)
	enum(e, "gutterSize", c.GutterSize, gutterSizes)
	e.integer("rows", c.Rows)
	e.boolean("autoResize", c.AutoResize)
	e.integer("maxRows", c.MaxRows)
	e.boolean("allowAutofillExtensions", c.AllowAutofillExtensions)
	e.close()
}

func (c *Textarea) below() (n int, alone bool) { return 0, false }

func (c *Textarea) child(i int) Component { return nil }

// RadioGroup lets the user choose one of several visible options. (ChatKit protocol: widget components)
type RadioGroup struct {
	// Key tells siblings apart when a list changes.
	Key string
	// ID names the component in updates and actions.
	ID string
	// Name is the form field's name; dots nest, as in todo.title. It is required.
	Name string
	// Options are the choices, in order.
	Options []RadioOption
	// AriaLabel names the group for screen readers. Defaults to the name.
	AriaLabel string
	// OnChangeAction runs when the value changes.
	OnChangeAction *ActionConfig
	// DefaultValue is the value of the option chosen at first.
	DefaultValue string
	// Direction is the direction of the options: row, col.
	Direction Direction
	// Disabled greys the control out and blocks it.
	Disabled Bool
	// Required blocks submitting the form while there is no value.
	Required Bool
}

// ComponentType returns "RadioGroup".
func (*RadioGroup) ComponentType() string { return "RadioGroup" }

// MarshalJSON returns the component and everything below it, or a [*PathError].
func (c *RadioGroup) MarshalJSON() ([]byte, error) { return marshal(c) }

func (c *RadioGroup) encode(e *encoder) {
	if c == nil {
		e.fail("", "is nil")
		return
	}
	e.open("RadioGroup")
	e.head(c.Key, c.ID, "RadioGroup")
	e.required("name", c.Name)
	e.radioOptions("options", c.Options)
	e.str("ariaLabel", c.AriaLabel)
	e.action("onChangeAction", c.OnChangeAction)
	e.str("defaultValue", c.DefaultValue)
	enum(e, "direction", c.Direction, directions)
	e.boolean("disabled", c.Disabled)
	e.boolean("required", c.Required)
	e.close()
}

func (c *RadioGroup) below() (n int, alone bool) { return 0, false }

func (c *RadioGroup) child(i int) Component { return nil }

// Label names a form field. (ChatKit protocol: widget components)
type Label struct {
	// Key tells siblings apart when a list changes.
	Key string
	// ID names the component in updates and actions.
	ID string
	// Value is the text.
	Value string
	// FieldName is the name of the field that this label belongs to. It is required.
	FieldName string
	// Size is the text's size: xs, sm, md, lg, xl.
	Size TextSize
	// Weight is the font weight: normal, medium, semibold, bold.
	Weight Weight
	// TextAlign is the horizontal alignment: start, center, end.
	TextAlign TextAlign
	// Color is the text's colour: prose, primary, emphasis, secondary, tertiary, success, warning, danger, a
	// primitive such as red-100, or CSS.
	Color Color
}

// ComponentType returns "Label".
func (*Label) ComponentType() string { return "Label" }

// MarshalJSON returns the component and everything below it, or a [*PathError].
func (c *Label) MarshalJSON() ([]byte, error) { return marshal(c) }

func (c *Label) encode(e *encoder) {
	if c == nil {
		e.fail("", "is nil")
		return
	}
	e.open("Label")
	e.head(c.Key, c.ID, "Label")
	e.text("value", c.Value)
	e.required("fieldName", c.FieldName)
	enum(e, "size", c.Size, textSizes)
	enum(e, "weight", c.Weight, weights)
	enum(e, "textAlign", c.TextAlign, textAligns)
	e.color("color", c.Color)
	e.close()
}

func (c *Label) below() (n int, alone bool) { return 0, false }

func (c *Label) child(i int) Component { return nil }
