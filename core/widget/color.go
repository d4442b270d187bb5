package widget

import (
	"strings"

	"github.com/gochatkit/chatkit/core/internal/jsonx"
)

// Color is a token of the client such as "secondary", a primitive such as "red-100", CSS such as "#eee", or
// a pair made by [Themed]. Any text is allowed. Empty is unset.
type Color string

// Themed is one colour for dark themes and another for light ones.
func Themed(dark, light string) Color {
	// The pair is kept as its JSON, which no colour can be mistaken for: none begins with a brace.
	b := jsonx.AppendString([]byte(`{"dark":`), dark)
	b = jsonx.AppendString(append(b, `,"light":`...), light)
	return Color(append(b, '}'))
}

func (e *encoder) color(name string, c Color) {
	if !strings.HasPrefix(string(c), "{") {
		e.str(name, string(c))
		return
	}
	s := scanner{buf: []byte(c)}
	if s.whole() != nil {
		e.fail(name, "%q is not a colour", string(c))
	}
	e.name(name)
	e.buf = append(e.buf, c...)
}
