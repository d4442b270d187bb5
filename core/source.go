package chatkit

import "encoding/json"

// A Source is what an [Annotation] or a task cites (ChatKit protocol: sources). Its variants are
// [*URLSource], [*FileSource], [*EntitySource] and [*UnknownSource].
//
//sumtype:decl
type Source interface {
	// SourceType returns the protocol's name of the kind: "url", "file" or "entity".
	SourceType() string
	// Meta returns what every source has. Changing it changes the source.
	Meta() *SourceMeta
	isSource()
}

// SourceMeta is what every source has.
type SourceMeta struct {
	Title       string // required
	Description string // optional
	Timestamp   string // optional, free text
	Group       string // optional
}

// Meta returns m itself.
func (m *SourceMeta) Meta() *SourceMeta { return m }

// A URLSource cites a web page.
type URLSource struct {
	SourceMeta
	URL         string // required
	Attribution string // optional
}

// A FileSource cites a file.
type FileSource struct {
	SourceMeta
	Filename string // required
}

// An EntitySource cites something of the application's own, such as a customer or a ticket.
type EntitySource struct {
	SourceMeta
	ID          string          // the entity's id, the application's own
	Icon        Icon            // optional; shown in the text unless InlineLabel is set
	Label       string          // optional; beside the icon in the default hover card
	InlineLabel string          // optional; shown in the text instead of the icon
	Interactive bool            // the client's entity callbacks are wired
	Data        json.RawMessage // a JSON object for those callbacks; empty is written as {}
	Preview     string          // deprecated by the protocol and ignored by clients: "lazy" or empty
}

// An UnknownSource is a source of a kind that this version does not know. Its JSON is written back as it
// was read; changes of SourceMeta are not.
type UnknownSource struct {
	SourceMeta
	Type string          // the kind's name as it was read
	Raw  json.RawMessage // the whole source, its type included
}

// SourceType returns "url".
func (*URLSource) SourceType() string { return "url" }

// SourceType returns "file".
func (*FileSource) SourceType() string { return "file" }

// SourceType returns "entity".
func (*EntitySource) SourceType() string { return "entity" }

// SourceType returns the kind that the source named.
func (s *UnknownSource) SourceType() string { return s.Type }

func (*URLSource) isSource()     {}
func (*FileSource) isSource()    {}
func (*EntitySource) isSource()  {}
func (*UnknownSource) isSource() {}
