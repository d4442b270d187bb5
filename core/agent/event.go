package agent

import (
	"encoding/json"

	chatkit "github.com/gochatkit/chatkit/core"
)

// An Event is one step of a model's or an agent's run. It is the neutral form that every source
// speaks and the [Bridge] understands.
//
// Item numbers the output items of a run, from 0 in any order; a source with a single message leaves
// it 0. Part numbers the content parts of a message. Starts and dones are optional: the bridge opens
// what a delta needs and closes what is still open when the run ends, so a minimal source yields
// nothing but *[TextDelta].
//
// The variants are *[TextDelta], *[MessageStart], *[PartStart], *[AnnotationAdded], *[PartDone],
// *[MessageDone], *[ReasoningStart], *[ThoughtDelta], *[ThoughtDone], *[ImageStart], *[ImagePartial],
// *[ImageDone], *[ToolCall], *[ToolResult], *[HostedTool], *[OutputItem], *[Finish], *[Unknown] and
// *[Thread].
type Event interface{ isEvent() }

// TextDelta adds text to a message. It is the only event that a minimal source needs.
type TextDelta struct {
	Item, Part int
	Text       string
	Refusal    bool // the model declines; shown as text
}

// MessageStart announces a message before its first delta.
type MessageStart struct {
	Item    int
	ID      string // the upstream's id, "" if it has none or it cannot be trusted to be unique
	Phase   string // "commentary", "final_answer" or ""
	Content []Content
}

// PartStart announces a content part of a message.
type PartStart struct {
	Item, Part int
	Content    Content
}

// AnnotationAdded adds a citation to a part. Citations are numbered by the bridge.
type AnnotationAdded struct {
	Item, Part int
	Citation   Citation
}

// PartDone ends a text part. Its text replaces the deltas seen so far.
type PartDone struct {
	Item, Part int
	Text       string
	Refusal    bool
}

// MessageDone ends a message. Its content replaces everything streamed before, unless it is nil:
// then the streamed parts stand.
type MessageDone struct {
	Item    int
	ID      string // as in MessageStart
	Phase   string
	Content []Content
}

// Content is one finished or starting part of a message.
type Content struct {
	Text      string
	Refusal   bool
	Citations []Citation
}

// Citation is a reference from a message's text to its source, in the words of the Responses API.
type Citation struct {
	Kind     string // "url_citation", "file_citation", "container_file_citation", "file_path" or unknown
	URL      string
	Title    string
	FileID   string
	Filename string
	Start    int
	End      int
	Index    int // position of a file_citation, in characters
}

// ReasoningStart announces that the model thinks.
type ReasoningStart struct {
	Item int
	ID   string
}

// ThoughtDelta adds text to a thought.
type ThoughtDelta struct {
	Item, Index int // Index numbers the thoughts of one reasoning item
	Text        string
	Raw         bool // chain of thought, not a summary made for readers
}

// ThoughtDone ends a thought. Its text replaces the deltas seen so far.
type ThoughtDone struct {
	Item, Index int
	Text        string
	Raw         bool
}

// ImageStart announces a generated image.
type ImageStart struct {
	Item int
	ID   string
}

// ImagePartial is a preview of an image.
type ImagePartial struct {
	Item   int
	ID     string
	Index  int    // number of the preview, from 0
	Base64 string // standard base64
	Format string // "png", "jpeg", "webp" or "" for png
}

// ImageDone ends an image. An empty Base64 says that there is no image: refused, moderated, failed.
type ImageDone struct {
	Item   int
	ID     string
	Base64 string
	Format string
}

// ToolCall is a finished function call that the application has to answer.
type ToolCall struct {
	Item      int
	ID        string // upstream item id, "" if it has none
	CallID    string // what the answer must name
	Name      string
	Arguments string // JSON text, or free text if Custom
	Custom    bool   // a custom tool: Arguments is not JSON
}

// ToolResult is the answer to a call, from sources that run tools themselves.
type ToolResult struct {
	CallID string
	Output string
	Err    error
}

// HostedTool is the state of a tool that the provider runs: web_search_call, mcp_call and so on.
type HostedTool struct {
	Item   int
	ID     string
	Kind   string          // the upstream's item type
	Status string          // "in_progress", "searching", "completed", "failed" and so on
	Raw    json.RawMessage // the whole item, if the event had it
}

// OutputItem is a finished upstream item, verbatim, for replay in the next turn of the run.
type OutputItem struct {
	Item int
	Raw  json.RawMessage
}

// Finish ends a response. A run may have several, one per turn; the last one counts.
type Finish struct {
	Reason     Reason
	ResponseID string
	Model      string
	Usage      Usage
	Err        error // set if Reason is ReasonFailed; nearly always an *[Error]
}

// Unknown is an upstream event or item that the source does not know. The bridge counts it.
type Unknown struct{ Type string }

// Thread carries a finished thread event through a source: a widget, progress, a notice. The bridge
// applies the rules of a workflow to it, as to everything else.
type Thread struct{ Event chatkit.Event }

func (*TextDelta) isEvent()       {}
func (*MessageStart) isEvent()    {}
func (*PartStart) isEvent()       {}
func (*AnnotationAdded) isEvent() {}
func (*PartDone) isEvent()        {}
func (*MessageDone) isEvent()     {}
func (*ReasoningStart) isEvent()  {}
func (*ThoughtDelta) isEvent()    {}
func (*ThoughtDone) isEvent()     {}
func (*ImageStart) isEvent()      {}
func (*ImagePartial) isEvent()    {}
func (*ImageDone) isEvent()       {}
func (*ToolCall) isEvent()        {}
func (*ToolResult) isEvent()      {}
func (*HostedTool) isEvent()      {}
func (*OutputItem) isEvent()      {}
func (*Finish) isEvent()          {}
func (*Unknown) isEvent()         {}
func (*Thread) isEvent()          {}
