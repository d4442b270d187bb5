package chatkit

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/gochatkit/chatkit/core/run"
)

// A recorder takes the events of one turn: it stores what an event completes, keeps what is pending,
// and appends the event to the run's log (ChatKit protocol: event-processing pipeline). One lock covers
// all of it, so that sealing waits for a write that is on its way and nothing slips in afterwards.
type recorder struct {
	srv    *Server
	owner  string
	thread string
	run    *run.Run
	ref    *turnRef        // what is remembered of the turn when its events are forgotten
	ctx    context.Context // ends with the run's cause; set before Respond is called

	mu      sync.Mutex
	buf     []byte
	pending []*pendingItem
	hidden  map[string]bool // ids of items that clients must not learn of
	shown   []string        // ids of items completed in this run, in order
	sealed  bool
	failed  error // the first store failure
	late    bool  // something came after the end had been asked for
	wrote   bool  // something was made of the turn
	trim    bool  // what was pending is cut at what a client has seen
	quiet   bool  // it may well end without events
	after   latecomers
	tap     func(e Event, emit func(Event) error) error
}

// emit takes one event. It returns when what the event completes is stored, and the event is in the log.
func (r *recorder) emit(e Event) error {
	if err := validateEvent(e); err != nil {
		return fmt.Errorf("emit: %w", err)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if err := r.open(itemOf(e)); err != nil {
		return err
	}
	return r.record(e)
}

// open returns the cause if the turn is over. Item is what is to be written, "" for what is no item. r.mu is held.
func (r *recorder) open(item string) error {
	over := r.ctx.Err() != nil
	if !over && !r.sealed {
		return nil
	}
	r.after.refuse(r, item)
	if !over {
		return run.ErrEnded
	}
	r.late = true
	return context.Cause(r.ctx)
}

// record does the work of emit, by way of an interceptor if there is one. r.mu is held.
func (r *recorder) record(e Event) error {
	if r.tap != nil {
		return r.tap(e, r.write)
	}
	return r.write(e)
}

// write stores what e completes and puts it on the log. r.mu is held.
func (r *recorder) write(e Event) error {
	r.wrote = true
	visible := !r.conceals(e)
	if visible {
		var err error
		// Encoded first: an event that cannot be sent must not be stored either.
		if r.buf, err = appendEvent(r.buf[:0], e); err != nil {
			return fmt.Errorf("emit %s: %w", e.EventType(), err)
		}
	}
	if err := r.follow(e); err != nil {
		return fmt.Errorf("emit %s: %w", e.EventType(), err)
	}
	r.run.Touch()
	if visible {
		number := r.run.Log().Append(r.buf)
		if u, ok := e.(*ThreadItemUpdatedEvent); ok && r.trim {
			r.mark(u.ItemID, number)
		}
	}
	return nil
}

// mark notes how long the texts of a pending message are at an event.
func (r *recorder) mark(id string, number uint64) {
	if p := r.find(id); p != nil {
		for i := range p.parts {
			part := &p.parts[i]
			part.marks = append(part.marks, mark{number, len(part.text)})
		}
	}
}

// conceals reports whether an event is not for clients, because it is about a hidden item.
func (r *recorder) conceals(e Event) bool {
	switch e := e.(type) {
	case *ThreadItemAddedEvent:
		return Hidden(e.Item)
	case *ThreadItemDoneEvent:
		return Hidden(e.Item)
	case *ThreadItemReplacedEvent:
		return Hidden(e.Item)
	case *ThreadItemUpdatedEvent:
		return r.hidden[e.ItemID]
	case *ThreadItemRemovedEvent:
		return r.hidden[e.ItemID]
	default:
	}
	return false
}

// follow does to the store and to what is known of the turn's items what an event says.
func (r *recorder) follow(e Event) error {
	if err := r.persist(e); err != nil {
		return err
	}
	r.track(e)
	return nil
}

// persist does to the store what an event says.
func (r *recorder) persist(e Event) error {
	switch e := e.(type) {
	case *ThreadItemDoneEvent:
		return r.put(e.Item)
	case *ThreadItemReplacedEvent:
		return r.put(e.Item)
	case *ThreadItemRemovedEvent:
		return r.store(func(ctx context.Context) error {
			return r.srv.store.DeleteItems(ctx, r.owner, r.thread, e.ItemID)
		})
	case *UnknownEvent:
		return fmt.Errorf("clients know no event %q", e.Type)
	default: // nothing to store
	}
	return nil
}

// put stores an item.
func (r *recorder) put(it Item) error {
	return r.store(func(ctx context.Context) error {
		return r.srv.store.PutItem(ctx, r.owner, r.thread, it)
	})
}

// track notes what an event does to the items of the turn.
func (r *recorder) track(e Event) {
	switch e := e.(type) {
	case *ThreadItemAddedEvent:
		if Hidden(e.Item) {
			r.hide(e.Item.Meta().ID)
		} else {
			r.add(e.Item)
		}
	case *ThreadItemUpdatedEvent:
		if p := r.find(e.ItemID); p != nil {
			p.apply(e.Update)
		}
	case *ThreadItemDoneEvent:
		r.complete(e.Item)
	case *ThreadItemReplacedEvent:
		r.complete(e.Item)
	case *ThreadItemRemovedEvent:
		r.settle(e.ItemID)
		r.shown = slices.DeleteFunc(r.shown, func(shown string) bool { return shown == e.ItemID })
	default: // passes by
	}
}

// complete takes an item that is in the store off the pending ones.
func (r *recorder) complete(it Item) {
	id := it.Meta().ID
	r.settle(id)
	if Hidden(it) {
		r.hide(id)
	} else if !slices.Contains(r.shown, id) {
		r.shown = append(r.shown, id)
	}
}

// keep stores an item without an event and without regarding it as pending any longer.
func (r *recorder) keep(it Item) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if err := r.open(it.Meta().ID); err != nil {
		return err
	}
	r.wrote = true
	if err := r.put(it); err != nil {
		return fmt.Errorf("store item %s: %w", it.Meta().ID, err)
	}
	r.settle(it.Meta().ID)
	return nil
}

