package agent

import (
	"errors"
	"slices"

	chatkit "github.com/gochatkit/chatkit/core"
)

// ErrNoWorkflow says that a task was to be changed while no workflow is open.
var ErrNoWorkflow = errors.New("no workflow is open")

// workflow is the active workflow of a run.
type workflow struct {
	item  *chatkit.WorkflowItem
	shown bool // the client knows it
}

func (w *workflow) snapshot() *chatkit.WorkflowItem {
	return chatkit.CloneItem(w.item).(*chatkit.WorkflowItem)
}

// apply follows an update that somebody else sent, and reports whether it made sense.
func (w *workflow) apply(u chatkit.ItemUpdate) bool {
	tasks := &w.item.Workflow.Tasks
	switch u := u.(type) {
	case *chatkit.WorkflowTaskAdded:
		if u.TaskIndex < 0 || u.TaskIndex > len(*tasks) {
			return false
		}
		*tasks = slices.Insert(*tasks, u.TaskIndex, chatkit.CloneTask(u.Task))
	case *chatkit.WorkflowTaskUpdated:
		if u.TaskIndex < 0 || u.TaskIndex >= len(*tasks) {
			return false
		}
		(*tasks)[u.TaskIndex] = chatkit.CloneTask(u.Task)
	default: // not for a workflow
	}
	return true
}

// A TaskRef is a task that was added to a workflow. A nil one does nothing. It is safe for concurrent use.
type TaskRef struct {
	b     *Bridge
	w     *workflow
	index int
}

// Index is the task's position in its workflow.
func (t *TaskRef) Index() int { return t.index }

// Update replaces the task. Once the workflow has ended it does nothing: the task is complete.
func (t *TaskRef) Update(task chatkit.Task) error {
	if t == nil {
		return nil
	}
	return t.b.do(func() error { return t.b.updateTask(t.w, t.index, task) })
}

// Done marks the task as complete.
func (t *TaskRef) Done() error {
	if t == nil {
		return nil
	}
	return t.b.do(func() error {
		task := chatkit.CloneTask(t.w.item.Workflow.Tasks[t.index])
		setStatus(task, chatkit.StatusComplete)
		return t.b.updateTask(t.w, t.index, task)
	})
}

// StartWorkflow opens a workflow. A custom workflow without tasks is shown with its first task. A
// workflow that is open is ended first.
func (b *Bridge) StartWorkflow(w chatkit.Workflow) error {
	return b.do(func() error { return b.startWorkflow(w) })
}

func (b *Bridge) startWorkflow(w chatkit.Workflow) error {
	if err := b.flushText(); err != nil {
		return err
	}
	if b.on(noLostWorkflows) {
		if err := b.endWorkflow(nil, false); err != nil {
			return err
		}
	}
	it := &chatkit.WorkflowItem{ItemMeta: b.meta(b.target.NewID(chatkit.IDWorkflow)), Workflow: w}
	b.workflow = &workflow{item: chatkit.CloneItem(it).(*chatkit.WorkflowItem)}
	b.thought = nil
	if w.Type != chatkit.WorkflowReasoning && len(w.Tasks) == 0 {
		return nil
	}
	return b.showWorkflow()
}

func (b *Bridge) showWorkflow() error {
	w := b.workflow
	w.shown = true
	b.produce(w.item.ID)
	return b.emit(&chatkit.ThreadItemAddedEvent{Item: w.snapshot()})
}

// AddTask adds a task to the open workflow, and opens a custom one if there is none.
func (b *Bridge) AddTask(task chatkit.Task) (*TaskRef, error) {
	var ref *TaskRef
	err := b.do(func() (err error) {
		ref, err = b.addTask(task)
		return err
	})
	if err != nil {
		return nil, err
	}
	return ref, nil
}

func (b *Bridge) addTask(task chatkit.Task) (*TaskRef, error) {
	if err := b.flushText(); err != nil {
		return nil, err
	}
	if b.workflow == nil {
		if err := b.startWorkflow(chatkit.Workflow{Type: chatkit.WorkflowCustom}); err != nil {
			return nil, err
		}
	}
	w := b.workflow
	tasks := &w.item.Workflow.Tasks
	ref := &TaskRef{b: b, w: w, index: len(*tasks)}
	*tasks = append(*tasks, chatkit.CloneTask(task))
	if !w.shown {
		return ref, b.showWorkflow()
	}
	return ref, b.update(w.item.ID, &chatkit.WorkflowTaskAdded{TaskIndex: ref.index, Task: chatkit.CloneTask(task)})
}

// UpdateTask replaces a task of the open workflow.
func (b *Bridge) UpdateTask(index int, task chatkit.Task) error {
	return b.do(func() error {
		switch {
		case b.workflow == nil:
			return ErrNoWorkflow
		case index < 0 || index >= len(b.workflow.item.Workflow.Tasks):
			return errors.New("no such task")
		}
		return b.updateTask(b.workflow, index, task)
	})
}

func (b *Bridge) updateTask(w *workflow, index int, task chatkit.Task) error {
	if w != b.workflow {
		return nil // it has ended, and all of its tasks with it
	}
	if err := b.flushText(); err != nil {
		return err
	}
	w.item.Workflow.Tasks[index] = chatkit.CloneTask(task)
	return b.update(w.item.ID, &chatkit.WorkflowTaskUpdated{TaskIndex: index, Task: chatkit.CloneTask(task)})
}

// EndWorkflow ends the open workflow, if there is one. A nil summary says how long it took, unless it has
// one already.
func (b *Bridge) EndWorkflow(summary chatkit.WorkflowSummary, expanded bool) error {
	return b.do(func() error {
		if err := b.flushText(); err != nil {
			return err
		}
		return b.endWorkflow(summary, expanded)
	})
}

func (b *Bridge) endWorkflow(summary chatkit.WorkflowSummary, expanded bool) error {
	w := b.workflow
	if w == nil {
		return nil
	}
	b.workflow, b.thought = nil, nil
	b.ended[w.item.ID] = true
	if !w.shown && b.on(noGhostWorkflows) {
		return nil
	}
	flow := &w.item.Workflow
	switch {
	case summary != nil:
		flow.Summary = summary
	case flow.Summary == nil:
		took := b.target.Now().Sub(w.item.CreatedAt)
		flow.Summary = &chatkit.DurationSummary{Duration: max(0, int(took.Seconds()))}
	}
	flow.Expanded = expanded
	if b.on(noLoadingTasks) {
		completeTasks(flow.Tasks)
	}
	return b.emit(&chatkit.ThreadItemDoneEvent{Item: w.snapshot()})
}

// completeTasks stops what spins.
func completeTasks(tasks []chatkit.Task) {
	for _, t := range tasks {
		if status(t) == chatkit.StatusLoading {
			setStatus(t, chatkit.StatusComplete)
		}
	}
}

func status(t chatkit.Task) chatkit.StatusIndicator {
	if p := statusOf(t); p != nil {
		return *p
	}
	return ""
}

func setStatus(t chatkit.Task, s chatkit.StatusIndicator) {
	if p := statusOf(t); p != nil {
		*p = s
	}
}

func statusOf(t chatkit.Task) *chatkit.StatusIndicator {
	switch t := t.(type) {
	case *chatkit.CustomTask:
		return &t.StatusIndicator
	case *chatkit.WebSearchTask:
		return &t.StatusIndicator
	case *chatkit.ThoughtTask:
		return &t.StatusIndicator
	case *chatkit.FileTask:
		return &t.StatusIndicator
	case *chatkit.ImageTask:
		return &t.StatusIndicator
	default:
		return nil
	}
}
