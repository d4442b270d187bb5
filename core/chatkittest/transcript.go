package chatkittest

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	chatkit "github.com/gochatkit/chatkit/core"
)

// A Transcript is what a client saw of one turn.
type Transcript struct {
	// Events are the events of the stream, the server's own included.
	Events []chatkit.Event
}

// Ask starts a thread with text and returns the answer. A server that refuses
// ends the test.
func Ask(t testing.TB, srv *chatkit.Server, text string) *Transcript {
	t.Helper()
	return Record(t.Context(), t, srv, map[string]any{"type": "threads.create", "params": map[string]any{"input": input(text)}})
}

// AskIn sends text to a thread and returns the answer. A server that refuses
// ends the test.
func AskIn(t testing.TB, srv *chatkit.Server, threadID, text string) *Transcript {
	t.Helper()
	return Record(t.Context(), t, srv, map[string]any{
		"type": "threads.add_user_message", "params": map[string]any{"thread_id": threadID, "input": input(text)},
	})
}

func input(text string) map[string]any {
	return map[string]any{
		"content":           []any{map[string]any{"type": "input_text", "text": text}},
		"attachments":       []string{},
		"inference_options": map[string]any{},
	}
}

// Record sends a request that streams and returns what it streamed. Request is a
// []byte, or anything that encodes to a request's JSON. Ctx carries what
// Options.Owner reads. A server that refuses, or answers without a stream, ends
// the test.
func Record(ctx context.Context, t testing.TB, srv *chatkit.Server, request any) *Transcript {
	t.Helper()
	res := process(ctx, t, srv, encode(t, request, false))
	defer res.Close()
	if !res.Streaming() {
		t.Fatalf("request %v was answered with a document: %s", request, res.JSON())
	}
	tr := &Transcript{}
	for e, err := range res.Events(ctx) {
		if err != nil {
			t.Fatalf("stream of %v broke after %d events: %v", request, len(tr.Events), err)
		}
		tr.Events = append(tr.Events, e)
	}
	return tr
}

// Fetch sends a request that is answered with a document, and decodes the
// document into v. A nil v drops it. A server that refuses, or streams, ends the
// test.
func Fetch(ctx context.Context, t testing.TB, srv *chatkit.Server, request, v any) {
	t.Helper()
	document(t, process(ctx, t, srv, encode(t, request, false)), v)
}

// document decodes an answer that is expected to be a document. A nil v drops it.
func document(t testing.TB, res *chatkit.Result, v any) {
	t.Helper()
	defer res.Close()
	if res.Streaming() {
		t.Fatal("the request was answered with a stream")
	}
	if v == nil {
		return
	}
	if err := json.Unmarshal(res.JSON(), v); err != nil {
		t.Fatalf("decode the answer %s: %v", res.JSON(), err)
	}
}

// encode makes a request of its JSON, or of anything that encodes to that. Resumes is [Chat.Resumes].
func encode(t testing.TB, request any, resumes bool) *chatkit.Request {
	t.Helper()
	body, ok := request.([]byte)
	if !ok {
		var err error
		if body, err = json.Marshal(request); err != nil {
			t.Fatalf("encode request: %v", err)
		}
	}
	return &chatkit.Request{Body: body, Header: func(name string) string {
		if resumes && name == "ChatKit-Resume" {
			return "1"
		}
		return ""
	}}
}

// process sends a request that the server is expected to answer.
func process(ctx context.Context, t testing.TB, srv *chatkit.Server, request *chatkit.Request) *chatkit.Result {
	t.Helper()
	res, err := srv.Process(ctx, request)
	if err != nil {
		t.Fatalf("request %s was refused: %v%s", request.Body, err, advice(err))
	}
	return res
}

// advice says what an author may have forgotten whose request was refused.
func advice(err error) string {
	if errors.Is(err, chatkit.ErrUnauthorized) || errors.Is(err, chatkit.ErrForbidden) {
		return " (Options.Owner finds nobody in the context: set Chat.Context, or the context of Record)"
	}
	return ""
}

// ThreadID is the id of the thread that the turn created, "" if it created none.
func (tr *Transcript) ThreadID() string {
	for _, e := range EventsOf[*chatkit.ThreadCreatedEvent](tr) {
		return e.Thread.ID
	}
	return ""
}

// Types returns the types of all events.
func (tr *Transcript) Types() []string {
	var types []string
	for _, e := range tr.Events {
		types = append(types, e.EventType())
	}
	return types
}

// UserMessage is the user's message, nil if the turn had none.
func (tr *Transcript) UserMessage() *chatkit.UserMessageItem {
	for _, e := range EventsOf[*chatkit.ThreadItemDoneEvent](tr) {
		if m, ok := e.Item.(*chatkit.UserMessageItem); ok {
			return m
		}
	}
	return nil
}

