package chatkit

import "github.com/gochatkit/chatkit/core/internal/jsonx"

func (e *encoder) source(s Source) {
	if isNil(s) {
		e.fail("source: %w", errNil)
		return
	}
	if u, ok := s.(*UnknownSource); ok {
		e.unknown(u.Type, u.Raw)
		return
	}
	m := s.Meta()
	e.str(`{"title":`, m.Title)
	e.optional(`,"description":`, m.Description)
	e.optional(`,"timestamp":`, m.Timestamp)
	e.optional(`,"group":`, m.Group)
	switch s := s.(type) {
	case *URLSource:
		e.str(`,"type":"url","url":`, s.URL)
		e.optional(`,"attribution":`, s.Attribution)
	case *FileSource:
		e.str(`,"type":"file","filename":`, s.Filename)
	case *EntitySource:
		e.str(`,"type":"entity","id":`, s.ID)
		e.optional(`,"icon":`, string(s.Icon))
		e.optional(`,"label":`, s.Label)
		e.optional(`,"inline_label":`, s.InlineLabel)
		e.bool(`,"interactive":`, s.Interactive)
		e.raw(`,"data":`, s.Data, "{}")
		e.optional(`,"preview":`, s.Preview)
	case *UnknownSource: // above
	}
	e.lit("}")
}

func (d *decoder) source(v jsonx.Value) Source {
	switch kind := d.kind(v); kind {
	case "url":
		return d.urlSource(v)
	case "file":
		return d.fileSource(v)
	case "entity":
		return d.entitySource(v)
	default:
		u := &UnknownSource{Type: kind, Raw: d.raw(v)}
		for name, m := range v.Members() {
			if m.Kind() == jsonx.String { // of anything else an unknown kind may make what it likes
				d.sourceMeta(&u.SourceMeta, string(name), m)
			}
		}
		return u
	}
}

func (d *decoder) sourceMeta(s *SourceMeta, name string, m jsonx.Value) bool {
	switch name {
	case "title":
		s.Title = d.str(m)
	case "description":
		s.Description = d.str(m)
	case "timestamp":
		s.Timestamp = d.str(m)
	case "group":
		s.Group = d.str(m)
	default:
		return false
	}
	return true
}

func (d *decoder) urlSource(v jsonx.Value) *URLSource {
	s := &URLSource{}
	for name, m := range d.members(v) {
		switch {
		case d.sourceMeta(&s.SourceMeta, string(name), m):
		case string(name) == "url":
			s.URL = d.str(m)
		case string(name) == "attribution":
			s.Attribution = d.str(m)
		}
	}
	return s
}

func (d *decoder) fileSource(v jsonx.Value) *FileSource {
	s := &FileSource{}
	for name, m := range d.members(v) {
		switch {
		case d.sourceMeta(&s.SourceMeta, string(name), m):
		case string(name) == "filename":
			s.Filename = d.str(m)
		}
	}
	return s
}

func (d *decoder) entitySource(v jsonx.Value) *EntitySource {
	s := &EntitySource{}
	for name, m := range d.members(v) {
		if d.sourceMeta(&s.SourceMeta, string(name), m) {
			continue
		}
		switch string(name) {
		case "id":
			s.ID = d.str(m)
		case "icon":
			s.Icon = Icon(d.str(m))
		case "label":
			s.Label = d.str(m)
		case "inline_label":
			s.InlineLabel = d.str(m)
		case "interactive":
			s.Interactive = d.bool(m)
		case "data":
			s.Data = d.free(m)
		case "preview":
			s.Preview = d.str(m)
		}
	}
	return s
}

func marshalSource(s Source) ([]byte, error) {
	return encode(nil, storedForm, func(e *encoder) { e.source(s) })
}

func unmarshalSource(data []byte) (Source, error) { return decode(data, (*decoder).source) }

// MarshalJSON implements [json.Marshaler].
func (s URLSource) MarshalJSON() ([]byte, error) { return marshalSource(&s) }

// UnmarshalJSON implements [json.Unmarshaler].
func (s *URLSource) UnmarshalJSON(data []byte) error { return decodeInto(s, data, unmarshalSource) }

// MarshalJSON implements [json.Marshaler].
func (s FileSource) MarshalJSON() ([]byte, error) { return marshalSource(&s) }

// UnmarshalJSON implements [json.Unmarshaler].
func (s *FileSource) UnmarshalJSON(data []byte) error { return decodeInto(s, data, unmarshalSource) }

// MarshalJSON implements [json.Marshaler].
func (s EntitySource) MarshalJSON() ([]byte, error) { return marshalSource(&s) }

// UnmarshalJSON implements [json.Unmarshaler].
func (s *EntitySource) UnmarshalJSON(data []byte) error { return decodeInto(s, data, unmarshalSource) }

// MarshalJSON implements [json.Marshaler].
func (s UnknownSource) MarshalJSON() ([]byte, error) { return marshalSource(&s) }

// UnmarshalJSON implements [json.Unmarshaler].
func (s *UnknownSource) UnmarshalJSON(data []byte) error { return decodeInto(s, data, unmarshalSource) }
