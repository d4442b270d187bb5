package agent

import (
	"encoding"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"
)

// The limits of the strict subset of JSON Schema that providers accept.
const (
	maxSchemaDepth      = 10
	maxSchemaProperties = 5000
)

// InferSchema returns the JSON Schema of a struct, in the strict subset that providers enforce: all
// members required, no others allowed. See [Func] for the rules.
func InferSchema[T any]() (json.RawMessage, error) {
	t := reflect.TypeFor[T]()
	if t.Kind() != reflect.Struct || t == timeType {
		return nil, fmt.Errorf("%v is not a struct", t)
	}
	b := schemaBuilder{}
	v, err := b.object(t, 1)
	if err != nil {
		return nil, err
	}
	var s strings.Builder
	v.write(&s, ",", ":", quotePlain)
	return json.RawMessage(s.String()), nil
}

var (
	timeType = reflect.TypeFor[time.Time]()
	textType = reflect.TypeFor[encoding.TextUnmarshaler]()
	jsonType = reflect.TypeFor[json.Unmarshaler]()
)

type schemaBuilder struct {
	path       []reflect.Type
	properties int
}

func str(s string) ordered { return ordered{kind: '"', text: s} }

func (b *schemaBuilder) object(t reflect.Type, depth int) (ordered, error) {
	if depth > maxSchemaDepth {
		return ordered{}, fmt.Errorf("%v: more than %d levels", t, maxSchemaDepth)
	}
	for _, seen := range b.path {
		if seen == t {
			return ordered{}, fmt.Errorf("%v contains itself", t)
		}
	}
	b.path = append(b.path, t)
	defer func() { b.path = b.path[:len(b.path)-1] }()
	props := ordered{kind: '{'}
	required := ordered{kind: '['}
	if err := b.fields(t, depth, &props, &required); err != nil {
		return ordered{}, err
	}
	return ordered{kind: '{', members: []member{
		{"type", str("object")},
		{"properties", props},
		{"required", required},
		{"additionalProperties", ordered{kind: '0', text: "false"}},
	}}, nil
}

func (b *schemaBuilder) fields(t reflect.Type, depth int, props, required *ordered) error {
	for i := range t.NumField() {
		f := t.Field(i)
		tag, hasTag := f.Tag.Lookup("json")
		name, opts, _ := strings.Cut(tag, ",")
		if name == "-" && opts == "" {
			continue
		}
		if f.Anonymous && name == "" && f.Type.Kind() == reflect.Struct {
			if err := b.fields(f.Type, depth, props, required); err != nil {
				return err
			}
			continue
		}
		if !f.IsExported() {
			if hasTag {
				return fmt.Errorf("%v.%s is not exported", t, f.Name)
			}
			continue
		}
		if name == "" {
			name = f.Name
		}
		nullable := false
		for _, o := range strings.Split(opts, ",") {
			switch o {
			case "omitempty", "omitzero":
				nullable = true
			case "string":
				return fmt.Errorf("%v.%s: a number as text is not possible", t, f.Name)
			}
		}
		if b.properties++; b.properties > maxSchemaProperties {
			return fmt.Errorf("%v: more than %d members", t, maxSchemaProperties)
		}
		s, err := b.field(f, depth, nullable)
		if err != nil {
			return fmt.Errorf("%v.%s: %w", t, f.Name, err)
		}
		props.members = append(props.members, member{name, s})
		required.list = append(required.list, str(name))
	}
	return nil
}

func (b *schemaBuilder) field(f reflect.StructField, depth int, nullable bool) (ordered, error) {
	t := f.Type
	for t.Kind() == reflect.Pointer {
		t, nullable = t.Elem(), true
	}
	s, err := b.value(t, depth)
	if err != nil {
		return s, err
	}
	if enum := f.Tag.Get("enum"); enum != "" {
		list, err := enumOf(t, strings.Split(enum, ","))
		if err != nil {
			return s, err
		}
		if nullable {
			list.list = append(list.list, ordered{kind: '0', text: "null"})
		}
		s.members = append(s.members, member{"enum", list})
	}
	if d := f.Tag.Get("jsonschema"); d != "" {
		s.members = append(s.members, member{"description", str(d)})
	}
	if nullable {
		for i := range s.members {
			if m := &s.members[i]; m.key == "type" {
				m.val = ordered{kind: '[', list: []ordered{m.val, str("null")}}
			}
		}
	}
	return s, nil
}

func enumOf(t reflect.Type, values []string) (ordered, error) {
	list := ordered{kind: '['}
	for _, v := range values {
		v = strings.TrimSpace(v)
		switch t.Kind() {
		case reflect.String:
			list.list = append(list.list, str(v))
		case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
			reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
			if _, err := strconv.ParseInt(v, 10, 64); err != nil {
				return list, fmt.Errorf("enum value %q is not a number", v)
			}
			list.list = append(list.list, ordered{kind: '0', text: v})
		default:
			return list, fmt.Errorf("enum of %v is not possible", t)
		}
	}
	return list, nil
}

func typed(name string, more ...member) (ordered, error) {
	return ordered{kind: '{', members: append([]member{{"type", str(name)}}, more...)}, nil
}

func (b *schemaBuilder) value(t reflect.Type, depth int) (ordered, error) {
	switch {
	case t == timeType:
		return typed("string", member{"format", str("date-time")})
	case reflect.PointerTo(t).Implements(jsonType):
		return ordered{}, fmt.Errorf("%v decodes itself, so its schema cannot be inferred", t)
	case reflect.PointerTo(t).Implements(textType):
		return typed("string")
	}
	switch t.Kind() {
	case reflect.String:
		return typed("string")
	case reflect.Bool:
		return typed("boolean")
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return typed("integer")
	case reflect.Float32, reflect.Float64:
		return typed("number")
	case reflect.Slice, reflect.Array:
		if t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.Uint8 {
			return typed("string", member{"description", str("base64")})
		}
		elem := t.Elem()
		for elem.Kind() == reflect.Pointer {
			elem = elem.Elem()
		}
		items, err := b.value(elem, depth+1)
		if err != nil {
			return items, err
		}
		return typed("array", member{"items", items})
	case reflect.Struct:
		return b.object(t, depth+1)
	case reflect.Map:
		return ordered{}, errors.New("a map is not possible in a strict schema; use a list of pairs")
	}
	return ordered{}, fmt.Errorf("%v is not possible", t)
}
