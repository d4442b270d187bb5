package client

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"

	chatkit "github.com/gochatkit/chatkit/core"
)

// An Input is a message of the user (ChatKit protocol: user message input).
type Input struct {
	// Content are the parts of the text: [*chatkit.InputText] and [*chatkit.InputTag].
	Content []chatkit.UserMessageContent
	// Attachments are the ids of attachments that were created before.
	Attachments []string
	// QuotedText is the text that the message answers to, left out when empty.
	QuotedText string
	// Options are the choices the user made in the composer.
	Options chatkit.InferenceOptions
}

// Text returns a message of plain text.
func Text(s string) *Input {
	return &Input{Content: []chatkit.UserMessageContent{&chatkit.InputText{Text: s}}}
}

// MarshalJSON returns the wire form.
func (in *Input) MarshalJSON() ([]byte, error) {
	// The item that the input becomes has the same members in the same form.
	item, err := json.Marshal(&chatkit.UserMessageItem{Content: in.Content, InferenceOptions: in.Options})
	if err != nil {
		return nil, err
	}
	var w struct {
		Content     json.RawMessage `json:"content"`
		Attachments attachmentIDs   `json:"attachments"`
		QuotedText  string          `json:"quoted_text,omitempty"`
		Options     json.RawMessage `json:"inference_options"`
	}
	if err := json.Unmarshal(item, &w); err != nil {
		return nil, err
	}
	w.QuotedText, w.Attachments = in.QuotedText, in.Attachments
	return json.Marshal(w)
}

// attachmentIDs is never null on the wire.
type attachmentIDs []string

func (a attachmentIDs) MarshalJSON() ([]byte, error) {
	if a == nil {
		return []byte("[]"), nil
	}
	return json.Marshal([]string(a))
}

// An Action is what a widget, or the page, asks the server to do.
type Action struct {
	// Type names the action. Required.
	Type string `json:"type"`
	// Payload is any JSON value.
	Payload any `json:"payload"`
}

// Answers are a user's answers to the questions of a structured input.
type Answers struct {
	// Skipped says that the user skipped all of it.
	Skipped bool
	// Values holds the answer to each question by the question's id. An empty
	// list, or none, means that the question was skipped.
	Values map[string][]string
}

// MarshalJSON returns the wire form.
func (a Answers) MarshalJSON() ([]byte, error) {
	type answer struct {
		Values  []string `json:"values"`
		Skipped bool     `json:"skipped"`
	}
	w := struct {
		Status  string            `json:"status"`
		Answers map[string]answer `json:"answers"`
	}{"answered", map[string]answer{}}
	if a.Skipped {
		w.Status = "skipped"
	}
	for id, values := range a.Values {
		if values == nil {
			values = []string{}
		}
		w.Answers[id] = answer{Values: values, Skipped: len(values) == 0}
	}
	return json.Marshal(w)
}

// A Page selects a page of a list. The zero value asks for what the server
// gives by default: 20 elements, newest first.
type Page struct {
	// Limit is the most elements wanted. Servers clamp it.
	Limit int `json:"limit,omitempty"`
	// Order is [chatkit.OrderAsc] or [chatkit.OrderDesc].
	Order chatkit.Order `json:"order,omitempty"`
	// After is the After of the page before.
	After string `json:"after,omitempty"`
}

// CreateThread starts a thread with its first message. The first event is the
// [*chatkit.ThreadCreatedEvent] with the thread's id.
func (c *Client) CreateThread(ctx context.Context, in *Input) (*Stream, error) {
	return c.Stream(ctx, Request{Type: "threads.create", Params: map[string]any{"input": in}})
}

// Send sends a message to a thread.
func (c *Client) Send(ctx context.Context, threadID string, in *Input) (*Stream, error) {
	return c.Stream(ctx, Request{Type: "threads.add_user_message", Params: map[string]any{"thread_id": threadID, "input": in}})
}

// ToolOutput returns the result of the thread's pending client tool call.
// Result is any value that encodes as JSON.
func (c *Client) ToolOutput(ctx context.Context, threadID string, result any) (*Stream, error) {
	return c.Stream(ctx, Request{Type: "threads.add_client_tool_output", Params: map[string]any{"thread_id": threadID, "result": result}})
}

// StructuredInput answers the structured input with the id itemID.
func (c *Client) StructuredInput(ctx context.Context, threadID, itemID string, a Answers) (*Stream, error) {
	return c.Stream(ctx, Request{Type: "threads.add_structured_input", Params: map[string]any{"thread_id": threadID, "item_id": itemID, "input": a}})
}

// Retry deletes what follows the user message with the id itemID and has it answered again.
func (c *Client) Retry(ctx context.Context, threadID, itemID string) (*Stream, error) {
	return c.Stream(ctx, Request{Type: "threads.retry_after_item", Params: map[string]any{"thread_id": threadID, "item_id": itemID}})
}

// CustomAction runs an action whose answer streams. ItemID is the widget it
// comes from, empty for none.
func (c *Client) CustomAction(ctx context.Context, threadID, itemID string, a Action) (*Stream, error) {
	return c.Stream(ctx, Request{Type: "threads.custom_action", Params: actionParams(threadID, itemID, a)})
}

