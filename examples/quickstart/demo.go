package main

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	chatkit "github.com/gochatkit/chatkit/core"
	"github.com/gochatkit/chatkit/core/widget"
	"github.com/gochatkit/chatkit/examples/quickstart/page"
)

// A demo answers without a model. It looks for a word in the message and shows the part of the protocol
// that goes with it.
type demo struct {
	pause  time.Duration // between two words
	failed sync.Map      // ids of the messages whose first answer has failed on purpose
}

func (d *demo) about() page.About {
	return page.About{
		Label: "Built-in demo",
		Intro: "A built-in demo answers: no key, no model, no service. Pick one, or write anything.",
		Suggestions: []page.Suggestion{
			{Icon: "book-open", Title: "Long answer", Text: "Tell me something long."},
			{Icon: "bolt", Title: "Workflow", Text: "Show me a workflow."},
			{Icon: "cube", Title: "Widget", Text: "Draw a widget."},
			{Icon: "notebook", Title: "Form", Text: "Ask me with a form."},
			{Icon: "clock", Title: "Browser tool", Text: "Use a browser tool."},
			{Icon: "bug", Title: "Error", Text: "Fail with an error."},
		},
	}
}

// respond answers a message, or goes on after the browser has run a tool or the user has filled in a form.
func (d *demo) respond(ctx context.Context, t *chatkit.Turn) error {
	if t.Input == nil {
		return d.resume(ctx, t)
	}
	text := inputText(t.Input)
	if err := nameThread(t, text); err != nil {
		return err
	}
	if err := t.Progress("sparkle", "Looking for something to show…"); err != nil {
		return err
	}
	if err := sleep(ctx, 20*d.pause); err != nil {
		return err
	}
	for _, show := range []struct {
		word string
		with func(context.Context, *chatkit.Turn) error
	}{
		{"workflow", d.workflow},
		{"widget", d.widget},
		{"form", d.form},
		{"tool", d.tool},
		{"error", d.fail},
		{"notice", d.notice},
		{"long", d.long},
	} {
		if strings.Contains(strings.ToLower(text), show.word) {
			return show.with(ctx, t)
		}
	}
	return d.say(ctx, t, hello(text))
}

// say streams a message word by word, as a model would.
func (d *demo) say(ctx context.Context, t *chatkit.Turn, markdown string) error {
	m := t.Message()
	for _, word := range strings.SplitAfter(markdown, " ") {
		if _, err := m.WriteString(word); err != nil {
			return err
		}
		if err := sleep(ctx, d.pause); err != nil {
			return err
		}
	}
	return m.Close()
}

func (d *demo) workflow(ctx context.Context, t *chatkit.Turn) error {
	w := t.Workflow(chatkit.WorkflowCustom)
	for _, step := range []chatkit.CustomTask{
		{Title: "Read the question", Icon: "search", Content: "It asks for a **workflow**."},
		{Title: "Think about it", Icon: "lightbulb", Content: "A workflow is a list of tasks, shown as one block."},
		{Title: "Write the answer", Icon: "write", Content: "Each task can change while it is on the screen."},
	} {
		task := step
		task.StatusIndicator = chatkit.StatusLoading
		i, err := w.Add(&task)
		if err != nil {
			return err
		}
		if err := sleep(ctx, 30*d.pause); err != nil {
			return err
		}
		task.StatusIndicator = chatkit.StatusComplete
		if err := w.Update(i, &task); err != nil {
			return err
		}
	}
	if err := w.Close(&chatkit.CustomSummary{Title: "Three steps done", Icon: "check-circle"}, false); err != nil {
		return err
	}
	return d.say(ctx, t, "All **three** steps are done. Open the block above to see them again.")
}

func (d *demo) widget(ctx context.Context, t *chatkit.Turn) error {
	if err := t.Widget(reservation(""), "A table for two, Friday evening"); err != nil {
		return err
	}
	return d.say(ctx, t, "A press on a button comes back to the server as an *action*.")
}

// action answers the buttons of the widget: it changes the widget, then says so.
func (d *demo) action(ctx context.Context, t *chatkit.Turn, a *chatkit.Action) error {
	var payload struct {
		Time string `json:"time"`
	}
	// An action comes from a browser, so it may hold anything.
	err := json.Unmarshal(a.Payload, &payload)
	if err != nil || a.Sender == nil || a.Type != "table.book" || !slices.Contains(tableTimes, payload.Time) {
		return &chatkit.StreamError{Message: "This demo does not know that button."}
	}
	changed := *a.Sender
	if changed.Widget, err = widget.Encode(reservation(payload.Time)); err != nil {
		return err
	}
	if err := t.Emit(&chatkit.ThreadItemReplacedEvent{Item: &changed}); err != nil {
		return err
	}
	return d.say(ctx, t, "Done: your table is booked for **"+payload.Time+"**.")
}

