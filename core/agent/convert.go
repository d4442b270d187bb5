package agent

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"

	chatkit "github.com/gochatkit/chatkit/core"
	"github.com/gochatkit/chatkit/core/internal/jsonx"
)

// ErrNoHook says that a thread has something that only the application can show to a model: an
// attachment, a tag, hidden context that is not text. See the fields of [Converter].
var ErrNoHook = errors.New("no hook to convert it")

// A Converter turns the items of a thread into the input of a model, in the form of the Responses API,
// which became the common one. The texts are those of the reference SDK, word for word. The zero value
// works for threads without attachments and tags.
//
// Hooks return content parts or input items as JSON. A Converter is safe for concurrent use if its hooks
// are.
type Converter struct {
	// Attachment returns the content part of an attachment: input_image, input_file or input_text.
	// Without it, an attachment is an error.
	Attachment func(ctx context.Context, a chatkit.Attachment) (json.RawMessage, error)
	// Tag returns a content part that tells the model what a tag stands for. Without it, a tag is an
	// error.
	Tag func(ctx context.Context, tag *chatkit.InputTag) (json.RawMessage, error)
	// Hidden replaces the conversion of hidden context. Without it, content that is not text is an error.
	Hidden func(ctx context.Context, it *chatkit.HiddenContextItem) ([]json.RawMessage, error)
	// Image replaces the conversion of generated images, for example to turn a private URL into one that
	// the provider can load.
	Image func(ctx context.Context, it *chatkit.GeneratedImageItem) ([]json.RawMessage, error)
	// Item comes before everything else. It returns false for items that it leaves to the others.
	Item func(ctx context.Context, it chatkit.Item) (input []json.RawMessage, handled bool, err error)
	// CopyText shows a widget to the model by its copy text, if it has one, instead of by its JSON.
	CopyText bool
	// QuoteAnywhere adds the quoted text of the last user message even if other items follow it. The
	// reference drops it then.
	QuoteAnywhere bool
	// Parity takes two tags with one text for the same entity, as the reference does. Otherwise tags
	// differ by id.
	Parity bool
}

// Input converts a history, such as a turn's, oldest item first.
func (c *Converter) Input(ctx context.Context, history iter.Seq2[chatkit.Item, error]) ([]json.RawMessage, error) {
	var items []chatkit.Item
	for it, err := range history {
		if err != nil {
			return nil, err
		}
		items = append(items, it)
	}
	return c.Convert(ctx, items)
}

// Convert converts items, oldest first.
func (c *Converter) Convert(ctx context.Context, items []chatkit.Item) ([]json.RawMessage, error) {
	quoted := len(items) - 1
	if c.QuoteAnywhere {
		for ; quoted >= 0; quoted-- {
			if _, ok := items[quoted].(*chatkit.UserMessageItem); ok {
				break
			}
		}
	}
	out := []json.RawMessage{}
	for i, it := range items {
		in, err := c.item(ctx, it, i == quoted)
		if err != nil {
			return nil, fmt.Errorf("convert %s %s: %w", it.ItemType(), it.Meta().ID, err)
		}
		out = append(out, in...)
	}
	return out, nil
}

func (c *Converter) item(ctx context.Context, it chatkit.Item, last bool) ([]json.RawMessage, error) {
	if c.Item != nil {
		if in, handled, err := c.Item(ctx, it); handled || err != nil {
			return in, err
		}
	}
	switch it := it.(type) {
	case *chatkit.UserMessageItem:
		return c.user(ctx, it, last)
	case *chatkit.AssistantMessageItem:
		return assistant(it)
	case *chatkit.ClientToolCallItem:
		return clientTool(it)
	case *chatkit.WidgetItem:
		return c.widget(it)
	case *chatkit.WorkflowItem:
		var out []json.RawMessage
		for _, task := range it.Workflow.Tasks {
			out = append(out, taskInput(task)...)
		}
		return out, nil
	case *chatkit.TaskItem:
		return taskInput(it.Task), nil
	case *chatkit.StructuredInputItem:
		return structured(it), nil
	case *chatkit.GeneratedImageItem:
		return c.image(ctx, it)
	case *chatkit.HiddenContextItem:
		return c.hidden(ctx, it)
	case *chatkit.SDKHiddenContextItem:
		return one(UserText(hiddenText(it.Content))), nil
	case *chatkit.EndOfTurnItem, *chatkit.UnknownItem:
		return nil, nil
	}
	return nil, fmt.Errorf("item of unknown type %T", it)
}

func one(in json.RawMessage) []json.RawMessage { return []json.RawMessage{in} }

// UserText is a user's message to the model with one text.
func UserText(text string) json.RawMessage { return userMessage(InputText(text)) }

// InputText is a content part with a text.
func InputText(text string) json.RawMessage {
	return mustJSON(struct {
		Type string `json:"type"`
		Text string `json:"text"`
	}{"input_text", text})
}

// InputImage is a content part with an image: a URL that the provider can load, or a data URL.
func InputImage(url string) json.RawMessage {
	return mustJSON(struct {
		Type   string `json:"type"`
		Detail string `json:"detail"`
		URL    string `json:"image_url"`
	}{"input_image", "auto", url})
}

// FunctionOutput is the answer to a function call.
func FunctionOutput(callID, output string) json.RawMessage {
	return mustJSON(struct {
		Type   string `json:"type"`
		CallID string `json:"call_id"`
		Output string `json:"output"`
	}{"function_call_output", callID, output})
}

func userMessage(parts ...json.RawMessage) json.RawMessage {
	return mustJSON(struct {
		Type    string            `json:"type"`
		Role    string            `json:"role"`
		Content []json.RawMessage `json:"content"`
	}{"message", "user", parts})
}

// mustJSON encodes values of our own making, without escaping what HTML would need.
func mustJSON(v any) json.RawMessage {
	b, err := jsonx.Marshal(v)
	if err != nil {
		panic(fmt.Sprintf("encode %T: %v", v, err)) // a hook returned invalid JSON
	}
	return b
}
