// Code generated from internal/spec by go generate. DO NOT EDIT.

package widget

// Theme is a forced colour theme.
type Theme string

// The values of [Theme].
const (
	ThemeLight Theme = "light"
	ThemeDark  Theme = "dark"
)

var themes = []Theme{ThemeLight, ThemeDark}

// Radius is a corner radius.
type Radius string

// The values of [Radius].
const (
	Radius2XS        Radius = "2xs"
	RadiusXS         Radius = "xs"
	RadiusSM         Radius = "sm"
	RadiusMD         Radius = "md"
	RadiusLG         Radius = "lg"
	RadiusXL         Radius = "xl"
	Radius2XL        Radius = "2xl"
	Radius3XL        Radius = "3xl"
	Radius4XL        Radius = "4xl"
	RadiusFull       Radius = "full"
	Radius100Percent Radius = "100%"
	RadiusNone       Radius = "none"
)

var radiuses = []Radius{Radius2XS, RadiusXS, RadiusSM, RadiusMD, RadiusLG, RadiusXL, Radius2XL, Radius3XL, Radius4XL, RadiusFull, Radius100Percent, RadiusNone}

// TextAlign is how text stands in its line.
type TextAlign string

// The values of [TextAlign].
const (
	TextAlignStart  TextAlign = "start"
	TextAlignCenter TextAlign = "center"
	TextAlignEnd    TextAlign = "end"
)

var textAligns = []TextAlign{TextAlignStart, TextAlignCenter, TextAlignEnd}

// TextSize is the size of body text.
type TextSize string

// The values of [TextSize].
const (
	TextSizeXS TextSize = "xs"
	TextSizeSM TextSize = "sm"
	TextSizeMD TextSize = "md"
	TextSizeLG TextSize = "lg"
	TextSizeXL TextSize = "xl"
)

var textSizes = []TextSize{TextSizeXS, TextSizeSM, TextSizeMD, TextSizeLG, TextSizeXL}

// TitleSize is the size of a title.
type TitleSize string

// The values of [TitleSize].
const (
	TitleSizeSM  TitleSize = "sm"
	TitleSizeMD  TitleSize = "md"
	TitleSizeLG  TitleSize = "lg"
	TitleSizeXL  TitleSize = "xl"
	TitleSize2XL TitleSize = "2xl"
	TitleSize3XL TitleSize = "3xl"
	TitleSize4XL TitleSize = "4xl"
	TitleSize5XL TitleSize = "5xl"
)

var titleSizes = []TitleSize{TitleSizeSM, TitleSizeMD, TitleSizeLG, TitleSizeXL, TitleSize2XL, TitleSize3XL, TitleSize4XL, TitleSize5XL}

// CaptionSize is the size of a caption.
type CaptionSize string

// The values of [CaptionSize].
const (
	CaptionSizeSM CaptionSize = "sm"
	CaptionSizeMD CaptionSize = "md"
	CaptionSizeLG CaptionSize = "lg"
)

var captionSizes = []CaptionSize{CaptionSizeSM, CaptionSizeMD, CaptionSizeLG}

// IconSize is the size of an icon.
type IconSize string

// The values of [IconSize].
const (
	IconSizeXS  IconSize = "xs"
	IconSizeSM  IconSize = "sm"
	IconSizeMD  IconSize = "md"
	IconSizeLG  IconSize = "lg"
	IconSizeXL  IconSize = "xl"
	IconSize2XL IconSize = "2xl"
	IconSize3XL IconSize = "3xl"
)

var iconSizes = []IconSize{IconSizeXS, IconSizeSM, IconSizeMD, IconSizeLG, IconSizeXL, IconSize2XL, IconSize3XL}

// Weight is a font weight.
type Weight string

// The values of [Weight].
const (
	WeightNormal   Weight = "normal"
	WeightMedium   Weight = "medium"
	WeightSemibold Weight = "semibold"
	WeightBold     Weight = "bold"
)

var weights = []Weight{WeightNormal, WeightMedium, WeightSemibold, WeightBold}

// Alignment is how children stand across the direction of their container.
type Alignment string

// The values of [Alignment].
const (
	AlignmentStart    Alignment = "start"
	AlignmentCenter   Alignment = "center"
	AlignmentEnd      Alignment = "end"
	AlignmentBaseline Alignment = "baseline"
	AlignmentStretch  Alignment = "stretch"
)

var alignments = []Alignment{AlignmentStart, AlignmentCenter, AlignmentEnd, AlignmentBaseline, AlignmentStretch}

// Justification is how children are spread along the direction of their container.
type Justification string

