package run

import "context"

// owe notes how a run of this process has ended, because the engine did not take it. All else of its end is done. If
// there are too many, one is forgotten, and that run is ended again like that of a dead process.
func (m *Manager) owe(k Key, o Outcome) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for other := range m.owed {
		if len(m.owed) < m.cfg.MaxKept {
			break
		}
		delete(m.owed, other)
	}
	m.owed[k] = o
}

func (m *Manager) owes(k Key) (Outcome, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	o, ok := m.owed[k]
	return o, ok
}

// pay records an outcome that is owed.
func (m *Manager) pay(ctx context.Context, l *Lease, o Outcome) error {
	err := m.callFinish(ctx, l, Batch{}, o)
	if err == nil {
		m.mu.Lock()
		defer m.mu.Unlock()
		delete(m.owed, l.Key)
	}
	return err
}
