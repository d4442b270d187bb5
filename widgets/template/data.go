package widgettemplate

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"strconv"
	"strings"
)

// decodeData turns what the caller passed into values, by way of its JSON: the only things a template can
// reach are those that JSON can say.
func decodeData(data any) (*dict, error) {
	if data == nil {
		return newDict(), nil
	}
	raw, err := json.Marshal(data)
	if err != nil {
		return nil, fmt.Errorf("encode data: %w", err)
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	v, err := decodeValue(d, 0)
	if err != nil {
		return nil, fmt.Errorf("decode data: %w", err)
	}
	switch v := v.(type) {
	case nil:
		return newDict(), nil
	case *dict:
		return v, nil
	}
	return nil, fmt.Errorf("the data is %s, want an object", kind(v))
}

func decodeValue(d *json.Decoder, depth int) (value, error) {
	if depth > maxNesting {
		return nil, errTooDeep
	}
	tok, err := d.Token()
	if err != nil {
		return nil, err
	}
	switch tok := tok.(type) {
	case json.Delim:
		if tok == '[' {
			l := &list{}
			for d.More() {
				v, err := decodeValue(d, depth+1)
				if err != nil {
					return nil, err
				}
				l.items = append(l.items, v)
			}
			_, err := d.Token()
			return l, err
		}
		m := newDict()
		for d.More() {
			k, err := d.Token()
			if err != nil {
				return nil, err
			}
			v, err := decodeValue(d, depth+1)
			if err != nil {
				return nil, err
			}
			m.set(k.(string), v)
		}
		_, err := d.Token()
		return m, err
	case json.Number:
		return decodeNumber(tok.String())
	default:
		return tok, nil // nil, bool or string
	}
}

func decodeNumber(s string) (value, error) {
	if !strings.ContainsAny(s, ".eE") {
		n, ok := new(big.Int).SetString(s, 10)
		if !ok || n.BitLen() > maxBits {
			return nil, errors.New("a number is too large")
		}
		return integer(n), nil
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return nil, errors.New("a number is too large")
	}
	return f, nil
}
