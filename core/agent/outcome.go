package agent

import chatkit "github.com/gochatkit/chatkit/core"

// An Outcome says how a run went.
type Outcome struct {
	Reason     Reason
	ResponseID string // of the last response; the next request may name it as previous_response_id
	Model      string // as the provider names it
	Usage      Usage  // summed over all responses of the run
	Text       string // the text of the last message
	// Calls are the function calls that nobody has answered.
	Calls []ToolCall
	// ClientCall is the call that the browser has to answer. The turn ends with it.
	ClientCall *chatkit.ClientToolCallItem
	// Workflow is still open: the next turn continues it.
	Workflow *chatkit.WorkflowItem
	// Unknown counts upstream events, items and parts that were not understood, by type.
	Unknown map[string]int
	// Dropped counts citations, updates and items that could not be shown.
	Dropped int
	// Err is the provider's failure, if Reason is ReasonFailed.
	Err error
}

func (o *Outcome) unknown(typ string) {
	if o.Unknown == nil {
		o.Unknown = map[string]int{}
	}
	// The upstream chooses the names, so their number needs a limit.
	if len(o.Unknown) >= 100 && o.Unknown[typ] == 0 {
		typ = "other"
	}
	o.Unknown[typ]++
}
