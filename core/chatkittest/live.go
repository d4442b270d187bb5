package chatkittest

import (
	"iter"
	"strings"

	chatkit "github.com/gochatkit/chatkit/core"
)

// A Live is an answer in progress, as one client sees it. Its methods belong to the goroutine of the test. They
// wait for as long as the turn is in progress, which the limits in [chatkit.Options].Run bound: a turn that
// says nothing ends after two minutes.
type Live struct {
	// RunID names the turn, as in the log.
	RunID string

	chat *Chat
	res  *chatkit.Result
	seen *Transcript
	next func() (chatkit.Event, error, bool)
	text strings.Builder
	met  int // how many events UntilEvent has been past
}

func begin(c *Chat, res *chatkit.Result) *Live {
	next, stop := iter.Pull2(res.Events(c.Context))
	c.t.Cleanup(func() {
		res.Close()
		stop()
	})
	return &Live{RunID: res.RunID(), chat: c, res: res, seen: &Transcript{}, next: next}
}

// Until reads on until the texts of the answer so far, progress, notices and tasks not among them, contain
// text. It ends the test if the turn ends before.
func (l *Live) Until(text string) {
	l.chat.t.Helper()
	for !strings.Contains(l.text.String(), text) {
		if !l.read() {
			l.chat.t.Fatalf("the turn ended before it said %q; it said %q, events %q", text, l.text.String(), l.seen.Types())
		}
	}
}

// UntilEvent reads on until an event of the given type has come, such as "progress_update", counted from the one
// that the last call waited for. It ends the test if the turn ends before.
func (l *Live) UntilEvent(kind string) {
	l.chat.t.Helper()
	for {
		for _, e := range l.seen.Events[l.met:] {
			l.met++
			if e.EventType() == kind {
				return
			}
		}
		if !l.read() {
			l.chat.t.Fatalf("the turn ended before an event %q; events %q", kind, l.seen.Types())
		}
	}
}

// Finish reads to the end of the answer and returns all of it.
func (l *Live) Finish() *Transcript {
	l.chat.t.Helper()
	for l.read() {
	}
	return l.seen
}

// Stop ends the turn as a client's request does, runs.cancel, and returns what the client saw of it, when its
// end is stored.
func (l *Live) Stop() *Transcript {
	l.chat.t.Helper()
	l.chat.fetch("runs.cancel", map[string]any{"thread_id": l.chat.ThreadID, "run_id": l.RunID, "wait": true}, &struct{}{})
	return l.Finish()
}

// Close closes the connection and waits for nothing. Closing twice does nothing.
func (l *Live) Close() { l.res.Close() }

// Leave closes the connection, as a closed tab does, and the Stop button of a client that cannot resume, and
// returns what the client had read by then. If that ends the turn, it waits for the end; if the server's
// policy keeps the turn, it goes on, see [Chat.Rejoin].
func (l *Live) Leave() *Transcript {
	l.chat.t.Helper()
	l.res.Close()
	if turn := l.res.Run(); turn.Context().Err() != nil {
		<-turn.Done()
	}
	return l.seen
}

// read reads one event, and reports false at the end of the stream.
func (l *Live) read() bool {
	l.chat.t.Helper()
	e, err, ok := l.next()
	if err != nil {
		l.chat.t.Fatalf("the stream broke after the events %q: %v", l.seen.Types(), err)
	}
	if ok {
		l.seen.Events = append(l.seen.Events, e)
		l.note(e)
	}
	return ok
}

// note collects the text that an event puts on the screen.
func (l *Live) note(e chatkit.Event) {
	switch e := e.(type) {
	case *chatkit.ThreadItemUpdatedEvent:
		if u, ok := e.Update.(*chatkit.AssistantMessageContentPartTextDelta); ok {
			l.text.WriteString(u.Delta)
		}
	case *chatkit.ThreadItemDoneEvent:
		if m, ok := e.Item.(*chatkit.AssistantMessageItem); ok && !streamed(l.seen, m.ID) {
			for _, part := range m.Content {
				l.text.WriteString(part.Text)
			}
		}
	default: // nothing to read
	}
}

// streamed reports whether the item with the given id appeared before it was done.
func streamed(tr *Transcript, id string) bool {
	for _, e := range EventsOf[*chatkit.ThreadItemAddedEvent](tr) {
		if e.Item.Meta().ID == id {
			return true
		}
	}
	return false
}
