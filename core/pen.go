package chatkit

import (
	"context"
	"sync/atomic"
)

// A pen is a lock that can be waited for with a limit. It is passed on in no particular order. A free one costs no more
// than a mutex.
type pen struct {
	wanted atomic.Int32  // how many have it, wait for it or have given up
	handed chan struct{} // 1 slot: it lies there for one of those who wait
}

func newPen() pen { return pen{handed: make(chan struct{}, 1)} }

// take waits for the pen.
func (p *pen) take() {
	if p.wanted.Add(1) > 1 {
		<-p.handed
	}
}

// takeBefore waits for the pen until ctx ends, and reports whether it has come.
func (p *pen) takeBefore(ctx context.Context) bool {
	if p.wanted.Add(1) == 1 {
		return true
	}
	select {
	case <-p.handed:
		return true
	case <-ctx.Done():
		return false // who gives up is still counted: from now on the pen is always handed over
	}
}

// put lays the pen down.
func (p *pen) put() {
	if p.wanted.Add(-1) > 0 {
		p.handed <- struct{}{}
	}
}
