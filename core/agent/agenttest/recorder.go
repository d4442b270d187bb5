package agenttest

import (
	"fmt"
	"slices"
	"sync"
	"time"

	chatkit "github.com/gochatkit/chatkit/core"
)

// A Recorder is a target for a bridge that keeps what it gets. Its clock stands still and its ids are
// counted per kind: workflow_1, message_1. It is safe for concurrent use.
type Recorder struct {
	mu     sync.Mutex
	time   time.Time
	events []chatkit.Event
	kept   []chatkit.Item
	ids    map[chatkit.IDKind]int
}

// NewRecorder returns a Recorder whose clock shows the given time.
func NewRecorder(at time.Time) *Recorder {
	return &Recorder{time: at, ids: map[chatkit.IDKind]int{}}
}

// Emit keeps e.
func (r *Recorder) Emit(e chatkit.Event) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.events = append(r.events, e)
	return nil
}

// Keep keeps it.
func (r *Recorder) Keep(it chatkit.Item) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.kept = append(r.kept, it)
	return nil
}

// NewID counts the ids of a kind.
func (r *Recorder) NewID(kind chatkit.IDKind) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.ids[kind]++
	return fmt.Sprintf("%s_%d", kind, r.ids[kind])
}

// Now is the recorder's time.
func (r *Recorder) Now() time.Time {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.time
}

// Advance moves the clock.
func (r *Recorder) Advance(d time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.time = r.time.Add(d)
}

// Events returns the events so far.
func (r *Recorder) Events() []chatkit.Event {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.events)
}

// Kept returns the items that were stored without an event.
func (r *Recorder) Kept() []chatkit.Item {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.kept)
}

// Text returns the text of all finished messages, and of those that were only streamed if there is none.
func (r *Recorder) Text() string {
	var done, streamed string
	for _, e := range r.Events() {
		switch e := e.(type) {
		case *chatkit.ThreadItemDoneEvent:
			if m, ok := e.Item.(*chatkit.AssistantMessageItem); ok {
				for _, c := range m.Content {
					done += c.Text
				}
			}
		case *chatkit.ThreadItemUpdatedEvent:
			if u, ok := e.Update.(*chatkit.AssistantMessageContentPartTextDelta); ok {
				streamed += u.Delta
			}
		}
	}
	if done == "" {
		return streamed
	}
	return done
}
