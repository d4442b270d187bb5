package chatkittest

import (
	"context"
	"encoding/json"
	"testing"

	chatkit "github.com/gochatkit/chatkit/core"
)

// A Chat is one user's conversation with a server, without a browser and without HTTP: it remembers the
// thread. A server that refuses a request ends the test. Its methods belong to the goroutine of the test.
type Chat struct {
	// ThreadID is the conversation's thread. It is empty before the first message; set it to continue
	// another one.
	ThreadID string
	// Context carries what middleware would have put into the requests' context, for [chatkit.Options].Owner
	// and the hooks. [NewChat] sets it to the test's context.
	Context context.Context
	// Owner is what Options.Owner returns for Context. Only [Chat.Stored] looks at it. Empty is right for a
	// server without that option.
	Owner string
	// Resumes makes the client one that stops turns by request and comes back to them, as a page with the
	// server's script does: leaving is then no stop.
	Resumes bool

	t   testing.TB
	srv *chatkit.Server
}

// NewChat returns a conversation that has not begun.
func NewChat(t testing.TB, srv *chatkit.Server) *Chat {
	return &Chat{Context: t.Context(), t: t, srv: srv}
}

// Send sends a message and returns the whole answer. The first message creates the thread.
func (c *Chat) Send(text string) *Transcript {
	c.t.Helper()
	return c.Begin(text).Finish()
}

// Begin sends a message and returns while it is being answered.
func (c *Chat) Begin(text string) *Live {
	c.t.Helper()
	return c.stream(c.message(text))
}

// ToolOutput returns the result of a client tool, as the page would, and returns the answer to it. Result
// must encode as JSON.
func (c *Chat) ToolOutput(result any) *Transcript {
	c.t.Helper()
	return c.stream("threads.add_client_tool_output", map[string]any{"thread_id": c.ThreadID, "result": result}).Finish()
}

// Action does what a button of a widget does, and returns the answer. Payload must encode as JSON. Sender is
// the widget, see [LastItem]; nil for an action of the page itself.
func (c *Chat) Action(sender *chatkit.WidgetItem, kind string, payload any) *Transcript {
	c.t.Helper()
	params := map[string]any{"thread_id": c.ThreadID, "action": map[string]any{"type": kind, "payload": payload}}
	if sender != nil {
		params["item_id"] = sender.ID
	}
	return c.stream("threads.custom_action", params).Finish()
}

// Answer fills in a form, see [LastItem], and returns the answer to it. Values holds what the user chose for
// each question, by the question's id; a question without values counts as skipped.
func (c *Chat) Answer(form *chatkit.StructuredInputItem, values map[string][]string) *Transcript {
	c.t.Helper()
	answers := map[string]any{}
	for id, v := range values {
		answers[id] = map[string]any{"values": v, "skipped": len(v) == 0}
	}
	return c.stream("threads.add_structured_input", map[string]any{
		"thread_id": c.ThreadID, "item_id": form.ID,
		"input": map[string]any{"status": "answered", "answers": answers},
	}).Finish()
}

// Retry asks for another answer to the user's last message and returns it.
func (c *Chat) Retry() *Transcript {
	c.t.Helper()
	message := ""
	for _, it := range c.items("desc") {
		if m, ok := it.(*chatkit.UserMessageItem); ok {
			message = m.ID
			break
		}
	}
	return c.stream("threads.retry_after_item", map[string]any{"thread_id": c.ThreadID, "item_id": message}).Finish()
}

// Rejoin follows the turn that is in progress on the thread, from its beginning, as a second tab does or one
// that was reloaded. It ends the test if there is none.
func (c *Chat) Rejoin() *Live {
	c.t.Helper()
	return c.stream("runs.attach", map[string]any{"thread_id": c.ThreadID})
}

// Busy reports whether a turn is in progress on the thread.
func (c *Chat) Busy() bool {
	c.t.Helper()
	var run struct {
		ID string `json:"run_id"`
	}
	c.fetch("runs.active", map[string]any{"thread_id": c.ThreadID}, &run)
	return run.ID != ""
}

// Items returns what the user sees when the page is loaded again: the first 100 items of the thread, oldest
// first. It waits for a turn that is just ending.
func (c *Chat) Items() []chatkit.Item {
	c.t.Helper()
	return c.items("asc")
}

func (c *Chat) items(order string) []chatkit.Item {
	c.t.Helper()
	var page struct {
		Data []json.RawMessage `json:"data"`
	}
	c.fetch("items.list", map[string]any{"thread_id": c.ThreadID, "order": order, "limit": 100}, &page)
	items := make([]chatkit.Item, len(page.Data))
	for i, raw := range page.Data {
		it, err := chatkit.UnmarshalItem(raw)
		if err != nil {
			c.t.Fatalf("decode item %d of thread %s: %v", i, c.ThreadID, err)
		}
		items[i] = it
	}
	return items
}

// Stored returns the first 100 items of the thread, oldest first, as the store has them: with the notes for
// the model that no client sees. It waits for a turn that is just ending.
func (c *Chat) Stored() []chatkit.Item {
	c.t.Helper()
	shown := c.Items() // this waits
	q := chatkit.PageQuery{Limit: 100, Order: chatkit.OrderAsc, Hidden: true}
	page, err := c.srv.Store().Items(c.Context, c.Owner, c.ThreadID, q)
	if err != nil {
		c.t.Fatalf("load the items of thread %q of owner %q: %v", c.ThreadID, c.Owner, err)
	}
	if len(page.Data) == 0 && len(shown) > 0 {
		c.t.Fatalf("the store has nothing of thread %q for the owner %q: set Chat.Owner to what Options.Owner returns", c.ThreadID, c.Owner)
	}
	return page.Data
}

// Refused sends a message that the server is expected to refuse, and returns the status and the text that a
// client gets. It ends the test if the server answers.
func (c *Chat) Refused(text string) (status int, message string) {
	c.t.Helper()
	kind, params := c.message(text)
	res, err := c.srv.Process(c.Context, c.request(kind, params))
	if err == nil {
		res.Close()
		c.t.Fatalf("%s was answered, want a refusal", kind)
	}
	return chatkit.HTTPStatus(err)
}

// message is the request that says a text: the first one creates the thread.
func (c *Chat) message(text string) (kind string, params map[string]any) {
	if c.ThreadID == "" {
		return "threads.create", map[string]any{"input": input(text)}
	}
	return "threads.add_user_message", map[string]any{"thread_id": c.ThreadID, "input": input(text)}
}

// stream sends a request whose answer streams.
func (c *Chat) stream(kind string, params map[string]any) *Live {
	c.t.Helper()
	res := c.process(kind, params)
	c.ThreadID = res.ThreadID()
	return begin(c, res)
}

// fetch sends a request whose answer is a document, and decodes the document into v.
func (c *Chat) fetch(kind string, params map[string]any, v any) {
	c.t.Helper()
	document(c.t, c.process(kind, params), v)
}

// process sends a request that the server is expected to answer.
func (c *Chat) process(kind string, params map[string]any) *chatkit.Result {
	c.t.Helper()
	return process(c.Context, c.t, c.srv, c.request(kind, params))
}

func (c *Chat) request(kind string, params map[string]any) *chatkit.Request {
	c.t.Helper()
	return encode(c.t, map[string]any{"type": kind, "params": params}, c.Resumes)
}
