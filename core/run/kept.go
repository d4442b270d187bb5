package run

import "slices"

// Ended runs are kept for a while, so that a client that comes back can read how they ended.

func (m *Manager) forget(r *Run) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if i := slices.Index(m.kept, r); i >= 0 {
		m.drop(i)
	}
}

// drop forgets the ended run at place i. m.mu is held.
func (m *Manager) drop(i int) {
	m.untag(m.kept[i])
	m.kept = slices.Delete(m.kept, i, i+1)
}

// untag forgets how to find a run. m.mu is held.
func (m *Manager) untag(r *Run) {
	m.total.Add(-int64(r.log.Size()))
	if tag := tagOf(r.spec.ID); m.tags[tag] == r {
		delete(m.tags, tag)
	}
}

// shrink keeps the sum of all logs within its bound: ended runs are forgotten first, the oldest
// before the others, then the logs of active runs are cut. m.mu is held.
func (m *Manager) shrink() {
	limit := int64(m.cfg.MaxTotalSize)
	for m.total.Load() > limit && len(m.kept) > 0 {
		m.drop(0)
	}
	for _, r := range m.active {
		if m.total.Load() <= limit {
			return
		}
		r.log.trim()
	}
}
