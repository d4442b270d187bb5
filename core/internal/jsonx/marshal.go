package jsonx

import (
	"bytes"
	"encoding/json"
)

// Marshal is json.Marshal without escapes for HTML, which would change JSON inside of v that has to stay as it is.
func Marshal(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}
