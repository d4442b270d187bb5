package agent

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf16"

	"github.com/gochatkit/chatkit/core/internal/jsonx"
)

// ordered is a JSON value whose objects keep the order of their members.
type ordered struct {
	kind    byte // '{', '[', '"' or '0' for everything else
	members []member
	list    []ordered
	text    string // the decoded string, or the literal
}

type member struct {
	key string
	val ordered
}

func parseOrdered(raw json.RawMessage) (ordered, error) {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	v, err := readOrdered(d, 0)
	if err != nil {
		return v, err
	}
	if _, err := d.Token(); err != io.EOF {
		return v, errors.New("more than one JSON value")
	}
	return v, nil
}

func readOrdered(d *json.Decoder, depth int) (ordered, error) {
	if depth > 1000 {
		return ordered{}, errors.New("JSON too deep")
	}
	tok, err := d.Token()
	if err != nil {
		return ordered{}, err
	}
	switch tok := tok.(type) {
	case json.Delim:
		o := ordered{kind: byte(tok)}
		for d.More() {
			if o.kind == '[' {
				v, err := readOrdered(d, depth+1)
				if err != nil {
					return o, err
				}
				o.list = append(o.list, v)
				continue
			}
			key, err := d.Token()
			if err != nil {
				return o, err
			}
			v, err := readOrdered(d, depth+1)
			if err != nil {
				return o, err
			}
			o.members = append(o.members, member{fmt.Sprint(key), v})
		}
		_, err := d.Token()
		return o, err
	case string:
		return ordered{kind: '"', text: tok}, nil
	case nil:
		return ordered{kind: '0', text: "null"}, nil
	default:
		return ordered{kind: '0', text: fmt.Sprint(tok)}, nil
	}
}

// write writes v with the given separators and way of quoting.
func (o *ordered) write(b *strings.Builder, comma, colon string, quote func(*strings.Builder, string)) {
	switch o.kind {
	case '{':
		b.WriteByte('{')
		for i := range o.members {
			if i > 0 {
				b.WriteString(comma)
			}
			quote(b, o.members[i].key)
			b.WriteString(colon)
			o.members[i].val.write(b, comma, colon, quote)
		}
		b.WriteByte('}')
	case '[':
		b.WriteByte('[')
		for i := range o.list {
			if i > 0 {
				b.WriteString(comma)
			}
			o.list[i].write(b, comma, colon, quote)
		}
		b.WriteByte(']')
	case '"':
		quote(b, o.text)
	default:
		b.WriteString(o.text)
	}
}

// spacedJSON writes JSON as Python does by default, which is the form in which models have seen the
// arguments and results of client tools: spaces behind separators, ASCII only.
func spacedJSON(raw json.RawMessage) (string, error) {
	if len(bytes.TrimSpace(raw)) == 0 {
		return "null", nil
	}
	v, err := parseOrdered(raw)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	v.write(&b, ", ", ": ", quoteASCII)
	return b.String(), nil
}

func quoteASCII(b *strings.Builder, s string) {
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\r':
			b.WriteString(`\r`)
		case r == '\t':
			b.WriteString(`\t`)
		case r == '\b':
			b.WriteString(`\b`)
		case r == '\f':
			b.WriteString(`\f`)
		case r >= ' ' && r <= '~':
			b.WriteRune(r)
		case r > 0xffff:
			hi, lo := utf16.EncodeRune(r)
			fmt.Fprintf(b, `\u%04x\u%04x`, hi, lo)
		default:
			fmt.Fprintf(b, `\u%04x`, r)
		}
	}
	b.WriteByte('"')
}

// widgetJSON writes a widget as the model sees it: compact, without nulls, each component's key, id and type
// first.
func widgetJSON(raw json.RawMessage) (string, error) {
	v, err := parseOrdered(raw)
	if err != nil {
		return "", err
	}
	v.tidy()
	var b strings.Builder
	v.write(&b, ",", ":", quotePlain)
	return b.String(), nil
}

func (o *ordered) tidy() {
	var first [3]*member
	var rest []member
	component := false
	for i := range o.members {
		m := &o.members[i]
		if m.val.null() {
			continue
		}
		m.val.tidy()
		switch m.key {
		case "key":
			first[0] = m
		case "id":
			first[1] = m
		case "type":
			first[2] = m
			component = m.val.kind == '"'
		default:
			rest = append(rest, *m)
			continue
		}
	}
	if component {
		out := make([]member, 0, len(o.members))
		for _, m := range first {
			if m != nil {
				out = append(out, *m)
			}
		}
		o.members = append(out, rest...)
	} else {
		out := o.members[:0:0]
		for _, m := range o.members {
			if !m.val.null() {
				out = append(out, m)
			}
		}
		o.members = out
	}
	list := o.list[:0]
	for _, v := range o.list {
		if !v.null() {
			v.tidy()
			list = append(list, v)
		}
	}
	o.list = list
}

func (o *ordered) null() bool { return o.kind == '0' && o.text == "null" }

func quotePlain(b *strings.Builder, s string) {
	q, _ := jsonx.Marshal(s) // a string always encodes
	b.Write(q)
}
