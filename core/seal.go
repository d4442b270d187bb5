package chatkit

import "context"

// seal ends the recording and returns what is pending, as the user sees it, and the first failure of the store. It
// waits for a write that is on its way, but for no more than half of ctx's time: the other half is for the store.
func (r *recorder) seal(ctx context.Context) (pending []Item, failed error) {
	half, cancel := share(ctx, 2)
	defer cancel()
	if r.pen.takeBefore(half) {
		defer r.pen.put()
		r.buf = nil
	} else {
		r.srv.opts.Logger.WarnContext(ctx, "chatkit: something is still writing to a turn that ends; it was not waited for",
			"thread", r.thread, "run", r.run.ID())
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.sealed.Store(true)
	r.ending = r.run.Log().Last() + 1
	for _, p := range r.pending {
		if r.trim && r.ctx.Err() != nil {
			p.cut(r.run.Seen())
		}
		pending = append(pending, p.current())
	}
	return pending, r.failed
}

// conclude follows and announces an event about an item that was pending at the seal.
func (r *recorder) conclude(e Event) {
	r.mu.Lock()
	r.track(e)
	r.mu.Unlock()
	r.announce(e)
}

// settleAll takes everything off the pending items: what the end has stored of them is in the store, as what was
// completed.
func (r *recorder) settleAll() {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, p := range r.pending {
		r.shown = append(r.shown, p.id())
	}
	r.pending = nil
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
