package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	chatkit "github.com/gochatkit/chatkit/core"
)

func (d *demo) long(ctx context.Context, t *chatkit.Turn) error { return d.say(ctx, t, longAnswer) }

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

// thoughts grow word by word, as those of a reasoning model do.
func (d *demo) thoughts(ctx context.Context, t *chatkit.Turn) error {
	begin := time.Now()
	w := t.Workflow(chatkit.WorkflowReasoning)
	for _, thought := range []chatkit.ThoughtTask{
		{Title: "What is asked", Content: "The question is about *thoughts*. A reasoning model shows its own in a block like this one."},
		{Title: "What to answer", Content: "Each thought is a task of the workflow, and it grows while the model thinks. A short answer will do."},
	} {
		task := chatkit.ThoughtTask{Title: thought.Title, StatusIndicator: chatkit.StatusLoading}
		i, err := w.Add(&task)
		if err != nil {
			return err
		}
		for word := range strings.SplitAfterSeq(thought.Content, " ") {
			task.Content += word
			if err := w.Update(i, &task); err != nil {
				return err
			}
			if err := sleep(ctx, d.pause); err != nil {
				return err
			}
		}
		task.StatusIndicator = chatkit.StatusComplete
		if err := w.Update(i, &task); err != nil {
			return err
		}
	}
	seconds := max(1, int(time.Since(begin).Round(time.Second).Seconds()))
	if err := w.Close(&chatkit.DurationSummary{Duration: seconds}, false); err != nil {
		return err
	}
	return d.say(ctx, t, "I have thought about it. The block above keeps what I thought.")
}

func (d *demo) sources(ctx context.Context, t *chatkit.Turn) error {
	m := t.Message()
	if err := d.write(ctx, m, "Go is a language with goroutines, channels and a garbage collector. Its specification is short."); err != nil {
		return err
	}
	for _, source := range []chatkit.Source{
		&chatkit.URLSource{SourceMeta: chatkit.SourceMeta{Title: "The Go Programming Language"}, URL: "https://go.dev/", Attribution: "go.dev"},
		&chatkit.URLSource{SourceMeta: chatkit.SourceMeta{Title: "The Go specification"}, URL: "https://go.dev/ref/spec"},
		&chatkit.FileSource{SourceMeta: chatkit.SourceMeta{Title: "Effective Go"}, Filename: "effective_go.pdf"},
		&chatkit.EntitySource{SourceMeta: chatkit.SourceMeta{Title: "Gopher"}, ID: "gopher", Icon: "profile"},
	} {
		if err := m.Annotate(chatkit.Annotation{Source: source}); err != nil {
			return err
		}
	}
	return m.Close()
}

func (d *demo) notice(ctx context.Context, t *chatkit.Turn) error {
	if err := t.Notice(chatkit.NoticeWarning, "A notice tells the user something and is **not** stored.", "For your information"); err != nil {
		return err
	}
	return d.say(ctx, t, "The box beside this message is a notice.")
}

// effect tells the page to do something. The playground only shows that it came.
func (d *demo) effect(ctx context.Context, t *chatkit.Turn) error {
	if err := t.Effect("confetti", map[string]any{"pieces": 200}); err != nil {
		return err
	}
	return d.say(ctx, t, "Your page has just been told to throw confetti.")
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

// tool asks the page to run a function of its own. The turn ends here; the result begins the next one.
func (d *demo) tool(ctx context.Context, t *chatkit.Turn) error {
	if err := d.say(ctx, t, "Your browser knows the time, so I ask it."); err != nil {
		return err
	}
	return t.CallClientTool("get_time", nil)
}

// unknownTool asks for a function that the playground does not have. Whoever sits before it answers.
func (d *demo) unknownTool(ctx context.Context, t *chatkit.Turn) error {
	if err := d.say(ctx, t, "Which seat do you want? Your page has a tool for that, or you are the tool."); err != nil {
		return err
	}
	return t.CallClientTool("pick_seat", map[string]any{"row": 7, "free": []string{"7A", "7C", "7F"}})
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

// stall falls silent in the middle, for eight seconds by default. The connection lives, as the inspector shows.
func (d *demo) stall(ctx context.Context, t *chatkit.Turn) error {
	m := t.Message()
	if err := d.write(ctx, m, "I fall silent now … "); err != nil {
		return err
	}
	if err := sleep(ctx, 320*d.pause); err != nil {
		return err
	}
	if err := d.write(ctx, m, "and here I am again."); err != nil {
		return err
	}
	return m.Close()
}

// bursts writes four hundred words, forty at a time with pauses of 0.4 seconds by default, as if something on the way
// had held them back.
func (d *demo) bursts(ctx context.Context, t *chatkit.Turn) error {
	m := t.Message()
	for i := range 400 {
		if i%40 == 0 {
			if err := sleep(ctx, 16*d.pause); err != nil {
				return err
			}
		}
		if _, err := fmt.Fprintf(m, "word%d ", i+1); err != nil {
			return err
		}
	}
	return m.Close()
}

// attachments says what has come with a message.
func (d *demo) attachments(ctx context.Context, t *chatkit.Turn) error {
	var b strings.Builder
	b.WriteString("This has come with your message:\n\n| file | type | bytes |\n|---|---|---|\n")
	for _, a := range t.Input.Attachments {
		data, err := d.files.Bytes(ctx, t.Owner(), a)
		if err != nil {
			return err
		}
		fmt.Fprintf(&b, "| %s | %s | %d |\n", cell(a.Meta().Name), cell(a.Meta().MimeType), len(data))
	}
	return d.say(ctx, t, b.String())
}

// cell is a text that cannot leave its place in a table.
func cell(text string) string { return strings.NewReplacer("|", "/", "\n", " ").Replace(text) }
