package chatkit

import (
	"reflect"

	"github.com/gochatkit/chatkit/core/internal/jsonx"
)

func (e *encoder) structuredInput(in StructuredInput) {
	if isNil(in) {
		e.fail("inputs: %w", errNil)
		return
	}
	if u, ok := in.(*UnknownStructuredInput); ok {
		e.unknownStructuredInput(u)
		return
	}
	m := in.Meta()
	e.str(`{"id":`, m.ID)
	e.str(`,"question":`, m.Question)
	if m.Answer != nil {
		e.lit(`,"answer":`)
		e.answer(*m.Answer)
	}
	switch in := in.(type) {
	case *MultipleChoiceInput:
		list(e, `,"type":"multiple_choice","options":`, in.Options, func(e *encoder, o StructuredInputOption) {
			e.str(`{"value":`, o.Value)
			e.lit("}")
		})
		e.bool(`,"multiple":`, in.Multiple)
	case *FreeformInput:
		e.lit(`,"type":"freeform"`)
		e.pointer(`,"description":`, in.Description)
	case *UnknownStructuredInput: // above
	}
	e.lit("}")
}

func (e *encoder) answer(a StructuredInputAnswer) {
	e.strings(`{"values":`, a.Values)
	e.bool(`,"skipped":`, a.Skipped)
	e.lit("}")
}

// unknownStructuredInput writes a question as it was read, with its StructuredInputMeta written over it
// where that has changed.
func (e *encoder) unknownStructuredInput(u *UnknownStructuredInput) {
	if len(u.Raw) == 0 {
		e.unknown(u.Type, nil)
		return
	}
	read, err := decode(u.Raw, func(d *decoder, v jsonx.Value) (m StructuredInputMeta) {
		for name, member := range d.members(v) {
			d.structuredInputMeta(&m, string(name), member)
		}
		return m
	})
	if err != nil {
		e.fail("inputs: %w", err)
		return
	}
	var with []jsonx.Replacement
	if read.ID != u.ID {
		with = append(with, jsonx.Replacement{Name: "id", JSON: jsonx.AppendString(nil, u.ID)})
	}
	if read.Question != u.Question {
		with = append(with, jsonx.Replacement{Name: "question", JSON: jsonx.AppendString(nil, u.Question)})
	}
	if !reflect.DeepEqual(read.Answer, u.Answer) {
		r := jsonx.Replacement{Name: "answer"}
		if u.Answer != nil {
			answer := encoder{form: e.form}
			answer.answer(*u.Answer)
			r.JSON = answer.buf
		}
		with = append(with, r)
	}
	e.replaced(u.Raw, with)
}

func (d *decoder) structuredInput(v jsonx.Value) StructuredInput {
	var in StructuredInput
	switch kind := d.kind(v); kind {
	case "multiple_choice":
		in = &MultipleChoiceInput{}
	case "freeform":
		in = &FreeformInput{}
	default:
		in = &UnknownStructuredInput{Type: kind, Raw: d.raw(v)}
	}
	for name, m := range d.members(v) {
		if d.structuredInputMeta(in.Meta(), string(name), m) {
			continue
		}
		switch in := in.(type) {
		case *MultipleChoiceInput:
			switch string(name) {
			case "options":
				in.Options = listOf(d, m, (*decoder).structuredInputOption)
			case "multiple":
				in.Multiple = d.bool(m)
			}
		case *FreeformInput:
			if string(name) == "description" {
				in.Description = d.pointer(m)
			}
		case *UnknownStructuredInput:
		}
	}
	return in
}

func (d *decoder) structuredInputMeta(s *StructuredInputMeta, name string, m jsonx.Value) bool {
	switch name {
	case "id":
		s.ID = d.str(m)
	case "question":
		s.Question = d.str(m)
	case "answer":
		s.Answer = nil
		if m.Kind() != jsonx.Null {
			a := d.answer(m)
			s.Answer = &a
		}
	default:
		return false
	}
	return true
}

func (d *decoder) structuredInputOption(v jsonx.Value) (o StructuredInputOption) {
	for name, m := range d.members(v) {
		if string(name) == "value" {
			o.Value = d.str(m)
		}
	}
	return o
}

func (d *decoder) answer(v jsonx.Value) (a StructuredInputAnswer) {
	for name, m := range d.members(v) {
		switch string(name) {
		case "values":
			a.Values = listOf(d, m, (*decoder).str)
		case "skipped":
			a.Skipped = d.bool(m)
		}
	}
	return a
}

func marshalStructuredInput(i StructuredInput) ([]byte, error) {
	return encode(nil, storedForm, func(e *encoder) { e.structuredInput(i) })
}

func unmarshalStructuredInput(data []byte) (StructuredInput, error) {
	return decode(data, (*decoder).structuredInput)
}

// MarshalJSON implements [json.Marshaler].
func (i MultipleChoiceInput) MarshalJSON() ([]byte, error) { return marshalStructuredInput(&i) }

// UnmarshalJSON implements [json.Unmarshaler].
func (i *MultipleChoiceInput) UnmarshalJSON(data []byte) error {
	return decodeInto(i, data, unmarshalStructuredInput)
}

// MarshalJSON implements [json.Marshaler].
func (i FreeformInput) MarshalJSON() ([]byte, error) { return marshalStructuredInput(&i) }

// UnmarshalJSON implements [json.Unmarshaler].
func (i *FreeformInput) UnmarshalJSON(data []byte) error {
	return decodeInto(i, data, unmarshalStructuredInput)
}

// MarshalJSON implements [json.Marshaler].
func (i UnknownStructuredInput) MarshalJSON() ([]byte, error) { return marshalStructuredInput(&i) }

// UnmarshalJSON implements [json.Unmarshaler].
func (i *UnknownStructuredInput) UnmarshalJSON(data []byte) error {
	return decodeInto(i, data, unmarshalStructuredInput)
}

// MarshalJSON implements [json.Marshaler].
func (a StructuredInputAnswer) MarshalJSON() ([]byte, error) {
	return encode(nil, storedForm, func(e *encoder) { e.answer(a) })
}

// UnmarshalJSON implements [json.Unmarshaler].
func (a *StructuredInputAnswer) UnmarshalJSON(data []byte) error {
	return decodeValue(a, data, (*decoder).answer)
}
