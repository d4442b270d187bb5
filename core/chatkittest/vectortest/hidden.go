package vectortest

import (
	"encoding/json"
	"slices"
)

// dropHidden removes the events of hidden items from the wish.
func dropHidden(w *wish) bool {
	ids := map[string]bool{}
	for _, items := range w.before.Items {
		for _, it := range items {
			if hidden(it) {
				ids[idOf(it)] = true
			}
		}
	}
	for _, s := range slices.Concat(w.x.Respond, w.x.Action) {
		var e struct {
			Item json.RawMessage `json:"item"`
		}
		if s.Emit == nil || json.Unmarshal(s.Emit, &e) != nil || e.Item == nil {
			continue
		}
		if it, err := parse(e.Item); err == nil && hidden(it) {
			ids[idOf(it)] = true
		}
	}
	w.hiddenIDs = ids
	n := len(w.events)
	w.events = slices.DeleteFunc(w.events, func(e any) bool {
		o, _ := e.(map[string]any)
		return hidden(o["item"]) || w.ofHidden(e)
	})
	if len(w.events) == n {
		return false
	}
	w.inexact = "the recording has events of hidden items"
	return true
}

// ofHidden reports whether an event names a hidden item without showing it.
// Servers may swallow such events: clients do not know the id.
func (w *wish) ofHidden(e any) bool {
	o, _ := e.(map[string]any)
	id, _ := o["item_id"].(string)
	return id != "" && w.hiddenIDs[id]
}
