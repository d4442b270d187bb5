package widget

// Status is the header line of a [Card] or [ListView] (ChatKit protocol: shared widget types). It has an icon
// or a favicon, not both.
type Status struct {
	// Text is the line. It is always written.
	Text string
	// Favicon is the URL of a small picture at the start of the line.
	Favicon string
	// Frame draws a frame around the favicon.
	Frame Bool
	// Icon is an icon at the start of the line.
	Icon IconName
}

func (e *encoder) status(name string, s *Status) {
	if s == nil {
		return
	}
	if s.Icon != "" && (s.Favicon != "" || s.Frame != Unset) {
		e.fail(name, "has an icon and a favicon")
	}
	e.object(name)
	e.text("text", s.Text)
	e.str("favicon", s.Favicon)
	e.boolean("frame", s.Frame)
	e.icon("icon", s.Icon)
	e.close()
}