// Items are the items that the turn left in the thread, oldest first, without
// the user's message: each as it was when it was done or last replaced.
func (tr *Transcript) Items() []chatkit.Item {
	var items []chatkit.Item
	put := func(it chatkit.Item) {
		i := slices.IndexFunc(items, func(x chatkit.Item) bool { return x.Meta().ID == it.Meta().ID })
		if i < 0 {
			items = append(items, it)
		} else {
			items[i] = it
		}
	}
	for _, e := range tr.Events {
		switch e := e.(type) {
		case *chatkit.ThreadItemDoneEvent:
			if _, own := e.Item.(*chatkit.UserMessageItem); !own {
				put(e.Item)
			}
		case *chatkit.ThreadItemReplacedEvent:
			put(e.Item)
		case *chatkit.ThreadItemRemovedEvent:
			items = slices.DeleteFunc(items, func(x chatkit.Item) bool { return x.Meta().ID == e.ItemID })
		}
	}
	return items
}

// Text is the text of the assistant's finished messages. Messages, and the parts
// of one, are separated by an empty line.
func (tr *Transcript) Text() string {
	var texts []string
	for _, it := range tr.Items() {
		if m, ok := it.(*chatkit.AssistantMessageItem); ok {
			for _, c := range m.Content {
				texts = append(texts, c.Text)
			}
		}
	}
	return strings.Join(texts, "\n\n")
}

// Deltas are the pieces of text as they were streamed.
func (tr *Transcript) Deltas() []string {
	var deltas []string
	for _, e := range EventsOf[*chatkit.ThreadItemUpdatedEvent](tr) {
		if u, ok := e.Update.(*chatkit.AssistantMessageContentPartTextDelta); ok {
			deltas = append(deltas, u.Delta)
		}
	}
	return deltas
}

// Progress are the lines of progress.
func (tr *Transcript) Progress() []string {
	var lines []string
	for _, e := range EventsOf[*chatkit.ProgressUpdateEvent](tr) {
		lines = append(lines, e.Text)
	}
	return lines
}

// Failure is the last error that was shown, nil if there was none.
func (tr *Transcript) Failure() *chatkit.ErrorEvent {
	var last *chatkit.ErrorEvent
	for _, e := range EventsOf[*chatkit.ErrorEvent](tr) {
		last = e
	}
	return last
}

// EventsOf returns the events of one type, such as EventsOf[*chatkit.NoticeEvent](tr).
func EventsOf[E chatkit.Event](tr *Transcript) []E {
	var found []E
	for _, e := range tr.Events {
		if e, ok := e.(E); ok {
			found = append(found, e)
		}
	}
	return found
}

// LastItem returns the last of [Transcript.Items] of one type, such as LastItem[*chatkit.WidgetItem](t, tr). It
// ends the test if there is none.
func LastItem[I chatkit.Item](t testing.TB, tr *Transcript) I {
	t.Helper()
	for _, it := range slices.Backward(tr.Items()) {
		if it, ok := it.(I); ok {
			return it
		}
	}
	var want I
	t.Fatalf("the answer has no %T; its events are %q", want, tr.Types())
	return want
}

// AssertText reports an error unless [Transcript.Text] is want and no error was shown.
func (tr *Transcript) AssertText(t testing.TB, want string) {
	t.Helper()
	if got := tr.Text(); got != want {
		t.Errorf("answer = %q, want %q", got, want)
	}
	tr.AssertOK(t)
}

// AssertProgress reports an error unless [Transcript.Progress] is want.
func (tr *Transcript) AssertProgress(t testing.TB, want ...string) {
	t.Helper()
	if got := tr.Progress(); !slices.Equal(got, want) {
		t.Errorf("progress = %q, want %q", got, want)
	}
}

// AssertItems reports an error unless the types of [Transcript.Items] are want,
// such as "workflow", "assistant_message".
func (tr *Transcript) AssertItems(t testing.TB, want ...string) {
	t.Helper()
	var got []string
	for _, it := range tr.Items() {
		got = append(got, it.ItemType())
	}
	if !slices.Equal(got, want) {
		t.Errorf("items = %q, want %q", got, want)
	}
}

// AssertToolCall reports an error unless the turn called one client tool, with the given name, and nothing
// else waits for a result. It returns the arguments, a JSON object.
func (tr *Transcript) AssertToolCall(t testing.TB, name string) json.RawMessage {
	t.Helper()
	var names []string
	var args json.RawMessage
	for _, it := range tr.Items() {
		if call, ok := it.(*chatkit.ClientToolCallItem); ok && call.Status == chatkit.ClientToolCallPending {
			names, args = append(names, call.Name), call.Arguments
		}
	}
	if !slices.Equal(names, []string{name}) {
		t.Errorf("client tools called = %q, want %q", names, name)
	}
	return args
}

// AssertFailure reports an error unless the turn ended with an error that shows message to the user. An
// empty message means the client's own, general text.
func (tr *Transcript) AssertFailure(t testing.TB, message string) {
	t.Helper()
	e := tr.Failure()
	switch {
	case e == nil:
		t.Errorf("the user was shown no error, want %q", message)
	case e.Message != message:
		t.Errorf("error shown = %q, want %q", e.Message, message)
	}
}

// AssertOK reports an error if the user was shown one.
func (tr *Transcript) AssertOK(t testing.TB) {
	t.Helper()
	if e := tr.Failure(); e != nil {
		t.Errorf("the user was shown the error %s %q", e.Code, e.Message)
	}
}
