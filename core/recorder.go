package chatkit

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/gochatkit/chatkit/core/run"
)

// A recorder takes the events of one turn: it stores what an event completes, keeps what is pending,
// and appends the event to the run's log (ChatKit protocol: event-processing pipeline).
//
// Whoever writes holds the pen, while its hooks and the store are at work, too: so that events are stored and sent in one
// order, and sealing waits for a write that is on its way. Whoever only reads, and whoever seals a turn in which the pen does
// not come back, takes the lock, under which nothing is ever waited for.
type recorder struct {
	srv    *Server
	owner  string
	thread string
	run    *run.Run
	ref    *turnRef        // what is remembered of the turn when its events are forgotten
	ctx    context.Context // ends with the run's cause; set before Respond is called
	made   sync.Map        // the ids of all items that this run stored, or tried to
	trim   bool            // what was pending is cut at what a client has seen
	quiet  bool            // it may well end without events
	lost   bool            // its process has died; whoever ends it comes back if the store refuses

	pen    pen
	buf    []byte
	hidden map[string]bool // ids of items that clients must not learn of
	after  latecomers
	tap    func(e Event, emit func(Event) error) error

	late  atomic.Bool // something came after the end had been asked for
	wrote atomic.Bool // something was made of the turn

	mu      sync.Mutex
	pending []*pendingItem
	shown   []string    // ids of items completed in this run, in order
	failed  error       // the first store failure
	sealed  atomic.Bool // nothing is recorded any more; it is set with the lock held
	ending  uint64      // the number of the first event after the seal
}

// emit takes one event. It returns when what the event completes is stored, and the event is in the log.
func (r *recorder) emit(e Event) error {
	if err := validateEvent(e); err != nil {
		return fmt.Errorf("emit: %w", err)
	}
	r.pen.take()
	defer r.pen.put()
	if err := r.open(itemOf(e)); err != nil {
		return err
	}
	return r.record(e)
}

// open returns the cause if the turn is over. Item is what is to be written, "" for what is no item. The pen is held.
func (r *recorder) open(item string) error {
	if r.ctx.Err() == nil && !r.sealed.Load() {
		return nil
	}
	return r.refuse(item)
}

// refuse takes note of something that comes after the end, and returns the cause. The pen is held.
func (r *recorder) refuse(item string) error {
	r.buf = nil
	r.after.refuse(r, item)
	if r.ctx.Err() == nil {
		return run.ErrEnded
	}
	r.late.Store(true)
	return context.Cause(r.ctx)
}

// record does the work of emit, by way of an interceptor if there is one. The pen is held.
func (r *recorder) record(e Event) error {
	if r.tap != nil {
		return r.tap(e, r.write)
	}
	return r.write(e)
}

// write stores what e completes and puts it on the log. The pen is held, and may have been for long.
func (r *recorder) write(e Event) error {
	if r.sealed.Load() {
		return r.refuse(itemOf(e))
	}
	r.wrote.Store(true)
	var frame []byte
	if !r.conceals(e) {
		var err error
		// Encoded first: an event that cannot be sent must not be stored either.
		if r.buf, err = appendEvent(r.buf[:0], e); err != nil {
			return fmt.Errorf("emit %s: %w", e.EventType(), err)
		}
		frame = r.buf
	}
	if err := r.persist(e); err != nil {
		return fmt.Errorf("emit %s: %w", e.EventType(), err)
	}
	if !r.log(e, frame) {
		return r.refuse(itemOf(e))
	}
	return nil
}

// log follows e and puts its frame on the log, unless it is empty. It reports false if the turn has been sealed meanwhile.
func (r *recorder) log(e Event, frame []byte) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.sealed.Load() {
		return false
	}
	r.track(e)
	r.run.Touch()
	if len(frame) == 0 {
		return true
	}
	number := r.run.Log().Append(frame)
	if r.trim {
		r.mark(itemOf(e), number)
	}
	return true
}

// mark notes how long the texts of a pending message are at an event that is about it.
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
	r.made.Store(it.Meta().ID, nil)
	return r.store(func(ctx context.Context) error {
		return r.srv.store.PutItem(ctx, r.owner, r.thread, it)
	})
}

// track notes what an event does to the items of the turn. r.mu is held.
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
	r.pen.take()
	defer r.pen.put()
	if err := r.open(it.Meta().ID); err != nil {
		return err
	}
	r.wrote.Store(true)
	if err := r.put(it); err != nil {
		return fmt.Errorf("store item %s: %w", it.Meta().ID, err)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.settle(it.Meta().ID)
	return nil
}

// loadThread returns the thread as it is stored now.
func (r *recorder) loadThread() (th *Thread, err error) {
	r.pen.take()
	defer r.pen.put()
	if err := r.open(""); err != nil {
		return nil, err
	}
	err = r.store(func(ctx context.Context) error {
		th, err = r.srv.store.Thread(ctx, r.owner, r.thread)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("load thread %s: %w", r.thread, err)
	}
	return th, nil
}

// putThread stores the thread and tells the client.
func (r *recorder) putThread(th *Thread) error {
	r.pen.take()
	defer r.pen.put()
	if err := r.open(""); err != nil {
		return err
	}
	err := r.store(func(ctx context.Context) error { return r.srv.store.PutThread(ctx, r.owner, th) })
	if err != nil {
		return fmt.Errorf("store thread %s: %w", r.thread, err)
	}
	return r.record(&ThreadUpdatedEvent{Thread: threadResponse(th)})
}

// store calls fn with a context that the end of the turn does not cancel: what is complete is stored
// even if the user stops in this very moment.
func (r *recorder) store(fn func(ctx context.Context) error) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.ctx), r.srv.opts.Run.FinalizeTimeout)
	defer cancel()
	defer r.run.Phase(run.PhaseStore)()
	err := fn(ctx)
	if err != nil {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.failed = cmp.Or(r.failed, err)
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

// begun returns what is pending of a message that was just added, with the part that its text goes to. An interceptor may
// have kept the message from everybody: then it is not seen, and nobody but the caller has it.
func (r *recorder) begun(message *AssistantMessageItem) (p *pendingItem, seen bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if p = r.find(message.ID); p != nil {
		seen = true
	} else {
		p = newPending(message)
	}
	p.part(0)
	return p, seen
}

// text is emit for a text delta whose frame begins with prefix: it costs no allocation. Without a prefix the text is only
// collected. The pen is held.
func (r *recorder) text(p *pendingItem, prefix []byte, index int, delta string) error {
	r.mu.Lock()
	if r.sealed.Load() {
		r.mu.Unlock()
		return r.refuse(p.id())
	}
	part := p.part(index)
	part.text = append(part.text, delta...)
	r.run.Touch()
	if prefix != nil {
		number := r.run.Log().AppendDelta(prefix, delta)
		if r.trim {
			part.marks = append(part.marks, mark{number, len(part.text)})
		}
	}
	r.mu.Unlock()
	return nil
}
