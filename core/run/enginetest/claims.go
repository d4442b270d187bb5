package enginetest

import (
	"errors"
	"time"

	"github.com/gochatkit/chatkit/core/run"
)

func claimBegins(w *world) {
	k := w.key()
	before := time.Now()
	l := w.claim(k)
	if l.Key != k || l.Node != "node_a" || l.Epoch == 0 || l.Generation != 0 || l.Head != 0 || l.TTL != w.ttl {
		w.Errorf("lease = %+v", l)
	}
	if l.Sent.Before(before) || l.Sent.After(time.Now()) {
		w.Errorf("lease was sent at %v, want between %v and now", l.Sent, before)
	}
	for _, key := range []run.Key{k, {Owner: k.Owner, Thread: k.Thread}} {
		info := w.lookup(key)
		if info.Key != k || info.Kind != "threads.create" || info.Node != "node_a" || info.Epoch != l.Epoch {
			w.Errorf("Lookup(%+v) = %+v", key, info)
		}
		if info.Status != run.Active || info.Expired || info.Head != 0 || info.Started.IsZero() {
			w.Errorf("Lookup(%+v) = %+v, want an active run without events", key, info)
		}
	}
	w.wantLog(k)
}

// A claimed is what a racer got.
type claimed struct {
	lease *run.Lease
	err   error
}

func claimRace(w *world) {
	for range 10 {
		thread := w.key()
		var keys [crowd]run.Key
		for i := range keys {
			keys[i] = w.next(thread)
		}
		results := race(func(i int) claimed {
			l, err := w.Claim(w.ctx, w.request(keys[i]))
			return claimed{l, err}
		})
		var winner *run.Lease
		for _, r := range results {
			if r.err == nil && winner != nil {
				w.Fatalf("runs %s and %s both hold the thread", winner.Run, r.lease.Run)
			}
			if r.err == nil {
				winner = r.lease
			}
		}
		if winner == nil {
			w.Fatalf("nobody got the thread: %v", results[0].err)
		}
		for _, r := range results {
			w.wantBusy(r, winner.Key)
		}
		if got := w.lookup(run.Key{Owner: thread.Owner, Thread: thread.Thread}); got.Key != winner.Key {
			w.Errorf("holder = %+v, want %+v", got.Key, winner.Key)
		}
	}
}

// wantBusy checks that a claim that did not win was told who did.
func (w *world) wantBusy(r claimed, holder run.Key) {
	w.Helper()
	if r.err == nil {
		if r.lease.Key != holder {
			w.Errorf("run %s got the thread of %s", r.lease.Run, holder.Run)
		}
		return
	}
	var busy *run.BusyError
	if !errors.As(r.err, &busy) || !errors.Is(r.err, run.ErrBusy) {
		w.Errorf("Claim = %v, want a BusyError", r.err)
	} else if busy.Holder.Key != holder {
		w.Errorf("Claim names holder %+v, want %+v", busy.Holder.Key, holder)
	}
}

func claimBusy(w *world) {
	l := w.claim(w.key())
	w.grow(l, 3)
	other, err := w.Claim(w.ctx, w.request(w.next(l.Key)))
	if err == nil {
		w.Fatalf("Claim of a held thread = %+v", other)
	}
	w.wantBusy(claimed{err: err}, l.Key)
	var busy *run.BusyError
	if errors.As(err, &busy) && (busy.Holder.Status != run.Active || busy.Holder.Epoch != l.Epoch || busy.Holder.Node != "node_a") {
		w.Errorf("holder = %+v", busy.Holder)
	}
	w.grow(l, 1)
	w.wantLog(l.Key, seqs(0, 1, 4)...)
}

func claimNeighbours(w *world) {
	l := w.claim(w.key())
	other := w.key()
	w.claim(run.Key{Owner: l.Owner, Thread: other.Thread, Run: other.Run})
	twin := w.claim(run.Key{Owner: other.Owner, Thread: l.Thread, Run: l.Run})
	w.grow(l, 2)
	w.wantLog(twin.Key)
	w.end(twin)
	if got := w.lookup(l.Key); got.Status != run.Active {
		w.Errorf("run = %+v after the end of another owner's run of the same name", got)
	}
}

