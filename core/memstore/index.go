package memstore

import (
	"cmp"
	"slices"

	"github.com/gochatkit/chatkit/core"
)

// entry is one stored thread or item. Its data is never changed in place, so readers
// may keep it after they let go of the lock.
type entry struct {
	id      string
	created int64 // Unix time in microseconds
	seq     uint64
	hidden  bool
	data    []byte
	thread  *thread // set if the entry is a thread
}

func (e *entry) compare(o *entry) int {
	return cmp.Or(cmp.Compare(e.created, o.created), cmp.Compare(e.seq, o.seq))
}

// index is a list in store order whose entries are also found by id.
type index struct {
	byID  map[string]*entry
	order []*entry
}

func newIndex() index { return index{byID: make(map[string]*entry)} }

func (x *index) insert(e *entry) {
	at, _ := slices.BinarySearchFunc(x.order, e, (*entry).compare)
	x.order = slices.Insert(x.order, at, e)
	x.byID[e.id] = e
}

func (x *index) remove(e *entry) {
	at, _ := slices.BinarySearchFunc(x.order, e, (*entry).compare)
	x.order = slices.Delete(x.order, at, at+1)
	delete(x.byID, e.id)
}

// row is what a reader takes out from under the lock.
type row struct {
	id   string
	data []byte
}

func (e *entry) row() row { return row{e.id, e.data} }

// page returns the rows that q selects and whether more follow.
func (x *index) page(q chatkit.PageQuery) ([]row, bool, error) {
	step, at := 1, 0
	if q.Order == chatkit.OrderDesc {
		step, at = -1, len(x.order)-1
	}
	if q.After != "" {
		cursor, ok := x.byID[q.After]
		if !ok {
			return nil, false, chatkit.ErrBadCursor
		}
		at, _ = slices.BinarySearchFunc(x.order, cursor, (*entry).compare)
		at += step
	}
	limit := q.Limit
	if limit <= 0 {
		limit = chatkit.DefaultPageLimit
	}
	// The limit is a client's wish at times; only what is there is allocated.
	rows := make([]row, 0, min(limit, len(x.order)))
	for ; at >= 0 && at < len(x.order); at += step {
		e := x.order[at]
		if e.hidden && !q.Hidden {
			continue
		}
		if len(rows) == limit {
			return rows, true, nil
		}
		rows = append(rows, e.row())
	}
	return rows, false, nil
}