// The values of [Justification].
const (
	JustificationStart   Justification = "start"
	JustificationCenter  Justification = "center"
	JustificationEnd     Justification = "end"
	JustificationBetween Justification = "between"
	JustificationAround  Justification = "around"
	JustificationEvenly  Justification = "evenly"
	JustificationStretch Justification = "stretch"
)

var justifications = []Justification{JustificationStart, JustificationCenter, JustificationEnd, JustificationBetween, JustificationAround, JustificationEvenly, JustificationStretch}

// Wrap is what a container does with children that do not fit one line.
type Wrap string

// The values of [Wrap].
const (
	WrapNowrap      Wrap = "nowrap"
	WrapWrap        Wrap = "wrap"
	WrapWrapReverse Wrap = "wrap-reverse"
)

var wraps = []Wrap{WrapNowrap, WrapWrap, WrapWrapReverse}

// Direction is the direction in which a container lays out its children.
type Direction string

// The values of [Direction].
const (
	DirectionRow Direction = "row"
	DirectionCol Direction = "col"
)

var directions = []Direction{DirectionRow, DirectionCol}

// CardSize is the width of a card.
type CardSize string

// The values of [CardSize].
const (
	CardSizeSM   CardSize = "sm"
	CardSizeMD   CardSize = "md"
	CardSizeLG   CardSize = "lg"
	CardSizeFull CardSize = "full"
)

var cardSizes = []CardSize{CardSizeSM, CardSizeMD, CardSizeLG, CardSizeFull}

// BadgeColor is the colour of a badge.
type BadgeColor string

// The values of [BadgeColor].
const (
	BadgeColorSecondary BadgeColor = "secondary"
	BadgeColorSuccess   BadgeColor = "success"
	BadgeColorDanger    BadgeColor = "danger"
	BadgeColorWarning   BadgeColor = "warning"
	BadgeColorInfo      BadgeColor = "info"
	BadgeColorDiscovery BadgeColor = "discovery"
)

var badgeColors = []BadgeColor{BadgeColorSecondary, BadgeColorSuccess, BadgeColorDanger, BadgeColorWarning, BadgeColorInfo, BadgeColorDiscovery}

// BadgeVariant is the style of a badge.
type BadgeVariant string

// The values of [BadgeVariant].
const (
	BadgeVariantSolid   BadgeVariant = "solid"
	BadgeVariantSoft    BadgeVariant = "soft"
	BadgeVariantOutline BadgeVariant = "outline"
)

var badgeVariants = []BadgeVariant{BadgeVariantSolid, BadgeVariantSoft, BadgeVariantOutline}

// BadgeSize is the size of a badge.
type BadgeSize string

// The values of [BadgeSize].
const (
	BadgeSizeSM BadgeSize = "sm"
	BadgeSizeMD BadgeSize = "md"
	BadgeSizeLG BadgeSize = "lg"
)

var badgeSizes = []BadgeSize{BadgeSizeSM, BadgeSizeMD, BadgeSizeLG}

// ImageFit is how an image fills its box, as in CSS object-fit.
type ImageFit string

// The values of [ImageFit].
const (
	ImageFitCover     ImageFit = "cover"
	ImageFitContain   ImageFit = "contain"
	ImageFitFill      ImageFit = "fill"
	ImageFitScaleDown ImageFit = "scale-down"
	ImageFitNone      ImageFit = "none"
)

var imageFits = []ImageFit{ImageFitCover, ImageFitContain, ImageFitFill, ImageFitScaleDown, ImageFitNone}

// ImagePosition is the part of an image that stays visible when it is cut.
type ImagePosition string

// The values of [ImagePosition].
const (
	ImagePositionTopLeft     ImagePosition = "top left"
	ImagePositionTop         ImagePosition = "top"
	ImagePositionTopRight    ImagePosition = "top right"
	ImagePositionLeft        ImagePosition = "left"
	ImagePositionCenter      ImagePosition = "center"
	ImagePositionRight       ImagePosition = "right"
	ImagePositionBottomLeft  ImagePosition = "bottom left"
	ImagePositionBottom      ImagePosition = "bottom"
	ImagePositionBottomRight ImagePosition = "bottom right"
)

var imagePositions = []ImagePosition{ImagePositionTopLeft, ImagePositionTop, ImagePositionTopRight, ImagePositionLeft, ImagePositionCenter, ImagePositionRight, ImagePositionBottomLeft, ImagePositionBottom, ImagePositionBottomRight}

// BorderStyle is the line of a border, as in CSS.
type BorderStyle string

