// Package messages shows answers that are sent in one piece. The guide is docs/complete-messages.md.
package messages

import (
	"context"

	chatkit "github.com/gochatkit/chatkit/core"
)

// Greet sends one message.
func Greet(_ context.Context, t *chatkit.Turn) error {
	return t.Text("Hello from **Go**.")
}

// Several sends one message after the other.
func Several(ctx context.Context, t *chatkit.Turn) error {
	for _, step := range []string{"First, plug it in.", "Then switch it on."} {
		if err := ctx.Err(); err != nil {
			return context.Cause(ctx)
		}
		if err := t.Text(step); err != nil {
			return err
		}
	}
	return nil
}

// Sourced sends a message with a source to click on.
func Sourced(_ context.Context, t *chatkit.Turn) error {
	const text = "Trains leave every hour."
	index := len(text) - 1 // characters, before the full stop
	return t.Emit(&chatkit.ThreadItemDoneEvent{Item: &chatkit.AssistantMessageItem{
		ItemMeta: t.NewItemMeta(chatkit.IDMessage),
		Content: []chatkit.AssistantMessageContent{{
			Text: text,
			Annotations: []chatkit.Annotation{{Index: &index, Source: &chatkit.URLSource{
				SourceMeta: chatkit.SourceMeta{Title: "Timetable"}, URL: "https://example.com/trains",
			}}},
		}},
	}})
}

// Correct sends a message and puts a better one into its place.
func Correct(_ context.Context, t *chatkit.Turn) error {
	draft := &chatkit.AssistantMessageItem{
		ItemMeta: t.NewItemMeta(chatkit.IDMessage),
		Content:  []chatkit.AssistantMessageContent{{Text: "It is about noon."}},
	}
	final := *draft
	final.Content = []chatkit.AssistantMessageContent{{Text: "It is 12:04."}}
	if err := t.Emit(&chatkit.ThreadItemDoneEvent{Item: draft}); err != nil {
		return err
	}
	return t.Emit(&chatkit.ThreadItemReplacedEvent{Item: &final})
}

// Withdraw sends a message and takes it back.
func Withdraw(_ context.Context, t *chatkit.Turn) error {
	message := &chatkit.AssistantMessageItem{
		ItemMeta: t.NewItemMeta(chatkit.IDMessage),
		Content:  []chatkit.AssistantMessageContent{{Text: "I should not have said that."}},
	}
	if err := t.Emit(&chatkit.ThreadItemDoneEvent{Item: message}); err != nil {
		return err
	}
	return t.Emit(&chatkit.ThreadItemRemovedEvent{ItemID: message.ID})
}

// Short answers in one piece what is known at once, and streams the rest.
func Short(stream chatkit.RespondFunc) chatkit.RespondFunc {
	return func(ctx context.Context, t *chatkit.Turn) error {
		if answer, ok := faq[t.Input.Text()]; ok {
			return t.Text(answer)
		}
		return stream(ctx, t)
	}
}

var faq = map[string]string{"When are you open?": "From nine to five."}
