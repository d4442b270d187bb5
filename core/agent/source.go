package agent

import (
	"context"
	"errors"
	"iter"
	"sync"
	"unicode/utf8"
)

// Text makes a source of anything that yields pieces of text. A character that was split over two pieces
// is put together again.
func Text(tokens iter.Seq2[string, error]) iter.Seq2[Event, error] {
	return func(yield func(Event, error) bool) {
		tail := ""
		for s, err := range tokens {
			if err != nil {
				yield(nil, err)
				return
			}
			s, tail = wholeRunes(tail + s)
			if s != "" && !yield(&TextDelta{Text: s}, nil) {
				return
			}
		}
		if tail != "" && !yield(&TextDelta{Text: string(utf8.RuneError)}, nil) {
			return
		}
		yield(&Finish{Reason: ReasonStop}, nil)
	}
}

// wholeRunes splits off a character at the end of s that has only begun.
func wholeRunes(s string) (whole, tail string) {
	for i := len(s) - 1; i >= 0 && i > len(s)-utf8.UTFMax; i-- {
		if utf8.RuneStart(s[i]) {
			if !utf8.FullRuneInString(s[i:]) {
				return s[:i], s[i:]
			}
			break
		}
	}
	return s, ""
}

// errStopped is what a producer gets once nobody listens any more.
var errStopped = errors.New("nobody listens any more")

// Push makes a source of a producer that calls back, as many libraries do. send returns an error once
// nobody listens any more, and the producer's context ends then too; it may be called from several
// goroutines, but not after run has returned.
func Push(ctx context.Context, run func(ctx context.Context, send func(Event) error) error) iter.Seq2[Event, error] {
	return func(yield func(Event, error) bool) {
		ctx, cancel := context.WithCancelCause(ctx)
		defer cancel(errStopped)
		var mu sync.Mutex
		var over bool
		err := run(ctx, func(e Event) error {
			mu.Lock()
			defer mu.Unlock()
			if ctx.Err() != nil {
				return context.Cause(ctx)
			}
			if over {
				return errStopped
			}
			if !yield(e, nil) {
				over = true
				cancel(errStopped)
				return errStopped
			}
			return nil
		})
		mu.Lock()
		defer mu.Unlock()
		if !over {
			over = true
			if err != nil {
				yield(nil, err)
			}
		}
	}
}