// The values of [BorderStyle].
const (
	BorderStyleSolid  BorderStyle = "solid"
	BorderStyleDashed BorderStyle = "dashed"
	BorderStyleDotted BorderStyle = "dotted"
	BorderStyleDouble BorderStyle = "double"
	BorderStyleGroove BorderStyle = "groove"
	BorderStyleRidge  BorderStyle = "ridge"
	BorderStyleInset  BorderStyle = "inset"
	BorderStyleOutset BorderStyle = "outset"
)

var borderStyles = []BorderStyle{BorderStyleSolid, BorderStyleDashed, BorderStyleDotted, BorderStyleDouble, BorderStyleGroove, BorderStyleRidge, BorderStyleInset, BorderStyleOutset}

// ButtonStyle is a preset of a button's colour and variant.
type ButtonStyle string

// The values of [ButtonStyle].
const (
	ButtonStylePrimary   ButtonStyle = "primary"
	ButtonStyleSecondary ButtonStyle = "secondary"
)

var buttonStyles = []ButtonStyle{ButtonStylePrimary, ButtonStyleSecondary}

// ButtonColor is the colour of a button.
type ButtonColor string

// The values of [ButtonColor].
const (
	ButtonColorPrimary   ButtonColor = "primary"
	ButtonColorSecondary ButtonColor = "secondary"
	ButtonColorInfo      ButtonColor = "info"
	ButtonColorDiscovery ButtonColor = "discovery"
	ButtonColorSuccess   ButtonColor = "success"
	ButtonColorCaution   ButtonColor = "caution"
	ButtonColorWarning   ButtonColor = "warning"
	ButtonColorDanger    ButtonColor = "danger"
)

var buttonColors = []ButtonColor{ButtonColorPrimary, ButtonColorSecondary, ButtonColorInfo, ButtonColorDiscovery, ButtonColorSuccess, ButtonColorCaution, ButtonColorWarning, ButtonColorDanger}

// ButtonIconSize is the size of a button's icons.
type ButtonIconSize string

// The values of [ButtonIconSize].
const (
	ButtonIconSizeSM  ButtonIconSize = "sm"
	ButtonIconSizeMD  ButtonIconSize = "md"
	ButtonIconSizeLG  ButtonIconSize = "lg"
	ButtonIconSizeXL  ButtonIconSize = "xl"
	ButtonIconSize2XL ButtonIconSize = "2xl"
)

var buttonIconSizes = []ButtonIconSize{ButtonIconSizeSM, ButtonIconSizeMD, ButtonIconSizeLG, ButtonIconSizeXL, ButtonIconSize2XL}

// ControlVariant is the style of a button, a select or a date picker.
type ControlVariant string

// The values of [ControlVariant].
const (
	ControlVariantSolid   ControlVariant = "solid"
	ControlVariantSoft    ControlVariant = "soft"
	ControlVariantOutline ControlVariant = "outline"
	ControlVariantGhost   ControlVariant = "ghost"
)

var controlVariants = []ControlVariant{ControlVariantSolid, ControlVariantSoft, ControlVariantOutline, ControlVariantGhost}

// ControlSize is the size of a control.
type ControlSize string

// The values of [ControlSize].
const (
	ControlSize3XS ControlSize = "3xs"
	ControlSize2XS ControlSize = "2xs"
	ControlSizeXS  ControlSize = "xs"
	ControlSizeSM  ControlSize = "sm"
	ControlSizeMD  ControlSize = "md"
	ControlSizeLG  ControlSize = "lg"
	ControlSizeXL  ControlSize = "xl"
	ControlSize2XL ControlSize = "2xl"
	ControlSize3XL ControlSize = "3xl"
)

var controlSizes = []ControlSize{ControlSize3XS, ControlSize2XS, ControlSizeXS, ControlSizeSM, ControlSizeMD, ControlSizeLG, ControlSizeXL, ControlSize2XL, ControlSize3XL}

// InputVariant is the style of an input or a text area.
type InputVariant string

// The values of [InputVariant].
const (
	InputVariantSoft    InputVariant = "soft"
	InputVariantOutline InputVariant = "outline"
)

var inputVariants = []InputVariant{InputVariantSoft, InputVariantOutline}

// GutterSize is the space at the edges inside an input.
type GutterSize string

// The values of [GutterSize].
const (
	GutterSize2XS GutterSize = "2xs"
	GutterSizeXS  GutterSize = "xs"
	GutterSizeSM  GutterSize = "sm"
	GutterSizeMD  GutterSize = "md"
	GutterSizeLG  GutterSize = "lg"
	GutterSizeXL  GutterSize = "xl"
)

