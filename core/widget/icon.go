package widget

import "strings"

// IconName is an icon of the client: one of the constants, or a name with the prefix "lucide:" or "vendor:"
// for the icon sets the client brings along (ChatKit protocol: icon names).
type IconName string

// Valid reports whether the client takes n as the name of an icon.
func (n IconName) Valid() bool {
	return iconNames[n] || strings.HasPrefix(string(n), "vendor:") || strings.HasPrefix(string(n), "lucide:")
}
