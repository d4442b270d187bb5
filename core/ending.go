package chatkit

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/gochatkit/chatkit/core/run"
)

// The notes that tell the model why its last answer is incomplete. The first is the Python server's,
// word for word (ChatKit protocol: cancellation).
const (
	noteCancelled   = "The user cancelled the stream. Stop responding to the prior request."
	noteSuperseded  = "The user sent a new message before the response was complete. Answer the new message instead of the prior request."
	noteInterrupted = "The response was interrupted before it was complete. The user has seen only the part above."
	noteFailed      = "The response failed before it was complete. The user has seen only the part above."
)

// A Cancellation describes a turn that ended before its time.
type Cancellation struct {
	// Thread is the thread as it was when the turn began.
	Thread *Thread
	// Pending holds the items that were added and never done, as the user saw them, in order. SavePartial
	// stores the assistant messages among them.
	Pending []Item
	// Note tells the model what happened; empty means that none is stored. OnCancel may change it before it
	// calls SavePartial.
	Note string
	// Cause is why the turn ended: ask with errors.Is, see ErrStopped.
	Cause error
	// RunID names the turn, as in the log.
	RunID string
	// Owner is whose turn it is, as Options.Owner has said.
	Owner string

	rec    *recorder
	noteID string // the same however often it is stored
	failed error  // of the store, when SavePartial was last called
}

// SavePartial stores the assistant messages of c.Pending that are not blank, and then c.Note as a hidden
// item, so that the model knows what the user has seen and that it was cut off. It can be repeated. A store that fails is
// asked again, with growing pauses, while the deadline of ctx leaves time.
//
// After a retry and before the deletion of the thread it does so, too: they take it away with the rest of the old
// answer, and if they fail, it is still there. A thread that is gone takes nothing, which is no error.
func (c *Cancellation) SavePartial(ctx context.Context) error {
	var items []Item
	for _, it := range c.Pending {
		if _, ok := it.(*AssistantMessageItem); ok && !blank(it) {
			items = append(items, it)
		}
	}
	if c.Note != "" {
		if c.noteID == "" {
			c.noteID = c.rec.srv.noteID(c.RunID)
		}
		items = append(items, &SDKHiddenContextItem{
			ItemMeta: ItemMeta{ID: c.noteID, ThreadID: c.Thread.ID, CreatedAt: c.rec.srv.now()},
			Content:  c.Note,
		})
	}
	var errs []error
	for i, it := range items {
		if err := c.rec.insist(ctx, it, len(items)-i); err != nil && !errors.Is(err, ErrNotFound) {
			errs = append(errs, fmt.Errorf("store %s %s: %w", it.ItemType(), it.Meta().ID, err))
		}
	}
	c.failed = errors.Join(errs...)
	return c.failed
}

// An ending is what the end of a turn does, by its cause.
type ending struct {
	level       slog.Level
	keepPartial bool        // the partial answer is stored
	note        string      // for the model
	custom      bool        // OnCancel decides what of it is stored
	event       *ErrorEvent // the last event of the stream; nil for none
}

func (s *Server) endingOf(cause error, started bool) ending {
	interrupted := &ErrorEvent{Code: ErrorCodeStream, AllowRetry: true}
	switch run.Reason(cause) {
	case run.ErrStopped, run.ErrDisconnected: //nolint:errorlint // Reason returns the sentinels themselves
		return ending{level: slog.LevelInfo, keepPartial: true, note: noteCancelled, custom: true}
	case run.ErrSuperseded:
		if !started { // nothing was answered, so there is nothing to say about it
			return ending{level: slog.LevelInfo}
		}
		return ending{level: slog.LevelInfo, keepPartial: true, note: noteSuperseded, custom: true}
	case run.ErrRetried, run.ErrThreadDeleted: // whoever asked for that takes it all away, unless it fails
		end := ending{level: slog.LevelInfo, keepPartial: true, custom: true}
		if started {
			end.note = noteInterrupted
		}
		if errors.Is(cause, run.ErrThreadDeleted) {
			end.event = &ErrorEvent{Code: ErrorCodeStream}
		}
		return end
	case run.ErrStalled, run.ErrDeadline:
		return ending{level: slog.LevelWarn, keepPartial: true, note: noteInterrupted, custom: true, event: interrupted}
	case run.ErrShutdown:
		return ending{level: slog.LevelInfo, keepPartial: true, note: noteInterrupted, custom: true, event: interrupted}
	case run.ErrEngineLost, run.ErrLost:
		return ending{level: slog.LevelError, keepPartial: true, note: noteInterrupted, custom: true, event: interrupted}
	case run.ErrFenced:
		return ending{level: slog.LevelError, event: interrupted}
	}
	e := ending{level: slog.LevelError, event: errorEvent(cause)}
	if !s.opts.DropPartialOnError {
		e.keepPartial, e.note = true, noteFailed
	}
	return e
}

// refused reports whether an action has ended with a word to the user about what the browser has sent, which is
// no fault of the server.
func refused(cause error) bool {
	var said *StreamError
	return errors.As(cause, &said) && (said.Err == nil || errors.Is(said.Err, errBadAction))
}

