package chat

import chatkit "github.com/gochatkit/chatkit/core"

// workflow shows the tasks of a workflow that were not shown yet.
func (r *render) workflow(id string, tasks []chatkit.Task) {
	for i, t := range tasks {
		r.task(id, i, t)
	}
}

// task shows a task when it is new and when it is complete.
func (r *render) task(id string, index int, t chatkit.Task) {
	key := place{id, index}
	state := 1
	if taskStatus(t) != chatkit.StatusLoading {
		state = 2
	}
	if r.tasks[key] >= state || len(r.tasks) > maxAnswer/1000 {
		return
	}
	r.tasks[key] = state
	mark := "…"
	if state == 2 {
		mark = "✓"
	}
	r.aside("%s %s", mark, taskLine(t))
}

func taskStatus(t chatkit.Task) chatkit.StatusIndicator {
	switch t := t.(type) {
	case *chatkit.CustomTask:
		return t.StatusIndicator
	case *chatkit.WebSearchTask:
		return t.StatusIndicator
	case *chatkit.ThoughtTask:
		return t.StatusIndicator
	case *chatkit.FileTask:
		return t.StatusIndicator
	case *chatkit.ImageTask:
		return t.StatusIndicator
	default:
		return chatkit.StatusNone
	}
}

// taskLine is a task on one line.
func taskLine(t chatkit.Task) string {
	title, more := "", ""
	switch t := t.(type) {
	case *chatkit.CustomTask:
		title, more = t.Title, t.Content
	case *chatkit.WebSearchTask:
		title, more = t.Title, t.TitleQuery
		for _, s := range t.Sources {
			more += " " + s.URL
		}
	case *chatkit.ThoughtTask:
		title, more = t.Title, t.Content
	case *chatkit.FileTask:
		title = t.Title
		for _, s := range t.Sources {
			more += " " + s.Title
		}
	case *chatkit.ImageTask:
		title = t.Title
	default:
		title = t.TaskType()
	}
	switch {
	case title == "" && more == "":
		title = t.TaskType()
	case title != "" && more != "":
		title += ": "
	}
	return cut(title+more, 300)
}

func (r *render) summary(s chatkit.WorkflowSummary) {
	switch s := s.(type) {
	case *chatkit.CustomSummary:
		r.aside("%s", s.Title)
	case *chatkit.DurationSummary:
		r.aside("worked for %d s", s.Duration)
	default: // none, or none that we know
	}
}
