package agent

import (
	"encoding/json"
	"errors"
	"fmt"

	chatkit "github.com/gochatkit/chatkit/core"
)

// ErrOneClientTool says that the run already waits for a tool of the browser. The protocol shows exactly
// one: the last item of the thread.
var ErrOneClientTool = errors.New("one client tool at a time")

// call is a function call of the run.
type call struct {
	ToolCall
	answered bool
}

type clientCall struct {
	name string
	args json.RawMessage
	call *call // whose ids it takes, or nil
}

// CallClientTool asks the browser to run a function when the run ends. args is encoded as JSON; nil means
// no arguments. The source must end by itself: this call does not stop it.
func (b *Bridge) CallClientTool(name string, args any) error {
	return b.callClient("", name, args)
}

func (b *Bridge) callClient(callID, name string, args any) error {
	raw, err := json.Marshal(args)
	if err != nil {
		return fmt.Errorf("encode arguments of client tool %s: %w", name, err)
	}
	if string(raw) == "null" {
		raw = json.RawMessage("{}")
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	switch {
	case b.over != nil:
		return b.over
	case b.client != nil && b.on(boundClientCalls):
		return ErrOneClientTool
	}
	b.client = &clientCall{name: name, args: raw}
	if b.on(boundClientCalls) {
		b.client.call = b.asker(callID, name)
	}
	return nil
}

// asker finds the call that wants a client tool: by id, by name, or simply the last one.
func (b *Bridge) asker(callID, name string) *call {
	var last, named *call
	for _, c := range b.calls {
		if c.answered {
			continue
		}
		if callID != "" && c.CallID == callID {
			return c
		}
		if last = c; c.Name == name {
			named = c
		}
	}
	if named != nil {
		return named
	}
	return last
}

func (b *Bridge) answer(callID string) {
	for _, c := range b.calls {
		if c.CallID == callID {
			c.answered = true
		}
	}
}

// sendClientCall sends the call for the browser, the last item of the turn.
func (b *Bridge) sendClientCall() error {
	if b.client == nil {
		return nil
	}
	c := b.client.call
	if !b.on(boundClientCalls) && len(b.calls) > 0 {
		// The reference takes the last call of the run, unless it was not a function call.
		if last := b.calls[len(b.calls)-1]; !last.Custom {
			c = last
		}
	}
	var id, callID string
	if c != nil {
		id, callID = c.ID, c.CallID
		c.answered = true
	}
	if id = b.newID(chatkit.IDToolCall, id); callID == "" {
		callID = b.target.NewID(chatkit.IDToolCall)
	}
	it := &chatkit.ClientToolCallItem{
		ItemMeta: b.meta(id), Status: chatkit.ClientToolCallPending, CallID: callID, Name: b.client.name, Arguments: b.client.args,
	}
	b.produce(id)
	b.outcome.ClientCall = chatkit.CloneItem(it).(*chatkit.ClientToolCallItem)
	return b.emit(&chatkit.ThreadItemDoneEvent{Item: it})
}
