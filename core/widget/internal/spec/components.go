package spec

import "slices"

// Members that several components share.
var (
	textColor  = Prop{"color", Color, "", "is the text's colour: prose, primary, emphasis, secondary, tertiary, success, warning, danger, a primitive such as red-100, or CSS."}
	surface    = Prop{"background", Color, "", "is the fill: surface, surface-secondary, surface-tertiary, surface-elevated, surface-elevated-secondary, a primitive such as red-100, or CSS."}
	chartColor = Prop{"color", Color, "", "is blue, purple, orange, green, red, yellow, pink, a primitive such as red-100, or CSS. Defaults to the next free chart colour."}
	weight     = Prop{"weight", Enum, "Weight", "is the font weight."}
	textAlign  = Prop{"textAlign", Enum, "TextAlign", "is the horizontal alignment."}
	truncate   = Prop{"truncate", Bool, "", "ends a text that does not fit with an ellipsis."}
	maxLines   = Prop{"maxLines", Int, "", "is the largest number of lines to show."}
	theme      = Prop{"theme", Enum, "Theme", "forces a theme for everything below."}
	status     = Prop{"status", Status, "", "is a header line above the content."}
	field      = Prop{"name", Name, "", "is the form field's name; dots nest, as in todo.title. It is required."}
	onChange   = Prop{"onChangeAction", Action, "", "runs when the value changes."}
	disabled   = Prop{"disabled", Bool, "", "greys the control out and blocks it."}
	required   = Prop{"required", Bool, "", "blocks submitting the form while there is no value."}
	pill       = Prop{"pill", Bool, "", "makes the shape fully rounded."}
	block      = Prop{"block", Bool, "", "makes the control as wide as its container."}
	clearable  = Prop{"clearable", Bool, "", "shows a control that unsets the value."}
	variant    = Prop{"variant", Enum, "ControlVariant", "is the control's style."}
	size       = Prop{"size", Enum, "ControlSize", "is the control's size."}
	direction  = Prop{"direction", Enum, "Direction", "is the direction of the children."}
	autofill   = Prop{"allowAutofillExtensions", Bool, "", "lets password managers and the like fill the field."}
	autoSelect = Prop{"autoSelect", Bool, "", "selects the whole content when the field appears."}
	autoFocus  = Prop{"autoFocus", Bool, "", "puts the cursor into the field when it appears."}
	pattern    = Prop{"pattern", Str, "", "is the regular expression, as in HTML, that the value must match."}
	empty      = Prop{"placeholder", Str, "", "is shown while there is no value."}
	gutter     = Prop{"gutterSize", Enum, "GutterSize", "is the space at the edges; it overrides what size says."}
	inputStyle = Prop{"variant", Enum, "InputVariant", "is the field's style."}
	flex       = Prop{"flex", Ints, "", "is the factor by which it grows and shrinks, a number or CSS."}
	aspect     = Prop{"aspectRatio", Floats, "", "is width divided by height, a number or CSS such as 16/9."}
	radius     = Prop{"radius", Enum, "Radius", "is the corner radius."}
)

// limits are the sizes that every sized component ends with.
var limits = []Prop{
	{"minHeight", Ints, "", "is the smallest height in pixels or CSS."},
	{"minWidth", Ints, "", "is the smallest width in pixels or CSS."},
	{"minSize", Ints, "", "is both minHeight and minWidth."},
	{"maxHeight", Ints, "", "is the largest height in pixels or CSS."},
	{"maxWidth", Ints, "", "is the largest width in pixels or CSS."},
	{"maxSize", Ints, "", "is both maxHeight and maxWidth."},
}

func sizes(kind Kind) []Prop {
	return append([]Prop{
		{"height", kind, "", "is the height in pixels or CSS."},
		{"width", kind, "", "is the width in pixels or CSS."},
		{"size", kind, "", "is both height and width."},
	}, limits...)
}

// box are the members of every container, which come before key, id and type.
var box = props(
	Prop{"children", MaybeKids, "", "are the components inside, in order."},
	Prop{"align", Enum, "Alignment", "is the alignment across the direction."},
	Prop{"justify", Enum, "Justification", "is the distribution along the direction."},
	Prop{"wrap", Enum, "Wrap", "tells whether children may take several lines."},
	flex,
	Prop{"gap", Ints, "", "is the space between children in spacing units or CSS."},
	sizes(Floats),
	Prop{"padding", Spacing, "", "is the inner space: a number of spacing units, CSS, or a [Spacing]."},
	Prop{"margin", Spacing, "", "is the outer space: a number of spacing units, CSS, or a [Spacing]."},
	Prop{"border", Border, "", "is the border: a width in pixels, a [Border] or [Borders]."},
	radius,
	surface,
	aspect,
	Head,
)

