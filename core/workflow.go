package chatkit

import "encoding/json"

// A Workflow is a list of tasks that the client shows as one block.
type Workflow struct {
	Type     WorkflowType    // what the tasks are
	Tasks    []Task          // in the order in which they are shown
	Summary  WorkflowSummary // nil until there is one
	Expanded bool            // the block is open, not folded
}

// A WorkflowType chooses how the client shows a workflow.
type WorkflowType string

// The workflow types of the protocol.
const (
	WorkflowCustom    WorkflowType = "custom"
	WorkflowReasoning WorkflowType = "reasoning"
)

// A WorkflowSummary is the line that a folded workflow shows. Its variants are [*CustomSummary],
// [*DurationSummary] and [*UnknownSummary].
//
//sumtype:decl
type WorkflowSummary interface {
	isWorkflowSummary()
}

// A CustomSummary is a summary in the application's words.
type CustomSummary struct {
	Title string // required
	Icon  Icon   // optional
}

// A DurationSummary says how long a workflow took.
type DurationSummary struct {
	Duration int // seconds
}

// An UnknownSummary is a summary of a kind that this version does not know.
type UnknownSummary struct {
	Raw json.RawMessage // the whole summary
}

func (*CustomSummary) isWorkflowSummary()   {}
func (*DurationSummary) isWorkflowSummary() {}
func (*UnknownSummary) isWorkflowSummary()  {}
