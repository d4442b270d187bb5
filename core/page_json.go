package chatkit

import (
	"encoding/json"
	"fmt"

	"github.com/gochatkit/chatkit/core/internal/jsonx"
)

// appendItemPage appends a page of items as a client sees it (ChatKit protocol: pages). Hidden items are
// left out.
func appendItemPage(dst []byte, p Page[Item]) ([]byte, error) {
	return encode(dst, wireForm, func(e *encoder) { e.itemPage(p) })
}

// appendThreadPage appends a page of threads as a client sees it.
func appendThreadPage(dst []byte, p Page[*ThreadResponse]) ([]byte, error) {
	return encode(dst, wireForm, func(e *encoder) {
		list(e, `{"data":`, p.Data, (*encoder).threadResponse)
		e.pageEnd(p.HasMore, p.After)
	})
}

func (e *encoder) itemPage(p Page[Item]) {
	e.lit(`{"data":[`)
	first := true
	for _, it := range p.Data {
		if e.form == wireForm && !isNil(it) && Hidden(it) {
			continue
		}
		if !first {
			e.lit(",")
		}
		first = false
		e.item(it)
	}
	e.lit("]")
	e.pageEnd(p.HasMore, p.After)
}

func (e *encoder) pageEnd(hasMore bool, after string) {
	e.bool(`,"has_more":`, hasMore)
	e.optional(`,"after":`, after)
	e.lit("}")
}

func (d *decoder) itemPage(v jsonx.Value) (p Page[Item]) {
	return pageOf(d, v, (*decoder).item)
}

func pageOf[T any](d *decoder, v jsonx.Value, read func(*decoder, jsonx.Value) T) (p Page[T]) {
	for name, m := range d.members(v) {
		switch string(name) {
		case "data":
			p.Data = listOf(d, m, read)
		case "has_more":
			p.HasMore = d.bool(m)
		case "after":
			p.After = d.str(m)
		}
	}
	return p
}

// MarshalJSON implements [json.Marshaler]. Elements are written in their stored form, hidden items too.
func (p Page[T]) MarshalJSON() ([]byte, error) {
	return encode(nil, storedForm, func(e *encoder) {
		list(e, `{"data":`, p.Data, func(e *encoder, v T) {
			data, err := jsonx.Marshal(v)
			if err != nil {
				e.fail("page: %w", err)
			}
			e.buf = append(e.buf, data...)
		})
		e.pageEnd(p.HasMore, p.After)
	})
}

// UnmarshalJSON implements [json.Unmarshaler]. T may be one of the unions, such as [Item].
func (p *Page[T]) UnmarshalJSON(data []byte) error {
	return decodeValue(p, data, func(d *decoder, v jsonx.Value) Page[T] {
		return pageOf(d, v, func(d *decoder, v jsonx.Value) (element T) {
			var union any
			switch any(&element).(type) {
			case *Item:
				union = d.item(v)
			case *Event:
				union = d.event(v)
			case *Attachment:
				union = d.attachment(v)
			case *Task:
				union = d.task(v)
			case *Source:
				union = d.source(v)
			default:
				if err := json.Unmarshal(v.Raw(), &element); err != nil && d.err == nil {
					d.err = fmt.Errorf("%s%w", d.where(), err)
				}
				return element
			}
			element, _ = union.(T)
			return element
		})
	})
}