func props(parts ...any) []Prop {
	var all []Prop
	for _, p := range parts {
		switch p := p.(type) {
		case Prop:
			all = append(all, p)
		case []Prop:
			all = append(all, p...)
		}
	}
	return slices.Clip(all)
}

func typography(sizeType string) []Prop {
	return props(Head,
		Prop{"value", Text, "", "is the text."},
		textColor, weight,
		Prop{"size", Enum, sizeType, "is the text's size."},
		textAlign, truncate, maxLines)
}

// Components lists the component types and the kinds of chart series.
var Components = []Component{
	{Type: "Card", File: "roots", Role: Root, Doc: "is a framed widget, with an optional status line, footer buttons and form.", Props: props(Head,
		Prop{"asForm", Bool, "", "makes the card a form: Confirm checks the fields inside and sends their values."},
		Prop{"children", Children, "", "are the components inside, in order."},
		surface,
		Prop{"size", Enum, "CardSize", "is the card's width."},
		Prop{"padding", Spacing, "", "is the inner space: a number of spacing units, CSS, or a [Spacing]."},
		status,
		Prop{"collapsed", Bool, "", "folds the body away after the main action."},
		Prop{"confirm", CardAction, "", "is the footer's confirm button."},
		Prop{"cancel", CardAction, "", "is the footer's cancel button."},
		theme,
		Prop{"border", Border, "", "is the border: a width in pixels, a [Border] or [Borders]. Clients know it; the reference server drops it from its typed cards."},
	)},
	{Type: "ListView", File: "roots", Role: Root, Doc: "is a widget of rows.", Props: props(Head,
		Prop{"children", Items, "", "are the rows, in order."},
		Prop{"limit", Limit, "", "is the number of rows before a control that shows more, or [LimitAuto]."},
		status, theme,
	)},
	{Type: "Basic", File: "roots", Role: Root, Doc: "is a bare root without a frame. Clients use it for previews of entities; it is a widget like the others too.", Props: props(Head,
		Prop{"children", Children, "", "are the components inside, in order."},
		theme, direction,
		Prop{"gap", Numbers, "", "is the space between children in spacing units or CSS."},
		Prop{"padding", FreeSpacing, "", "is the inner space: a number of spacing units, CSS, or a [Spacing]."},
		Prop{"align", Enum, "Alignment", "is the alignment across the direction."},
		Prop{"justify", Enum, "Justification", "is the distribution along the direction."},
		Prop{"", Extra, "", "are further members, written last and as they are."},
	)},
	{Type: "ListViewItem", File: "containers", Doc: "is one row of a [ListView].", Props: props(Head,
		Prop{"children", Children, "", "are the components inside, in order."},
		Prop{"onClickAction", Action, "", "runs when the row is clicked."},
		Prop{"gap", Ints, "", "is the space between children in spacing units or CSS."},
		Prop{"align", Enum, "Alignment", "is the vertical alignment of the content."},
	)},
	{Type: "Box", File: "containers", Doc: "is a container whose direction can be chosen.", Props: props(box, direction)},
	{Type: "Row", File: "containers", Doc: "is a container that lays out its children from left to right.", Props: box},
	{Type: "Col", File: "containers", Doc: "is a container that lays out its children from top to bottom.", Props: box},
	{Type: "Form", File: "containers", Doc: "is a container whose fields are checked and sent together. Their values join the payload of every action that runs inside.", Props: props(box,
		Prop{"onSubmitAction", Action, "", "runs when the form is submitted."},
		direction,
	)},
	{Type: "Transition", File: "containers", Doc: "animates the layout changes of its child.", Props: props(Head,
		Prop{"children", Child, "", "is the component inside, or nil for none."},
	)},
	{Type: "Text", File: "content", Doc: "is plain text. With an id it can be streamed.", Props: props(Head,
		Prop{"value", Growing, "", "is the text."},
		Prop{"streaming", Bool, "", "shows the text as one that grows. While it is true, text deltas are not done."},
		Prop{"italic", Bool, "", "sets the text in italics."},
		Prop{"lineThrough", Bool, "", "strikes the text through."},
		textColor, weight,
		Prop{"width", Floats, "", "is the width in pixels or CSS."},
		Prop{"size", Enum, "TextSize", "is the text's size."},
		textAlign, truncate,
		Prop{"minLines", Int, "", "is the number of lines to keep free."},
		maxLines,
		Prop{"editable", Editable, "", "lets the user edit the text in place: [EditableProps], or [False]."},
	)},
	{Type: "Title", File: "content", Doc: "is a headline.", Props: typography("TitleSize")},
	{Type: "Caption", File: "content", Doc: "is small, secondary text.", Props: typography("CaptionSize")},
	{Type: "Markdown", File: "content", Doc: "is formatted text. With an id it can be streamed.", Props: props(Head,
		Prop{"value", Growing, "", "is the Markdown source."},
		Prop{"streaming", Bool, "", "shows the text as one that grows. While it is true, text deltas are not done."},
	)},
	{Type: "Badge", File: "content", Doc: "is a small label that shows a state or a category.", Props: props(Head,
		Prop{"label", Text, "", "is the text."},
		Prop{"color", Enum, "BadgeColor", "is the badge's colour."},
		Prop{"variant", Enum, "BadgeVariant", "is the badge's style."},
		Prop{"size", Enum, "BadgeSize", "is the badge's size."},
		pill,
	)},
	{Type: "Icon", File: "content", Doc: "is one of the client's icons.", Props: props(Head,
		Prop{"name", IconName, "", "is the icon. It is required."},
		textColor,
		Prop{"size", Enum, "IconSize", "is the icon's size."},
	)},
	{Type: "Image", File: "content", Doc: "is a picture.", Props: props(Head,
		Prop{"src", Name, "", "is the picture's URL. It is required."},
		Prop{"alt", Str, "", "describes the picture to those who cannot see it."},
		Prop{"fit", Enum, "ImageFit", "is how the picture fills its box."},
		Prop{"position", Enum, "ImagePosition", "is the part that stays visible when the picture is cut."},
		radius,
		Prop{"frame", Bool, "", "draws a thin frame."},
		Prop{"flush", Bool, "", "extends the picture to the container's edge."},
		sizes(Ints),
		Prop{"margin", IntSpacing, "", "is the outer space: a number of spacing units, CSS, or a [Spacing]."},
		surface, aspect, flex,
	)},
	{Type: "Divider", File: "content", Doc: "is a line between sections.", Props: props(Head,
		Prop{"color", Color, "", "is default, subtle, strong, a primitive such as red-100, or CSS."},
		Prop{"size", Ints, "", "is the line's thickness in pixels or CSS."},
		Prop{"spacing", Ints, "", "is the space above and below in spacing units or CSS."},
		Prop{"flush", Bool, "", "extends the line to the container's edge."},
	)},
	{Type: "Spacer", File: "content", Doc: "takes up free space and pushes its neighbours apart.", Props: props(Head,
		Prop{"minSize", Ints, "", "is the least space it takes along the direction, in pixels or CSS."},
	)},
	{Type: "Button", File: "controls", Doc: "runs an action or submits a form.", Props: props(Head,
		Prop{"submit", Bool, "", "submits the nearest form."},
		Prop{"label", Str, "", "is the text."},
		Prop{"onClickAction", Action, "", "runs when the button is clicked."},
		Prop{"iconStart", Icon, "", "is an icon before the label, or instead of it."},
		Prop{"iconEnd", Icon, "", "is an icon after the label."},
		Prop{"style", Enum, "ButtonStyle", "is a preset of colour and variant."},
		Prop{"iconSize", Enum, "ButtonIconSize", "is the size of the icons."},
		Prop{"color", Enum, "ButtonColor", "is the button's colour."},
		variant, size, pill,
		Prop{"uniform", Bool, "", "makes the button as wide as it is high."},
		block, disabled,
	)},
	{Type: "Select", File: "controls", Doc: "lets the user choose one of several options from a menu.", Props: props(Head, field,
		Prop{"options", Select, "", "are the choices, in order."},
		onChange, empty,
		Prop{"defaultValue", Str, "", "is the value of the option chosen at first."},
		variant, size, pill, block, clearable, disabled,
		Prop{"searchable", Bool, "", "shows a search box. Defaults to true for more than 15 options."},
	)},
	{Type: "DatePicker", File: "controls", Doc: "lets the user choose a date.", Props: props(Head, field, onChange, empty,
		Prop{"defaultValue", DateTime, "", "is the date chosen at first."},
		Prop{"min", DateTime, "", "is the first date that can be chosen."},
		Prop{"max", DateTime, "", "is the last date that can be chosen."},
		variant, size,
		Prop{"side", Enum, "Side", "is where the calendar opens."},
		Prop{"align", Enum, "PickerAlign", "is how the calendar is aligned with the control."},
		pill, block, clearable, disabled,
	)},
	{Type: "Checkbox", File: "controls", Doc: "lets the user say yes or no.", Props: props(Head, field,
		Prop{"label", Str, "", "is the text beside the box."},
		Prop{"defaultChecked", Bool, "", "ticks the box at first."},
		onChange, disabled, required,
	)},
	{Type: "Input", File: "controls", Doc: "is a field for one line of text.", Props: props(Head, field,
		Prop{"inputType", Enum, "InputType", "is what the field takes."},
		Prop{"defaultValue", Str, "", "is the text at first."},
		required, pattern, empty, autofill, autoSelect, autoFocus, disabled, inputStyle, size, gutter, pill,
	)},
	{Type: "Textarea", File: "controls", Doc: "is a field for several lines of text.", Props: props(Head, field,
		Prop{"defaultValue", Str, "", "is the text at first."},
		required, pattern, empty, autoSelect, autoFocus, disabled, inputStyle, size, gutter,
		Prop{"rows", Int, "", "is the number of lines shown at first."},
		Prop{"autoResize", Bool, "", "lets the field grow and shrink with its content."},
		Prop{"maxRows", Int, "", "is the number of lines up to which AutoResize grows."},
		autofill,
	)},
	{Type: "RadioGroup", File: "controls", Doc: "lets the user choose one of several visible options.", Props: props(Head, field,
		Prop{"options", Radio, "", "are the choices, in order."},
		Prop{"ariaLabel", Str, "", "names the group for screen readers. Defaults to the name."},
		onChange,
		Prop{"defaultValue", Str, "", "is the value of the option chosen at first."},
		Prop{"direction", Enum, "Direction", "is the direction of the options."},
		disabled, required,
	)},
	{Type: "Label", File: "controls", Doc: "names a form field.", Props: props(Head,
		Prop{"value", Text, "", "is the text."},
		Prop{"fieldName", Name, "", "is the name of the field that this label belongs to. It is required."},
		Prop{"size", Enum, "TextSize", "is the text's size."},
		weight, textAlign, textColor,
	)},
	{Type: "Chart", File: "charts", Doc: "shows data as bars, areas and lines.", Props: props(Head,
		Prop{"data", Data, "", "are the rows: field names to strings or numbers. Members are written in the order of their names."},
		Prop{"series", Series, "", "says how fields are drawn: a [*BarSeries], [*AreaSeries] or [*LineSeries] each."},
		Prop{"xAxis", XAxis, "", "names the field of the x axis. Its DataKey is required."},
		Prop{"showYAxis", Bool, "", "draws the y axis."},
		Prop{"showLegend", Bool, "", "draws the legend."},
		Prop{"showTooltip", Bool, "", "shows values under the pointer."},
		Prop{"barGap", Whole, "", "is the space between the bars of one category, in pixels."},
		Prop{"barCategoryGap", Whole, "", "is the space between categories, in pixels."},
		flex, sizes(Ints), aspect,
	)},
	{Type: "bar", Go: "BarSeries", File: "charts", Role: Part, Doc: "draws a field of a [Chart] as bars.", Props: props(Head, seriesLabel, dataKey, stack, chartColor)},
	{Type: "area", Go: "AreaSeries", File: "charts", Role: Part, Doc: "draws a field of a [Chart] as a filled area.", Props: props(Head, seriesLabel, dataKey, stack, chartColor, curve)},
	{Type: "line", Go: "LineSeries", File: "charts", Role: Part, Doc: "draws a field of a [Chart] as a line.", Props: props(Head, seriesLabel, dataKey, chartColor, curve)},
	{Type: "Table", File: "tables", Doc: "is a table. Clients know it; the reference server has no typed class for it.", Props: props(Head,
		Prop{"children", TableRows, "", "are the rows, in order."},
	)},
	{Type: "Table.Row", Go: "TableRow", File: "tables", Doc: "is one row of a [Table].", Props: props(Head,
		Prop{"children", TableCells, "", "are the cells, in order."},
		Prop{"header", Bool, "", "makes it a row of headings."},
	)},
	{Type: "Table.Cell", Go: "TableCell", File: "tables", Doc: "is one cell of a [TableRow].", Props: props(Head,
		Prop{"children", MaybeKids, "", "are the components inside, in order."},
		Prop{"width", Numbers, "", "is the width in pixels or CSS."},
		Prop{"padding", Sides, "", "is the inner space of each side."},
		Prop{"colSpan", Int, "", "is the number of columns it covers."},
		Prop{"rowSpan", Int, "", "is the number of rows it covers."},
		Prop{"align", Enum, "CellAlign", "is the horizontal alignment."},
		Prop{"vAlign", Enum, "CellAlign", "is the vertical alignment."},
		Prop{"colSize", Enum, "ColumnSize", "is the width of its column."},
	)},
}

var (
	seriesLabel = Prop{"label", Str, "", "is the series' name in the legend."}
	dataKey     = Prop{"dataKey", Name, "", "is the field with the numbers. It is required."}
	stack       = Prop{"stack", Str, "", "names a stack: series with the same name stand on each other."}
	curve       = Prop{"curveType", Enum, "CurveType", "is how points are joined."}
)
