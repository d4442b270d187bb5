// Package model stands in for a language model in the guides: it repeats the question, word by word.
package model

import (
	"context"
	"iter"
	"strings"
	"time"
)

// Pause is how long it takes for a word.
const Pause = 20 * time.Millisecond

// Stream answers a question word by word. It ends early, with the cause, when ctx ends.
func Stream(ctx context.Context, question string) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		for word := range strings.FieldsSeq("You asked: " + question) {
			if err := sleep(ctx, Pause); err != nil {
				yield("", err)
				return
			}
			if !yield(word+" ", nil) {
				return
			}
		}
	}
}

// Ask answers a question in one piece, which takes as long as all of its words.
func Ask(ctx context.Context, question string) (string, error) {
	var answer strings.Builder
	for word, err := range Stream(ctx, question) {
		if err != nil {
			return "", err
		}
		answer.WriteString(word)
	}
	return strings.TrimSpace(answer.String()), nil
}

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
