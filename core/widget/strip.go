package widget

import (
	"encoding/json"

	"github.com/gochatkit/chatkit/core/internal/jsonx"
)

// StripNulls appends the widget raw to dst in its wire form and returns the result: without nulls at any
// depth and without space between tokens (ChatKit protocol: widgets, serialization). Null members and null
// array elements vanish; only a null member named "children" in nested data that is no component, such as an
// action's payload, stays. Bytes that are not UTF-8 become U+FFFD. Everything else, number forms and member order
// included, is kept.
//
// raw must be valid JSON, see [Validate]. What is not is appended unchanged.
func StripNulls(dst []byte, raw json.RawMessage) []byte {
	out, err := jsonx.AppendRawStripNulls(dst, raw)
	if err != nil {
		return append(dst, raw...)
	}
	return out
}

// stripData is StripNulls for nested data that is no component. It fails if raw is not JSON that the rest of the
// package reads, too: jsonx lets it nest deeper.
func stripData(dst, raw []byte) ([]byte, error) {
	s := scanner{buf: raw}
	if err := s.whole(); err != nil {
		return dst, err
	}
	return jsonx.AppendDataStripNulls(dst, raw)
}
