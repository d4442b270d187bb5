package agent

import "testing"

func TestEveryImprovementHasAReason(t *testing.T) {
	for i, m := range improvements {
		if m.what == "" || m.why == "" {
			t.Errorf("improvement %d has no text: %+v", i, m)
		}
	}
	on, off := NewBridge(nil, "", nil), NewBridge(nil, "", nil, Parity())
	for i := range numImprovements {
		if !on.on(i) || off.on(i) {
			t.Errorf("improvement %d: on = %v, in parity %v", i, on.on(i), off.on(i))
		}
	}
}
