package chatkit

import (
	"crypto/rand"
	"strings"
)

// An IDKind says what an id is for (ChatKit protocol: ids).
type IDKind string

// The kinds of ids that the server makes. Ids are opaque to clients; the prefix is for people.
const (
	IDThread        IDKind = "thread"             // thr_…
	IDMessage       IDKind = "message"            // msg_…: messages, widgets, images and whatever has no kind of its own
	IDToolCall      IDKind = "tool_call"          // tc_…
	IDTask          IDKind = "task"               // tsk_…
	IDWorkflow      IDKind = "workflow"           // wf_…
	IDAttachment    IDKind = "attachment"         // atc_…
	IDHiddenContext IDKind = "sdk_hidden_context" // shcx_…: notes for the model
)

var idPrefixes = map[IDKind]string{
	IDThread: "thr_", IDMessage: "msg_", IDToolCall: "tc_", IDTask: "tsk_",
	IDWorkflow: "wf_", IDAttachment: "atc_", IDHiddenContext: "shcx_",
}

// NewID returns the prefix of the kind, "msg_" for a kind it does not know, and at least 128 random bits.
// It is the default of [Options.NewID] and safe for concurrent use.
func NewID(kind IDKind) string {
	prefix, ok := idPrefixes[kind]
	if !ok {
		prefix = idPrefixes[IDMessage]
	}
	return prefix + strings.ToLower(rand.Text())
}

// newRunID returns a name for a run that nobody can guess: 26 characters of 5 bits, and 8 more that
// the run's event ids begin with.
func newRunID() string { return "run_" + strings.ToLower(rand.Text()+rand.Text()[:8]) }
