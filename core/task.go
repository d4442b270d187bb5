package chatkit

import "encoding/json"

// A Task is one step that the assistant shows (ChatKit protocol: tasks), alone in a [TaskItem] or in a
// [Workflow]. Its variants are [*CustomTask], [*WebSearchTask], [*ThoughtTask], [*FileTask], [*ImageTask]
// and [*UnknownTask].
//
//sumtype:decl
type Task interface {
	// TaskType returns the protocol's name of the kind, such as "web_search".
	TaskType() string
	isTask()
}

// A StatusIndicator is the mark before a task in a workflow. Empty is written as "none".
type StatusIndicator string

// The status indicators of a task.
const (
	StatusNone     StatusIndicator = "none"
	StatusLoading  StatusIndicator = "loading"
	StatusComplete StatusIndicator = "complete"
)

// A CustomTask shows whatever the application wants to say.
type CustomTask struct {
	StatusIndicator StatusIndicator // empty is written as "none"
	Title           string          // optional
	Icon            Icon            // optional
	Content         string          // optional, Markdown
}

// A WebSearchTask shows a search and what it found.
type WebSearchTask struct {
	StatusIndicator StatusIndicator // empty is written as "none"
	Title           string          // optional
	TitleQuery      string          // optional
	Queries         []string        // what was searched for
	Sources         []*URLSource    // what was found
}

// A ThoughtTask shows a thought of the model.
type ThoughtTask struct {
	StatusIndicator StatusIndicator // empty is written as "none"
	Title           string          // optional
	Content         string          // Markdown, required
}

// A FileTask shows files that were looked at.
type FileTask struct {
	StatusIndicator StatusIndicator // empty is written as "none"
	Title           string          // optional
	Sources         []*FileSource   // the files
}

// An ImageTask shows that an image is being made.
type ImageTask struct {
	StatusIndicator StatusIndicator // empty is written as "none"
	Title           string          // optional
}

// An UnknownTask is a task of a kind that this version does not know.
type UnknownTask struct {
	Type string          // the kind's name as it was read
	Raw  json.RawMessage // the whole task, its type included
}

// TaskType returns "custom".
func (*CustomTask) TaskType() string { return "custom" }

// TaskType returns "web_search".
func (*WebSearchTask) TaskType() string { return "web_search" }

// TaskType returns "thought".
func (*ThoughtTask) TaskType() string { return "thought" }

// TaskType returns "file".
func (*FileTask) TaskType() string { return "file" }

// TaskType returns "image".
func (*ImageTask) TaskType() string { return "image" }

// TaskType returns the kind that the task named.
func (t *UnknownTask) TaskType() string { return t.Type }

func (*CustomTask) isTask()    {}
func (*WebSearchTask) isTask() {}
func (*ThoughtTask) isTask()   {}
func (*FileTask) isTask()      {}
func (*ImageTask) isTask()     {}
func (*UnknownTask) isTask()   {}
