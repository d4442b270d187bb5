package chatkit

import "github.com/gochatkit/chatkit/core/internal/jsonx"

// appendThreadResponse appends a thread as a client sees it (ChatKit protocol: threads).
func appendThreadResponse(dst []byte, r *ThreadResponse) ([]byte, error) {
	return encode(dst, wireForm, func(e *encoder) { e.threadResponse(r) })
}

func (e *encoder) threadResponse(r *ThreadResponse) {
	if r == nil {
		e.fail("thread: %w", errNil)
		return
	}
	e.thread(&r.Thread)
	e.lit(`,"metadata":{},"items":`)
	e.itemPage(r.Items)
	e.lit("}")
}

// thread writes the members that both forms have, and no closing brace.
func (e *encoder) thread(t *Thread) {
	e.lit("{")
	if t.Title != nil {
		e.str(`"title":`, *t.Title)
		e.lit(",")
	}
	e.str(`"id":`, t.ID)
	e.time(`,"created_at":`, t.CreatedAt)
	e.lit(`,"status":`)
	e.status(t.Status)
	if t.AllowedImageDomains != nil {
		e.strings(`,"allowed_image_domains":`, t.AllowedImageDomains)
	}
}

func (e *encoder) storedThread(t *Thread) {
	e.thread(t)
	e.metadata(`,"metadata":`, t.Metadata)
	e.lit("}")
}

func (e *encoder) status(s ThreadStatus) {
	e.str(`{"type":`, or(s.Type, ThreadActive))
	e.pointer(`,"reason":`, s.Reason)
	e.lit("}")
}

func (d *decoder) thread(v jsonx.Value) (t Thread) {
	if v.Kind() != jsonx.Object {
		d.fail("want an object")
		return t
	}
	for name, m := range d.members(v) {
		d.threadMember(&t, string(name), m)
	}
	d.require(t.ID != "", "id")
	return t
}

func (d *decoder) threadMember(t *Thread, name string, m jsonx.Value) {
	switch name {
	case "title":
		t.Title = d.pointer(m)
	case "id":
		t.ID = d.str(m)
	case "created_at":
		t.CreatedAt = d.time(m)
	case "status":
		t.Status = d.status(m)
	case "allowed_image_domains":
		if t.AllowedImageDomains = listOf(d, m, (*decoder).str); t.AllowedImageDomains == nil && m.Kind() == jsonx.Array {
			t.AllowedImageDomains = []string{} // unlike everywhere else, empty is not absent
		}
	case "metadata":
		t.Metadata = d.metadata(m)
	}
}

func (d *decoder) status(v jsonx.Value) (s ThreadStatus) {
	for name, m := range d.members(v) {
		switch string(name) {
		case "type":
			s.Type = ThreadStatusType(d.str(m))
		case "reason":
			s.Reason = d.pointer(m)
		}
	}
	return s
}

func (d *decoder) threadResponse(v jsonx.Value) *ThreadResponse {
	if v.Kind() == jsonx.Null {
		d.fail("want a thread")
		return nil
	}
	r := &ThreadResponse{Thread: d.thread(v)}
	for name, m := range d.members(v) {
		if string(name) == "items" {
			r.Items = d.itemPage(m)
		}
	}
	return r
}

// MarshalJSON implements [json.Marshaler]. It gives the complete stored form.
func (t Thread) MarshalJSON() ([]byte, error) {
	return encode(nil, storedForm, func(e *encoder) { e.storedThread(&t) })
}

// UnmarshalJSON implements [json.Unmarshaler].
func (t *Thread) UnmarshalJSON(data []byte) error { return decodeValue(t, data, (*decoder).thread) }

// MarshalJSON implements [json.Marshaler]. It gives the form that a client sees.
func (r ThreadResponse) MarshalJSON() ([]byte, error) { return appendThreadResponse(nil, &r) }

// UnmarshalJSON implements [json.Unmarshaler].
func (r *ThreadResponse) UnmarshalJSON(data []byte) error {
	return decodeValue(r, data, func(d *decoder, v jsonx.Value) (t ThreadResponse) {
		if p := d.threadResponse(v); p != nil {
			t = *p
		}
		return t
	})
}

// MarshalJSON implements [json.Marshaler].
func (s ThreadStatus) MarshalJSON() ([]byte, error) {
	return encode(nil, storedForm, func(e *encoder) { e.status(s) })
}

// UnmarshalJSON implements [json.Unmarshaler].
func (s *ThreadStatus) UnmarshalJSON(data []byte) error {
	return decodeValue(s, data, (*decoder).status)
}
