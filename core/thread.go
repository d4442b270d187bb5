package chatkit

import "time"

// A Thread is a conversation without its items (ChatKit protocol: threads). [json.Marshal] gives its
// complete stored form, metadata included; what a client sees is a [ThreadResponse].
type Thread struct {
	ID string // unique; the server makes it
	// CreatedAt is written in UTC, cut to microseconds. The monotonic clock reading is ignored.
	CreatedAt time.Time
	Title     *string      // nil until there is one
	Status    ThreadStatus // the zero value is active
	// AllowedImageDomains limits where the client loads images from. Nil leaves the field out; an empty
	// list is written.
	AllowedImageDomains []string
	// Metadata is the application's own. It is stored and never sent to a client. Numbers that come out
	// of stored JSON are of type [json.Number], so that no digit is lost.
	Metadata map[string]any
}

// A ThreadStatus says whether the user may write. The server does not enforce it. The zero value is an
// active thread.
type ThreadStatus struct {
	Type   ThreadStatusType // empty is written as active
	Reason *string          // shown to the user if the thread is locked or closed; nil means a text of the client's
}

// A ThreadStatusType is the kind of a [ThreadStatus]. Empty is written as active.
type ThreadStatusType string

// The statuses of a thread.
const (
	// ThreadActive is the normal state.
	ThreadActive ThreadStatusType = "active"
	// ThreadLocked shows the composer disabled.
	ThreadLocked ThreadStatusType = "locked"
	// ThreadClosed shows a banner in place of the composer.
	ThreadClosed ThreadStatusType = "closed"
)

// A ThreadResponse is a thread as a client sees it: with a page of items and with empty metadata, whatever
// Thread.Metadata holds.
type ThreadResponse struct {
	Thread
	Items Page[Item] // a page of the thread's items, possibly empty
}
