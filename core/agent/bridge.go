package agent

import (
	"context"
	"fmt"
	"sync"
	"time"

	chatkit "github.com/gochatkit/chatkit/core"
)

// A Target is the end of a run that faces the user.
type Target interface {
	// Emit sends an event and stores the item that it completes.
	Emit(e chatkit.Event) error
	// Keep stores an item without sending anything.
	Keep(it chatkit.Item) error
	// NewID makes an id of the given kind: [chatkit.IDMessage], [chatkit.IDWorkflow] or [chatkit.IDToolCall].
	NewID(kind chatkit.IDKind) string
	// Now is the time.
	Now() time.Time
}

// A Bridge turns the events of a run, and what its tools emit beside them, into one stream of thread
// events that follows the rules of a thread: a workflow ends when something is shown below it, one
// that is still open continues in the next turn, a call for the browser comes last.
//
// All methods are safe for concurrent use.
type Bridge struct {
	mu       sync.Mutex
	target   Target
	send     func(chatkit.Event) error // to the target, under its lock if it has one
	restore  func()                    // undoes what BridgeTo did to the turn
	threadID string
	opts     options

	messages  map[int]*message // of the current response
	order     []*message       // the same, oldest first
	reasoning map[int]bool     // reasoning items announced in this response
	images    map[int]*image   // of the current response
	hosted    map[int]*TaskRef // tasks of hosted tools
	workflow  *workflow        // the active one, or nil
	thought   *thought         // the one being streamed, or nil
	delayed   bool             // reasoning began, its workflow waits for a thought
	pending   coalesced
	used      map[string]bool // ids taken in this run
	ended     map[string]bool // workflows that ended
	produced  []string        // ids shown in this run, oldest first
	calls     []*call
	client    *clientCall
	outcome   Outcome
	over      error // why nothing can be emitted any more
}

// NewBridge starts a run in a thread. tail is the end of the thread's history, newest item first; two
// items are enough. If it ends in a workflow, or in a client tool call right behind one, that workflow
// continues.
func NewBridge(target Target, threadID string, tail []chatkit.Item, opts ...Option) *Bridge {
	b := &Bridge{
		target: target, threadID: threadID, opts: newOptions(opts),
		used: map[string]bool{}, ended: map[string]bool{},
	}
	if target != nil {
		b.send = target.Emit
	}
	b.forget()
	if len(tail) > 0 {
		if _, ok := tail[0].(*chatkit.ClientToolCallItem); ok {
			tail = tail[1:]
		}
	}
	if len(tail) > 0 {
		if w, ok := tail[0].(*chatkit.WorkflowItem); ok {
			b.workflow = &workflow{item: chatkit.CloneItem(w).(*chatkit.WorkflowItem), shown: true}
		}
	}
	return b
}

// forget drops what belongs to one response.
func (b *Bridge) forget() {
	b.messages, b.order = map[int]*message{}, nil
	b.reasoning, b.images, b.hosted = map[int]bool{}, map[int]*image{}, map[int]*TaskRef{}
	b.delayed = false
}

// Handle shows one event of the run. After an error nothing more can be shown.
func (b *Bridge) Handle(ctx context.Context, e Event) error {
	// The hook may take a second to upload an image, so it runs before anything is locked.
	url, err := b.imageURL(ctx, e)
	if err != nil {
		return err
	}
	return b.do(func() error { return b.handle(e, url) })
}

func (b *Bridge) handle(e Event, url string) error {
	if _, ok := e.(*TextDelta); !ok {
		if err := b.flushText(); err != nil {
			return err
		}
	}
	switch e := e.(type) {
	case *TextDelta:
		return b.textDelta(e)
	case *MessageStart:
		return b.messageStart(e)
	case *PartStart:
		return b.partStart(e)
	case *AnnotationAdded:
		return b.annotationAdded(e)
	case *PartDone:
		return b.partDone(e)
	case *MessageDone:
		return b.messageDone(e)
	case *ReasoningStart:
		return b.reasoningStart(e)
	case *ThoughtDelta:
		return b.thoughtDelta(e)
	case *ThoughtDone:
		return b.thoughtDone(e)
	case *ImageStart:
		return b.imageStart(e)
	case *ImagePartial:
		return b.imagePartial(e, url)
	case *ImageDone:
		return b.imageDone(e, url)
	case *ToolCall:
		b.calls = append(b.calls, &call{ToolCall: *e})
	case *ToolResult:
		b.answer(e.CallID)
	case *HostedTool:
		if !b.on(boundClientCalls) {
			b.calls = nil // in the reference, any other tool makes it forget the last call
		}
		return b.hostedTool(e)
	case *OutputItem:
	case *Unknown:
		b.outcome.unknown(e.Type)
	case *Finish:
		return b.finish(e)
	case *Thread:
		return b.pass(e.Event)
	default:
		return fmt.Errorf("event of unknown type %T", e)
	}
	return nil
}

