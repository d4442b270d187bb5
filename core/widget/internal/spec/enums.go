package spec

import "strings"

func values(s string) []string { return strings.Fields(s) }

// Enums lists the types with fixed values.
var Enums = []EnumType{
	{"Theme", "a forced colour theme.", values("light dark")},
	{"Radius", "a corner radius.", values("2xs xs sm md lg xl 2xl 3xl 4xl full 100% none")},
	{"TextAlign", "how text stands in its line.", values("start center end")},
	{"TextSize", "the size of body text.", values("xs sm md lg xl")},
	{"TitleSize", "the size of a title.", values("sm md lg xl 2xl 3xl 4xl 5xl")},
	{"CaptionSize", "the size of a caption.", values("sm md lg")},
	{"IconSize", "the size of an icon.", values("xs sm md lg xl 2xl 3xl")},
	{"Weight", "a font weight.", values("normal medium semibold bold")},
	{"Alignment", "how children stand across the direction of their container.", values("start center end baseline stretch")},
	{"Justification", "how children are spread along the direction of their container.", values("start center end between around evenly stretch")},
	{"Wrap", "what a container does with children that do not fit one line.", values("nowrap wrap wrap-reverse")},
	{"Direction", "the direction in which a container lays out its children.", values("row col")},
	{"CardSize", "the width of a card.", values("sm md lg full")},
	{"BadgeColor", "the colour of a badge.", values("secondary success danger warning info discovery")},
	{"BadgeVariant", "the style of a badge.", values("solid soft outline")},
	{"BadgeSize", "the size of a badge.", values("sm md lg")},
	{"ImageFit", "how an image fills its box, as in CSS object-fit.", values("cover contain fill scale-down none")},
	{"ImagePosition", "the part of an image that stays visible when it is cut.", []string{"top left", "top", "top right", "left", "center", "right", "bottom left", "bottom", "bottom right"}},
	{"BorderStyle", "the line of a border, as in CSS.", values("solid dashed dotted double groove ridge inset outset")},
	{"ButtonStyle", "a preset of a button's colour and variant.", values("primary secondary")},
	{"ButtonColor", "the colour of a button.", values("primary secondary info discovery success caution warning danger")},
	{"ButtonIconSize", "the size of a button's icons.", values("sm md lg xl 2xl")},
	{"ControlVariant", "the style of a button, a select or a date picker.", values("solid soft outline ghost")},
	{"ControlSize", "the size of a control.", values("3xs 2xs xs sm md lg xl 2xl 3xl")},
	{"InputVariant", "the style of an input or a text area.", values("soft outline")},
	{"GutterSize", "the space at the edges inside an input.", values("2xs xs sm md lg xl")},
	{"InputType", "what an input takes, as in HTML.", values("number email text password tel url")},
	{"Side", "the side of the control on which a calendar opens.", values("top bottom left right")},
	{"PickerAlign", "how an open calendar is aligned with its control.", values("start center end")},
	{"CellAlign", "how a table cell's content is aligned.", values("start center end")},
	{"ColumnSize", "the width of a table column.", values("xs sm md lg xl")},
	{"CurveType", "how a line between data points is drawn.", values("basis basisClosed basisOpen bumpX bumpY bump linear linearClosed natural monotoneX monotoneY monotone step stepBefore stepAfter")},
	{"Handler", "who handles an action.", values("server client")},
	{"LoadingBehavior", "what shows that an action runs.", values("auto none self container")},
}

// Icons lists the icons that have a name of their own.
var Icons = values(`agent analytics atom batch bolt book-open book-closed book-clock bug calendar chart check
	check-circle check-circle-filled chevron-left chevron-right circle-question clock compass confetti cube desktop
	document dot dots-horizontal dots-vertical empty-circle external-link globe keys lab images info lifesaver
	lightbulb mail map-pin maps mobile name notebook notebook-pencil page-blank phone play plus profile profile-card
	reload star star-filled search sparkle sparkle-double square-code square-image square-text suitcase
	settings-slider user wreath write write-alt write-alt2`)
