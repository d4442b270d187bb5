package pitfalls

import (
	"context"
	"fmt"
	"iter"

	chatkit "github.com/gochatkit/chatkit/core"
)

// A writer answers with words that cost something each.
type writer struct {
	words func() iter.Seq[string]
}

func (w *writer) respondOnAndOn(_ context.Context, t *chatkit.Turn) error {
	m := t.Message()
	for word := range w.words() {
		fmt.Fprint(m, word) // wrong: the error is dropped, and the loop goes on
	}
	return m.Close()
}

func (w *writer) respondUntilTheEnd(_ context.Context, t *chatkit.Turn) error {
	m := t.Message()
	for word := range w.words() {
		if _, err := m.WriteString(word); err != nil {
			return err // the turn is over, or the store has failed
		}
	}
	return m.Close()
}
