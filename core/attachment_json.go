package chatkit

import (
	"reflect"

	"github.com/gochatkit/chatkit/core/internal/jsonx"
)

// appendAttachment appends an attachment (ChatKit protocol: attachments).
func appendAttachment(dst []byte, a Attachment, f form) ([]byte, error) {
	return encode(dst, f, func(e *encoder) { e.attachment(a) })
}

func (e *encoder) attachment(a Attachment) {
	if isNil(a) {
		e.fail("attachment: %w", errNil)
		return
	}
	if u, ok := a.(*UnknownAttachment); ok {
		e.unknownAttachment(u)
		return
	}
	m := a.Meta()
	e.str(`{"id":`, m.ID)
	e.str(`,"name":`, m.Name)
	e.str(`,"mime_type":`, m.MimeType)
	if m.UploadDescriptor != nil {
		e.lit(`,"upload_descriptor":`)
		e.uploadDescriptor(*m.UploadDescriptor)
	}
	e.pointer(`,"thread_id":`, m.ThreadID)
	if e.form == storedForm && m.Metadata != nil {
		e.metadata(`,"metadata":`, m.Metadata)
	}
	switch a := a.(type) {
	case *FileAttachment:
		e.lit(`,"type":"file"`)
	case *ImageAttachment:
		e.str(`,"type":"image","preview_url":`, a.PreviewURL)
	case *UnknownAttachment: // above
	}
	e.lit("}")
}

func (e *encoder) uploadDescriptor(u UploadDescriptor) {
	e.str(`{"url":`, u.URL)
	e.str(`,"method":`, u.Method)
	e.stringMap(`,"headers":`, u.Headers)
	e.lit("}")
}

// unknownAttachment writes an attachment as it was read, with what this version knows of it written over
// it where that has changed.
func (e *encoder) unknownAttachment(u *UnknownAttachment) {
	if len(u.Raw) == 0 {
		e.unknown(u.Type, nil)
		return
	}
	read, err := decode(u.Raw, func(d *decoder, v jsonx.Value) (m AttachmentMeta) {
		for name, member := range d.members(v) {
			d.attachmentMeta(&m, string(name), member)
		}
		return m
	})
	if err != nil {
		e.fail("attachment %s: %w", u.ID, err)
		return
	}
	var with []jsonx.Replacement
	replace := func(name string, present bool, write func(*encoder)) {
		r := jsonx.Replacement{Name: name}
		if present {
			value := encoder{form: e.form}
			write(&value)
			if value.err != nil {
				e.fail("attachment %s: %w", u.ID, value.err)
				return
			}
			r.JSON = value.buf
		}
		with = append(with, r)
	}
	for _, s := range []struct{ name, was, is string }{
		{"id", read.ID, u.ID}, {"name", read.Name, u.Name}, {"mime_type", read.MimeType, u.MimeType},
	} {
		if s.was != s.is {
			replace(s.name, true, func(e *encoder) { e.str("", s.is) })
		}
	}
	if !reflect.DeepEqual(read.UploadDescriptor, u.UploadDescriptor) {
		replace("upload_descriptor", u.UploadDescriptor != nil, func(e *encoder) { e.uploadDescriptor(*u.UploadDescriptor) })
	}
	if !reflect.DeepEqual(read.ThreadID, u.ThreadID) {
		replace("thread_id", u.ThreadID != nil, func(e *encoder) { e.str("", *u.ThreadID) })
	}
	switch {
	case e.form == wireForm:
		replace("metadata", false, nil)
	case !reflect.DeepEqual(read.Metadata, u.Metadata):
		replace("metadata", u.Metadata != nil, func(e *encoder) { e.metadata("", u.Metadata) })
	}
	e.replaced(u.Raw, with)
}

// UnmarshalAttachment reads an attachment of any kind. One of a kind that this version does not know
// becomes an [*UnknownAttachment]; members that it does not know are left out.
func UnmarshalAttachment(data []byte) (Attachment, error) { return decode(data, (*decoder).attachment) }

func (d *decoder) attachment(v jsonx.Value) Attachment {
	var a Attachment
	switch kind := d.kind(v); kind {
	case "file":
		a = &FileAttachment{}
	case "image":
		a = &ImageAttachment{}
	default:
		a = &UnknownAttachment{Type: kind, Raw: d.raw(v)}
	}
	for name, m := range d.members(v) {
		if d.attachmentMeta(a.Meta(), string(name), m) {
			continue
		}
		if image, ok := a.(*ImageAttachment); ok && string(name) == "preview_url" {
			image.PreviewURL = d.str(m)
		}
	}
	d.require(a.Meta().ID != "", "id")
	return a
}

func (d *decoder) attachmentMeta(a *AttachmentMeta, name string, m jsonx.Value) bool {
	switch name {
	case "id":
		a.ID = d.str(m)
	case "name":
		a.Name = d.str(m)
	case "mime_type":
		a.MimeType = d.str(m)
	case "upload_descriptor":
		a.UploadDescriptor = nil
		if m.Kind() != jsonx.Null {
			a.UploadDescriptor = d.uploadDescriptor(m)
		}
	case "thread_id":
		a.ThreadID = d.pointer(m)
	case "metadata":
		a.Metadata = d.metadata(m)
	default:
		return false
	}
	return true
}

func (d *decoder) uploadDescriptor(v jsonx.Value) *UploadDescriptor {
	u := &UploadDescriptor{}
	for name, m := range d.members(v) {
		switch string(name) {
		case "url":
			u.URL = d.str(m)
		case "method":
			u.Method = d.str(m)
		case "headers":
			u.Headers = d.stringMap(m)
		}
	}
	return u
}

// MarshalJSON implements [json.Marshaler].
func (a FileAttachment) MarshalJSON() ([]byte, error) { return appendAttachment(nil, &a, storedForm) }

// UnmarshalJSON implements [json.Unmarshaler].
func (a *FileAttachment) UnmarshalJSON(data []byte) error {
	return decodeInto(a, data, UnmarshalAttachment)
}

// MarshalJSON implements [json.Marshaler].
func (a ImageAttachment) MarshalJSON() ([]byte, error) { return appendAttachment(nil, &a, storedForm) }

// UnmarshalJSON implements [json.Unmarshaler].
func (a *ImageAttachment) UnmarshalJSON(data []byte) error {
	return decodeInto(a, data, UnmarshalAttachment)
}

// MarshalJSON implements [json.Marshaler].
func (a UnknownAttachment) MarshalJSON() ([]byte, error) {
	return appendAttachment(nil, &a, storedForm)
}

// UnmarshalJSON implements [json.Unmarshaler].
func (a *UnknownAttachment) UnmarshalJSON(data []byte) error {
	return decodeInto(a, data, UnmarshalAttachment)
}

// MarshalJSON implements [json.Marshaler].
func (u UploadDescriptor) MarshalJSON() ([]byte, error) {
	return encode(nil, storedForm, func(e *encoder) { e.uploadDescriptor(u) })
}

// UnmarshalJSON implements [json.Unmarshaler].
func (u *UploadDescriptor) UnmarshalJSON(data []byte) error {
	return decodeValue(u, data, func(d *decoder, v jsonx.Value) UploadDescriptor { return *d.uploadDescriptor(v) })
}