// store calls fn with a context that the end of the turn does not cancel: what is complete is stored
// even if the user stops in this very moment.
func (r *recorder) store(fn func(ctx context.Context) error) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.ctx), r.srv.opts.Run.FinalizeTimeout)
	defer cancel()
	defer r.run.Phase(run.PhaseStore)()
	err := fn(ctx)
	if err != nil && r.failed == nil {
		r.failed = err
	}
	return err
}

func (r *recorder) add(it Item) *pendingItem {
	p := newPending(it)
	if i := r.index(p.id()); i >= 0 {
		r.pending[i] = p
	} else {
		r.pending = append(r.pending, p)
	}
	return p
}

func (r *recorder) hide(id string) {
	if r.hidden == nil {
		r.hidden = map[string]bool{}
	}
	r.hidden[id] = true
}

// settle takes an item off the pending ones.
func (r *recorder) settle(id string) {
	if i := r.index(id); i >= 0 {
		r.pending = slices.Delete(r.pending, i, i+1)
	}
}

func (r *recorder) find(id string) *pendingItem {
	if i := r.index(id); i >= 0 {
		return r.pending[i]
	}
	return nil
}

// index searches from the newest on: it is nearly always the one that is meant.
func (r *recorder) index(id string) int {
	for i := len(r.pending) - 1; i >= 0; i-- {
		if r.pending[i].id() == id {
			return i
		}
	}
	return -1
}

// text is emit for a text delta whose frame begins with prefix: it costs no allocation.
func (r *recorder) text(p *pendingItem, prefix []byte, index int, delta string) error {
	part := p.part(index)
	part.text = append(part.text, delta...)
	r.run.Touch()
	number := r.run.Log().AppendDelta(prefix, delta)
	if r.trim {
		part.marks = append(part.marks, mark{number, len(part.text)})
	}
	return nil
}

// seal ends the recording and returns what is pending, as the user sees it.
func (r *recorder) seal() (pending []Item, late bool, failed error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.sealed = true
	for _, p := range r.pending {
		if r.trim && r.ctx.Err() != nil {
			p.cut(r.run.Seen())
		}
		pending = append(pending, p.current())
	}
	r.pending = nil
	return pending, r.late, r.failed
}

// unfinished returns the pending items as they are now.
func (r *recorder) unfinished() []Item {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.current()
}

// current returns the pending items as they are now. r.mu is held.
func (r *recorder) current() (items []Item) {
	for _, p := range r.pending {
		items = append(items, p.current())
	}
	return items
}

// announce appends an event to the log that Respond has not made: before it is called, and after the seal.
func (r *recorder) announce(e Event) {
	frame, err := appendEvent(nil, e)
	if err != nil {
		r.srv.opts.Logger.Error("chatkit: encode event", "event", e.EventType(), "err", err)
		return
	}
	r.run.Touch()
	r.run.Log().Append(frame)
}

// snapshot returns events that bring a client up to date which missed some: each item that this run
// completed, and each pending one as it is. Next is the number of the first event that is not part of it.
func (r *recorder) snapshot() (frames []byte, next uint64) {
	items, next := r.now()
	return r.replaced(r.stored(), items...), next
}

// now returns the pending items and the number of the next event, of one moment.
func (r *recorder) now() (items []Item, next uint64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.current(), r.run.Log().Last() + 1
}

// stored returns events with the items that this run completed, as they are in the store.
func (r *recorder) stored() (frames []byte) {
	r.mu.Lock()
	shown := slices.Clone(r.shown)
	r.mu.Unlock()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.ctx), r.srv.opts.Run.FinalizeTimeout)
	defer cancel()
	for _, id := range shown {
		it, err := r.srv.store.Item(ctx, r.owner, r.thread, id)
		if err == nil {
			frames = r.replaced(frames, it)
		} else if !errors.Is(err, ErrNotFound) {
			r.srv.opts.Logger.WarnContext(ctx, "chatkit: load item for a snapshot", "thread", r.thread, "item", id, "err", err)
		}
	}
	return frames
}

func (r *recorder) replaced(frames []byte, items ...Item) []byte {
	for _, it := range items {
		frame, err := appendEvent(nil, &ThreadItemReplacedEvent{Item: it})
		if err != nil {
			r.srv.opts.Logger.Error("chatkit: encode an item for a snapshot", "thread", r.thread, "item", it.Meta().ID, "err", err)
			continue
		}
		frames = appendFrame(frames, frame)
	}
	return frames
}
