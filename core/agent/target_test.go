package agent_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	chatkit "github.com/gochatkit/chatkit/core"
	"github.com/gochatkit/chatkit/core/agent"
)

// target records what a bridge does. Ids are counted, the clock is the test's.
type target struct {
	mu     sync.Mutex
	now    time.Time
	events []chatkit.Event
	kept   []chatkit.Item
	ids    map[chatkit.IDKind]int
	fail   error // what Emit answers
}

func newTarget() *target {
	return &target{now: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC), ids: map[chatkit.IDKind]int{}}
}

func (r *target) Emit(e chatkit.Event) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.fail != nil {
		return r.fail
	}
	r.events = append(r.events, e)
	return nil
}

func (r *target) Keep(it chatkit.Item) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.kept = append(r.kept, it)
	return nil
}

func (r *target) NewID(kind chatkit.IDKind) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.ids[kind]++
	return fmt.Sprintf("%s_%d", kind, r.ids[kind])
}

func (r *target) Now() time.Time {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.now
}

func (r *target) advance(d time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.now = r.now.Add(d)
}

// lines returns the recorded events as JSON, one a line.
func (r *target) lines(t *testing.T) []string {
	t.Helper()
	r.mu.Lock()
	defer r.mu.Unlock()
	out := make([]string, 0, len(r.events))
	for _, e := range r.events {
		if done, ok := e.(*chatkit.ThreadItemDoneEvent); ok && chatkit.Hidden(done.Item) {
			// The server stores it; it has no form in which it could be sent.
			out = append(out, `{"type":"thread.item.done","item":`+marshal(t, done.Item)+`}`)
			continue
		}
		out = append(out, marshal(t, e))
	}
	return out
}

// short returns the recorded events in a form that fits a test's table.
func (r *target) short(t *testing.T) string {
	t.Helper()
	var b strings.Builder
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, e := range r.events {
		b.WriteString(short(e) + "\n")
	}
	return b.String()
}

func short(e chatkit.Event) string {
	switch e := e.(type) {
	case *chatkit.ThreadItemAddedEvent:
		return "added " + shortItem(e.Item)
	case *chatkit.ThreadItemDoneEvent:
		return "done " + shortItem(e.Item)
	case *chatkit.ThreadItemRemovedEvent:
		return "removed " + e.ItemID
	case *chatkit.ThreadItemUpdatedEvent:
		switch u := e.Update.(type) {
		case *chatkit.AssistantMessageContentPartAdded:
			return fmt.Sprintf("part %s/%d %q", e.ItemID, u.ContentIndex, u.Content.Text)
		case *chatkit.AssistantMessageContentPartTextDelta:
			return fmt.Sprintf("delta %s/%d %q", e.ItemID, u.ContentIndex, u.Delta)
		case *chatkit.AssistantMessageContentPartDone:
			return fmt.Sprintf("part done %s/%d %q +%d", e.ItemID, u.ContentIndex, u.Content.Text, len(u.Content.Annotations))
		case *chatkit.AssistantMessageContentPartAnnotationAdded:
			return fmt.Sprintf("annotation %s/%d/%d %s", e.ItemID, u.ContentIndex, u.AnnotationIndex, u.Annotation.Source.Meta().Title)
		case *chatkit.WorkflowTaskAdded:
			return fmt.Sprintf("task %s/%d %s", e.ItemID, u.TaskIndex, shortTask(u.Task))
		case *chatkit.WorkflowTaskUpdated:
			return fmt.Sprintf("task updated %s/%d %s", e.ItemID, u.TaskIndex, shortTask(u.Task))
		case *chatkit.GeneratedImageUpdated:
			return fmt.Sprintf("image %s %s %.2f", e.ItemID, u.Image.URL, *u.Progress)
		}
		return fmt.Sprintf("updated %s %s", e.ItemID, e.Update.UpdateType())
	case *chatkit.NoticeEvent:
		return fmt.Sprintf("notice %s %q", e.Level, e.Message)
	case *chatkit.ProgressUpdateEvent:
		return fmt.Sprintf("progress %q", e.Text)
	}
	return e.EventType()
}

func shortItem(it chatkit.Item) string {
	s := it.ItemType() + " " + it.Meta().ID
	switch it := it.(type) {
	case *chatkit.AssistantMessageItem:
		for _, c := range it.Content {
			s += fmt.Sprintf(" %q+%d", c.Text, len(c.Annotations))
		}
	case *chatkit.WorkflowItem:
		s += fmt.Sprintf(" %s", it.Workflow.Type)
		for _, task := range it.Workflow.Tasks {
			s += " [" + shortTask(task) + "]"
		}
	case *chatkit.ClientToolCallItem:
		s += fmt.Sprintf(" %s %s %s", it.CallID, it.Name, it.Arguments)
	case *chatkit.GeneratedImageItem:
		if it.Image != nil {
			s += " " + it.Image.URL
		}
	}
	return s
}

func shortTask(t chatkit.Task) string {
	switch t := t.(type) {
	case *chatkit.CustomTask:
		return strings.TrimSpace(fmt.Sprintf("%s %s %s", t.Title, t.Content, t.StatusIndicator))
	case *chatkit.ThoughtTask:
		return fmt.Sprintf("%q", t.Content)
	case *chatkit.WebSearchTask:
		return fmt.Sprintf("web %q %d sources %s", t.Queries, len(t.Sources), t.StatusIndicator)
	case *chatkit.FileTask:
		return fmt.Sprintf("files %d %s", len(t.Sources), t.StatusIndicator)
	}
	return t.TaskType()
}

func marshal(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatalf("encode %T: %v", v, err)
	}
	return string(b)
}

func jsonValue(t *testing.T, s string) any {
	t.Helper()
	var v any
	if err := json.Unmarshal([]byte(s), &v); err != nil {
		t.Fatalf("decode %.80s: %v", s, err)
	}
	return v
}

// sameLines compares JSON texts as values.
func sameLines(t *testing.T, got, want []string) {
	t.Helper()
	for i := range max(len(got), len(want)) {
		switch {
		case i >= len(got):
			t.Errorf("event %d is missing, want %s", i, want[i])
		case i >= len(want):
			t.Errorf("event %d = %s, want none", i, got[i])
		case !reflect.DeepEqual(jsonValue(t, got[i]), jsonValue(t, want[i])):
			t.Errorf("event %d = %s\nwant      %s", i, got[i], want[i])
		}
		if t.Failed() && i > 200 {
			return
		}
	}
}

func texts(raw []json.RawMessage) []string {
	var out []string
	for _, r := range raw {
		out = append(out, string(r))
	}
	return out
}

// handle feeds events and fails the test if the bridge refuses one.
func handle(t *testing.T, b *agent.Bridge, events ...agent.Event) {
	t.Helper()
	for _, e := range events {
		if err := b.Handle(t.Context(), e); err != nil {
			t.Fatalf("Handle(%T) = %v", e, err)
		}
	}
}