var gutterSizes = []GutterSize{GutterSize2XS, GutterSizeXS, GutterSizeSM, GutterSizeMD, GutterSizeLG, GutterSizeXL}

// InputType is what an input takes, as in HTML.
type InputType string

// The values of [InputType].
const (
	InputTypeNumber   InputType = "number"
	InputTypeEmail    InputType = "email"
	InputTypeText     InputType = "text"
	InputTypePassword InputType = "password"
	InputTypeTel      InputType = "tel"
	InputTypeURL      InputType = "url"
)

var inputTypes = []InputType{InputTypeNumber, InputTypeEmail, InputTypeText, InputTypePassword, InputTypeTel, InputTypeURL}

// Side is the side of the control on which a calendar opens.
type Side string

// The values of [Side].
const (
	SideTop    Side = "top"
	SideBottom Side = "bottom"
	SideLeft   Side = "left"
	SideRight  Side = "right"
)

var sides = []Side{SideTop, SideBottom, SideLeft, SideRight}

// PickerAlign is how an open calendar is aligned with its control.
type PickerAlign string

// The values of [PickerAlign].
const (
	PickerAlignStart  PickerAlign = "start"
	PickerAlignCenter PickerAlign = "center"
	PickerAlignEnd    PickerAlign = "end"
)

var pickerAligns = []PickerAlign{PickerAlignStart, PickerAlignCenter, PickerAlignEnd}

// CellAlign is how a table cell's content is aligned.
type CellAlign string

// The values of [CellAlign].
const (
	CellAlignStart  CellAlign = "start"
	CellAlignCenter CellAlign = "center"
	CellAlignEnd    CellAlign = "end"
)

var cellAligns = []CellAlign{CellAlignStart, CellAlignCenter, CellAlignEnd}

// ColumnSize is the width of a table column.
type ColumnSize string

// The values of [ColumnSize].
const (
	ColumnSizeXS ColumnSize = "xs"
	ColumnSizeSM ColumnSize = "sm"
	ColumnSizeMD ColumnSize = "md"
	ColumnSizeLG ColumnSize = "lg"
	ColumnSizeXL ColumnSize = "xl"
)

var columnSizes = []ColumnSize{ColumnSizeXS, ColumnSizeSM, ColumnSizeMD, ColumnSizeLG, ColumnSizeXL}

// CurveType is how a line between data points is drawn.
type CurveType string

// The values of [CurveType].
const (
	CurveTypeBasis        CurveType = "basis"
	CurveTypeBasisClosed  CurveType = "basisClosed"
	CurveTypeBasisOpen    CurveType = "basisOpen"
	CurveTypeBumpX        CurveType = "bumpX"
	CurveTypeBumpY        CurveType = "bumpY"
	CurveTypeBump         CurveType = "bump"
	CurveTypeLinear       CurveType = "linear"
	CurveTypeLinearClosed CurveType = "linearClosed"
	CurveTypeNatural      CurveType = "natural"
	CurveTypeMonotoneX    CurveType = "monotoneX"
	CurveTypeMonotoneY    CurveType = "monotoneY"
	CurveTypeMonotone     CurveType = "monotone"
	CurveTypeStep         CurveType = "step"
	CurveTypeStepBefore   CurveType = "stepBefore"
	CurveTypeStepAfter    CurveType = "stepAfter"
)

var curveTypes = []CurveType{CurveTypeBasis, CurveTypeBasisClosed, CurveTypeBasisOpen, CurveTypeBumpX, CurveTypeBumpY, CurveTypeBump, CurveTypeLinear, CurveTypeLinearClosed, CurveTypeNatural, CurveTypeMonotoneX, CurveTypeMonotoneY, CurveTypeMonotone, CurveTypeStep, CurveTypeStepBefore, CurveTypeStepAfter}

// Handler is who handles an action.
type Handler string

// The values of [Handler].
const (
	HandlerServer Handler = "server"
	HandlerClient Handler = "client"
)

var handlers = []Handler{HandlerServer, HandlerClient}

// LoadingBehavior is what shows that an action runs.
type LoadingBehavior string

// The values of [LoadingBehavior].
const (
	LoadingBehaviorAuto      LoadingBehavior = "auto"
	LoadingBehaviorNone      LoadingBehavior = "none"
	LoadingBehaviorSelf      LoadingBehavior = "self"
	LoadingBehaviorContainer LoadingBehavior = "container"
)

var loadingBehaviors = []LoadingBehavior{LoadingBehaviorAuto, LoadingBehaviorNone, LoadingBehaviorSelf, LoadingBehaviorContainer}
