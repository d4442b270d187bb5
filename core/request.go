package chatkit

import (
	"encoding/json"

	"github.com/gochatkit/chatkit/core/internal/jsonx"
)

// A request is one of the requests that a client makes (ChatKit protocol: requests), decoded and checked.
type request interface {
	// requestType returns the protocol's name of the kind, such as "threads.create".
	requestType() string
	// metadata returns what the client sent along, a JSON object, or nil.
	metadata() json.RawMessage
	begin(kind string, metadata json.RawMessage)
}

// requestBase is what every request has.
type requestBase struct {
	kind string
	meta json.RawMessage
}

func (b *requestBase) requestType() string       { return b.kind }
func (b *requestBase) metadata() json.RawMessage { return b.meta }

func (b *requestBase) begin(kind string, metadata json.RawMessage) { b.kind, b.meta = kind, metadata }

type createThreadRequest struct {
	requestBase
	Input userMessageInput
}

type addUserMessageRequest struct {
	requestBase
	ThreadID string
	Input    userMessageInput
}

// userMessageInput is what the user wrote. The ids of attachments may repeat.
type userMessageInput struct {
	Content          []UserMessageContent
	Attachments      []string
	QuotedText       *string
	InferenceOptions InferenceOptions
}

type addClientToolOutputRequest struct {
	requestBase
	ThreadID string
	Result   json.RawMessage // any JSON, null if the tool returned nothing
}

type addStructuredInputRequest struct {
	requestBase
	ThreadID, ItemID string
	Status           StructuredInputStatus            // answered or skipped
	Answers          map[string]StructuredInputAnswer // by the id of the question
}

type retryAfterItemRequest struct {
	requestBase
	ThreadID, ItemID string
}

type customActionRequest struct {
	requestBase
	ThreadID string
	ItemID   string // of the widget that sent it, or empty
	Action   Action
}

type syncCustomActionRequest struct {
	requestBase
	ThreadID string
	ItemID   string // of the widget that sent it, or empty
	Action   Action
}

type getThreadRequest struct {
	requestBase
	ThreadID string
}

type listThreadsRequest struct {
	requestBase
	Limit int64 // as the client sent it; 0 if it did not say
	Order Order
	After string
}

type listItemsRequest struct {
	requestBase
	ThreadID string
	Limit    int64 // as the client sent it; 0 if it did not say
	Order    Order
	After    string
}

type feedbackRequest struct {
	requestBase
	Feedback Feedback
}

type createAttachmentRequest struct {
	requestBase
	AttachmentCreate AttachmentCreate
}

type deleteAttachmentRequest struct {
	requestBase
	AttachmentID string
}

type updateThreadRequest struct {
	requestBase
	ThreadID, Title string
}

type deleteThreadRequest struct {
	requestBase
	ThreadID string
}

type transcribeRequest struct {
	requestBase
	Audio Audio
}

