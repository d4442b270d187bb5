package chatkit

import "strings"

// An Icon names an icon of the client (ChatKit protocol: icon names): one of the constants, or a string
// that starts with "vendor:" or "lucide:". The empty string means no icon.
type Icon string

// The icons that every client has.
const (
	IconAgent             Icon = "agent"
	IconAnalytics         Icon = "analytics"
	IconAtom              Icon = "atom"
	IconBatch             Icon = "batch"
	IconBolt              Icon = "bolt"
	IconBookOpen          Icon = "book-open"
	IconBookClosed        Icon = "book-closed"
	IconBookClock         Icon = "book-clock"
	IconBug               Icon = "bug"
	IconCalendar          Icon = "calendar"
	IconChart             Icon = "chart"
	IconCheck             Icon = "check"
	IconCheckCircle       Icon = "check-circle"
	IconCheckCircleFilled Icon = "check-circle-filled"
	IconChevronLeft       Icon = "chevron-left"
	IconChevronRight      Icon = "chevron-right"
	IconCircleQuestion    Icon = "circle-question"
	IconClock             Icon = "clock"
	IconCompass           Icon = "compass"
	IconConfetti          Icon = "confetti"
	IconCube              Icon = "cube"
	IconDesktop           Icon = "desktop"
	IconDocument          Icon = "document"
	IconDot               Icon = "dot"
	IconDotsHorizontal    Icon = "dots-horizontal"
	IconDotsVertical      Icon = "dots-vertical"
	IconEmptyCircle       Icon = "empty-circle"
	IconExternalLink      Icon = "external-link"
	IconGlobe             Icon = "globe"
	IconKeys              Icon = "keys"
	IconLab               Icon = "lab"
	IconImages            Icon = "images"
	IconInfo              Icon = "info"
	IconLifesaver         Icon = "lifesaver"
	IconLightbulb         Icon = "lightbulb"
	IconMail              Icon = "mail"
	IconMapPin            Icon = "map-pin"
	IconMaps              Icon = "maps"
	IconMobile            Icon = "mobile"
	IconName              Icon = "name"
	IconNotebook          Icon = "notebook"
	IconNotebookPencil    Icon = "notebook-pencil"
	IconPageBlank         Icon = "page-blank"
	IconPhone             Icon = "phone"
	IconPlay              Icon = "play"
	IconPlus              Icon = "plus"
	IconProfile           Icon = "profile"
	IconProfileCard       Icon = "profile-card"
	IconReload            Icon = "reload"
	IconStar              Icon = "star"
	IconStarFilled        Icon = "star-filled"
	IconSearch            Icon = "search"
	IconSparkle           Icon = "sparkle"
	IconSparkleDouble     Icon = "sparkle-double"
	IconSquareCode        Icon = "square-code"
	IconSquareImage       Icon = "square-image"
	IconSquareText        Icon = "square-text"
	IconSuitcase          Icon = "suitcase"
	IconSettingsSlider    Icon = "settings-slider"
	IconUser              Icon = "user"
	IconWreath            Icon = "wreath"
	IconWrite             Icon = "write"
	IconWriteAlt          Icon = "write-alt"
	IconWriteAlt2         Icon = "write-alt2"
)

// Valid reports whether a client knows how to show i. The empty string is not valid.
func (i Icon) Valid() bool {
	switch i {
	case IconAgent,
		IconAnalytics,
		IconAtom,
		IconBatch,
		IconBolt,
		IconBookOpen,
		IconBookClosed,
		IconBookClock,
		IconBug,
		IconCalendar,
		IconChart,
		IconCheck,
		IconCheckCircle,
		IconCheckCircleFilled,
		IconChevronLeft,
		IconChevronRight,
		IconCircleQuestion,
		IconClock,
		IconCompass,
		IconConfetti,
		IconCube,
		IconDesktop,
		IconDocument,
		IconDot,
		IconDotsHorizontal,
		IconDotsVertical,
		IconEmptyCircle,
		IconExternalLink,
		IconGlobe,
		IconKeys,
		IconLab,
		IconImages,
		IconInfo,
		IconLifesaver,
		IconLightbulb,
		IconMail,
		IconMapPin,
		IconMaps,
		IconMobile,
		IconName,
		IconNotebook,
		IconNotebookPencil,
		IconPageBlank,
		IconPhone,
		IconPlay,
		IconPlus,
		IconProfile,
		IconProfileCard,
		IconReload,
		IconStar,
		IconStarFilled,
		IconSearch,
		IconSparkle,
		IconSparkleDouble,
		IconSquareCode,
		IconSquareImage,
		IconSquareText,
		IconSuitcase,
		IconSettingsSlider,
		IconUser,
		IconWreath,
		IconWrite,
		IconWriteAlt,
		IconWriteAlt2:
		return true
	}
	return strings.HasPrefix(string(i), "vendor:") || strings.HasPrefix(string(i), "lucide:")
}
