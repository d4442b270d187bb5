package chatkit_test

import (
	"context"
	"encoding/json"
	"fmt"

	chatkit "github.com/gochatkit/chatkit/core"
)

// show starts a thread with a message, as a browser does, and prints the answer.
func show(srv *chatkit.Server, message string) {
	send(context.Background(), srv, "threads.create", map[string]any{"input": input(message)})
}

// input is a message of a user on its way to the server.
func input(text string) map[string]any {
	return map[string]any{
		"content":           []any{map[string]any{"type": "input_text", "text": text}},
		"attachments":       []any{},
		"inference_options": map[string]any{},
	}
}

// send sends a request as a browser does, and prints the answer: an event a line, beginning with the first that
// the RespondFunc has made.
func send(ctx context.Context, srv *chatkit.Server, kind string, params map[string]any) {
	body, err := json.Marshal(map[string]any{"type": kind, "params": params})
	if err != nil {
		fmt.Println(err)
		return
	}
	res, err := srv.Process(ctx, &chatkit.Request{Body: body})
	if err != nil {
		fmt.Println(chatkit.HTTPStatus(err))
		return
	}
	defer res.Close()
	answering := false
	for e, err := range res.Events(ctx) {
		if err != nil {
			fmt.Println(err)
			return
		}
		if answering {
			fmt.Println(describe(e))
		}
		if _, ok := e.(*chatkit.StreamOptionsEvent); ok {
			answering = true
		}
	}
}

// describe is the event's type and what is worth reading in it.
func describe(e chatkit.Event) string {
	about := ""
	switch e := e.(type) {
	case *chatkit.ThreadItemAddedEvent:
		about = contents(e.Item)
	case *chatkit.ThreadItemUpdatedEvent:
		about = e.Update.UpdateType()
		if u, ok := e.Update.(*chatkit.AssistantMessageContentPartTextDelta); ok {
			about += fmt.Sprintf(" %q", u.Delta)
		}
	case *chatkit.ThreadItemDoneEvent:
		about = contents(e.Item)
	case *chatkit.ThreadItemReplacedEvent:
		about = contents(e.Item)
	case *chatkit.ProgressUpdateEvent:
		about = e.Text
	case *chatkit.ErrorEvent:
		about = fmt.Sprintf("%s, message %q, retry %t", e.Code, e.Message, e.AllowRetry)
	}
	return e.EventType() + ": " + about
}

// contents is the item's type and what is worth reading in it.
func contents(it chatkit.Item) string {
	switch it := it.(type) {
	case *chatkit.AssistantMessageItem:
		return fmt.Sprintf("%s %q", it.ItemType(), it.Text())
	case *chatkit.WidgetItem:
		return fmt.Sprintf("%s %s", it.ItemType(), it.Widget)
	case *chatkit.WorkflowItem:
		return fmt.Sprintf("%s of %d", it.ItemType(), len(it.Workflow.Tasks))
	}
	return it.ItemType()
}