// requestKinds has a decoder of the params for each type of request. A new type needs a line here.
var requestKinds = map[string]func(params field) request{
	"threads.create": func(p field) request {
		return &createThreadRequest{Input: p.get("input").userMessage()}
	},
	"threads.add_user_message": func(p field) request {
		return &addUserMessageRequest{Input: p.get("input").userMessage(), ThreadID: p.get("thread_id").str()}
	},
	"threads.add_client_tool_output": func(p field) request {
		return &addClientToolOutputRequest{ThreadID: p.get("thread_id").str(), Result: p.get("result").any()}
	},
	"threads.add_structured_input": func(p field) request {
		r := &addStructuredInputRequest{ThreadID: p.get("thread_id").str(), ItemID: p.get("item_id").str()}
		r.Status, r.Answers = p.get("input").structuredInput()
		return r
	},
	"threads.retry_after_item": func(p field) request {
		return &retryAfterItemRequest{ThreadID: p.get("thread_id").str(), ItemID: p.get("item_id").str()}
	},
	"threads.custom_action": func(p field) request {
		return &customActionRequest{ThreadID: p.get("thread_id").str(), ItemID: p.get("item_id").optional(), Action: p.get("action").action()}
	},
	"threads.sync_custom_action": func(p field) request {
		return &syncCustomActionRequest{ThreadID: p.get("thread_id").str(), ItemID: p.get("item_id").optional(), Action: p.get("action").action()}
	},
	"threads.get_by_id": func(p field) request {
		return &getThreadRequest{ThreadID: p.get("thread_id").str()}
	},
	"threads.list": func(p field) request {
		return &listThreadsRequest{Limit: p.get("limit").optionalInt(), Order: p.get("order").order(), After: p.get("after").optional()}
	},
	"items.list": func(p field) request {
		return &listItemsRequest{
			ThreadID: p.get("thread_id").str(),
			Limit:    p.get("limit").optionalInt(), Order: p.get("order").order(), After: p.get("after").optional(),
		}
	},
	"items.feedback": func(p field) request {
		return &feedbackRequest{Feedback: Feedback{
			ThreadID: p.get("thread_id").str(),
			ItemIDs:  p.get("item_ids").strings(p.in.limits.itemIDs),
			Kind:     FeedbackKind(p.get("kind").oneOf(string(FeedbackPositive), string(FeedbackNegative))),
		}}
	},
	"attachments.create": func(p field) request {
		return &createAttachmentRequest{AttachmentCreate: AttachmentCreate{
			Name: p.get("name").str(), Size: p.get("size").int(), MimeType: p.get("mime_type").str(),
		}}
	},
	"attachments.delete": func(p field) request {
		return &deleteAttachmentRequest{AttachmentID: p.get("attachment_id").str()}
	},
	"threads.update": func(p field) request {
		return &updateThreadRequest{ThreadID: p.get("thread_id").str(), Title: p.get("title").str()}
	},
	"threads.delete": func(p field) request {
		return &deleteThreadRequest{ThreadID: p.get("thread_id").str()}
	},
	"input.transcribe": func(p field) request {
		r := &transcribeRequest{Audio: Audio{MimeType: p.get("mime_type").str()}}
		r.Audio.Data, r.Audio.MediaType = p.get("audio_base64").base64(), mediaType(r.Audio.MimeType)
		return r
	},
	"runs.attach": func(p field) request {
		return &attachRunRequest{ThreadID: p.get("thread_id").str(), RunID: p.get("run_id").optional(), After: p.get("after").optionalInt()}
	},
	"runs.cancel": func(p field) request {
		return &cancelRunRequest{ThreadID: p.get("thread_id").str(), RunID: p.get("run_id").optional(), Wait: p.get("wait").bool()}
	},
	"debug.ticks": func(p field) request {
		return &ticksRequest{Count: p.get("count").optionalInt(), Gap: p.get("gap").optionalInt()}
	},
	"runs.active": func(p field) request {
		return &activeRunRequest{ThreadID: p.get("thread_id").str()}
	},
}

// requestLimits bound what a request may hold beyond the size of its body.
type requestLimits struct {
	depth       int // of nested objects and arrays, the body's own counted
	parts       int // content parts of a message, questions of a form, values of an answer
	attachments int // of a message
	itemIDs     int // of a feedback
}

var defaultRequestLimits = requestLimits{depth: jsonx.DefaultDepth, parts: 1000, attachments: 100, itemIDs: 1000}

// decodeRequest decodes and checks the body of a request. Every error is a *requestError.
func decodeRequest(body []byte) (request, error) {
	return decodeRequestWithin(body, defaultRequestLimits)
}

func decodeRequestWithin(body []byte, limits requestLimits) (request, error) {
	v, err := jsonx.Parse(body, limits.depth)
	if err != nil {
		return nil, &requestError{text: err.Error()}
	}
	in := requestReader{limits: limits}
	root := field{in: &in, v: v}
	if v.Kind() != jsonx.Object {
		return nil, &requestError{text: "want an object"}
	}
	kind := root.get("type").str()
	decodeParams, ok := requestKinds[kind]
	if !ok && in.err == nil {
		root.get("type").fail("unknown type of request")
	}
	params := root.get("params").object()
	var metadata json.RawMessage
	if m := root.get("metadata"); m.present() {
		metadata = m.object().any()
	}
	if in.err != nil {
		return nil, in.err
	}
	r := decodeParams(params)
	if in.err != nil {
		return nil, in.err
	}
	r.begin(kind, metadata)
	return r, nil
}
