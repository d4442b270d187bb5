// Package streaming shows one answer in three forms: word by word, in one piece, and in one piece with
// something to look at meanwhile. The guide is docs/streaming.md.
package streaming

import (
	"context"

	chatkit "github.com/gochatkit/chatkit/core"
	"github.com/gochatkit/chatkit/examples/guides/model"
)

// Streaming shows each word as it comes.
func Streaming(ctx context.Context, t *chatkit.Turn) error {
	m := t.Message()
	for token, err := range model.Stream(ctx, t.Input.Text()) {
		if err != nil {
			return err
		}
		if _, err := m.WriteString(token); err != nil {
			return err
		}
	}
	return m.Close()
}

// Blocking shows the answer when it is whole.
func Blocking(ctx context.Context, t *chatkit.Turn) error {
	answer, err := model.Ask(ctx, t.Input.Text())
	if err != nil {
		return err
	}
	return t.Text(answer)
}

// Announced says what it does, and shows the answer when it is whole.
func Announced(ctx context.Context, t *chatkit.Turn) error {
	if err := t.Progress(chatkit.IconSparkle, "Thinking…"); err != nil {
		return err
	}
	answer, err := model.Ask(ctx, t.Input.Text())
	if err != nil {
		return err
	}
	return t.Text(answer)
}

// Checked streams to nobody until it knows that the answer may be shown.
func Checked(ctx context.Context, t *chatkit.Turn) error {
	answer, err := model.Ask(ctx, t.Input.Text())
	if err != nil {
		return err
	}
	if !allowed(answer) {
		return t.Text("I had better not answer that.")
	}
	return t.Text(answer)
}

// allowed is where a moderation would be asked.
func allowed(answer string) bool { return len(answer) < 80 }
