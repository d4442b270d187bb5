package chatkit

import (
	"context"
	"log/slog"
	"time"

	"github.com/gochatkit/chatkit/core/run"
)

// A RespondFunc answers the user by writing to t. It is called for a new message, for the result of a
// client tool, for an answered form and for a retry; t.Input is nil where there is no message.
//
// Its context ends when the turn is to end: context.Cause(ctx) tells why, see [ErrStopped]. It should
// then return soon; what it has written so far is kept. A nil return ends the turn well, an error ends
// it with an error event, see [StreamError]. The context outlives the client's connection.
type RespondFunc func(ctx context.Context, t *Turn) error

// Options are what a [Server] can be told beyond its store and its RespondFunc. The zero value works.
// Hooks are called from many goroutines at once.
type Options struct {
	// Action answers an action of a widget, or of the application's own page, by writing to t.
	// Defaults to none: such requests are refused with ErrUnsupported.
	Action ActionFunc
	// SyncAction answers an action that is not streamed. The item it returns, nil for none, is sent to
	// the client and not stored. Defaults to none: such requests are refused with ErrUnsupported.
	SyncAction func(ctx context.Context, th *Thread, a *Action) (Item, error)
	// Feedback takes a user's thumb. Defaults to dropping it.
	Feedback func(ctx context.Context, owner string, f *Feedback) error
	// Transcribe turns dictation into text. Defaults to none: such requests are refused with ErrUnsupported.
	Transcribe func(ctx context.Context, a *Audio) (string, error)
	// Attachments makes uploads possible. Defaults to none: attachment requests are refused with ErrUnsupported.
	Attachments AttachmentStore

	// OnCancel is called once when a turn is ended before its time: the user stopped, left, retried, deleted
	// the thread or sent a newer message, or the turn stalled, ran for too long or met a shutdown. It is not
	// called when Respond fails or panics; for what must happen at every end there is Run.OnEnd. Respond has
	// returned by then, unless it ignores the end of its context. Its context keeps the request's values,
	// is not cancelled, and lasts Run.FinalizeTimeout at most; the end of the turn does not wait for longer. A turn whose process has died (run.ErrLost) has no request
	// any more: its context has no values, and Cancellation.Owner says whose it was. Defaults to Cancellation.SavePartial.
	OnCancel func(ctx context.Context, c *Cancellation) error
	// DropPartialOnError leaves the partial answer unstored when Respond returns an error or panics, as
	// the Python server does. Defaults to storing it: the user has read it.
	DropPartialOnError bool

	// DanglingToolCalls says what becomes of the client tool calls without a result when the user writes a
	// new message instead. Defaults to CompleteDangling.
	DanglingToolCalls DanglingToolCalls
	// ClientToolTimeout is how long a client tool may take. When a thread is loaded, or a turn begins, older
	// calls are treated as DanglingToolCalls says, and a result that comes after that is refused with 409.
	// Defaults to no limit: a tool may ask the user something.
	ClientToolTimeout time.Duration
	// ClientToolsInOrder lets a turn make several client tool calls. Each result then completes the oldest
	// call that waits, and Respond is called when none waits any more. It needs a client that sends a result
	// for every call, in their order. Defaults to one call at a time, as the official client and the Python
	// server have it: a result completes the newest call, and older ones that wait are deleted.
	ClientToolsInOrder bool

	// StreamOptions says what the client may do with a turn's stream. Defaults to: the user may cancel.
	StreamOptions func(ctx context.Context, th *Thread) StreamOptions

	// Owner computes whose data a request works on, from the values that middleware put into ctx: a user,
	// a tenant or a session. It is called once per request. An error refuses the request, see
	// ErrUnauthorized and ErrForbidden; so does an empty owner. Defaults to the single owner "", which is
	// right for one user only.
	Owner func(ctx context.Context) (string, error)

	// NewID makes ids. They must be unique. Defaults to NewID.
	NewID func(kind IDKind) string
	// Now is the clock for creation times. Defaults to time.Now.
	Now func() time.Time
	// Logger gets what operators need, and never the text of a conversation. Defaults to slog.Default().
	Logger *slog.Logger

	// MaxBodyBytes limits a request's body, that of a dictation excepted. Defaults to 1 MiB.
	MaxBodyBytes int64
	// MaxAudioBytes limits the body of a dictation, in base64. Defaults to 8 MiB.
	MaxAudioBytes int64
	// WriteTimeout limits a single write to a client; a client that does not read for so long is dropped.
	// Defaults to 15 seconds.
	WriteTimeout time.Duration

	// Disconnect says what becomes of a turn when its last client has left. Defaults to run.Auto: a plain
	// client's turn ends at once, because hanging up is its only way to say stop, and that of a client
	// which declared that it can resume goes on.
	Disconnect run.Disconnect
	// TrimToSeen cuts a partial answer that is kept at what has reached a client. Defaults to keeping what
	// Respond had written, of which the client may have missed the last words.
	TrimToSeen bool
	// TurnPolicy changes, for one request, how its turn stands to others on the thread and to its
	// clients. P holds the server's choice. Defaults to none.
	TurnPolicy func(ctx context.Context, r TurnRequest, p *TurnPolicy)
	// Authorize decides who may watch or end a turn that is in progress. The owner has been compared
	// already. A refusal looks as if the turn did not exist. Defaults to allowing the owner.
	Authorize func(ctx context.Context, a Access) error

	// Debug has streams say when each of their writes was made, in comment lines that clients skip, and answers requests
	// of the type debug.ticks with a stream that needs no turn: with both, the inspector of the playground and the command
	// "chatkit probe" find what holds a stream back on its way. It costs a copy of everything that is sent. Defaults to false.
	Debug bool

	// Run holds the limits of turns: heartbeat, stall, duration, timeouts, log sizes.
	Run run.Config
}

