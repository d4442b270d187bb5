package widgettemplate

import (
	"fmt"
	"math/big"
	"slices"
	"strconv"
	"unicode/utf16"
)

// toJSON is the filter of that name, to the byte: keys sorted, ", " and ": " as separators, nothing but ASCII,
// and <, >, & and ' escaped.
func toJSON(r *run, v value, a args) (value, error) {
	// Indentation makes no difference to what the JSON says.
	if _, err := a.bind("indent"); err != nil {
		return nil, err
	}
	b, err := r.appendJSON(nil, v, 0)
	return string(b), err
}

func (r *run) appendJSON(dst []byte, v value, depth int) ([]byte, error) {
	if depth > maxNesting {
		return dst, errTooDeep
	}
	if err := r.spend(1); err != nil {
		return dst, err
	}
	switch v := v.(type) {
	case undefined:
		return dst, v.err()
	case nil:
		return append(dst, "null"...), nil
	case bool:
		return strconv.AppendBool(dst, v), nil
	case int64:
		return strconv.AppendInt(dst, v, 10), nil
	case *big.Int:
		return v.Append(dst, 10), nil
	case float64:
		return append(dst, floatText(v)...), nil
	case string:
		return appendText(dst, v), r.spendBytes(len(v))
	case *list:
		dst = append(dst, '[')
		for i, e := range v.items {
			if i > 0 {
				dst = append(dst, ", "...)
			}
			var err error
			if dst, err = r.appendJSON(dst, e, depth+1); err != nil {
				return dst, err
			}
		}
		return append(dst, ']'), nil
	case *dict:
		dst = append(dst, '{')
		for i, k := range slices.Sorted(slices.Values(v.keys)) {
			if i > 0 {
				dst = append(dst, ", "...)
			}
			dst = append(appendText(dst, k), ": "...)
			var err error
			if dst, err = r.appendJSON(dst, v.vals[k], depth+1); err != nil {
				return dst, err
			}
		}
		return append(dst, '}'), nil
	}
	return dst, fmt.Errorf("%s cannot be written as JSON", kind(v))
}

func appendText(dst []byte, s string) []byte {
	const hex = "0123456789abcdef"
	unit := func(u rune) {
		dst = append(dst, '\\', 'u', hex[u>>12&15], hex[u>>8&15], hex[u>>4&15], hex[u&15])
	}
	dst = append(dst, '"')
	for _, c := range s {
		switch {
		case c == '"' || c == '\\':
			dst = append(dst, '\\', byte(c))
		case c == '\n':
			dst = append(dst, `\n`...)
		case c == '\r':
			dst = append(dst, `\r`...)
		case c == '\t':
			dst = append(dst, `\t`...)
		case c == '\b':
			dst = append(dst, `\b`...)
		case c == '\f':
			dst = append(dst, `\f`...)
		case c == '<' || c == '>' || c == '&' || c == '\'' || c < 0x20 || c >= 0x7f && c < 0x10000:
			// 0x7f is ASCII, so it stays.
			if c == 0x7f {
				dst = append(dst, 0x7f)
				break
			}
			unit(c)
		case c >= 0x10000:
			high, low := utf16.EncodeRune(c)
			unit(high)
			unit(low)
		default:
			dst = append(dst, byte(c))
		}
	}
	return append(dst, '"')
}
