package chatkit

import (
	"bytes"
	"encoding/json"

	"github.com/gochatkit/chatkit/core/internal/jsonx"
)

// unknownItem writes an item as it was read, with its ItemMeta written over it where that has changed.
func (e *encoder) unknownItem(u *UnknownItem) {
	raw := u.Raw
	if len(raw) == 0 {
		raw = json.RawMessage(`{}`)
	}
	read, err := decode(raw, func(d *decoder, v jsonx.Value) (m ItemMeta) {
		for name, member := range d.members(v) {
			d.itemMeta(&m, string(name), member)
		}
		return m
	})
	if err != nil {
		e.fail("item %s: %w", u.ID, err)
		return
	}
	var with []jsonx.Replacement
	replace := func(name string, json []byte) { with = append(with, jsonx.Replacement{Name: name, JSON: json}) }
	if read.ID != u.ID {
		replace("id", jsonx.AppendString(nil, u.ID))
	}
	if read.ThreadID != u.ThreadID {
		replace("thread_id", jsonx.AppendString(nil, u.ThreadID))
	}
	if created := jsonx.AppendTime(nil, u.CreatedAt); !bytes.Equal(created, jsonx.AppendTime(nil, read.CreatedAt)) {
		replace("created_at", created)
	}
	if len(u.Raw) == 0 {
		replace("type", jsonx.AppendString(nil, u.Type))
	}
	e.replaced(raw, with)
}