// An ActionFunc answers an action by writing to t. See [RespondFunc].
type ActionFunc func(ctx context.Context, t *Turn, a *Action) error

const (
	defaultMaxBody      = 1 << 20
	defaultMaxAudio     = 8 << 20
	defaultWriteTimeout = 15 * time.Second
)

func (o *Options) withDefaults() *Options {
	var c Options
	if o != nil {
		c = *o
	}
	if c.StreamOptions == nil {
		c.StreamOptions = func(context.Context, *Thread) StreamOptions { return StreamOptions{AllowCancel: true} }
	}
	if c.OnCancel == nil {
		c.OnCancel = func(ctx context.Context, c *Cancellation) error { return c.SavePartial(ctx) }
	}
	if c.NewID == nil {
		c.NewID = NewID
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Logger == nil {
		c.Logger = slog.Default()
	}
	if c.MaxBodyBytes <= 0 {
		c.MaxBodyBytes = defaultMaxBody
	}
	if c.MaxAudioBytes <= 0 {
		c.MaxAudioBytes = defaultMaxAudio
	}
	if c.WriteTimeout <= 0 {
		c.WriteTimeout = defaultWriteTimeout
	}
	if c.Run.OnPanic == nil {
		c.Run.OnPanic = func(p *run.PanicError) {
			c.Logger.Error("chatkit: Run.OnEnd panicked", "panic", p.Value, "stack", string(p.Stack))
		}
	}
	if c.Run.Blocked == 0 {
		c.Run.Blocked = c.WriteTimeout / 2
	}
	if c.Run.OnQuiet == nil {
		c.Run.OnQuiet = func(q run.Quiet) { logQuiet(c.Logger, q) }
	}
	if c.Run.OnEngineError == nil {
		c.Run.OnEngineError = func(id string, err error) {
			c.Logger.Error("chatkit: the end of a turn could not be recorded", "run", id, "err", err)
		}
	}
	if c.Run.FinalizeTimeout <= 0 {
		c.Run.FinalizeTimeout = 10 * time.Second
	}
	return &c
}
