package agent

import (
	"context"
	"encoding/json"
	"iter"
)

// A Model answers requests. Package oaiwire has two, for everything that speaks Responses or Chat
// Completions; any other source of events becomes one with [ModelFunc].
type Model interface {
	// Stream asks the model. Breaking off the iteration, and the end of ctx, abort the request.
	Stream(ctx context.Context, r *Request) iter.Seq2[Event, error]
}

// ModelFunc is a function that is a [Model].
type ModelFunc func(ctx context.Context, r *Request) iter.Seq2[Event, error]

// Stream calls f.
func (f ModelFunc) Stream(ctx context.Context, r *Request) iter.Seq2[Event, error] { return f(ctx, r) }

// A Request is what a model is asked in one turn of a run.
type Request struct {
	Instructions string
	// Input is the whole conversation in the form of the Responses API; a model keeps no state.
	Input    []json.RawMessage
	Tools    []ToolSpec
	Settings Settings
}

// A ToolSpec describes a tool to a model.
type ToolSpec struct {
	Name        string
	Description string
	Schema      json.RawMessage // JSON Schema of the arguments
	Strict      bool            // the schema is of the strict subset, and the model must keep to it
}

// Settings tune a model. Zero values leave the choice to the provider.
type Settings struct {
	Model             string   // the provider's name of the model
	Temperature       *float64 // from 0 to 2
	TopP              *float64 // from 0 to 1
	MaxOutputTokens   int
	ReasoningEffort   string         // "minimal", "low", "medium", "high"
	ReasoningSummary  string         // "auto", "concise", "detailed"; Responses only
	ToolChoice        string         // "auto", "none", "required" or the name of a tool
	ParallelToolCalls *bool          // whether several calls may come in one turn
	Extra             map[string]any // further members of the request, which win over all others
}
