package chatkit

import "github.com/gochatkit/chatkit/core/internal/jsonx"

func (e *encoder) workflow(w Workflow) {
	e.str(`{"type":`, string(w.Type))
	list(e, `,"tasks":`, w.Tasks, (*encoder).task)
	if w.Summary != nil {
		e.lit(`,"summary":`)
		e.summary(w.Summary)
	}
	e.bool(`,"expanded":`, w.Expanded)
	e.lit("}")
}

func (e *encoder) summary(s WorkflowSummary) {
	if isNil(s) {
		e.fail("summary: %w", errNil)
		return
	}
	switch s := s.(type) {
	case *CustomSummary:
		e.str(`{"title":`, s.Title)
		e.optional(`,"icon":`, string(s.Icon))
	case *DurationSummary:
		e.int(`{"duration":`, s.Duration)
	case *UnknownSummary:
		e.raw("", s.Raw, "{}")
		return
	}
	e.lit("}")
}

func (d *decoder) workflow(v jsonx.Value) (w Workflow) {
	for name, m := range d.members(v) {
		switch string(name) {
		case "type":
			w.Type = WorkflowType(d.str(m))
		case "tasks":
			w.Tasks = listOf(d, m, (*decoder).task)
		case "summary":
			if m.Kind() != jsonx.Null {
				w.Summary = d.summary(m)
			}
		case "expanded":
			w.Expanded = d.bool(m)
		}
	}
	return w
}

// summary tells the kinds apart by their members, because they have no type (ChatKit protocol: workflow).
func (d *decoder) summary(v jsonx.Value) WorkflowSummary {
	var title, icon, duration jsonx.Value
	for name, m := range d.members(v) {
		switch string(name) {
		case "title":
			title = m
		case "icon":
			icon = m
		case "duration":
			duration = m
		}
	}
	switch {
	case title.Kind() == jsonx.String:
		return &CustomSummary{Title: title.Text(), Icon: Icon(d.str(icon))}
	case duration.Kind() == jsonx.Number:
		return &DurationSummary{Duration: d.int(duration)}
	}
	return &UnknownSummary{Raw: d.raw(v)}
}

// MarshalJSON implements [json.Marshaler].
func (w Workflow) MarshalJSON() ([]byte, error) {
	return encode(nil, storedForm, func(e *encoder) { e.workflow(w) })
}

// UnmarshalJSON implements [json.Unmarshaler].
func (w *Workflow) UnmarshalJSON(data []byte) error {
	return decodeValue(w, data, (*decoder).workflow)
}

func marshalSummary(s WorkflowSummary) ([]byte, error) {
	return encode(nil, storedForm, func(e *encoder) { e.summary(s) })
}

func unmarshalSummary(data []byte) (WorkflowSummary, error) { return decode(data, (*decoder).summary) }

// MarshalJSON implements [json.Marshaler].
func (s CustomSummary) MarshalJSON() ([]byte, error) { return marshalSummary(&s) }

// UnmarshalJSON implements [json.Unmarshaler].
func (s *CustomSummary) UnmarshalJSON(data []byte) error {
	return decodeInto(s, data, unmarshalSummary)
}

// MarshalJSON implements [json.Marshaler].
func (s DurationSummary) MarshalJSON() ([]byte, error) { return marshalSummary(&s) }

// UnmarshalJSON implements [json.Unmarshaler].
func (s *DurationSummary) UnmarshalJSON(data []byte) error {
	return decodeInto(s, data, unmarshalSummary)
}

// MarshalJSON implements [json.Marshaler].
func (s UnknownSummary) MarshalJSON() ([]byte, error) { return marshalSummary(&s) }

// UnmarshalJSON implements [json.Unmarshaler].
func (s *UnknownSummary) UnmarshalJSON(data []byte) error {
	return decodeInto(s, data, unmarshalSummary)
}
