package oaiwire

import (
	"encoding/json"
	"strings"

	"github.com/gochatkit/chatkit/core/agent"
)

// The parts of the Responses wire format that the decoder reads.

type wireEvent struct {
	Type         string          `json:"type"`
	ItemID       string          `json:"item_id"`
	OutputIndex  *int            `json:"output_index"`
	ContentIndex int             `json:"content_index"`
	SummaryIndex int             `json:"summary_index"`
	Delta        string          `json:"delta"`
	Text         string          `json:"text"`
	Refusal      string          `json:"refusal"`
	Part         *wirePart       `json:"part"`
	Item         json.RawMessage `json:"item"`
	Annotation   *wireAnnotation `json:"annotation"`
	ImageIndex   int             `json:"partial_image_index"`
	ImageB64     string          `json:"partial_image_b64"`
	Format       string          `json:"output_format"`
	Response     *wireResponse   `json:"response"`
}

type wirePart struct {
	Type        string           `json:"type"`
	Text        string           `json:"text"`
	Refusal     string           `json:"refusal"`
	Annotations []wireAnnotation `json:"annotations"`
}

type wireAnnotation struct {
	Type       string `json:"type"`
	URL        string `json:"url"`
	Title      string `json:"title"`
	FileID     string `json:"file_id"`
	Filename   string `json:"filename"`
	StartIndex int    `json:"start_index"`
	EndIndex   int    `json:"end_index"`
	Index      int    `json:"index"`
	// Chat Completions nest the citation.
	URLCitation *wireAnnotation `json:"url_citation"`
}

func (a *wireAnnotation) citation() agent.Citation {
	if u := a.URLCitation; u != nil {
		return agent.Citation{Kind: "url_citation", URL: u.URL, Title: u.Title, Start: u.StartIndex, End: u.EndIndex}
	}
	return agent.Citation{
		Kind: a.Type, URL: a.URL, Title: a.Title, FileID: a.FileID, Filename: a.Filename,
		Start: a.StartIndex, End: a.EndIndex, Index: a.Index,
	}
}

type wireItem struct {
	ID        string     `json:"id"`
	Type      string     `json:"type"`
	Status    string     `json:"status"`
	Phase     string     `json:"phase"`
	Content   []wirePart `json:"content"`
	CallID    string     `json:"call_id"`
	Name      string     `json:"name"`
	Arguments any        `json:"arguments"` // text; an object in some imitations
	Input     string     `json:"input"`
	Result    string     `json:"result"`
	Format    string     `json:"output_format"`
}

type wireResponse struct {
	ID         string          `json:"id"`
	Model      string          `json:"model"`
	Status     string          `json:"status"`
	Error      json.RawMessage `json:"error"`
	Incomplete *struct {
		Reason string `json:"reason"`
	} `json:"incomplete_details"`
	Usage *wireUsage `json:"usage"`
}

type wireUsage struct {
	InputTokens  int64 `json:"input_tokens"`
	OutputTokens int64 `json:"output_tokens"`
	InputDetails struct {
		Cached int64 `json:"cached_tokens"`
	} `json:"input_tokens_details"`
	OutputDetails struct {
		Reasoning int64 `json:"reasoning_tokens"`
	} `json:"output_tokens_details"`
	// Chat Completions use other words.
	PromptTokens     int64 `json:"prompt_tokens"`
	CompletionTokens int64 `json:"completion_tokens"`
	PromptDetails    struct {
		Cached int64 `json:"cached_tokens"`
	} `json:"prompt_tokens_details"`
	CompletionDetails struct {
		Reasoning int64 `json:"reasoning_tokens"`
	} `json:"completion_tokens_details"`
}

func (u *wireUsage) usage() agent.Usage {
	if u == nil {
		return agent.Usage{}
	}
	return agent.Usage{
		InputTokens:     u.InputTokens + u.PromptTokens,
		CachedTokens:    u.InputDetails.Cached + u.PromptDetails.Cached,
		OutputTokens:    u.OutputTokens + u.CompletionTokens,
		ReasoningTokens: u.OutputDetails.Reasoning + u.CompletionDetails.Reasoning,
	}
}

// parseError reads an error in any of the forms that providers send: an object, an object inside an
// "error" member, flat members of an event, a plain text. It returns nil if data is none of these.
func parseError(data []byte) *agent.Error {
	var o struct {
		Error    json.RawMessage `json:"error"`
		Type     any             `json:"type"`
		Code     any             `json:"code"`
		Message  string          `json:"message"`
		Metadata struct {
			Raw string `json:"raw"`
		} `json:"metadata"`
	}
	var text string
	switch {
	case len(data) == 0 || string(data) == "null":
		return nil
	case json.Unmarshal(data, &text) == nil:
		return &agent.Error{Message: text}
	case json.Unmarshal(data, &o) != nil:
		return &agent.Error{Message: clip(string(data))}
	}
	if e := parseError(o.Error); e != nil {
		if e.Code == "" {
			e.Code = scalar(o.Code)
		}
		return e
	}
	e := &agent.Error{Code: scalar(o.Code), Type: scalar(o.Type), Message: o.Message}
	if e.Type == "error" { // the flat event's own type
		e.Type = ""
	}
	if n, ok := o.Code.(float64); ok && n >= 400 && n < 600 {
		e.Status = int(n) // OpenRouter puts the HTTP status here
	}
	if e.Message == "" && e.Code == "" && e.Type == "" {
		return nil
	}
	return e
}

func scalar(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case float64:
		b, _ := json.Marshal(v)
		return string(b)
	}
	return ""
}

func clip(s string) string {
	if len(s) > 500 {
		s = strings.ToValidUTF8(s[:500], "") + "…"
	}
	return s
}

// argumentText returns a call's arguments as text, whatever JSON they came as.
func argumentText(v any) string {
	switch v := v.(type) {
	case nil:
		return "{}"
	case string:
		if strings.TrimSpace(v) == "" {
			return "{}"
		}
		return v
	}
	b, err := json.Marshal(v)
	if err != nil {
		return "{}"
	}
	return string(b)
}