// finish writes the end of a turn and returns its cause, nil for a natural end.
func (t *Turn) finish(ctx context.Context, s run.Stopped) error {
	r, srv := t.rec, t.rec.srv
	pending, failed := r.seal(ctx)
	defer r.settleAll()
	cause := causeOf(s, len(pending) > 0, r.late.Load(), failed)
	if cause == nil {
		pending, cause = t.finishPending(ctx, pending)
	}
	if cause == nil {
		if s.Started && !r.wrote.Load() && !r.quiet {
			srv.opts.Logger.WarnContext(ctx, "chatkit: Respond returned without sending anything", "thread", r.thread, "run", r.run.ID())
		}
		srv.opts.Logger.InfoContext(ctx, "chatkit: turn finished", "thread", r.thread, "run", r.run.ID())
		return nil
	}
	end := srv.endingOf(cause, s.Started)
	if errors.Is(cause, run.ErrRespond) && r.quiet && !r.wrote.Load() { // an action: nobody waited for words, and nobody has seen any
		end.note = ""
		if refused(cause) {
			end.level = slog.LevelInfo
		}
	}
	log := srv.opts.Logger.With("thread", r.thread, "run", r.run.ID(), "cause", cause)
	if end.keepPartial {
		c := &Cancellation{
			Thread: t.Thread, Pending: pending, Note: end.note, Cause: cause, RunID: r.run.ID(),
			Owner: r.owner, rec: r,
		}
		save := c.SavePartial
		if end.custom {
			save = func(ctx context.Context) error { return srv.opts.OnCancel(ctx, c) }
		}
		if err := guard(ctx, func() error { return save(ctx) }); err != nil {
			log.ErrorContext(ctx, "chatkit: store the end of a turn", "err", err)
			r.run.Unsaved()
		}
	}
	if end.event != nil {
		r.announce(end.event)
	}
	attrs := []slog.Attr{slog.Int("pending", len(pending))}
	if s.Abandoned {
		attrs = append(attrs, slog.Bool("left_behind", true))
	}
	var panicked *run.PanicError
	if errors.As(s.Err, &panicked) { // it need not be the cause: something else may have come in between
		end.level = slog.LevelError
		attrs = append(attrs, slog.Any("panic", panicked.Value), slog.String("stack", string(panicked.Stack)))
	}
	log.LogAttrs(ctx, end.level, "chatkit: turn ended early", attrs...)
	return cause
}

// causeOf says why a turn ended; nil means that it came to its natural end.
func causeOf(s run.Stopped, pending, late bool, failed error) error {
	switch {
	case s.Cause != nil:
		// A turn that had said all it had to say when the end was asked for is complete.
		if s.Started && !s.Abandoned && s.Err == nil && !pending && !late {
			return nil
		}
		return s.Cause
	case s.Err != nil:
		if errors.Is(s.Err, run.ErrPanicked) {
			return s.Err
		}
		return &run.EndError{Reason: run.ErrRespond, Err: s.Err}
	case failed != nil:
		return &run.EndError{Reason: run.ErrRespond, Err: fmt.Errorf("an event could not be stored and Respond went on: %w", failed)}
	}
	return nil
}

// finishPending completes the items that Respond left open. An item without anything to read is taken
// off the screen. It returns those that the store did not take, and the cause that this is.
func (t *Turn) finishPending(ctx context.Context, pending []Item) (failed []Item, cause error) {
	r := t.rec
	var errs []error
	for i, it := range pending {
		id := it.Meta().ID
		log := r.srv.opts.Logger.With("thread", r.thread, "run", r.run.ID(), "item", id, "type", it.ItemType())
		if blank(it) {
			log.WarnContext(ctx, "chatkit: Respond returned with an empty item that was never done; it was removed")
			r.conclude(&ThreadItemRemovedEvent{ItemID: id})
			continue
		}
		log.WarnContext(ctx, "chatkit: Respond returned with an item that was never done; it was finished")
		err := guard(ctx, func() error { return r.insist(ctx, it, len(pending)-i) })
		if err != nil {
			log.ErrorContext(ctx, "chatkit: store an item that was never done", "err", err)
			failed, errs = append(failed, it), append(errs, err)
			continue
		}
		r.conclude(&ThreadItemDoneEvent{Item: it})
	}
	if len(errs) > 0 {
		cause = &run.EndError{Reason: run.ErrRespond, Err: fmt.Errorf("store what was never done: %w", errors.Join(errs...))}
	}
	return failed, cause
}

// The pauses of insist.
const (
	firstPause   = 20 * time.Millisecond
	longestPause = time.Second
)

// insist stores an item at the end of a turn. A store that fails is asked again, unless it says that the thread is gone. So
// many items are left to store, this one included: each gets its share of the time until ctx's deadline, and a share is
// left for telling of it. Without a deadline, and for a lost turn, to which the server comes back, the store is asked once.
func (r *recorder) insist(ctx context.Context, it Item, left int) error {
	r.made.Store(it.Meta().ID, nil)
	_, limited := ctx.Deadline()
	ctx, cancel := share(ctx, left+1)
	defer cancel()
	for pause := firstPause; ; pause = min(2*pause, longestPause) {
		err := r.srv.store.PutItem(ctx, r.owner, r.thread, it)
		if err == nil || !limited || r.lost || errors.Is(err, ErrNotFound) || errors.Is(err, ErrFenced) {
			return err
		}
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return err
		}
	}
}

// guard calls a hook, and waits for it until ctx ends. A panic is an error.
func guard(ctx context.Context, hook func() error) error {
	done := make(chan error, 1)
	go func() {
		err := errors.New("hook did not return")
		defer func() {
			if v := recover(); v != nil {
				err = fmt.Errorf("hook panicked: %v", v)
			}
			done <- err
		}()
		err = hook()
	}()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return fmt.Errorf("hook took too long: %w", context.Cause(ctx))
	}
}

// share returns a context that has one of so many parts of ctx's time.
func share(ctx context.Context, parts int) (context.Context, context.CancelFunc) {
	deadline, ok := ctx.Deadline()
	if !ok {
		return context.WithCancel(ctx)
	}
	return context.WithTimeout(ctx, time.Until(deadline)/time.Duration(parts))
}
