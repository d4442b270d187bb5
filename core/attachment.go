package chatkit

import "encoding/json"

// An Attachment is a file that belongs to a user message (ChatKit protocol: attachments). Its variants are
// [*FileAttachment], [*ImageAttachment] and [*UnknownAttachment].
//
// [json.Marshal] of an attachment gives its complete stored form, metadata included; a browser must not
// see that. [UnmarshalAttachment] reads it.
//
//sumtype:decl
type Attachment interface {
	// AttachmentType returns the protocol's name of the kind: "file" or "image".
	AttachmentType() string
	// Meta returns what every attachment has. Changing it changes the attachment.
	Meta() *AttachmentMeta
	isAttachment()
}

// AttachmentMeta is what every attachment has.
type AttachmentMeta struct {
	ID       string // made by the server, unique
	Name     string // the file's name as the user sees it
	MimeType string
	// UploadDescriptor says where the browser sends the bytes. It is nil once they have arrived.
	UploadDescriptor *UploadDescriptor
	// ThreadID is the thread whose message carries the attachment, or nil while it is in the composer.
	ThreadID *string
	// Metadata is the application's own. It is stored and never sent to a client. Numbers that come out
	// of stored JSON are of type [json.Number], so that no digit is lost.
	Metadata map[string]any
}

// Meta returns m itself.
func (m *AttachmentMeta) Meta() *AttachmentMeta { return m }

// An UploadDescriptor tells the browser how to upload a file's bytes.
type UploadDescriptor struct {
	URL     string // absolute; written as given, so that signed URLs stay valid
	Method  string // "POST" or "PUT"
	Headers map[string]string
}

// A FileAttachment is any file.
type FileAttachment struct {
	AttachmentMeta
}

// An ImageAttachment is a file with a picture to show.
type ImageAttachment struct {
	AttachmentMeta
	PreviewURL string // absolute (data: and blob: are fine); written as given
}

// An UnknownAttachment is an attachment of a kind that this version does not know. Its JSON is written
// back as it was read, except that a changed ThreadID, UploadDescriptor or Metadata is written over it.
type UnknownAttachment struct {
	AttachmentMeta
	Type string          // the kind's name as it was read
	Raw  json.RawMessage // the whole attachment, its type included
}

// AttachmentType returns "file".
func (*FileAttachment) AttachmentType() string { return "file" }

// AttachmentType returns "image".
func (*ImageAttachment) AttachmentType() string { return "image" }

// AttachmentType returns the kind that the attachment named.
func (a *UnknownAttachment) AttachmentType() string { return a.Type }

func (*FileAttachment) isAttachment()    {}
func (*ImageAttachment) isAttachment()   {}
func (*UnknownAttachment) isAttachment() {}
