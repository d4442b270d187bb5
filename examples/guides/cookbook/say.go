// Package cookbook has the snippets of docs/cookbook.md, each in a function that compiles, and most in one
// that is tested.
package cookbook

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"strings"

	chatkit "github.com/gochatkit/chatkit/core"
	"github.com/gochatkit/chatkit/core/agent"
	"github.com/gochatkit/chatkit/core/agent/oaiwire"
	"github.com/gochatkit/chatkit/examples/guides/model"
)

func tokens(ctx context.Context, question string) iter.Seq2[string, error] {
	return model.Stream(ctx, question)
}

func whole(_ context.Context, t *chatkit.Turn) error {
	return t.Text("Hello from **Go**.")
}

func streamed(ctx context.Context, t *chatkit.Turn) error {
	m := t.Message()
	for token, err := range tokens(ctx, t.Input.Text()) { // pass ctx on: a Stop ends the model's call
		if err != nil {
			return err
		}
		if _, err := m.WriteString(token); err != nil {
			return err // the turn is over; context.Cause(ctx) says why
		}
	}
	return m.Close()
}

func sourced(_ context.Context, t *chatkit.Turn) error {
	m := t.Message()
	fmt.Fprint(m, "Trains leave every hour.")
	index := len("Trains leave every hour") // characters, before the full stop
	err := m.Annotate(chatkit.Annotation{Index: &index, Source: &chatkit.URLSource{
		SourceMeta: chatkit.SourceMeta{Title: "Timetable"}, URL: "https://example.com/trains",
	}})
	return errors.Join(err, m.Close())
}

func passing(_ context.Context, t *chatkit.Turn) error {
	err := t.Progress(chatkit.IconSearch, "Searching…")
	err = errors.Join(err, t.Notice(chatkit.NoticeWarning, "Only **two** seats are left.", "Almost full"))
	return errors.Join(err, t.Effect("highlight", map[string]any{"row": 7}))
}

func summarize(text string) string { return text }

func titled(_ context.Context, t *chatkit.Turn) error {
	if t.Thread.Title == nil {
		title := summarize(t.Input.Text())
		return t.UpdateThread(func(th *chatkit.Thread) { th.Title = &title })
	}
	return nil
}

func answered(t *chatkit.Turn, _ *chatkit.StructuredInputItem) error { return t.Text("answered") }

func ran(t *chatkit.Turn, _ *chatkit.ClientToolCallItem) error { return t.Text("ran") }

func said(_ context.Context, t *chatkit.Turn) error {
	switch {
	case t.Form != nil:
		return answered(t, t.Form)
	case t.ToolCall != nil:
		return ran(t, t.ToolCall)
	}
	question := t.Input.Text()
	return t.Text(question)
}

func chosen(ctx context.Context, t *chatkit.Turn) error {
	model := "default"
	if chosen := t.Input; chosen != nil && chosen.InferenceOptions.Model != nil {
		model = *chosen.InferenceOptions.Model // not checked by the server
	}
	language := chatkit.Language(ctx) // "de", "pt-BR", or "" if the request named none
	slog.InfoContext(ctx, "turn", "owner", t.Owner(), "run", t.RunID(), "model", model, "language", language, "metadata", t.Metadata)
	return t.Text(model)
}

func remembered(client *oaiwire.Client) chatkit.RespondFunc {
	return func(ctx context.Context, t *chatkit.Turn) error {
		var converter agent.Converter // with fields for attachments, tags and hidden context
		input, err := converter.Input(ctx, t.History(ctx))
		if err != nil {
			return err
		}
		return agent.Stream(ctx, t, client.Responses(ctx, map[string]any{"model": "gpt-5-mini", "input": input}))
	}
}

func prompted(ctx context.Context, t *chatkit.Turn) error {
	var prompt strings.Builder
	for it, err := range t.History(ctx) { // oldest first; the message to answer is the last one
		if err != nil {
			return err
		}
		switch it := it.(type) {
		case *chatkit.UserMessageItem:
			prompt.WriteString("User: " + it.Text() + "\n")
		case *chatkit.AssistantMessageItem:
			prompt.WriteString("You: " + it.Text() + "\n")
		case *chatkit.SDKHiddenContextItem:
			prompt.WriteString("Note: " + it.Content + "\n") // such as: the user stopped this answer
		default: // a prompt can do without
		}
	}
	return t.Text(prompt.String())
}

func hidden(_ context.Context, t *chatkit.Turn) error {
	return t.Emit(&chatkit.ThreadItemDoneEvent{Item: &chatkit.HiddenContextItem{
		ItemMeta: t.NewItemMeta(chatkit.IDHiddenContext),
		Content:  json.RawMessage(`"The user has opened ticket 4711."`),
	}})
}

var errQuota = errors.New("quota exceeded")

func failed(err error) error {
	if errors.Is(err, errQuota) {
		return &chatkit.StreamError{Message: "Your budget for today is used up.", Err: err}
	}
	return fmt.Errorf("ask the model: %w", err) // the user sees a general text and a retry button
}
