package storetest

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/gochatkit/chatkit/core"
)

// alice owns what the checks put, except where a second owner matters.
const (
	alice = "alice"
	bob   = "bob"
)

// at is a moment, n seconds after some day's noon.
func at(n int) time.Time {
	return time.Date(2025, 3, 1, 12, 0, 0, 0, time.UTC).Add(time.Duration(n) * time.Second)
}

func newThread(id string, created time.Time) *chatkit.Thread {
	return &chatkit.Thread{ID: id, CreatedAt: created}
}

// fullThread uses every field.
func fullThread(id string) *chatkit.Thread {
	return &chatkit.Thread{
		ID:                  id,
		CreatedAt:           at(0),
		Title:               ptr("Trip to Oslo"),
		Status:              chatkit.ThreadStatus{Type: chatkit.ThreadLocked, Reason: ptr("under review")},
		AllowedImageDomains: []string{"img.example.com", "*.example.org"},
		Metadata: map[string]any{
			"plan": "pro", "trusted": true, "none": nil,
			"nested": map[string]any{"list": []any{"a", json.Number("12345678901234567890"), map[string]any{}}},
		},
	}
}

func meta(id string, created time.Time) chatkit.ItemMeta {
	return chatkit.ItemMeta{ID: id, ThreadID: "thr_1", CreatedAt: created}
}

func message(id string, created time.Time, text string) *chatkit.AssistantMessageItem {
	return &chatkit.AssistantMessageItem{
		ItemMeta: meta(id, created),
		Content:  []chatkit.AssistantMessageContent{{Text: text}},
	}
}

func hiddenNote(id string, created time.Time) *chatkit.HiddenContextItem {
	return &chatkit.HiddenContextItem{ItemMeta: meta(id, created), Content: json.RawMessage(`{"note":"for the model"}`)}
}

func fileAttachment(id string, threadID *string) *chatkit.FileAttachment {
	return &chatkit.FileAttachment{AttachmentMeta: chatkit.AttachmentMeta{
		ID: id, Name: "report.pdf", MimeType: "application/pdf", ThreadID: threadID,
		UploadDescriptor: &chatkit.UploadDescriptor{
			URL: "https://files.example.com/up?sig=1", Method: "PUT", Headers: map[string]string{"x-token": "t"},
		},
		Metadata: map[string]any{"bucket": "b1", "tags": []any{"x"}},
	}}
}

func imageAttachment(id string, threadID *string) *chatkit.ImageAttachment {
	return &chatkit.ImageAttachment{
		AttachmentMeta: chatkit.AttachmentMeta{ID: id, Name: "cat.png", MimeType: "image/png", ThreadID: threadID},
		PreviewURL:     "https://files.example.com/cat.png",
	}
}

// everyItem returns one item of every kind, with as many of their fields as possible.
func everyItem() []chatkit.Item {
	n := 0
	next := func(id string) chatkit.ItemMeta {
		n++
		return meta(id, at(n))
	}
	index := 4
	return []chatkit.Item{
		&chatkit.UserMessageItem{
			ItemMeta: next("user"),
			Content: []chatkit.UserMessageContent{
				&chatkit.InputText{Text: "Look at this, "},
				&chatkit.InputTag{ID: "tag_1", Text: "@Ann", Data: json.RawMessage(`{"id":7}`), Group: ptr("people"), Interactive: true},
			},
			Attachments: []chatkit.Attachment{fileAttachment("atc_1", ptr("thr_1")), imageAttachment("atc_2", ptr("thr_1"))},
			QuotedText:  ptr("what you said"),
			InferenceOptions: chatkit.InferenceOptions{
				ToolChoice: &chatkit.ToolChoice{ID: "search"}, Model: ptr("large"),
			},
		},
		&chatkit.AssistantMessageItem{
			ItemMeta: next("assistant"),
			Content: []chatkit.AssistantMessageContent{{
				Text: "See [1].",
				Annotations: []chatkit.Annotation{{
					Source: &chatkit.URLSource{SourceMeta: chatkit.SourceMeta{Title: "Oslo"}, URL: "https://example.com/oslo"},
					Index:  &index,
				}},
			}},
		},
		&chatkit.ClientToolCallItem{
			ItemMeta: next("call"), Status: chatkit.ClientToolCallCompleted, CallID: "call_1", Name: "read_page",
			Arguments: json.RawMessage(`{"deep":{"n":1.50}}`), Output: json.RawMessage(`["ok",null]`),
		},
		&chatkit.WidgetItem{
			ItemMeta: next("widget"),
			Widget:   json.RawMessage(`{"type":"Card","children":[{"type":"Text","value":"hi","color":null}]}`),
			CopyText: ptr("hi"),
		},
		&chatkit.GeneratedImageItem{
			ItemMeta: next("image"), Image: &chatkit.GeneratedImage{ID: "img_1", URL: "https://files.example.com/i.png"},
		},
		&chatkit.StructuredInputItem{
			ItemMeta: next("input"),
			Status:   "completed",
			Inputs: []chatkit.StructuredInput{
				&chatkit.FreeformInput{StructuredInputMeta: chatkit.StructuredInputMeta{
					ID: "q1", Question: "Name?", Answer: &chatkit.StructuredInputAnswer{Values: []string{"Ann"}},
				}},
				&chatkit.MultipleChoiceInput{
					StructuredInputMeta: chatkit.StructuredInputMeta{ID: "q2", Question: "Which?"},
					Options:             []chatkit.StructuredInputOption{{Value: "a"}, {Value: "b"}},
					Multiple:            true,
				},
			},
		},
		&chatkit.WorkflowItem{
			ItemMeta: next("workflow"),
			Workflow: chatkit.Workflow{
				Type: "reasoning",
				Tasks: []chatkit.Task{
					&chatkit.ThoughtTask{Title: "Think", Content: "about it"},
					&chatkit.WebSearchTask{Title: "Search", Queries: []string{"oslo weather"}},
				},
				Summary:  &chatkit.DurationSummary{Duration: 3},
				Expanded: true,
			},
		},
		&chatkit.TaskItem{ItemMeta: next("task"), Task: &chatkit.CustomTask{Title: "Book", Content: "a table"}},
		hiddenNote("hidden", next("hidden").CreatedAt),
		&chatkit.SDKHiddenContextItem{ItemMeta: next("sdk_hidden"), Content: "the user stopped here"},
		&chatkit.EndOfTurnItem{ItemMeta: next("end")},
	}
}

// newUnknown reads an item of a kind from the future out of JSON.
func newUnknown(t tb, raw string) chatkit.Item {
	t.Helper()
	it, err := chatkit.UnmarshalItem([]byte(raw))
	if err != nil {
		t.Fatalf("UnmarshalItem() of an unknown kind: %v", err)
	}
	return it
}

func numbered(prefix string, n int) string { return fmt.Sprintf("%s%03d", prefix, n) }

// ptr returns a pointer to a copy of v.
func ptr[T any](v T) *T { return &v }
