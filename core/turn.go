package chatkit

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"reflect"
	"runtime/debug"
	"time"

	"github.com/gochatkit/chatkit/core/internal/jsonx"
	"github.com/gochatkit/chatkit/core/run"
)

// A Turn is one answer in the making. Respond writes to it, and everything written appears in the
// browser at once; what is complete is stored first. Writing never waits for a client.
//
// A Turn lives as long as the call of Respond. Afterwards, and once the turn's context has ended, its
// methods return the cause and do nothing. All methods are safe for concurrent use, so that tools on
// goroutines of their own can report through it.
type Turn struct {
	// Thread is the thread as it was when the turn began. It is a copy; see UpdateThread.
	Thread *Thread
	// Input is the message to answer. It is nil after a client tool, a form and in an action.
	Input *UserMessageItem
	// ToolCall is the call of a client tool whose result has come, with its Output. It is nil otherwise.
	ToolCall *ClientToolCallItem
	// Form is the structured input that the user has answered or skipped. It is nil otherwise.
	Form *StructuredInputItem
	// Metadata is what the client sent along with the request, a JSON object, or nil.
	Metadata json.RawMessage

	rec *recorder
}

type turnKey struct{}

// TurnFrom returns the turn that ctx belongs to, for code that a framework calls with nothing but a
// context. It reports false outside of Respond and Action.
func TurnFrom(ctx context.Context) (*Turn, bool) {
	t, ok := ctx.Value(turnKey{}).(*Turn)
	return t, ok
}

// RunID names the turn's run, as in the log. It is unguessable and never reused.
func (t *Turn) RunID() string { return t.rec.run.ID() }

// Owner returns whose thread it is, as Options.Owner computed it.
func (t *Turn) Owner() string { return t.rec.owner }

// NewID makes an id with the server's generator.
func (t *Turn) NewID(kind IDKind) string { return t.rec.srv.opts.NewID(kind) }

// NewItemMeta returns what a new item of this thread begins with: an id of the given kind, the thread and
// the time.
func (t *Turn) NewItemMeta(kind IDKind) ItemMeta {
	return ItemMeta{ID: t.NewID(kind), ThreadID: t.Thread.ID, CreatedAt: t.rec.srv.now()}
}

// Touch says that the turn is alive although it has nothing to show, which keeps it from being ended as
// stalled. Every other method does so too.
func (t *Turn) Touch() { t.rec.run.Touch() }

// Phase says what the turn is occupied with until end is called: if nothing is sent for a while, the log names
// it, see [run.Config] and its OnQuiet. Phases may overlap, as tools do that run side by side. The agent package does this
// for models and tools.
//
//	end := t.Phase("waiting for the weather service")
//	defer end()
func (t *Turn) Phase(what string) (end func()) { return t.rec.run.Phase(what) }

// Emit sends e. An item that is done or replaced is stored first, one that is removed is deleted first;
// hidden items are stored and not sent (ChatKit protocol: event-processing pipeline). It returns the cause
// once the turn is over, an error if e is not valid, and the store's error, in which case e was not sent.
// The event belongs to the turn from then on.
func (t *Turn) Emit(e Event) error { return t.rec.emit(e) }

// Pipe emits the events of seq until it ends, and returns its first error.
func (t *Turn) Pipe(seq iter.Seq2[Event, error]) error {
	for e, err := range seq {
		if err != nil {
			return err
		}
		if err := t.Emit(e); err != nil {
			return err
		}
	}
	return nil
}

// Keep stores an item as it is without telling the client, and without finishing it when Respond returns:
// for work that the next turn goes on with, such as a workflow that waits for a client tool.
func (t *Turn) Keep(it Item) error { return t.rec.keep(it) }

// Exclusive calls fn while nothing else can be written to the turn. What fn emits is not intercepted. Fn
// must not call methods of the turn, and should not block. It returns the cause once the turn is over, and
// what fn returns.
func (t *Turn) Exclusive(fn func(emit func(Event) error) error) error {
	r := t.rec
	r.pen.take()
	defer r.pen.put()
	if err := r.open(""); err != nil {
		return err
	}
	return fn(func(e Event) error {
		if err := validateEvent(e); err != nil {
			return fmt.Errorf("emit: %w", err)
		}
		return r.write(e)
	})
}

// Intercept has each event that is written to the turn, text deltas of a MessageWriter excepted, go
// through fn, which passes it on with emit, and others before or after it, or none. Fn runs as in
// Exclusive. It replaces an earlier fn until restore is called. It is meant for code that drives a turn for
// an author, and has to know what the author's tools write meanwhile.
func (t *Turn) Intercept(fn func(e Event, emit func(Event) error) error) (restore func()) {
	r := t.rec
	r.pen.take()
	defer r.pen.put()
	before := r.tap
	r.tap = fn
	return func() {
		r.pen.take()
		defer r.pen.put()
		r.tap = before
	}
}

