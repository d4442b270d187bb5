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
	var children span
	var isText bool
	i, done, err := s.open(i, '}')
	for !done && err == nil {
		var k span
		if k, i, err = s.key(i); err != nil {
			return
		}
		v := span{from: i}
		if i, err = s.value(i); err != nil {
			return
		}
		v.to = i
		bit := memberBit(s.bytes(k))
		if s.null(v.from) {
			bit = 0 // never reaches the client
		}
		switch bit {
		case seenType:
			typ = text(s.bytes(v))
		case seenID:
			t.id = text(s.bytes(v))
		case seenValue:
			t.value, isText = v, s.buf[v.from] == '"'
		case seenStreaming:
			t.streaming = v
		case seenChildren:
			children = v
		}
		i, done, err = s.next(i, '}')
	}
	if isText && t.id != "" && (typ == "Text" || typ == "Markdown") {
		found(t)
	}
	if children.to == 0 {
		return
	}
	i = children.from
	switch s.buf[i] {
	case '{':
		s.texts(i, true, found)
	case '[':
		i, done, err = s.open(i, ']')
		for !done && err == nil {
			if s.buf[i] == '{' {
				s.texts(i, lone, found)
			}
			if i, err = s.value(i); err == nil {
				i, done, err = s.next(i, ']')
			}
		}
	}
}
