package chat

import (
	"bytes"
	"encoding/json"
	"strings"

	"github.com/gochatkit/chatkit/cmd/chatkit/internal/terminal"
	chatkit "github.com/gochatkit/chatkit/core"
	"github.com/gochatkit/chatkit/core/client"
)

// A render shows events: the answer's text as it comes, everything else beside it.
type render struct {
	screen *terminal.Screen
	json   bool

	lastQuestion string                              // the id of the newest message of the user
	shown        map[string]map[int]*strings.Builder // what is on the screen of each part of a message, by the message's id
	parts        int                                 // how many of them there were
	tasks        map[place]int                       // how far a task was shown
	began        bool                                // some of the answer is on the screen
}

// A place is where a task stands: which one of which workflow.
type place struct {
	id    string
	index int
}

func newRender(screen *terminal.Screen, asJSON bool) *render {
	return &render{screen: screen, json: asJSON, shown: map[string]map[int]*strings.Builder{}, tasks: map[place]int{}}
}

// end is called behind the last event of a stream.
func (r *render) end() {
	if !r.json {
		_ = r.screen.EndLine() // an output that is gone is noticed by the next write
	}
	clear(r.shown)
	clear(r.tasks)
	r.began, r.parts = false, 0
}

// event shows an event. An error means that the output is gone, or that there is too much to show.
func (r *render) event(e *client.Event) error {
	if d, ok := e.Event.(*chatkit.ThreadItemDoneEvent); ok {
		if m, ok := d.Item.(*chatkit.UserMessageItem); ok {
			r.lastQuestion = m.ID
		}
	}
	if r.json {
		var line bytes.Buffer
		if err := json.Compact(&line, e.Data); err != nil {
			return err
		}
		line.WriteByte('\n')
		_, err := r.screen.Out.Write(terminal.CleanJSON(line.Bytes()))
		return err
	}
	switch e := e.Event.(type) {
	case *chatkit.ThreadCreatedEvent:
		r.aside("thread %s", e.Thread.ID)
	case *chatkit.ThreadUpdatedEvent:
		if e.Thread.Title != nil {
			r.aside("title: %s", *e.Thread.Title)
		}
	case *chatkit.ThreadItemAddedEvent:
		return r.added(e.Item)
	case *chatkit.ThreadItemUpdatedEvent:
		return r.updated(e.ItemID, e.Update)
	case *chatkit.ThreadItemDoneEvent:
		return r.done(e.Item)
	case *chatkit.ThreadItemReplacedEvent:
		switch e.Item.(type) {
		case *chatkit.AssistantMessageItem, *chatkit.WidgetItem:
			r.aside("replaced:")
			delete(r.shown, e.Item.Meta().ID)
			return r.done(e.Item)
		default: // a form that was answered, a tool that was called: the user knows
		}
	case *chatkit.ThreadItemRemovedEvent:
		r.aside("removed an item")
	case *chatkit.ProgressUpdateEvent:
		r.aside("%s", e.Text)
	case *chatkit.NoticeEvent:
		style := terminal.Bold
		if e.Level == chatkit.NoticeDanger {
			style = terminal.Red
		}
		title := ""
		if e.Title != "" {
			title = e.Title + ": "
		}
		r.screen.Say(style, "%s: %s%s", e.Level, title, e.Message)
	case *chatkit.ClientEffectEvent:
		r.aside("effect %s %s", e.Name, e.Data)
	case *chatkit.StreamOptionsEvent, *chatkit.ErrorEvent: // the first is not for people, the second ends the answer
	case *chatkit.UnknownEvent:
		r.aside("an event of a kind that is not known: %s", e.Type)
	}
	return nil
}

// aside says something that is not the answer.
func (r *render) aside(format string, args ...any) { r.screen.Say(terminal.Dim, format, args...) }

func (r *render) added(it chatkit.Item) error {
	switch it := it.(type) {
	case *chatkit.AssistantMessageItem:
		return r.message(it.ID, it.Content)
	case *chatkit.WorkflowItem:
		r.workflow(it.ID, it.Workflow.Tasks)
	default: // shown when it is complete
	}
	return nil
}

func (r *render) updated(id string, u chatkit.ItemUpdate) error {
	switch u := u.(type) {
	case *chatkit.AssistantMessageContentPartAdded:
		return r.part(id, u.ContentIndex, u.Content.Text)
	case *chatkit.AssistantMessageContentPartTextDelta:
		return r.delta(id, u.ContentIndex, u.Delta)
	case *chatkit.AssistantMessageContentPartDone:
		return r.part(id, u.ContentIndex, u.Content.Text)
	case *chatkit.WorkflowTaskAdded:
		r.task(id, u.TaskIndex, u.Task)
	case *chatkit.WorkflowTaskUpdated:
		r.task(id, u.TaskIndex, u.Task)
	default: // what changes here is shown when it is complete
	}
	return nil
}

func (r *render) done(it chatkit.Item) error {
	switch it := it.(type) {
	case *chatkit.AssistantMessageItem:
		if err := r.message(it.ID, it.Content); err != nil {
			return err
		}
		r.sources(it.Content)
		return r.screen.EndLine()
	case *chatkit.WidgetItem:
		if err := r.screen.EndLine(); err != nil {
			return err
		}
		return r.screen.Write(widgetText(it.Widget))
	case *chatkit.WorkflowItem:
		r.workflow(it.ID, it.Workflow.Tasks)
		r.summary(it.Workflow.Summary)
	case *chatkit.TaskItem:
		r.aside("%s", taskLine(it.Task))
	case *chatkit.GeneratedImageItem:
		if it.Image != nil {
			return r.screen.Write("image: " + cut(it.Image.URL, 200) + "\n")
		}
	case *chatkit.ClientToolCallItem:
		r.aside("tool %s %s: %s", it.Name, cut(string(it.Arguments), 200), it.Status)
	case *chatkit.UnknownItem:
		r.aside("an item of a kind that is not known: %s", it.Type)
	case *chatkit.UserMessageItem, *chatkit.StructuredInputItem, *chatkit.EndOfTurnItem,
		*chatkit.HiddenContextItem, *chatkit.SDKHiddenContextItem: // said, asked later, or not for people
	}
	return nil
}

// cut shortens a text that may be an image.
func cut(s string, most int) string {
	s = terminal.Line(s)
	if runes := []rune(s); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return s
}
