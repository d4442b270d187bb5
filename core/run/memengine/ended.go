package memengine

import (
	"slices"
	"time"

	"github.com/gochatkit/chatkit/core/run"
)

// end adds the log of a run to those of runs that have ended, and drops the oldest beyond the bound. e.mu is held.
func (e *Engine) end(en *entry) {
	e.ended = append(e.ended, en)
	e.endedSize += en.size
	for e.endedSize > e.opts.MaxEnded {
		old := e.ended[0]
		e.ended[0], e.ended = nil, e.ended[1:]
		e.endedSize -= old.size
		old.batches, old.size, old.dropped = nil, 0, old.info.Head
	}
}

// forget drops ended runs whose time is up, looking for them once a second at most.
func (e *Engine) forget() {
	now := e.opts.Now()
	if now.Before(e.sweep) {
		return
	}
	e.sweep = now.Add(time.Second)
	over := func(en *entry) bool { return en.info.Status != run.Active && !now.Before(en.until) }
	e.ended = slices.DeleteFunc(e.ended, func(en *entry) bool {
		if !over(en) {
			return false
		}
		e.endedSize -= en.size
		return true
	})
	for k, en := range e.runs {
		if over(en) {
			delete(e.runs, k)
			if en.name != "" {
				delete(e.names, nameKey{k.Owner, en.name})
			}
			if e.opts.Journal != nil {
				e.opts.Journal.Forget(k)
			}
		}
	}
}
