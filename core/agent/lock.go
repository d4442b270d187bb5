package agent

import chatkit "github.com/gochatkit/chatkit/core"

// exclusive is a target with a lock of its own, under which several events can be sent in a row. The
// target's lock is always taken before the bridge's: whoever writes to the target by itself, and is led
// through the bridge by it, holds it already.
type exclusive interface {
	Exclusive(fn func(emit func(chatkit.Event) error) error) error
}

// do calls fn while nobody else uses the bridge, unless the run is over.
func (b *Bridge) do(fn func() error) error {
	return b.exclusively(func() error {
		if b.over != nil {
			return b.over
		}
		return fn()
	})
}

func (b *Bridge) exclusively(fn func() error) error {
	x, ok := b.target.(exclusive)
	if !ok {
		b.mu.Lock()
		defer b.mu.Unlock()
		return fn()
	}
	return x.Exclusive(func(emit func(chatkit.Event) error) error { return b.under(emit, fn) })
}

// under calls fn, which sends with emit.
func (b *Bridge) under(emit func(chatkit.Event) error, fn func() error) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	before := b.send
	b.send = emit
	defer func() { b.send = before }()
	return fn()
}

// intercept takes an event that somebody writes to the target by itself.
func (b *Bridge) intercept(e chatkit.Event, emit func(chatkit.Event) error) error {
	passed := false
	err := b.under(emit, func() error {
		if b.over != nil {
			return nil
		}
		passed = true
		return b.pass(e)
	})
	if err != nil || passed {
		return err
	}
	return emit(e) // the run is over, the turn is not
}

// release undoes what the bridge did to its target. It must not be called under a lock.
func (b *Bridge) release() {
	b.mu.Lock()
	restore := b.restore
	b.restore = nil
	b.mu.Unlock()
	if restore != nil {
		restore()
	}
}