// form asks questions. The turn ends here; the answers begin the next one.
func (d *demo) form(_ context.Context, t *chatkit.Turn) error {
	return t.Emit(&chatkit.ThreadItemDoneEvent{Item: &chatkit.StructuredInputItem{
		ItemMeta: t.NewItemMeta(chatkit.IDMessage),
		Status:   chatkit.StructuredInputPending,
		Inputs: []chatkit.StructuredInput{
			&chatkit.MultipleChoiceInput{
				StructuredInputMeta: chatkit.StructuredInputMeta{ID: "language", Question: "Which language do you write most?"},
				Options:             []chatkit.StructuredInputOption{{Value: "Go"}, {Value: "Python"}, {Value: "TypeScript"}},
			},
			&chatkit.FreeformInput{
				StructuredInputMeta: chatkit.StructuredInputMeta{ID: "purpose", Question: "What will your chat be about?"},
			},
		},
	}})
}

// tool asks the page to run a function of its own. The turn ends here; the result begins the next one.
func (d *demo) tool(ctx context.Context, t *chatkit.Turn) error {
	if err := d.say(ctx, t, "Your browser knows the time, so I ask it."); err != nil {
		return err
	}
	return t.CallClientTool("get_time", nil)
}

// fail shows an error with a retry button. The second try works.
func (d *demo) fail(ctx context.Context, t *chatkit.Turn) error {
	if _, again := d.failed.LoadOrStore(t.Input.ID, true); again {
		return d.say(ctx, t, "This time it worked.")
	}
	if err := d.say(ctx, t, "Let me try to"); err != nil {
		return err
	}
	return &chatkit.StreamError{Message: "The demo failed, on purpose. Please try again.", AllowRetry: true}
}

func (d *demo) notice(ctx context.Context, t *chatkit.Turn) error {
	if err := t.Notice(chatkit.NoticeWarning, "A notice tells the user something and is **not** stored.", "For your information"); err != nil {
		return err
	}
	return d.say(ctx, t, "The box beside this message is a notice.")
}

func (d *demo) long(ctx context.Context, t *chatkit.Turn) error { return d.say(ctx, t, longAnswer) }

// resume goes on after a tool of the browser or a form: what came back is the last visible item.
func (d *demo) resume(ctx context.Context, t *chatkit.Turn) error {
	var last chatkit.Item
	for item, err := range t.History(ctx) {
		if err != nil {
			return err
		}
		if !chatkit.Hidden(item) {
			last = item
		}
	}
	switch last := last.(type) {
	case *chatkit.ClientToolCallItem:
		var clock struct{ Time, Zone string }
		if err := json.Unmarshal(last.Output, &clock); err != nil || clock.Time == "" {
			return d.say(ctx, t, "Your browser does not want to tell.")
		}
		return d.say(ctx, t, fmt.Sprintf("Your browser says that it is **%s**, in the zone %s.", clock.Time, clock.Zone))
	case *chatkit.StructuredInputItem:
		return d.say(ctx, t, "Thank you. "+answers(last))
	default:
	}
	return d.say(ctx, t, "There is nothing to go on with.")
}

func answers(item *chatkit.StructuredInputItem) string {
	var b strings.Builder
	for _, input := range item.Inputs {
		if m := input.Meta(); m.Answer == nil || m.Answer.Skipped {
			fmt.Fprintf(&b, "\n- %s You skipped it.", m.Question)
		} else {
			fmt.Fprintf(&b, "\n- %s **%s**", m.Question, strings.Join(m.Answer.Values, ", "))
		}
	}
	return "I have noted:\n" + b.String()
}

// nameThread gives a new thread the first words of its first message as a title.
func nameThread(t *chatkit.Turn, text string) error {
	if t.Thread.Title != nil {
		return nil
	}
	title := strings.Join(strings.Fields(text), " ")
	if letters := []rune(title); len(letters) > 48 {
		title = strings.TrimSpace(string(letters[:47])) + "…"
	}
	return t.UpdateThread(func(th *chatkit.Thread) { th.Title = &title })
}

// inputText is the text of a user's message.
func inputText(m *chatkit.UserMessageItem) string {
	var b strings.Builder
	for _, part := range m.Content {
		switch part := part.(type) {
		case *chatkit.InputText:
			b.WriteString(part.Text)
		case *chatkit.InputTag:
			b.WriteString("@" + part.Text)
		default: // a kind of a newer client
		}
	}
	return b.String()
}

// sleep waits, but not beyond the end of the turn.
func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-timer.C:
		return nil
	}
}
