package widget

import "encoding/json"

// StripNulls appends the widget raw to dst in its wire form and returns the result: without nulls at any
// depth and without space between tokens (ChatKit protocol: widgets, serialization). Null members and null
// array elements vanish; only a null member named "children" in nested data that is no component, such as an
// action's payload, stays. Everything else, number forms and member order included, is kept.
//
// raw must be valid JSON, see [Validate]. What follows a syntax error is appended unchanged.
func StripNulls(dst []byte, raw json.RawMessage) []byte {
	s := stripper{scanner: scanner{buf: raw}, dst: dst}
	i, err := s.strip(s.space(0), true)
	if err != nil {
		return append(s.dst, raw[min(i, len(raw)):]...)
	}
	return s.dst
}

// stripData is StripNulls for nested data that is no component.
func stripData(dst, raw []byte) ([]byte, error) {
	s := stripper{scanner: scanner{buf: raw}, dst: dst}
	i, err := s.strip(s.space(0), false)
	if err == nil {
		if i = s.space(i); i < len(raw) {
			err = s.syntax(i)
		}
	}
	return s.dst, err
}

type stripper struct {
	scanner
	dst []byte
}

// strip copies the value at i. Component tells whether an object there is a component, or an array there a
// list of components.
func (s *stripper) strip(i int, component bool) (int, error) {
	if i >= len(s.buf) {
		return i, s.syntax(i)
	}
	switch s.buf[i] {
	case '{':
		return s.object(i, component)
	case '[':
		return s.array(i, component)
	}
	end, err := s.value(i)
	if err != nil {
		return i, err
	}
	s.dst = append(s.dst, s.buf[i:end]...)
	return end, nil
}

func (s *stripper) object(i int, component bool) (int, error) {
	i, done, err := s.open(i, '}')
	if err != nil {
		return i, err
	}
	s.dst = append(s.dst, '{')
	first := true
	for !done {
		k, from, err := s.key(i)
		if err != nil {
			return i, err
		}
		children := keyIs(s.bytes(k), "children")
		if s.null(from) && (component || !children) {
			i = from + len("null")
		} else {
			if !first {
				s.dst = append(s.dst, ',')
			}
			first = false
			s.dst = append(s.dst, s.bytes(k)...)
			s.dst = append(s.dst, ':')
			if i, err = s.strip(from, component && children); err != nil {
				return i, err
			}
		}
		if i, done, err = s.next(i, '}'); err != nil {
			return i, err
		}
	}
	s.dst = append(s.dst, '}')
	return i, nil
}

func (s *stripper) array(i int, component bool) (int, error) {
	i, done, err := s.open(i, ']')
	if err != nil {
		return i, err
	}
	s.dst = append(s.dst, '[')
	first := true
	for !done {
		if s.null(i) {
			i += len("null")
		} else {
			if !first {
				s.dst = append(s.dst, ',')
			}
			first = false
			if i, err = s.strip(i, component); err != nil {
				return i, err
			}
		}
		if i, done, err = s.next(i, ']'); err != nil {
			return i, err
		}
	}
	s.dst = append(s.dst, ']')
	return i, nil
}

// null reports whether the value at i is null. No other JSON value begins with an n.
func (s *scanner) null(i int) bool {
	return i+4 <= len(s.buf) && string(s.buf[i:i+4]) == "null"
}
