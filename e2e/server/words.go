package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	chatkit "github.com/gochatkit/chatkit/core"
)

// An order is what a message asks for.
type order struct {
	words  int
	gap    time.Duration // between two words
	before time.Duration // the first word
}

// parseOrder reads "30 words 20ms after 1s".
func parseOrder(text string, gap time.Duration) (order, error) {
	o := order{gap: gap}
	fields := strings.Fields(text)
	if len(fields) < 2 || fields[1] != "words" {
		return o, fmt.Errorf("%q asks for no words", text)
	}
	if _, err := fmt.Sscan(fields[0], &o.words); err != nil {
		return o, fmt.Errorf("number of words in %q: %w", text, err)
	}
	for into, fields := &o.gap, fields[2:]; len(fields) > 0; fields = fields[1:] {
		if fields[0] == "after" {
			into = &o.before
			continue
		}
		d, err := time.ParseDuration(fields[0])
		if err != nil {
			return o, fmt.Errorf("time in %q: %w", text, err)
		}
		*into = d
	}
	return o, nil
}

// words answers with numbered words, so that a test can tell a gap from a repetition.
func words(gap time.Duration) chatkit.RespondFunc {
	return func(ctx context.Context, t *chatkit.Turn) error {
		o, err := parseOrder(t.Input.Text(), gap)
		if err != nil {
			return err
		}
		if err := sleep(ctx, o.before); err != nil {
			return err
		}
		m := t.Message()
		for i := range o.words {
			if _, err := fmt.Fprintf(m, "w%d ", i); err != nil {
				return err
			}
			if err := sleep(ctx, o.gap); err != nil {
				return err
			}
		}
		return m.Close()
	}
}

func sleep(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
