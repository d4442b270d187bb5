package chatkit_test

import (
	"context"
	"fmt"

	chatkit "github.com/gochatkit/chatkit/core"
	"github.com/gochatkit/chatkit/core/memstore"
)

// A server is a store and a function that answers. An adapter of a web framework passes requests on to it; here one
// is made by hand.
func ExampleNewServer() {
	respond := func(_ context.Context, t *chatkit.Turn) error {
		return t.Text("You said: " + t.Input.Text())
	}
	srv := chatkit.NewServer(memstore.New(), respond, nil)

	ctx := context.Background()
	res, err := srv.Process(ctx, &chatkit.Request{Body: []byte(`{"type": "threads.create", "params": {"input": {
		"content": [{"type": "input_text", "text": "Hi"}], "attachments": [], "inference_options": {}
	}}}`)})
	if err != nil {
		fmt.Println(chatkit.HTTPStatus(err))
		return
	}
	for e, err := range res.Events(ctx) {
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(e.EventType())
		if done, ok := e.(*chatkit.ThreadItemDoneEvent); ok {
			if m, ok := done.Item.(*chatkit.AssistantMessageItem); ok {
				fmt.Println("  " + m.Text())
			}
		}
	}
	// Output:
	// thread.created
	// thread.item.done
	// stream_options
	// thread.item.done
	//   You said: Hi
}
