package chatkit

import (
	"errors"
	"fmt"
	"time"
)

// A WorkflowWriter streams a workflow: a list of tasks that the client shows as one block. It appears with
// its first task, and is complete and stored with Close. It is safe for concurrent use.
type WorkflowWriter struct {
	t      *Turn
	item   *WorkflowItem
	begun  bool
	closed bool
}

// errNoTask is returned for the index of a task that was never added.
var errNoTask = errors.New("no such task")

// Workflow begins a workflow of the given type. Nothing is sent before the first task.
func (t *Turn) Workflow(kind WorkflowType) *WorkflowWriter {
	return &WorkflowWriter{t: t, item: &WorkflowItem{
		ItemMeta: t.NewItemMeta(IDWorkflow), Workflow: Workflow{Type: kind},
	}}
}

// ID returns the id of the workflow's item.
func (w *WorkflowWriter) ID() string { return w.item.ID }

// Add appends a task and returns its index, for Update.
func (w *WorkflowWriter) Add(task Task) (int, error) {
	r := w.t.rec
	r.pen.take()
	defer r.pen.put()
	if err := w.open(); err != nil {
		return 0, err
	}
	index := len(w.item.Workflow.Tasks)
	var e Event = &ThreadItemUpdatedEvent{ItemID: w.item.ID, Update: &WorkflowTaskAdded{TaskIndex: index, Task: task}}
	if !w.begun {
		first := *w.item
		first.Workflow.Tasks = []Task{task}
		e = &ThreadItemAddedEvent{Item: &first}
	}
	if err := w.send(e); err != nil {
		return 0, err
	}
	w.begun = true
	w.item.Workflow.Tasks = append(w.item.Workflow.Tasks, CloneTask(task))
	return index, nil
}

// Update replaces the task with the given index, for example to mark it complete.
func (w *WorkflowWriter) Update(index int, task Task) error {
	r := w.t.rec
	r.pen.take()
	defer r.pen.put()
	if err := w.open(); err != nil {
		return err
	}
	if index < 0 || index >= len(w.item.Workflow.Tasks) {
		return fmt.Errorf("workflow %s, task %d: %w", w.item.ID, index, errNoTask)
	}
	e := &ThreadItemUpdatedEvent{ItemID: w.item.ID, Update: &WorkflowTaskUpdated{TaskIndex: index, Task: task}}
	if err := w.send(e); err != nil {
		return err
	}
	w.item.Workflow.Tasks[index] = CloneTask(task)
	return nil
}

// Close completes the workflow and stores it. A nil summary becomes the time it took. A workflow without
// tasks leaves no trace. Closing twice does nothing.
func (w *WorkflowWriter) Close(summary WorkflowSummary, expanded bool) error {
	r := w.t.rec
	r.pen.take()
	defer r.pen.put()
	if w.closed {
		return nil
	}
	if err := w.open(); err != nil {
		return err
	}
	w.closed = true
	if !w.begun {
		return nil
	}
	if summary == nil {
		took := r.srv.now().Sub(w.item.CreatedAt)
		summary = &DurationSummary{Duration: int(max(took, 0) / time.Second)}
	}
	w.item.Workflow.Summary, w.item.Workflow.Expanded = summary, expanded
	return w.send(&ThreadItemDoneEvent{Item: w.item})
}

func (w *WorkflowWriter) send(e Event) error {
	if err := validateEvent(e); err != nil {
		return fmt.Errorf("workflow %s: %w", w.item.ID, err)
	}
	return w.t.rec.record(e)
}

// open returns an error if nothing can be written. The pen is held.
func (w *WorkflowWriter) open() error {
	if err := w.t.rec.open(w.item.ID); err != nil {
		return err
	}
	if w.closed {
		return fmt.Errorf("write to workflow %s: it is closed", w.item.ID)
	}
	return nil
}
