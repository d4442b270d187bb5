package chatkit

import "encoding/json"

// An Action is what a widget, or the application's own page, asks the server to do. It comes from a
// browser: check it like any other input.
type Action struct {
	Type    string          // never empty
	Payload json.RawMessage // any JSON; null if there was none
	Sender  *WidgetItem     // the widget that sent it; nil if it came from elsewhere
}