// Emit shows an event of a tool: a widget, progress, a notice. Items that are shown end the open workflow
// first.
func (b *Bridge) Emit(e chatkit.Event) error {
	return b.do(func() error { return b.pass(e) })
}

// finish notes the end of a response and closes what it left open.
func (b *Bridge) finish(e *Finish) error {
	o := &b.outcome
	o.Reason, o.Err = e.Reason, e.Err
	if e.ResponseID != "" {
		o.ResponseID = e.ResponseID
	}
	if e.Model != "" {
		o.Model = e.Model
	}
	o.Usage = o.Usage.Add(e.Usage)
	if e.Reason == ReasonFailed || e.Reason == ReasonCancelled {
		return nil // what was said stays unfinished
	}
	if err := b.closeOpen(); err != nil {
		return err
	}
	b.forget()
	return nil
}

// closeOpen closes the messages and images that are still open.
func (b *Bridge) closeOpen() error {
	if !b.on(closedItems) {
		return nil
	}
	if err := b.flushThought(); err != nil {
		return err
	}
	for _, m := range b.order {
		if !m.done && !m.aside {
			if err := b.messageDone(&MessageDone{Item: m.item}); err != nil {
				return err
			}
		}
	}
	return b.dropImages()
}

// pass applies the rules of a workflow to an event from outside and sends it.
func (b *Bridge) pass(e chatkit.Event) error {
	if err := b.flushText(); err != nil {
		return err
	}
	var it chatkit.Item
	added := false
	switch e := e.(type) {
	case *chatkit.ThreadItemAddedEvent:
		it, added = e.Item, true
	case *chatkit.ThreadItemDoneEvent:
		it = e.Item
	case *chatkit.ThreadItemUpdatedEvent:
		if b.workflow != nil && b.workflow.item.ID == e.ItemID {
			if !b.workflow.apply(e.Update) {
				b.outcome.Dropped++
			}
		} else if b.ended[e.ItemID] && b.on(noLoadingTasks) {
			b.outcome.Dropped++ // its workflow is over; the client would not show it
			return nil
		}
	default: // shows no item
	}
	if it == nil {
		return b.emit(e)
	}
	id := it.Meta().ID
	if err := b.endFor(it); err != nil {
		return err
	}
	if w, ok := it.(*chatkit.WorkflowItem); ok {
		switch {
		case added && !b.ended[id]:
			if b.workflow == nil || b.workflow.item.ID != id {
				b.workflow = &workflow{item: chatkit.CloneItem(w).(*chatkit.WorkflowItem), shown: true}
			}
		case !added && b.ended[id] && b.on(noLoadingTasks):
			// It was ended when something was shown below it; its author ends it now.
			late := chatkit.CloneItem(w).(*chatkit.WorkflowItem)
			completeTasks(late.Workflow.Tasks)
			return b.emit(&chatkit.ThreadItemReplacedEvent{Item: late})
		case !added && b.on(noDoubleTail):
			b.ended[id] = true
			if b.workflow != nil && b.workflow.item.ID == id {
				b.workflow, b.thought = nil, nil
			}
		}
	}
	b.produce(id)
	return b.emit(e)
}

// endFor ends the open workflow if it is about to be shown below it.
func (b *Bridge) endFor(it chatkit.Item) error {
	if b.workflow == nil || b.workflow.item.ID == it.Meta().ID {
		return nil
	}
	switch it.(type) {
	case *chatkit.ClientToolCallItem, *chatkit.HiddenContextItem:
		return nil
	default: // stands below the workflow
	}
	return b.endWorkflow(nil, false)
}

func (b *Bridge) produce(id string) {
	if !b.used[id] {
		b.used[id] = true
		b.produced = append(b.produced, id)
	}
}

func (b *Bridge) emit(e chatkit.Event) error {
	if err := b.send(e); err != nil {
		b.over = fmt.Errorf("%w: %w", ErrRunOver, err)
		return err
	}
	return nil
}

func (b *Bridge) update(id string, u chatkit.ItemUpdate) error {
	return b.emit(&chatkit.ThreadItemUpdatedEvent{ItemID: id, Update: u})
}

func (b *Bridge) meta(id string) chatkit.ItemMeta {
	return chatkit.ItemMeta{ID: id, ThreadID: b.threadID, CreatedAt: b.target.Now()}
}

// newID takes the upstream's id if it can, or makes one.
func (b *Bridge) newID(kind chatkit.IDKind, upstream string) string {
	if upstream != "" && (!b.on(uniqueIDs) || !b.used[upstream] && !placeholder[upstream]) {
		return upstream
	}
	return b.target.NewID(kind)
}

// placeholder are ids that stand for "none" in libraries that imitate the Responses API.
var placeholder = map[string]bool{"__fake_id__": true, "fake_id": true, "FAKE_RESPONSES_ID": true, "msg_": true, "null": true}
