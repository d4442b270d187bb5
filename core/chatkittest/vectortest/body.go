package vectortest

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
)

// What a request's body says that servers may judge differently.

// looseBools reports whether a member that should be true or false is something else.
func looseBools(v any) bool {
	switch v := v.(type) {
	case map[string]any:
		for k, m := range v {
			if _, ok := m.(bool); !ok && m != nil && (k == "interactive" || k == "skipped") {
				return true
			}
			if k != "payload" && k != "data" && k != "result" && looseBools(m) {
				return true
			}
		}
	case []any:
		return slices.ContainsFunc(v, looseBools)
	}
	return false
}

// repeatsMember reports whether an object in valid JSON has two members of one name.
func repeatsMember(data []byte) bool {
	if !json.Valid(data) {
		return false
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	type level struct {
		names map[string]bool // nil in an array
		value bool            // a value comes next, not a name
	}
	var stack []*level
	for {
		tok, err := d.Token()
		if err != nil {
			return false
		}
		var top *level
		if len(stack) > 0 {
			top = stack[len(stack)-1]
		}
		switch tok {
		case json.Delim('{'), json.Delim('['):
			if top != nil {
				top.value = false
			}
			l := &level{}
			if tok == json.Delim('{') {
				l.names = map[string]bool{}
			}
			stack = append(stack, l)
			continue
		case json.Delim('}'), json.Delim(']'):
			stack = stack[:len(stack)-1]
			continue
		}
		if top == nil || top.names == nil {
			continue
		}
		if top.value {
			top.value = false
			continue
		}
		name, _ := tok.(string)
		if top.names[name] {
			return true
		}
		top.names[name], top.value = true, true
	}
}

// looseNumber reports whether v stands for a whole number without being one.
func looseNumber(v any) bool {
	switch v := v.(type) {
	case string, bool:
		return true
	case json.Number:
		_, err := strconv.ParseInt(string(v), 10, 64)
		return err != nil
	}
	return false
}

// strictBase64 reports whether s is base64 in the standard alphabet, white space aside.
func strictBase64(s string) bool {
	s = strings.Map(func(r rune) rune {
		if strings.ContainsRune(" \t\r\n", r) {
			return -1
		}
		return r
	}, s)
	_, err := base64.StdEncoding.Strict().DecodeString(s)
	return err == nil
}

// depth is how deep JSON nests.
func depth(data []byte) int {
	d := json.NewDecoder(bytes.NewReader(data))
	now, deepest := 0, 0
	for {
		tok, err := d.Token()
		if err != nil {
			return deepest
		}
		switch tok {
		case json.Delim('{'), json.Delim('['):
			now++
			deepest = max(deepest, now)
		case json.Delim('}'), json.Delim(']'):
			now--
		}
	}
}
