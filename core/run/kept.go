package run

import (
	"slices"
	"time"
)

// Ended runs are kept for a while, so that a client that comes back can read how they ended.

// keep keeps an ended run for Config.Retain, unless there is no room. m.mu is held.
func (m *Manager) keep(r *Run) {
	r.expires = m.now() + m.cfg.Retain
	m.kept = append(m.kept, r)
	if len(m.kept) > m.cfg.MaxKept {
		m.drop()
	}
	if m.expiry == nil {
		m.expiry = time.AfterFunc(m.cfg.Retain, m.expire)
	}
}

// expire forgets the runs whose time is up. One timer is for all of them: one for each would hold runs that were
// dropped before.
func (m *Manager) expire() {
	m.mu.Lock()
	defer m.mu.Unlock()
	now := m.now()
	for len(m.kept) > 0 && m.kept[0].expires <= now {
		m.drop()
	}
	m.expiry = nil
	if len(m.kept) > 0 {
		m.expiry = time.AfterFunc(m.kept[0].expires-now, m.expire)
	}
}

// drop forgets the oldest ended run. m.mu is held.
func (m *Manager) drop() {
	m.untag(m.kept[0])
	m.kept = slices.Delete(m.kept, 0, 1)
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
		m.drop()
	}
	for _, r := range m.active {
		if m.total.Load() <= limit {
			return
		}
		r.log.trim()
	}
}
