package chatkit

import "github.com/gochatkit/chatkit/core/internal/jsonx"

func (e *encoder) inferenceOptions(o InferenceOptions) {
	e.lit("{")
	sep := ""
	if o.ToolChoice != nil {
		e.str(`"tool_choice":{"id":`, o.ToolChoice.ID)
		e.lit("}")
		sep = ","
	}
	if o.Model != nil {
		e.lit(sep)
		e.str(`"model":`, *o.Model)
	}
	e.lit("}")
}

func (e *encoder) generatedImage(i GeneratedImage) {
	e.str(`{"id":`, i.ID)
	e.str(`,"url":`, i.URL)
	e.lit("}")
}

func (d *decoder) inferenceOptions(v jsonx.Value) (o InferenceOptions) {
	for name, m := range d.members(v) {
		switch string(name) {
		case "tool_choice":
			if m.Kind() == jsonx.Null {
				continue
			}
			o.ToolChoice = &ToolChoice{}
			for name, m := range d.members(m) {
				if string(name) == "id" {
					o.ToolChoice.ID = d.str(m)
				}
			}
		case "model":
			o.Model = d.pointer(m)
		}
	}
	return o
}

func (d *decoder) generatedImage(v jsonx.Value) (i GeneratedImage) {
	for name, m := range d.members(v) {
		switch string(name) {
		case "id":
			i.ID = d.str(m)
		case "url":
			i.URL = d.str(m)
		}
	}
	return i
}

// MarshalJSON implements [json.Marshaler].
func (o InferenceOptions) MarshalJSON() ([]byte, error) {
	return encode(nil, storedForm, func(e *encoder) { e.inferenceOptions(o) })
}

// UnmarshalJSON implements [json.Unmarshaler].
func (o *InferenceOptions) UnmarshalJSON(data []byte) error {
	return decodeValue(o, data, (*decoder).inferenceOptions)
}
