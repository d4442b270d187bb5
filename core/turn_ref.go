package chatkit

import "sync/atomic"

// A turnRef names a turn without keeping its events in memory.
type turnRef struct {
	thread, run string
	input       atomic.Pointer[string] // the id of the message that it answers; nil if there is none, or not yet
	done        <-chan struct{}
	refused     atomic.Bool // the turn never began, although its client had been told to listen

	// A turn that was ended because its client seemed to be gone may be followed by another one for the same
	// message. Whoever begins that holds following: there is one at a time.
	following chan struct{} // 1 slot
	follower  atomic.Pointer[turnRef]
}

func newTurnRef(thread string) *turnRef {
	return &turnRef{thread: thread, following: make(chan struct{}, 1)}
}

// inputID returns the id of the message that the turn answers, "" for none.
func (r *turnRef) inputID() string {
	if id := r.input.Load(); id != nil {
		return *id
	}
	return ""
}

// last returns the turn that answers the message now: the newest follower that was not refused, or r itself.
func (r *turnRef) last() *turnRef {
	for {
		next := r.follower.Load()
		if next == nil || next.refused.Load() {
			return r
		}
		r = next
	}
}
