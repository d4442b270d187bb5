package chatkit

import "github.com/gochatkit/chatkit/core/internal/jsonx"

func (e *encoder) userContent(c UserMessageContent) {
	if isNil(c) {
		e.fail("content: %w", errNil)
		return
	}
	switch c := c.(type) {
	case *InputText:
		e.str(`{"type":"input_text","text":`, c.Text)
	case *InputTag:
		e.str(`{"type":"input_tag","id":`, c.ID)
		e.str(`,"text":`, c.Text)
		e.raw(`,"data":`, c.Data, "{}")
		e.pointer(`,"group":`, c.Group)
		e.bool(`,"interactive":`, c.Interactive)
	case *UnknownContent:
		e.unknown(c.Type, c.Raw)
		return
	}
	e.lit("}")
}

func (d *decoder) userContent(v jsonx.Value) UserMessageContent {
	switch kind := d.kind(v); kind {
	case "input_text":
		c := &InputText{}
		for name, m := range d.members(v) {
			if string(name) == "text" {
				c.Text = d.str(m)
			}
		}
		return c
	case "input_tag":
		c := &InputTag{}
		for name, m := range d.members(v) {
			switch string(name) {
			case "id":
				c.ID = d.str(m)
			case "text":
				c.Text = d.str(m)
			case "data":
				c.Data = d.free(m)
			case "group":
				c.Group = d.pointer(m)
			case "interactive":
				c.Interactive = d.bool(m)
			}
		}
		return c
	default:
		return &UnknownContent{Type: kind, Raw: d.raw(v)}
	}
}

func (e *encoder) assistantContent(c AssistantMessageContent) {
	if len(c.Raw) > 0 {
		e.raw("", c.Raw, "")
		return
	}
	list(e, `{"annotations":`, c.Annotations, (*encoder).annotation)
	e.str(`,"text":`, c.Text)
	e.lit(`,"type":"output_text"}`)
}

func (d *decoder) assistantContent(v jsonx.Value) (c AssistantMessageContent) {
	if kind := d.kindOr(v, "output_text"); kind != "output_text" {
		c.Raw = d.raw(v)
	}
	for name, m := range d.members(v) {
		switch {
		case string(name) == "annotations" && c.Raw == nil:
			c.Annotations = listOf(d, m, (*decoder).annotation)
		case string(name) == "text" && (c.Raw == nil || m.Kind() == jsonx.String):
			c.Text = d.str(m)
		}
	}
	return c
}

func (e *encoder) annotation(a Annotation) {
	e.lit(`{"type":"annotation","source":`)
	e.source(a.Source)
	if a.Index != nil {
		e.int(`,"index":`, *a.Index)
	}
	e.lit("}")
}

func (d *decoder) annotation(v jsonx.Value) (a Annotation) {
	for name, m := range d.members(v) {
		switch string(name) {
		case "source":
			a.Source = d.source(m)
		case "index":
			if m.Kind() != jsonx.Null {
				i := d.int(m)
				a.Index = &i
			}
		}
	}
	d.require(a.Source != nil, "source")
	return a
}

func marshalUserContent(c UserMessageContent) ([]byte, error) {
	return encode(nil, storedForm, func(e *encoder) { e.userContent(c) })
}

func unmarshalUserContent(data []byte) (UserMessageContent, error) {
	return decode(data, (*decoder).userContent)
}

// MarshalJSON implements [json.Marshaler].
func (c InputText) MarshalJSON() ([]byte, error) { return marshalUserContent(&c) }

// UnmarshalJSON implements [json.Unmarshaler].
func (c *InputText) UnmarshalJSON(data []byte) error {
	return decodeInto(c, data, unmarshalUserContent)
}

// MarshalJSON implements [json.Marshaler].
func (c InputTag) MarshalJSON() ([]byte, error) { return marshalUserContent(&c) }

// UnmarshalJSON implements [json.Unmarshaler].
func (c *InputTag) UnmarshalJSON(data []byte) error { return decodeInto(c, data, unmarshalUserContent) }

// MarshalJSON implements [json.Marshaler].
func (c UnknownContent) MarshalJSON() ([]byte, error) { return marshalUserContent(&c) }

// UnmarshalJSON implements [json.Unmarshaler].
func (c *UnknownContent) UnmarshalJSON(data []byte) error {
	return decodeInto(c, data, unmarshalUserContent)
}

// MarshalJSON implements [json.Marshaler].
func (c AssistantMessageContent) MarshalJSON() ([]byte, error) {
	return encode(nil, storedForm, func(e *encoder) { e.assistantContent(c) })
}

// UnmarshalJSON implements [json.Unmarshaler].
func (c *AssistantMessageContent) UnmarshalJSON(data []byte) error {
	return decodeValue(c, data, (*decoder).assistantContent)
}

// MarshalJSON implements [json.Marshaler].
func (a Annotation) MarshalJSON() ([]byte, error) {
	return encode(nil, storedForm, func(e *encoder) { e.annotation(a) })
}

// UnmarshalJSON implements [json.Unmarshaler].
func (a *Annotation) UnmarshalJSON(data []byte) error {
	return decodeValue(a, data, (*decoder).annotation)
}
