package widget

// cursor walks the members of an object or the elements of an array in JSON that is known to be valid.
type cursor struct {
	s    *scanner
	at   int  // the member or element, or behind the closing bracket if there is none left
	done bool // there is none left
}

// enter returns a cursor at the first member or element of the object or array at i.
func (s *scanner) enter(i int) cursor {
	c := cursor{s: s, at: s.space(i + 1)}
	if b := s.buf[c.at]; b == '}' || b == ']' {
		c.at, c.done = c.at+1, true
	}
	return c
}

// key reads a member's key, with its quotes, and moves on to the value.
func (c *cursor) key() span {
	k, value, _ := c.s.key(c.at)
	c.at = value
	return k
}

// next moves on to the next member or element. From is behind the value of this one.
func (c *cursor) next(from int) {
	c.at = c.s.space(from)
	c.done = c.s.buf[c.at] != ','
	c.at++
	if !c.done {
		c.at = c.s.space(c.at)
	}
}

// skip returns the position behind the value at i.
func (s *scanner) skip(i int) int {
	end, _ := s.value(i)
	return end
}
