package chatkit

import (
	"bytes"
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"time"
)

func cloneMap(m map[string]any) map[string]any {
	if m == nil {
		return nil
	}
	c := make(map[string]any, len(m))
	for k, v := range m {
		c[k] = cloneValue(v)
	}
	return c
}

// cloneValue copies a value of an application's metadata. What came out of JSON takes the short ways; a
// value of a type of the application's own goes through its JSON, which is what metadata is kept as.
func cloneValue(v any) any {
	switch v := v.(type) {
	case nil, bool, string, json.Number, time.Time, float64, float32, int, int8, int16, int32, int64,
		uint, uint8, uint16, uint32, uint64:
		return v
	case map[string]any:
		return cloneMap(v)
	case []any:
		return cloneEach(v, cloneValue)
	case []string:
		return slices.Clone(v)
	case map[string]string:
		return maps.Clone(v)
	case json.RawMessage:
		return json.RawMessage(bytes.Clone(v))
	}
	if !mayAlias(reflect.TypeOf(v)) {
		return v
	}
	data, err := json.Marshal(v)
	if err != nil {
		return v // encoding the whole will report it
	}
	var c any
	if err := unmarshalNumber(data, &c); err != nil {
		return v
	}
	return c
}

// mayAlias reports whether copying a value of type t by assignment can leave two owners of one memory.
func mayAlias(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Pointer, reflect.Map, reflect.Slice, reflect.Interface, reflect.Chan, reflect.Func, reflect.UnsafePointer:
		return true
	case reflect.Array:
		return mayAlias(t.Elem())
	case reflect.Struct:
		for i := range t.NumField() {
			if mayAlias(t.Field(i).Type) {
				return true
			}
		}
	}
	return false
}
