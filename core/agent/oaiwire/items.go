package oaiwire

// items gives every output item of a run a number. Providers are careless with both names of an item:
// some rotate the id from event to event, some leave out the index, some reuse either. One rule fits
// all: the id, if an item was announced under it; else the index; else it is a new item.
type items struct {
	byID    map[string]int
	byIndex map[int]int
	kinds   []string
	done    []bool
}

// reset forgets ids and indices, for the next response of the same run. Numbers go on.
func (t *items) reset() {
	clear(t.byID)
	clear(t.byIndex)
}

func (t *items) add(kind, id string, index *int) int {
	n := len(t.kinds)
	t.kinds = append(t.kinds, kind)
	t.done = append(t.done, false)
	if id != "" {
		if t.byID == nil {
			t.byID = map[string]int{}
		}
		t.byID[id] = n
	}
	if index != nil {
		if t.byIndex == nil {
			t.byIndex = map[int]int{}
		}
		t.byIndex[*index] = n
	}
	return n
}

// find returns the number of an item that an event speaks of, a new one if it never heard of it.
func (t *items) find(kind, id string, index *int) int {
	// An item that is done still owns its id: what comes late belongs to it, and will be ignored.
	if n, ok := t.byID[id]; ok && id != "" && t.kinds[n] == kind {
		return n
	}
	if index != nil {
		if n, ok := t.byIndex[*index]; ok && t.kinds[n] == kind && !t.done[n] {
			return n
		}
	}
	return t.add(kind, id, index)
}