func claimTwice(w *world) {
	k := w.key()
	l := w.claim(k)
	if again, err := w.Claim(w.ctx, w.request(k)); err == nil {
		w.Errorf("second Claim of a run = %+v", again)
	}
	w.grow(l, 2)
	w.end(l)
	if again, err := w.Claim(w.ctx, w.request(k)); err == nil {
		w.Errorf("Claim of an ended run = %+v", again)
	}
	w.wantLog(k, seqs(0, 1, 2)...)
}

// named is a claim with an idempotency key.
func (w *world) named(k run.Key, name string) run.ClaimRequest {
	r := w.request(k)
	r.Idempotency = name
	return r
}

func (w *world) wantDuplicate(err error, of run.Key) {
	w.Helper()
	var duplicate *run.DuplicateError
	if !errors.As(err, &duplicate) {
		w.Errorf("Claim = %v, want a DuplicateError", err)
	} else if duplicate.Run.Key != of {
		w.Errorf("Claim names %+v as what the key has begun, want %+v", duplicate.Run.Key, of)
	}
}

func claimDuplicate(w *world) {
	name := w.name("idempotency")
	l := w.claimAs(w.named(w.key(), name))
	_, err := w.Claim(w.ctx, w.named(w.next(l.Key), name))
	w.wantDuplicate(err, l.Key) // and not busy: the client wants the run that it has begun
	other := w.key()
	other.Owner = l.Owner
	_, err = w.Claim(w.ctx, w.named(other, name))
	w.wantDuplicate(err, l.Key)
	if _, err := w.Lookup(w.ctx, other); !errors.Is(err, run.ErrNoRun) {
		w.Errorf("Lookup of a run that was refused = %v, want no such run", err)
	}
	w.claimAs(w.named(w.key(), name)) // of another owner
	w.end(l)
	_, err = w.Claim(w.ctx, w.named(w.next(l.Key), name))
	w.wantDuplicate(err, l.Key)
	w.claimAs(w.named(w.next(l.Key), w.name("idempotency")))
}

func claimDuplicateRace(w *world) {
	owner, name := w.name("owner"), w.name("idempotency")
	var keys [crowd]run.Key
	for i := range keys {
		keys[i] = w.key()
		keys[i].Owner = owner
	}
	results := race(func(i int) claimed {
		l, err := w.Claim(w.ctx, w.named(keys[i], name))
		return claimed{l, err}
	})
	var winners []run.Key
	for _, r := range results {
		if r.err == nil {
			winners = append(winners, r.lease.Key)
		}
	}
	if len(winners) != 1 {
		w.Fatalf("%d runs were begun by one key", len(winners))
	}
	for _, r := range results {
		if r.err != nil {
			w.wantDuplicate(r.err, winners[0])
		}
	}
}

func claimShared(w *world) {
	holder := w.claim(w.key())
	request := w.request(w.next(holder.Key))
	request.Shared = true
	shared := w.claimAs(request)
	if got := w.lookup(run.Key{Owner: holder.Owner, Thread: holder.Thread}); got.Key != holder.Key {
		w.Errorf("holder = %+v, want %+v", got.Key, holder.Key)
	}
	w.grow(shared, 2)
	w.grow(holder, 1)
	w.wantLog(shared.Key, seqs(0, 1, 2)...)
	w.end(shared)
	if l, err := w.Claim(w.ctx, w.request(w.next(holder.Key))); err == nil {
		w.Errorf("Claim after the end of a shared run = %+v, want busy", l)
	}
	w.end(holder)

	request.Key = w.next(holder.Key)
	w.claimAs(request)
	if _, err := w.Lookup(w.ctx, run.Key{Owner: holder.Owner, Thread: holder.Thread}); !errors.Is(err, run.ErrNoRun) {
		w.Errorf("Lookup of the holder beside a shared run = %v, want no such run", err)
	}
	w.claim(w.next(holder.Key))
}

func epochsGrow(w *world) {
	k := w.key()
	var last uint64
	for range 5 {
		l := w.claim(k)
		if l.Epoch <= last {
			w.Errorf("epoch = %d after %d", l.Epoch, last)
		}
		last = l.Epoch
		w.expire()
		l = w.takeOver(k, "node_b")
		if l.Epoch <= last {
			w.Errorf("epoch after a change of hands = %d after %d", l.Epoch, last)
		}
		last = l.Epoch
		w.end(l)
		k = w.next(k)
	}
}
