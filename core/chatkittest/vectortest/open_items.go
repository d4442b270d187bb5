package vectortest

import (
	"encoding/json"
	"maps"
	"slices"
)

// An emitted is what a script's event says of an item.
type emitted struct {
	Type   string `json:"type"`
	ItemID string `json:"item_id"`
	Item   *struct {
		ID       string `json:"id"`
		Workflow *struct {
			Tasks []json.RawMessage `json:"tasks"`
		} `json:"workflow"`
	} `json:"item"`
	Update struct {
		Type  string `json:"type"`
		Index int    `json:"task_index"`
	} `json:"update"`
}

// script returns the events that the exchange's steps emit, up to a failure or the
// place where the client leaves, and whether it comes to its end.
func (x *exchange) script() (events []emitted, ends bool) {
	for _, s := range slices.Concat(x.Respond, x.Action) {
		if s.Raise != nil || s.Cancel {
			return events, false
		}
		var e emitted
		if s.Emit != nil && json.Unmarshal(s.Emit, &e) == nil {
			events = append(events, e)
		}
	}
	return events, true
}

// leftOpen are the ids of the items that a script which comes to its end has added
// and not finished.
func (x *exchange) leftOpen() []string {
	events, ends := x.script()
	if !ends {
		return nil
	}
	open := map[string]bool{}
	for _, e := range events {
		switch {
		case e.Type == "thread.item.added" && e.Item != nil:
			open[e.Item.ID] = true
		case e.Item != nil:
			delete(open, e.Item.ID)
		case e.Type == "thread.item.removed":
			delete(open, e.ItemID)
		}
	}
	return slices.Sorted(maps.Keys(open))
}

// updatesNoTask reports whether the script updates a task that its workflow does not have.
func (x *exchange) updatesNoTask() bool {
	events, _ := x.script()
	tasks := map[string]int{}
	for _, e := range events {
		switch {
		case e.Type == "thread.item.added" && e.Item != nil && e.Item.Workflow != nil:
			tasks[e.Item.ID] = len(e.Item.Workflow.Tasks)
		case e.Update.Type == "workflow.task.added":
			if _, ok := tasks[e.ItemID]; ok {
				tasks[e.ItemID]++
			}
		case e.Update.Type == "workflow.task.updated":
			if n, ok := tasks[e.ItemID]; ok && (e.Update.Index < 0 || e.Update.Index >= n) {
				return true
			}
		}
	}
	return false
}

// finishes reports whether an event ends an item that the script has left open.
func (w *wish) finishes(e any) bool {
	o, _ := e.(map[string]any)
	switch o["type"] {
	case "thread.item.done":
		return slices.Contains(w.open, idOf(o["item"]))
	case "thread.item.removed":
		id, _ := o["item_id"].(string)
		return slices.Contains(w.open, id)
	}
	return false
}
