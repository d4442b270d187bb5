package agent

// A Reason says why a response ended.
type Reason string

// The reasons of a [Finish].
const (
	ReasonStop          Reason = "stop"           // the model was done
	ReasonLength        Reason = "length"         // a token or size limit cut the text
	ReasonContentFilter Reason = "content_filter" // the provider stopped the text
	ReasonToolCalls     Reason = "tool_calls"     // the model waits for tools
	ReasonRefusal       Reason = "refusal"        // the model declined
	ReasonCancelled     Reason = "cancelled"      // somebody stopped it
	ReasonFailed        Reason = "failed"         // see Finish.Err
)

// Usage counts tokens. Zero means none or not told.
type Usage struct {
	InputTokens     int64 `json:"input_tokens"`
	CachedTokens    int64 `json:"cached_tokens"` // part of InputTokens
	OutputTokens    int64 `json:"output_tokens"`
	ReasoningTokens int64 `json:"reasoning_tokens"` // part of OutputTokens
}

// Add returns the sum of both.
func (u Usage) Add(v Usage) Usage {
	u.InputTokens += v.InputTokens
	u.CachedTokens += v.CachedTokens
	u.OutputTokens += v.OutputTokens
	u.ReasoningTokens += v.ReasoningTokens
	return u
}

// Total is the number of input and output tokens.
func (u Usage) Total() int64 { return u.InputTokens + u.OutputTokens }
