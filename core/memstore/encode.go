package memstore

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/gochatkit/chatkit/core"
	"github.com/gochatkit/chatkit/core/internal/jsonx"
)

var errNoID = errors.New("no id")

// encode returns the stored JSON of v.
func encode(id string, v any) ([]byte, error) {
	if id == "" {
		return nil, errNoID
	}
	return jsonx.Marshal(v)
}

func encodeThread(t *chatkit.Thread) (*entry, error) {
	data, err := encode(t.ID, t)
	if err != nil {
		return nil, err
	}
	return &entry{id: t.ID, created: t.CreatedAt.UnixMicro(), data: data}, nil
}

func decodeThread(r row) (*chatkit.Thread, error) {
	t := new(chatkit.Thread)
	if err := json.Unmarshal(r.data, t); err != nil {
		return nil, fmt.Errorf("decode thread %s: %w", r.id, err)
	}
	return t, nil
}

// threadAt returns t as if it had been created at the given time.
func threadAt(t *chatkit.Thread, micros int64) *chatkit.Thread {
	c := *t
	c.CreatedAt = time.UnixMicro(micros).UTC()
	return &c
}

func encodeItem(it chatkit.Item) (*entry, error) {
	m := it.Meta()
	data, err := encode(m.ID, it)
	if err != nil {
		return nil, err
	}
	return &entry{id: m.ID, created: m.CreatedAt.UnixMicro(), hidden: chatkit.Hidden(it), data: data}, nil
}

func decodeItem(r row) (chatkit.Item, error) {
	it, err := chatkit.UnmarshalItem(r.data)
	if err != nil {
		return nil, fmt.Errorf("decode item %s: %w", r.id, err)
	}
	return it, nil
}

// itemAt returns a copy of it as if it had been created at the given time.
func itemAt(it chatkit.Item, micros int64) chatkit.Item {
	c := chatkit.CloneItem(it)
	c.Meta().CreatedAt = time.UnixMicro(micros).UTC()
	return c
}

func encodeAttachment(a chatkit.Attachment) (*attachment, error) {
	m := a.Meta()
	data, err := encode(m.ID, a)
	if err != nil {
		return nil, err
	}
	rec := &attachment{id: m.ID, data: data}
	if m.ThreadID != nil {
		rec.threadID = *m.ThreadID
	}
	return rec, nil
}

func decodeAttachment(id string, data []byte) (chatkit.Attachment, error) {
	a, err := chatkit.UnmarshalAttachment(data)
	if err != nil {
		return nil, fmt.Errorf("decode attachment %s: %w", id, err)
	}
	return a, nil
}
