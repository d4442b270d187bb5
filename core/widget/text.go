package widget

// textAt is where a Text or Markdown component with an id stands in a widget's JSON.
type textAt struct {
	id        string
	value     span // with its quotes
	streaming span // empty if there is no such member
	lone      bool // somewhere above it is a child that stands alone, so the reference's search misses it
}

// texts calls found for each text with an id in the component at i, in the order of the tree. Lone tells that
// the component is below a child that stands alone. The JSON must be valid.
func (s *scanner) texts(i int, lone bool, found func(textAt)) {
	t := textAt{lone: lone}
	var typ string
	var below span
	var isText bool
	for c := s.enter(i); !c.done; {
		m := memberOf(s.bytes(c.key()))
		v := span{c.at, s.skip(c.at)}
		if s.null(v.from) {
			m = other // never reaches the client
		}
		switch m {
		case componentType:
			typ = text(s.bytes(v))
		case componentID:
			t.id = text(s.bytes(v))
		case textValue:
			t.value, isText = v, s.buf[v.from] == '"'
		case streamingFlag:
			t.streaming = v
		case children:
			below = v
		}
		c.next(v.to)
	}
	if isText && t.id != "" && (typ == "Text" || typ == "Markdown") {
		found(t)
	}
	if below.to == 0 {
		return
	}
	switch s.buf[below.from] {
	case '{':
		s.texts(below.from, true, found)
	case '[':
		for c := s.enter(below.from); !c.done; c.next(s.skip(c.at)) {
			if s.buf[c.at] == '{' {
				s.texts(c.at, lone, found)
			}
		}
	}
}
