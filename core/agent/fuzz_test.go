package agent_test

import (
	"bytes"
	"errors"
	"fmt"
	"testing"

	chatkit "github.com/gochatkit/chatkit/core"
	"github.com/gochatkit/chatkit/core/agent"
	"github.com/gochatkit/chatkit/core/agent/oaiwire"
)

// whole checks what must hold for every run that was closed: an item is announced once, updates name
// an item that is open, nothing stays open but a workflow that was stored, and what was streamed is
// what was finished unless the upstream said otherwise.
func whole(r *target) error {
	open, seen := map[string]bool{}, map[string]bool{}
	for i, e := range r.events {
		switch e := e.(type) {
		case *chatkit.ThreadItemAddedEvent:
			id := e.Item.Meta().ID
			if seen[id] {
				return fmt.Errorf("event %d: %s announced twice", i, id)
			}
			seen[id], open[id] = true, true
		case *chatkit.ThreadItemUpdatedEvent:
			if !open[e.ItemID] {
				return fmt.Errorf("event %d: update of %s, which is not open", i, e.ItemID)
			}
		case *chatkit.ThreadItemDoneEvent:
			id := e.Item.Meta().ID
			if seen[id] && !open[id] {
				return fmt.Errorf("event %d: %s done twice", i, id)
			}
			seen[id] = true
			delete(open, id)
			if w, ok := e.Item.(*chatkit.WorkflowItem); ok {
				for _, task := range w.Workflow.Tasks {
					if c, ok := task.(*chatkit.CustomTask); ok && c.StatusIndicator == chatkit.StatusLoading {
						return fmt.Errorf("event %d: %s ended with a loading task", i, id)
					}
				}
			}
		case *chatkit.ThreadItemRemovedEvent:
			if !open[e.ItemID] {
				return fmt.Errorf("event %d: %s removed, but not open", i, e.ItemID)
			}
			delete(open, e.ItemID)
		}
	}
	for _, it := range r.kept {
		delete(open, it.Meta().ID)
	}
	if len(open) > 0 {
		return fmt.Errorf("left open: %v", open)
	}
	return nil
}

func FuzzBridge(f *testing.F) {
	f.Add([]byte("\x00\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f"), byte(0))
	f.Add([]byte("\x10\x21\x32\x43\x54\x65\x76\x87\x98\xa9\xba\xcb\xdc\xed\xfe\x0f\x0e\x0d"), byte(7))
	f.Fuzz(func(t *testing.T, program []byte, flags byte) {
		var opts []agent.Option
		for i, o := range []agent.Option{agent.ShowRawThoughts(), agent.ShowHostedTools(), agent.CommentaryAsThoughts(), agent.DelayReasoning(), agent.MaxMessageBytes(64), agent.PartialImages(2)} {
			if flags&(1<<i) != 0 {
				opts = append(opts, o)
			}
		}
		b, r := started(opts...)
		var tasks []*agent.TaskRef
		for i, c := range program {
			item, part := int(c>>4)%4, int(c>>6)-1
			text := string(rune('a' + i%26))
			var err error
			var e agent.Event
			switch c & 15 {
			case 0:
				e = &agent.TextDelta{Item: item, Part: part, Text: text}
			case 1:
				e = &agent.MessageStart{Item: item, ID: text, Phase: []string{"", "commentary"}[item%2]}
			case 2:
				e = &agent.PartStart{Item: item, Part: part, Content: agent.Content{Text: text}}
			case 3:
				e = &agent.PartDone{Item: item, Part: part, Text: text, Refusal: part == 0}
			case 4:
				e = &agent.MessageDone{Item: item, ID: text, Content: []agent.Content{{Text: text}}[:item%2]}
			case 5:
				e = &agent.AnnotationAdded{Item: item, Part: part, Citation: agent.Citation{Kind: "url_citation", URL: "u", Title: "t"}}
			case 6:
				e = &agent.ReasoningStart{Item: item}
			case 7:
				e = &agent.ThoughtDelta{Item: item, Index: part, Text: text, Raw: item == 1}
			case 8:
				e = &agent.ThoughtDone{Item: item, Index: part, Text: text, Raw: item == 1}
			case 9:
				e = &agent.ImageStart{Item: item}
			case 10:
				e = &agent.ImagePartial{Item: item, Index: part, Base64: text}
			case 11:
				e = &agent.ImageDone{Item: item, Base64: text[:item%2]}
			case 12:
				e = &agent.HostedTool{Item: item, Kind: []string{"web_search_call", "mcp_call", "x", "file_search_call"}[item], Status: []string{"in_progress", "completed"}[i%2]}
			case 13:
				e = &agent.Finish{Reason: []agent.Reason{agent.ReasonStop, agent.ReasonToolCalls, agent.ReasonLength, agent.ReasonStop}[item]}
			case 14:
				if item == 0 && len(tasks) > 0 {
					err = tasks[len(tasks)-1].Done()
				} else if task, addErr := b.AddTask(&chatkit.CustomTask{Title: text, StatusIndicator: chatkit.StatusLoading}); addErr == nil {
					tasks = append(tasks, task)
				} else {
					err = addErr
				}
			case 15:
				switch item {
				case 0:
					err = b.Emit(widgetDone(fmt.Sprint("w", i)))
				case 1:
					err = b.StartWorkflow(chatkit.Workflow{Type: chatkit.WorkflowCustom})
				case 2:
					err = b.EndWorkflow(nil, false)
				case 3:
					r.advance(1e9)
				}
			}
			if e != nil {
				err = b.Handle(t.Context(), e)
			}
			if errors.Is(err, agent.ErrTooLong) {
				break
			}
			if err != nil {
				t.Fatalf("step %d (%T): %v", i, e, err)
			}
		}
		if _, err := b.Close(); err != nil {
			t.Fatal(err)
		}
		if err := whole(r); err != nil {
			t.Fatalf("%v\n%s", err, r.short(t))
		}
	})
}

func FuzzResponsesIntoBridge(f *testing.F) {
	f.Add([]byte("data: {\"type\":\"response.output_text.delta\",\"item_id\":\"a\",\"content_index\":-1,\"delta\":\"x\"}\n\ndata: {\"type\":\"response.output_text.delta\",\"item_id\":\"a\",\"content_index\":50000000,\"delta\":\"x\"}\n\n"))
	f.Add([]byte("data: {\"type\":\"response.output_item.added\",\"output_index\":0,\"item\":{\"type\":\"message\",\"id\":\"a\",\"content\":[]}}\n\ndata: {\"type\":\"response.completed\",\"response\":{}}\n\n"))
	f.Fuzz(func(t *testing.T, body []byte) {
		for _, src := range []func(func(agent.Event, error) bool){oaiwire.ResponsesStream(bytes.NewReader(body), oaiwire.KeepIDs(true)), oaiwire.ChatStream(bytes.NewReader(body))} {
			b, r := started(agent.ShowRawThoughts(), agent.ShowHostedTools())
			if _, err := b.Run(t.Context(), src); err == nil {
				if err := whole(r); err != nil {
					t.Fatalf("%v\n%s", err, r.short(t))
				}
			}
		}
	})
}
