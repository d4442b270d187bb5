package main

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"time"
	"unicode"

	chatkit "github.com/gochatkit/chatkit/core"
	"github.com/gochatkit/chatkit/core/attach"
	"github.com/gochatkit/chatkit/core/playground"
)

// A demo answers without a model. It looks for a word in the message and shows the part of the protocol
// that goes with it.
type demo struct {
	pause  time.Duration // between two words
	files  *attach.Files
	failed sync.Map // ids of the messages whose first answer has failed on purpose
}

func (d *demo) page() playground.Options {
	return playground.Options{
		Label: "Built-in demo",
		Intro: "A built-in demo answers: no key, no model, no service. Pick one, attach a file, or write anything.",
		Suggestions: []playground.Suggestion{
			{Icon: "book-open", Title: "Long answer", Text: "Tell me something long."},
			{Icon: "bolt", Title: "Workflow", Text: "Show me a workflow."},
			{Icon: "lightbulb", Title: "Thoughts", Text: "Share your thoughts."},
			{Icon: "globe", Title: "Sources", Text: "Name your sources."},
			{Icon: "cube", Title: "Widget", Text: "Draw a widget."},
			{Icon: "settings-slider", Title: "Gallery", Text: "Open the gallery."},
			{Icon: "notebook", Title: "Form", Text: "Ask me with a form."},
			{Icon: "clock", Title: "Browser tool", Text: "Use a browser tool."},
			{Icon: "images", Title: "Picture", Text: "Paint an image."},
			{Icon: "confetti", Title: "Effect", Text: "Make an effect."},
			{Icon: "info", Title: "Notice", Text: "Give me a notice."},
			{Icon: "bug", Title: "Error", Text: "Fail with an error."},
			{Icon: "dots-horizontal", Title: "Stall", Text: "Stall for a while."},
			{Icon: "analytics", Title: "Bursts", Text: "Answer in bursts."},
			{Icon: "suitcase", Title: "Unknown tool", Text: "Use a tool that I answer by hand."},
		},
		Models: []playground.Choice{{ID: "demo", Label: "Demo"}, {ID: "demo-slow", Label: "Demo, slow"}},
		Tools:  []playground.Choice{{ID: "search", Label: "Search"}, {ID: "draw", Label: "Draw"}},
		Tags: []playground.Tag{
			{ID: "ada", Title: "Ada Lovelace", Group: "People"},
			{ID: "alan", Title: "Alan Turing", Group: "People"},
			{ID: "grace", Title: "Grace Hopper", Group: "People"},
			{ID: "go", Title: "Go", Group: "Languages"},
		},
		Attachments: playground.DirectUpload,
		UploadURL:   "/files",
		Official:    true,
	}
}

// A show is a part of the protocol and the word that asks for it.
type show struct {
	word string
	with func(*demo, context.Context, *chatkit.Turn) error
}

var shows = []show{
	{"workflow", (*demo).workflow},
	{"thoughts", (*demo).thoughts},
	{"sources", (*demo).sources},
	{"widget", (*demo).widget},
	{"gallery", (*demo).gallery},
	{"form", (*demo).form},
	{"by hand", (*demo).unknownTool},
	{"tool", (*demo).tool},
	{"error", (*demo).fail},
	{"notice", (*demo).notice},
	{"effect", (*demo).effect},
	{"image", (*demo).picture},
	{"stall", (*demo).stall},
	{"burst", (*demo).bursts},
	{"long", (*demo).long},
}

// respond answers a message, or goes on after the browser has run a tool or the user has filled in a form.
func (d *demo) respond(ctx context.Context, t *chatkit.Turn) error {
	if t.Input == nil {
		return d.resume(ctx, t)
	}
	text := t.Input.Text()
	if err := nameThread(t, text); err != nil {
		return err
	}
	if model := t.Input.InferenceOptions.Model; model != nil && *model == "demo-slow" {
		d = &demo{pause: 8 * d.pause, files: d.files}
	}
	if err := t.Progress("sparkle", "Looking for something to show…"); err != nil {
		return err
	}
	if err := sleep(ctx, 20*d.pause); err != nil {
		return err
	}
	if len(t.Input.Attachments) > 0 {
		return d.attachments(ctx, t)
	}
	words := " " + strings.Join(strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) }), " ")
	for _, s := range shows {
		if strings.Contains(words, " "+s.word) {
			return s.with(d, ctx, t)
		}
	}
	return d.say(ctx, t, hello(text, t.Input))
}

// say streams a message word by word, as a model would.
func (d *demo) say(ctx context.Context, t *chatkit.Turn, markdown string) error {
	m := t.Message()
	if err := d.write(ctx, m, markdown); err != nil {
		return err
	}
	return m.Close()
}

func (d *demo) write(ctx context.Context, m *chatkit.MessageWriter, markdown string) error {
	for word := range strings.SplitAfterSeq(markdown, " ") {
		if _, err := m.WriteString(word); err != nil {
			return err
		}
		if err := sleep(ctx, d.pause); err != nil {
			return err
		}
	}
	return nil
}

// resume goes on after a tool of the browser or a form.
func (d *demo) resume(ctx context.Context, t *chatkit.Turn) error {
	switch {
	case t.ToolCall != nil && t.ToolCall.Name == "get_time":
		var clock struct{ Time, Zone string }
		if err := json.Unmarshal(t.ToolCall.Output, &clock); err != nil || clock.Time == "" {
			return d.say(ctx, t, "Your browser does not want to tell.")
		}
		return d.say(ctx, t, fmt.Sprintf("Your browser says that it is **%s**, in the zone %s.", clock.Time, clock.Zone))
	case t.ToolCall != nil:
		return d.say(ctx, t, "You have answered the tool with\n\n```json\n"+string(t.ToolCall.Output)+"\n```")
	case t.Form != nil:
		return d.say(ctx, t, "Thank you. "+answers(t.Form))
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
	if title == "" {
		title = "Files"
	}
	return t.UpdateThread(func(th *chatkit.Thread) { th.Title = &title })
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
