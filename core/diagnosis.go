package chatkit

import (
	"context"
	"log/slog"
	"time"

	"github.com/gochatkit/chatkit/core/run"
)

// logQuiet says that a turn's clients have got nothing for a while, and what the turn is waiting for; or that it goes on.
func logQuiet(log *slog.Logger, q run.Quiet) {
	attrs := []slog.Attr{
		slog.String("thread", q.Thread), slog.String("run", q.Run), slog.String("kind", q.Kind),
		slog.Duration("silent", q.For.Round(time.Millisecond)),
	}
	if q.Over {
		log.LogAttrs(context.Background(), slog.LevelInfo, "chatkit: turn goes on after a silence", attrs...)
		return
	}
	attrs = append(attrs, slog.String("phase", q.Phase), slog.Int("clients", q.Readers))
	log.LogAttrs(context.Background(), slog.LevelWarn, "chatkit: turn has sent nothing for a while", attrs...)
}

// tolerated is how often a turn may be written to after its end was asked for before it is a mistake: every tool and
// every writer has to hear of the end once.
const tolerated = 16

// latecomers counts what was to be written to a turn that is over, so that the log gets one line, not one for each.
type latecomers struct {
	count int
	told  bool
}

// refuse counts one. The recorder's pen is held.
func (l *latecomers) refuse(r *recorder, item string) {
	l.count++
	if l.told || !r.sealed.Load() && l.count <= tolerated {
		return
	}
	l.told = true
	attrs := []any{"thread", r.thread, "run", r.run.ID()}
	if item != "" {
		attrs = append(attrs, "item", item)
	}
	if r.sealed.Load() {
		r.srv.opts.Logger.WarnContext(r.ctx, "chatkit: something was sent after the end of its turn; it was dropped", attrs...)
		return
	}
	r.srv.opts.Logger.WarnContext(r.ctx, "chatkit: Respond goes on although its turn is over; it has to return the errors that it gets", attrs...)
}

// itemOf returns the id of the item that an event is about, "" if it is about none.
func itemOf(e Event) string {
	switch e := e.(type) {
	case *ThreadItemAddedEvent:
		return e.Item.Meta().ID
	case *ThreadItemUpdatedEvent:
		return e.ItemID
	case *ThreadItemDoneEvent:
		return e.Item.Meta().ID
	case *ThreadItemRemovedEvent:
		return e.ItemID
	case *ThreadItemReplacedEvent:
		return e.Item.Meta().ID
	default:
	}
	return ""
}