// FromSeq makes a RespondFunc of a function that returns its events as a sequence.
func FromSeq(f func(ctx context.Context, t *Turn) iter.Seq2[Event, error]) RespondFunc {
	return func(ctx context.Context, t *Turn) error { return t.Pipe(f(ctx, t)) }
}

// Text sends a complete message, in Markdown. For token by token see Message.
func (t *Turn) Text(markdown string) error {
	return t.Emit(&ThreadItemDoneEvent{Item: &AssistantMessageItem{
		ItemMeta: t.NewItemMeta(IDMessage),
		Content:  []AssistantMessageContent{{Text: markdown}},
	}})
}

// Progress shows a passing line, such as "Searching…", until something else appears. The icon may be
// empty.
func (t *Turn) Progress(icon Icon, text string) error {
	return t.Emit(&ProgressUpdateEvent{Icon: icon, Text: text})
}

// Notice shows a note to the user, with a message in Markdown. The title may be empty. It is not stored.
func (t *Turn) Notice(level NoticeLevel, markdown, title string) error {
	return t.Emit(&NoticeEvent{Level: level, Message: markdown, Title: title})
}

// Effect fires an effect in the browser. Data must encode as a JSON object; nil is an empty one.
func (t *Turn) Effect(name string, data any) error {
	raw, err := toJSON(data)
	if err != nil {
		return fmt.Errorf("effect %s: %w", name, err)
	}
	return t.Emit(&ClientEffectEvent{Name: name, Data: raw})
}

// CallClientTool asks the browser to run a tool. Args must encode as a JSON object; nil is an empty one.
// Return from Respond afterwards: the result arrives as a turn of its own, with the completed call as the
// last item of History.
func (t *Turn) CallClientTool(name string, args any) error {
	raw, err := toJSON(args)
	if err != nil {
		return fmt.Errorf("client tool %s: %w", name, err)
	}
	return t.Emit(&ThreadItemDoneEvent{Item: &ClientToolCallItem{
		ItemMeta:  t.NewItemMeta(IDToolCall),
		Status:    ClientToolCallPending,
		CallID:    t.NewID(IDToolCall),
		Name:      name,
		Arguments: raw,
	}})
}

// UpdateThread changes the thread, stores it and tells the client. Change gets the thread as it is
// stored now, not as it was when the turn began: what others changed in the meantime stays. Its id and
// creation time cannot be changed. Until change returns, others who would change this thread wait; it may write to the turn,
// but must not call UpdateThread.
func (t *Turn) UpdateThread(change func(*Thread)) error {
	r := t.rec
	unlock, err := r.srv.threads.lock(r.ctx, r.owner, r.thread)
	if err != nil {
		r.late.Store(true)
		return err
	}
	defer unlock()
	th, err := r.loadThread()
	if err != nil {
		return err
	}
	before := th.Clone()
	change(th)
	th.ID, th.CreatedAt = before.ID, before.CreatedAt
	if reflect.DeepEqual(th, before) {
		return nil // there is nothing to tell
	}
	return r.putThread(th)
}

// History walks the thread's items, oldest first, as they are stored: the message to answer is the last
// one in a turn that answers a message. Hidden items, which are written for the model, are included. The
// walk ends with the first error.
func (t *Turn) History(ctx context.Context) iter.Seq2[Item, error] {
	return func(yield func(Item, error) bool) {
		done := t.Phase(run.PhaseStore)
		for page, err := range t.rec.srv.walk(ctx, t.rec.owner, t.rec.thread, PageQuery{Order: OrderAsc}) {
			done()
			if err != nil {
				yield(nil, fmt.Errorf("load history of thread %s: %w", t.rec.thread, err))
				return
			}
			for _, it := range page {
				if !yield(it, nil) {
					return
				}
			}
			done = t.Phase(run.PhaseStore)
		}
		done()
	}
}

// produce calls fn as the run's producer. A panic is the run's cause, unless the end was asked for before: then nobody may
// wait for fn any more, and the log is all that hears of it.
func (t *Turn) produce(ctx context.Context, fn func(ctx context.Context, t *Turn) error) (err error) {
	defer func() {
		if ctx.Err() == nil {
			return
		}
		if v := recover(); v != nil {
			t.rec.srv.opts.Logger.ErrorContext(ctx, "chatkit: Respond panicked after the end of its turn was asked for",
				"thread", t.rec.thread, "run", t.rec.run.ID(), "panic", v, "stack", string(debug.Stack()))
			err = fmt.Errorf("panic: %v", v)
		}
	}()
	return fn(context.WithValue(ctx, turnKey{}, t), t)
}

// toJSON encodes v without escaping what HTML would need. Raw JSON is passed through, nil is {}.
func toJSON(v any) (json.RawMessage, error) {
	switch v := v.(type) {
	case nil:
		return json.RawMessage("{}"), nil
	case json.RawMessage:
		return v, nil
	}
	return jsonx.Marshal(v)
}

// cutTime brings a time into the form in which it is stored and sent: UTC, whole microseconds.
func cutTime(at time.Time) time.Time { return at.UTC().Truncate(time.Microsecond) }
