package vectortest

import "encoding/json"

// The messages of the contract between [Remote] and a test server: see docs/responder-contract.md.

// A cue is what a test server is told before a request.
type cue struct {
	// Store replaces everything that is stored, if it is there.
	Store *contents `json:"store,omitempty"`
	// Options hold from now on, if they are there.
	Options *cueOptions `json:"options,omitempty"`
	// Script is what the author's code does from now on.
	Script script `json:"script"`
}

type cueOptions struct {
	// AllowCancel is the stream option that the server sends. Absent is true.
	AllowCancel *bool `json:"allow_cancel,omitempty"`
	// Attachments is false for a server that takes none. Absent is true.
	Attachments *bool `json:"attachments,omitempty"`
}

// A script says what each hook does.
type script struct {
	Respond          []step          `json:"respond,omitempty"`
	Action           []step          `json:"action,omitempty"`
	SyncAction       json.RawMessage `json:"sync_action,omitempty"`
	Transcribe       json.RawMessage `json:"transcribe,omitempty"`
	CreateAttachment json.RawMessage `json:"create_attachment,omitempty"`
}

// A scene is what a test server tells afterwards.
type scene struct {
	// State is one of the states below.
	State string `json:"state"`
	// Store is everything that is stored.
	Store contents `json:"store"`
	// Seen, Feedback and AttachmentsDeleted are what hooks were given since the last cue.
	Seen               []json.RawMessage `json:"seen"`
	Feedback           []json.RawMessage `json:"feedback"`
	AttachmentsDeleted []json.RawMessage `json:"attachments_deleted"`
}

// The states of a scene.
const (
	stateIdle    = "idle"    // no answer is under way, everything is stored
	statePlaying = "playing" // an answer is under way
	stateWaiting = "waiting" // its script waits for the client to leave
)
