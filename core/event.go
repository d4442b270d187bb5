package chatkit

import "encoding/json"

// An Event is one message of a response stream (ChatKit protocol: stream events). Its variants are
//
//   - [*ThreadCreatedEvent], [*ThreadUpdatedEvent]
//   - [*ThreadItemAddedEvent], [*ThreadItemUpdatedEvent], [*ThreadItemDoneEvent],
//     [*ThreadItemRemovedEvent], [*ThreadItemReplacedEvent]
//   - [*StreamOptionsEvent], [*ProgressUpdateEvent], [*ClientEffectEvent], [*ErrorEvent], [*NoticeEvent]
//   - [*UnknownEvent]
//
// [json.Marshal] of an event gives the form a browser sees: without metadata of threads and attachments,
// and without nulls in widgets. An event must not be changed once it has been emitted.
//
//sumtype:decl
type Event interface {
	// EventType returns the protocol's name of the kind, such as "thread.item.done".
	EventType() string
	isEvent()
}

// A ThreadCreatedEvent says that a thread now exists. The server sends it as the first event of a new
// thread's stream.
type ThreadCreatedEvent struct {
	Thread *ThreadResponse // required
}

// A ThreadUpdatedEvent says that a thread's title, status, image domains or metadata changed.
type ThreadUpdatedEvent struct {
	Thread *ThreadResponse // required
}

// A ThreadItemAddedEvent puts an unfinished item on the screen; updates follow, then a
// [ThreadItemDoneEvent]. It is not stored.
type ThreadItemAddedEvent struct {
	Item Item // required
}

// A ThreadItemUpdatedEvent changes an item that was added before.
type ThreadItemUpdatedEvent struct {
	ItemID string     // the item that is changed
	Update ItemUpdate // required
}

// A ThreadItemDoneEvent completes an item. It is what gets stored.
type ThreadItemDoneEvent struct {
	Item Item // required
}

// A ThreadItemRemovedEvent takes an item off the screen and out of the store.
type ThreadItemRemovedEvent struct {
	ItemID string // the item that goes
}

// A ThreadItemReplacedEvent replaces a stored item of the same id.
type ThreadItemReplacedEvent struct {
	Item Item // required
}

// A StreamOptionsEvent tells the client how it may treat the running stream.
type StreamOptionsEvent struct {
	StreamOptions StreamOptions // the settings that hold from now on
}

// StreamOptions are the settings of one response stream.
type StreamOptions struct {
	// AllowCancel says whether the client offers a stop button while the response runs.
	AllowCancel bool `json:"allow_cancel"`
}

// A ProgressUpdateEvent shows a passing line of progress. It is never stored.
type ProgressUpdateEvent struct {
	Icon Icon   // optional
	Text string // required
}

// A ClientEffectEvent fires an effect in the browser. It is never stored.
type ClientEffectEvent struct {
	Name string          // the effect's name, agreed between page and server; required
	Data json.RawMessage // a JSON object; empty is written as {}
}

// An ErrorEvent shows an error. It is never stored.
type ErrorEvent struct {
	// Code chooses what the client shows. Empty is written as [ErrorCodeCustom].
	Code ErrorCode
	// Message is shown as it is when Code is [ErrorCodeCustom]; empty is left out.
	Message string
	// AllowRetry says whether the client offers a retry button.
	AllowRetry bool
}

// An ErrorCode names the kind of an [ErrorEvent]. The set is open: a code of your own is legal.
type ErrorCode string

// The error codes of the protocol.
const (
	// ErrorCodeStream makes the client show its own, localized text.
	ErrorCodeStream ErrorCode = "stream.error"
	// ErrorCodeCustom makes the client show the event's message.
	ErrorCodeCustom ErrorCode = "custom"
)

// A NoticeEvent shows a note to the user. It is never stored.
type NoticeEvent struct {
	Level   NoticeLevel // one of the levels below
	Message string      // Markdown, required
	Title   string      // optional
}

// A NoticeLevel is the colour of a notice.
type NoticeLevel string

// The notice levels of the protocol.
const (
	NoticeInfo    NoticeLevel = "info"
	NoticeWarning NoticeLevel = "warning"
	NoticeDanger  NoticeLevel = "danger"
)

// An UnknownEvent is an event of a kind that this version does not know.
type UnknownEvent struct {
	Type string          // the kind's name as it was read
	Raw  json.RawMessage // the whole event, its type included
}

// EventType returns "thread.created".
func (*ThreadCreatedEvent) EventType() string { return "thread.created" }

// EventType returns "thread.updated".
func (*ThreadUpdatedEvent) EventType() string { return "thread.updated" }

// EventType returns "thread.item.added".
func (*ThreadItemAddedEvent) EventType() string { return "thread.item.added" }

// EventType returns "thread.item.updated".
func (*ThreadItemUpdatedEvent) EventType() string { return "thread.item.updated" }

// EventType returns "thread.item.done".
func (*ThreadItemDoneEvent) EventType() string { return "thread.item.done" }

// EventType returns "thread.item.removed".
func (*ThreadItemRemovedEvent) EventType() string { return "thread.item.removed" }

// EventType returns "thread.item.replaced".
func (*ThreadItemReplacedEvent) EventType() string { return "thread.item.replaced" }

// EventType returns "stream_options".
func (*StreamOptionsEvent) EventType() string { return "stream_options" }

// EventType returns "progress_update".
func (*ProgressUpdateEvent) EventType() string { return "progress_update" }

// EventType returns "client_effect".
func (*ClientEffectEvent) EventType() string { return "client_effect" }

// EventType returns "error".
func (*ErrorEvent) EventType() string { return "error" }

// EventType returns "notice".
func (*NoticeEvent) EventType() string { return "notice" }

// EventType returns the kind that the event named.
func (e *UnknownEvent) EventType() string { return e.Type }

func (*ThreadCreatedEvent) isEvent()      {}
func (*ThreadUpdatedEvent) isEvent()      {}
func (*ThreadItemAddedEvent) isEvent()    {}
func (*ThreadItemUpdatedEvent) isEvent()  {}
func (*ThreadItemDoneEvent) isEvent()     {}
func (*ThreadItemRemovedEvent) isEvent()  {}
func (*ThreadItemReplacedEvent) isEvent() {}
func (*StreamOptionsEvent) isEvent()      {}
func (*ProgressUpdateEvent) isEvent()     {}
func (*ClientEffectEvent) isEvent()       {}
func (*ErrorEvent) isEvent()              {}
func (*NoticeEvent) isEvent()             {}
func (*UnknownEvent) isEvent()            {}
