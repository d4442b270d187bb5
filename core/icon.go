package chatkit

import "github.com/gochatkit/chatkit/core/widget"

// An Icon names an icon of the client, in a progress line, a task or a widget (ChatKit protocol: icon names): one of
// the constants, or a string that starts with "vendor:" or "lucide:". The empty string means no icon.
type Icon = widget.IconName

// The icons that every client has.
const (
	IconAgent             = widget.IconAgent
	IconAnalytics         = widget.IconAnalytics
	IconAtom              = widget.IconAtom
	IconBatch             = widget.IconBatch
	IconBolt              = widget.IconBolt
	IconBookOpen          = widget.IconBookOpen
	IconBookClosed        = widget.IconBookClosed
	IconBookClock         = widget.IconBookClock
	IconBug               = widget.IconBug
	IconCalendar          = widget.IconCalendar
	IconChart             = widget.IconChart
	IconCheck             = widget.IconCheck
	IconCheckCircle       = widget.IconCheckCircle
	IconCheckCircleFilled = widget.IconCheckCircleFilled
	IconChevronLeft       = widget.IconChevronLeft
	IconChevronRight      = widget.IconChevronRight
	IconCircleQuestion    = widget.IconCircleQuestion
	IconClock             = widget.IconClock
	IconCompass           = widget.IconCompass
	IconConfetti          = widget.IconConfetti
	IconCube              = widget.IconCube
	IconDesktop           = widget.IconDesktop
	IconDocument          = widget.IconDocument
	IconDot               = widget.IconDot
	IconDotsHorizontal    = widget.IconDotsHorizontal
	IconDotsVertical      = widget.IconDotsVertical
	IconEmptyCircle       = widget.IconEmptyCircle
	IconExternalLink      = widget.IconExternalLink
	IconGlobe             = widget.IconGlobe
	IconKeys              = widget.IconKeys
	IconLab               = widget.IconLab
	IconImages            = widget.IconImages
	IconInfo              = widget.IconInfo
	IconLifesaver         = widget.IconLifesaver
	IconLightbulb         = widget.IconLightbulb
	IconMail              = widget.IconMail
	IconMapPin            = widget.IconMapPin
	IconMaps              = widget.IconMaps
	IconMobile            = widget.IconMobile
	IconName              = widget.IconNameTag
	IconNotebook          = widget.IconNotebook
	IconNotebookPencil    = widget.IconNotebookPencil
	IconPageBlank         = widget.IconPageBlank
	IconPhone             = widget.IconPhone
	IconPlay              = widget.IconPlay
	IconPlus              = widget.IconPlus
	IconProfile           = widget.IconProfile
	IconProfileCard       = widget.IconProfileCard
	IconReload            = widget.IconReload
	IconStar              = widget.IconStar
	IconStarFilled        = widget.IconStarFilled
	IconSearch            = widget.IconSearch
	IconSparkle           = widget.IconSparkle
	IconSparkleDouble     = widget.IconSparkleDouble
	IconSquareCode        = widget.IconSquareCode
	IconSquareImage       = widget.IconSquareImage
	IconSquareText        = widget.IconSquareText
	IconSuitcase          = widget.IconSuitcase
	IconSettingsSlider    = widget.IconSettingsSlider
	IconUser              = widget.IconUser
	IconWreath            = widget.IconWreath
	IconWrite             = widget.IconWrite
	IconWriteAlt          = widget.IconWriteAlt
	IconWriteAlt2         = widget.IconWriteAlt2
)
