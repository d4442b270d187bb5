package chatkit

import "github.com/gochatkit/chatkit/core/internal/jsonx"

func (e *encoder) task(t Task) {
	if isNil(t) {
		e.fail("task: %w", errNil)
		return
	}
	switch t := t.(type) {
	case *CustomTask:
		e.indicator(t.StatusIndicator)
		e.lit(`,"type":"custom"`)
		e.optional(`,"title":`, t.Title)
		e.optional(`,"icon":`, string(t.Icon))
		e.optional(`,"content":`, t.Content)
	case *WebSearchTask:
		e.indicator(t.StatusIndicator)
		e.lit(`,"type":"web_search"`)
		e.optional(`,"title":`, t.Title)
		e.optional(`,"title_query":`, t.TitleQuery)
		e.strings(`,"queries":`, t.Queries)
		list(e, `,"sources":`, t.Sources, func(e *encoder, s *URLSource) { e.source(s) })
	case *ThoughtTask:
		e.indicator(t.StatusIndicator)
		e.lit(`,"type":"thought"`)
		e.optional(`,"title":`, t.Title)
		e.str(`,"content":`, t.Content)
	case *FileTask:
		e.indicator(t.StatusIndicator)
		e.lit(`,"type":"file"`)
		e.optional(`,"title":`, t.Title)
		list(e, `,"sources":`, t.Sources, func(e *encoder, s *FileSource) { e.source(s) })
	case *ImageTask:
		e.indicator(t.StatusIndicator)
		e.lit(`,"type":"image"`)
		e.optional(`,"title":`, t.Title)
	case *UnknownTask:
		e.unknown(t.Type, t.Raw)
		return
	}
	e.lit("}")
}

func (e *encoder) indicator(s StatusIndicator) {
	e.str(`{"status_indicator":`, or(s, StatusNone))
}

func (d *decoder) indicator(m jsonx.Value) StatusIndicator {
	return StatusIndicator(or(d.str(m), string(StatusNone)))
}

func (d *decoder) task(v jsonx.Value) Task {
	switch kind := d.kind(v); kind {
	case "custom":
		return d.customTask(v)
	case "web_search":
		return d.webSearchTask(v)
	case "thought":
		return d.thoughtTask(v)
	case "file":
		return d.fileTask(v)
	case "image":
		return d.imageTask(v)
	default:
		return &UnknownTask{Type: kind, Raw: d.raw(v)}
	}
}

func (d *decoder) customTask(v jsonx.Value) *CustomTask {
	t := &CustomTask{StatusIndicator: StatusNone}
	for name, m := range d.members(v) {
		switch string(name) {
		case "status_indicator":
			t.StatusIndicator = d.indicator(m)
		case "title":
			t.Title = d.str(m)
		case "icon":
			t.Icon = Icon(d.str(m))
		case "content":
			t.Content = d.str(m)
		}
	}
	return t
}

func (d *decoder) webSearchTask(v jsonx.Value) *WebSearchTask {
	t := &WebSearchTask{StatusIndicator: StatusNone}
	for name, m := range d.members(v) {
		switch string(name) {
		case "status_indicator":
			t.StatusIndicator = d.indicator(m)
		case "title":
			t.Title = d.str(m)
		case "title_query":
			t.TitleQuery = d.str(m)
		case "queries":
			t.Queries = listOf(d, m, (*decoder).str)
		case "sources":
			t.Sources = listOf(d, m, (*decoder).urlSource)
		}
	}
	return t
}

func (d *decoder) thoughtTask(v jsonx.Value) *ThoughtTask {
	t := &ThoughtTask{StatusIndicator: StatusNone}
	for name, m := range d.members(v) {
		switch string(name) {
		case "status_indicator":
			t.StatusIndicator = d.indicator(m)
		case "title":
			t.Title = d.str(m)
		case "content":
			t.Content = d.str(m)
		}
	}
	return t
}

func (d *decoder) fileTask(v jsonx.Value) *FileTask {
	t := &FileTask{StatusIndicator: StatusNone}
	for name, m := range d.members(v) {
		switch string(name) {
		case "status_indicator":
			t.StatusIndicator = d.indicator(m)
		case "title":
			t.Title = d.str(m)
		case "sources":
			t.Sources = listOf(d, m, (*decoder).fileSource)
		}
	}
	return t
}

func (d *decoder) imageTask(v jsonx.Value) *ImageTask {
	t := &ImageTask{StatusIndicator: StatusNone}
	for name, m := range d.members(v) {
		switch string(name) {
		case "status_indicator":
			t.StatusIndicator = d.indicator(m)
		case "title":
			t.Title = d.str(m)
		}
	}
	return t
}

func marshalTask(t Task) ([]byte, error) {
	return encode(nil, storedForm, func(e *encoder) { e.task(t) })
}

// UnmarshalTask reads a task of any kind. One of a kind that this version does not know becomes an
// [*UnknownTask]; members that it does not know are left out.
func UnmarshalTask(data []byte) (Task, error) { return decode(data, (*decoder).task) }

// MarshalJSON implements [json.Marshaler].
func (t CustomTask) MarshalJSON() ([]byte, error) { return marshalTask(&t) }

// UnmarshalJSON implements [json.Unmarshaler].
func (t *CustomTask) UnmarshalJSON(data []byte) error { return decodeInto(t, data, UnmarshalTask) }

// MarshalJSON implements [json.Marshaler].
func (t WebSearchTask) MarshalJSON() ([]byte, error) { return marshalTask(&t) }

// UnmarshalJSON implements [json.Unmarshaler].
func (t *WebSearchTask) UnmarshalJSON(data []byte) error { return decodeInto(t, data, UnmarshalTask) }

// MarshalJSON implements [json.Marshaler].
func (t ThoughtTask) MarshalJSON() ([]byte, error) { return marshalTask(&t) }

// UnmarshalJSON implements [json.Unmarshaler].
func (t *ThoughtTask) UnmarshalJSON(data []byte) error { return decodeInto(t, data, UnmarshalTask) }

// MarshalJSON implements [json.Marshaler].
func (t FileTask) MarshalJSON() ([]byte, error) { return marshalTask(&t) }

// UnmarshalJSON implements [json.Unmarshaler].
func (t *FileTask) UnmarshalJSON(data []byte) error { return decodeInto(t, data, UnmarshalTask) }

// MarshalJSON implements [json.Marshaler].
func (t ImageTask) MarshalJSON() ([]byte, error) { return marshalTask(&t) }

// UnmarshalJSON implements [json.Unmarshaler].
func (t *ImageTask) UnmarshalJSON(data []byte) error { return decodeInto(t, data, UnmarshalTask) }

// MarshalJSON implements [json.Marshaler].
func (t UnknownTask) MarshalJSON() ([]byte, error) { return marshalTask(&t) }

// UnmarshalJSON implements [json.Unmarshaler].
func (t *UnknownTask) UnmarshalJSON(data []byte) error { return decodeInto(t, data, UnmarshalTask) }
