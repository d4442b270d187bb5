package chatkit

import (
	"context"
	"errors"
	"slices"
)

// whole returns a pending item as it is now.
func (r *recorder) whole(p *pendingItem) Item {
	r.mu.Lock()
	defer r.mu.Unlock()
	return p.current()
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

// snapshot returns events that bring a client up to date which missed some: each item that this run
// completed, and each pending one as it is. Next is the number of the first event that is not part of it.
func (r *recorder) snapshot() (frames []byte, next uint64) {
	items, next := r.now()
	return r.replaced(r.stored(), items...), next
}

// now returns the pending items and the number of the next event, of one moment. What the end of the turn announces, an
// error above all, is always read: no item tells of it.
func (r *recorder) now() (items []Item, next uint64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	log := r.run.Log()
	if r.sealed.Load() {
		return r.current(), max(r.ending, log.First())
	}
	return r.current(), log.Last() + 1
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
