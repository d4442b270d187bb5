package chatkit

// A Feedback is a user's thumb on some items. The ids are the client's; the server has not checked that
// they exist.
type Feedback struct {
	ThreadID string       // the thread of the items
	ItemIDs  []string     // the items that the thumb is about
	Kind     FeedbackKind // one of the kinds below
}

// A FeedbackKind is the direction of a thumb.
type FeedbackKind string

// The kinds of feedback.
const (
	FeedbackPositive FeedbackKind = "positive"
	FeedbackNegative FeedbackKind = "negative"
)
