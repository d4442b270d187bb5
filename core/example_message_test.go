package chatkit_test

import (
	"context"

	chatkit "github.com/gochatkit/chatkit/core"
	"github.com/gochatkit/chatkit/core/memstore"
)

// A message is streamed token by token, and stored when it is closed.
func ExampleTurn_Message() {
	tokens := []string{"Once ", "upon ", "a time."} // from a model, which gets ctx
	respond := func(_ context.Context, t *chatkit.Turn) error {
		m := t.Message()
		for _, token := range tokens {
			if _, err := m.WriteString(token); err != nil {
				return err // the turn is over
			}
		}
		return m.Close()
	}
	srv := chatkit.NewServer(memstore.New(), respond, nil)
	show(srv, "A story, please")
	// Output:
	// thread.item.added: assistant_message ""
	// thread.item.updated: assistant_message.content_part.added
	// thread.item.updated: assistant_message.content_part.text_delta "Once "
	// thread.item.updated: assistant_message.content_part.text_delta "upon "
	// thread.item.updated: assistant_message.content_part.text_delta "a time."
	// thread.item.updated: assistant_message.content_part.done
	// thread.item.done: assistant_message "Once upon a time."
}
