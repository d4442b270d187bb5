package chatkit_test

import (
	"context"
	"errors"
	"fmt"

	chatkit "github.com/gochatkit/chatkit/core"
	"github.com/gochatkit/chatkit/core/memstore"
)

// The user leaves in the middle of an answer. What was written of it is kept, with a note for the model.
func Example_cancellation() {
	respond := func(ctx context.Context, t *chatkit.Turn) error {
		m := t.Message()
		if _, err := m.WriteString("Once upon a time"); err != nil {
			return err
		}
		<-ctx.Done() // here a model thinks about the next word
		return context.Cause(ctx)
	}
	store := memstore.New()
	srv := chatkit.NewServer(store, respond, &chatkit.Options{
		OnCancel: func(ctx context.Context, c *chatkit.Cancellation) error {
			fmt.Println("the user left:", errors.Is(c.Cause, chatkit.ErrDisconnected))
			return c.SavePartial(ctx) // the default
		},
	})

	ctx := context.Background()
	res, err := srv.Process(ctx, &chatkit.Request{Body: []byte(`{"type": "threads.create", "params": {"input": {
		"content": [{"type": "input_text", "text": "A story, please"}], "attachments": [], "inference_options": {}
	}}}`)})
	if err != nil {
		fmt.Println(err)
		return
	}
	for e, err := range res.Events(ctx) {
		if err != nil {
			fmt.Println(err)
			return
		}
		if u, ok := e.(*chatkit.ThreadItemUpdatedEvent); ok {
			if _, ok := u.Update.(*chatkit.AssistantMessageContentPartTextDelta); ok {
				break // the connection is closed
			}
		}
	}
	<-res.Run().Done() // its end is stored

	page, err := store.Items(ctx, "", res.ThreadID(), chatkit.PageQuery{Hidden: true})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, it := range page.Data {
		switch it := it.(type) {
		case *chatkit.UserMessageItem:
			fmt.Println("user:", it.Text())
		case *chatkit.AssistantMessageItem:
			fmt.Println("assistant:", it.Text())
		case *chatkit.SDKHiddenContextItem:
			fmt.Println("hidden:", it.Content)
		}
	}
	// Output:
	// the user left: true
	// user: A story, please
	// assistant: Once upon a time
	// hidden: The user cancelled the stream. Stop responding to the prior request.
}
