// Code generated from internal/spec by go generate. DO NOT EDIT.

package widget

// The icons that have a name of their own.
const (
	IconAgent             IconName = "agent"
	IconAnalytics         IconName = "analytics"
	IconAtom              IconName = "atom"
	IconBatch             IconName = "batch"
	IconBolt              IconName = "bolt"
	IconBookOpen          IconName = "book-open"
	IconBookClosed        IconName = "book-closed"
	IconBookClock         IconName = "book-clock"
	IconBug               IconName = "bug"
	IconCalendar          IconName = "calendar"
	IconChart             IconName = "chart"
	IconCheck             IconName = "check"
	IconCheckCircle       IconName = "check-circle"
	IconCheckCircleFilled IconName = "check-circle-filled"
	IconChevronLeft       IconName = "chevron-left"
	IconChevronRight      IconName = "chevron-right"
	IconCircleQuestion    IconName = "circle-question"
	IconClock             IconName = "clock"
	IconCompass           IconName = "compass"
	IconConfetti          IconName = "confetti"
	IconCube              IconName = "cube"
	IconDesktop           IconName = "desktop"
	IconDocument          IconName = "document"
	IconDot               IconName = "dot"
	IconDotsHorizontal    IconName = "dots-horizontal"
	IconDotsVertical      IconName = "dots-vertical"
	IconEmptyCircle       IconName = "empty-circle"
	IconExternalLink      IconName = "external-link"
	IconGlobe             IconName = "globe"
	IconKeys              IconName = "keys"
	IconLab               IconName = "lab"
	IconImages            IconName = "images"
	IconInfo              IconName = "info"
	IconLifesaver         IconName = "lifesaver"
	IconLightbulb         IconName = "lightbulb"
	IconMail              IconName = "mail"
	IconMapPin            IconName = "map-pin"
	IconMaps              IconName = "maps"
	IconMobile            IconName = "mobile"
	IconNameTag           IconName = "name"
	IconNotebook          IconName = "notebook"
	IconNotebookPencil    IconName = "notebook-pencil"
	IconPageBlank         IconName = "page-blank"
	IconPhone             IconName = "phone"
	IconPlay              IconName = "play"
	IconPlus              IconName = "plus"
	IconProfile           IconName = "profile"
	IconProfileCard       IconName = "profile-card"
	IconReload            IconName = "reload"
	IconStar              IconName = "star"
	IconStarFilled        IconName = "star-filled"
	IconSearch            IconName = "search"
	IconSparkle           IconName = "sparkle"
	IconSparkleDouble     IconName = "sparkle-double"
	IconSquareCode        IconName = "square-code"
	IconSquareImage       IconName = "square-image"
	IconSquareText        IconName = "square-text"
	IconSuitcase          IconName = "suitcase"
	IconSettingsSlider    IconName = "settings-slider"
	IconUser              IconName = "user"
	IconWreath            IconName = "wreath"
	IconWrite             IconName = "write"
	IconWriteAlt          IconName = "write-alt"
	IconWriteAlt2         IconName = "write-alt2"
)

var iconNames = map[IconName]bool{
	IconAgent:             true,
	IconAnalytics:         true,
	IconAtom:              true,
	IconBatch:             true,
	IconBolt:              true,
	IconBookOpen:          true,
	IconBookClosed:        true,
	IconBookClock:         true,
	IconBug:               true,
	IconCalendar:          true,
	IconChart:             true,
	IconCheck:             true,
	IconCheckCircle:       true,
	IconCheckCircleFilled: true,
	IconChevronLeft:       true,
	IconChevronRight:      true,
	IconCircleQuestion:    true,
	IconClock:             true,
	IconCompass:           true,
	IconConfetti:          true,
	IconCube:              true,
	IconDesktop:           true,
	IconDocument:          true,
	IconDot:               true,
	IconDotsHorizontal:    true,
	IconDotsVertical:      true,
	IconEmptyCircle:       true,
	IconExternalLink:      true,
	IconGlobe:             true,
	IconKeys:              true,
	IconLab:               true,
	IconImages:            true,
	IconInfo:              true,
	IconLifesaver:         true,
	IconLightbulb:         true,
	IconMail:              true,
	IconMapPin:            true,
	IconMaps:              true,
	IconMobile:            true,
	IconNameTag:           true,
	IconNotebook:          true,
	IconNotebookPencil:    true,
	IconPageBlank:         true,
	IconPhone:             true,
	IconPlay:              true,
	IconPlus:              true,
	IconProfile:           true,
	IconProfileCard:       true,
	IconReload:            true,
	IconStar:              true,
	IconStarFilled:        true,
	IconSearch:            true,
	IconSparkle:           true,
	IconSparkleDouble:     true,
	IconSquareCode:        true,
	IconSquareImage:       true,
	IconSquareText:        true,
	IconSuitcase:          true,
	IconSettingsSlider:    true,
	IconUser:              true,
	IconWreath:            true,
	IconWrite:             true,
	IconWriteAlt:          true,
	IconWriteAlt2:         true,
}