// SyncAction runs an action whose answer does not stream, and returns the item
// that it changed, nil if none. ItemID is the widget it comes from, empty for none.
func (c *Client) SyncAction(ctx context.Context, threadID, itemID string, a Action) (chatkit.Item, error) {
	body, err := c.Do(ctx, Request{Type: "threads.sync_custom_action", Params: actionParams(threadID, itemID, a)})
	if err != nil {
		return nil, err
	}
	var answer struct {
		UpdatedItem json.RawMessage `json:"updated_item"`
	}
	if err := json.Unmarshal(body, &answer); err != nil {
		return nil, fmt.Errorf("threads.sync_custom_action: decode the answer: %w", err)
	}
	if answer.UpdatedItem == nil || string(answer.UpdatedItem) == "null" {
		return nil, nil
	}
	return chatkit.UnmarshalItem(answer.UpdatedItem)
}

func actionParams(threadID, itemID string, a Action) map[string]any {
	p := map[string]any{"thread_id": threadID, "action": a}
	if itemID != "" {
		p["item_id"] = itemID
	}
	return p
}

// Thread returns a thread with its first page of items, the oldest.
func (c *Client) Thread(ctx context.Context, id string) (*chatkit.ThreadResponse, error) {
	return decoded[*chatkit.ThreadResponse](c.Do(ctx, Request{Type: "threads.get_by_id", Params: map[string]any{"thread_id": id}}))
}

// Threads returns a page of the user's threads, without their items.
func (c *Client) Threads(ctx context.Context, p Page) (chatkit.Page[*chatkit.ThreadResponse], error) {
	return page(func(raw []byte) (*chatkit.ThreadResponse, error) {
		t := new(chatkit.ThreadResponse)
		return t, json.Unmarshal(raw, t)
	})(c.Do(ctx, Request{Type: "threads.list", Params: p}))
}

// Items returns a page of a thread's items.
func (c *Client) Items(ctx context.Context, threadID string, p Page) (chatkit.Page[chatkit.Item], error) {
	params := struct {
		ThreadID string `json:"thread_id"`
		Page
	}{threadID, p}
	return page(chatkit.UnmarshalItem)(c.Do(ctx, Request{Type: "items.list", Params: params}))
}

func page[T any](decode func([]byte) (T, error)) func(json.RawMessage, error) (chatkit.Page[T], error) {
	return func(body json.RawMessage, err error) (chatkit.Page[T], error) {
		w, err := decoded[struct {
			Data    []json.RawMessage `json:"data"`
			HasMore bool              `json:"has_more"`
			After   string            `json:"after"`
		}](body, err)
		p := chatkit.Page[T]{Data: make([]T, 0, len(w.Data)), HasMore: w.HasMore, After: w.After}
		for _, raw := range w.Data {
			if err != nil {
				break
			}
			var v T
			if v, err = decode(raw); err == nil {
				p.Data = append(p.Data, v)
			}
		}
		if err != nil {
			return chatkit.Page[T]{}, err
		}
		return p, nil
	}
}

// RenameThread gives a thread another title.
func (c *Client) RenameThread(ctx context.Context, id, title string) (*chatkit.ThreadResponse, error) {
	return decoded[*chatkit.ThreadResponse](c.Do(ctx, Request{Type: "threads.update", Params: map[string]any{"thread_id": id, "title": title}}))
}

// DeleteThread deletes a thread. Deleting what does not exist succeeds.
func (c *Client) DeleteThread(ctx context.Context, id string) error {
	_, err := c.Do(ctx, Request{Type: "threads.delete", Params: map[string]any{"thread_id": id}})
	return err
}

// Feedback says that the user liked items, or, if positive is false, disliked them.
func (c *Client) Feedback(ctx context.Context, threadID string, positive bool, itemIDs ...string) error {
	kind := "negative"
	if positive {
		kind = "positive"
	}
	if itemIDs == nil {
		itemIDs = []string{}
	}
	_, err := c.Do(ctx, Request{Type: "items.feedback", Params: map[string]any{"thread_id": threadID, "item_ids": itemIDs, "kind": kind}})
	return err
}

// CreateAttachment announces a file of size bytes. The answer's upload
// descriptor says where its bytes go.
func (c *Client) CreateAttachment(ctx context.Context, name, mimeType string, size int64) (chatkit.Attachment, error) {
	body, err := c.Do(ctx, Request{Type: "attachments.create", Params: map[string]any{"name": name, "mime_type": mimeType, "size": size}})
	if err != nil {
		return nil, err
	}
	return chatkit.UnmarshalAttachment(body)
}

// DeleteAttachment deletes an attachment and its bytes.
func (c *Client) DeleteAttachment(ctx context.Context, id string) error {
	_, err := c.Do(ctx, Request{Type: "attachments.delete", Params: map[string]any{"attachment_id": id}})
	return err
}

// Transcribe returns the text of spoken audio, such as "audio/webm;codecs=opus".
func (c *Client) Transcribe(ctx context.Context, audio []byte, mimeType string) (string, error) {
	answer, err := decoded[struct {
		Text string `json:"text"`
	}](c.Do(ctx, Request{Type: "input.transcribe", Params: map[string]any{
		"audio_base64": base64.StdEncoding.EncodeToString(audio), "mime_type": mimeType,
	}}))
	return answer.Text, err
}

// Resume sends request again with the id of the last event that was seen, so
// that a server that keeps runs goes on behind it instead of starting another.
func (c *Client) Resume(ctx context.Context, request any, lastEventID string) (*Stream, error) {
	return c.stream(ctx, request, http.Header{"Last-Event-Id": {lastEventID}})
}

func decoded[T any](body json.RawMessage, err error) (T, error) {
	var v T
	if err != nil {
		return v, err
	}
	if err := json.Unmarshal(body, &v); err != nil {
		return v, fmt.Errorf("decode the answer: %w", err)
	}
	return v, nil
}
