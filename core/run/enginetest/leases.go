package enginetest

import (
	"errors"
	"slices"

	"github.com/gochatkit/chatkit/core/run"
)

func leaseExpires(w *world) {
	l := w.claim(w.key())
	if w.orphan(l.Key) || w.lookup(l.Key).Expired {
		w.Errorf("a fresh run is expired")
	}
	w.expire()
	if info := w.lookup(l.Key); !info.Expired || info.Status != run.Active {
		w.Errorf("run after its lease = %+v, want active and expired", info)
	}
	if !w.orphan(l.Key) {
		w.Errorf("a run whose lease ran out is no orphan")
	}
	ended := w.claim(w.key())
	w.end(ended)
	w.expire()
	if w.orphan(ended.Key) || w.lookup(ended.Key).Expired {
		w.Errorf("a run that has ended is an orphan")
	}
}

func (w *world) prolongs(prolong func(l *run.Lease)) {
	l := w.claim(w.key())
	for range 4 {
		w.advance(w.ttl / 2)
		prolong(l)
		if w.lookup(l.Key).Expired || w.orphan(l.Key) {
			w.Errorf("the lease ran out although it was prolonged")
		}
	}
	w.expire()
	if !w.orphan(l.Key) {
		w.Errorf("a prolonged lease never runs out")
	}
}

func appendProlongs(w *world) { w.prolongs(func(l *run.Lease) { w.grow(l, 1) }) }

func renewProlongs(w *world) { w.prolongs(func(l *run.Lease) { w.renew(l) }) }

func expiredHolds(w *world) {
	l := w.claim(w.key())
	w.expire()
	_, err := w.Claim(w.ctx, w.request(w.next(l.Key)))
	var busy *run.BusyError
	if !errors.As(err, &busy) {
		w.Fatalf("Claim of a thread whose run lost its owner = %v, want a BusyError", err)
	}
	if busy.Holder.Key != l.Key || !busy.Holder.Expired {
		w.Errorf("holder = %+v, want %s, expired", busy.Holder, l.Run)
	}
}

func lateOwner(w *world) {
	l := w.claim(w.key())
	w.grow(l, 1)
	w.expire()
	info := w.lookup(l.Key)
	w.grow(l, 1)
	w.wantLog(l.Key, 1, 2)
	if _, err := w.TakeOver(w.ctx, info, "node_b"); !errors.Is(err, run.ErrTaken) {
		w.Errorf("TakeOver of a run whose owner came back = %v, want taken", err)
	}
	w.grow(l, 1)
}

func orphans(w *world) {
	var keys []run.Key
	for range 5 {
		keys = append(keys, w.claim(w.key()).Key)
	}
	request := w.request(w.next(keys[0]))
	request.Shared = true
	keys = append(keys, w.claimAs(request).Key)
	w.expire()
	fresh := w.claim(w.key())
	for _, k := range keys {
		if !w.orphan(k) {
			w.Errorf("%+v is not among the orphans", k)
		}
	}
	if w.orphan(fresh.Key) {
		w.Errorf("a run whose lease holds is among the orphans")
	}
	some, err := w.Orphans(w.ctx, 3)
	if err != nil || len(some) == 0 || len(some) > 3 {
		w.Fatalf("Orphans(3) = %d runs, %v", len(some), err)
	}
	for _, r := range some {
		if !slices.Contains(keys, r.Key) {
			continue // what another test of the same service left
		}
		if !r.Expired || r.Status != run.Active || r.Epoch == 0 || r.Kind != "threads.create" {
			w.Errorf("orphan = %+v", r)
		}
		if _, err := w.TakeOver(w.ctx, r, "node_b"); err != nil {
			w.Errorf("TakeOver of an orphan: %v", err)
		}
		if w.orphan(r.Key) {
			w.Errorf("a run that was taken over is still an orphan")
		}
	}
}

func takeOverTooEarly(w *world) {
	l := w.claim(w.key())
	try := func(what string, info run.RunInfo) {
		w.Helper()
		if _, err := w.TakeOver(w.ctx, info, "node_b"); !errors.Is(err, run.ErrTaken) {
			w.Errorf("TakeOver of %s = %v, want taken", what, err)
		}
	}
	try("a fresh run", w.lookup(l.Key))
	info := w.lookup(l.Key)
	info.Expired = true // what a node believes is no proof
	try("a run that is believed to be expired", info)
	w.expire()
	info = w.lookup(l.Key)
	w.renew(l)
	try("a run that was prolonged in the meantime", info)
	w.grow(l, 1)
	w.end(l)
	try("a run that has ended", info)
	w.expire()
	try("a run that has ended long ago", info)
	if info := w.lookup(l.Key); info.Status != run.Completed {
		w.Errorf("run = %+v, want completed", info)
	}
}

func takeOverRace(w *world) {
	for range 5 {
		l := w.claim(w.key())
		w.grow(l, 2)
		w.expire()
		info := w.lookup(l.Key)
		results := race(func(int) claimed {
			l, err := w.TakeOver(w.ctx, info, "node_b")
			return claimed{l, err}
		})
		won := 0
		for _, r := range results {
			if r.err == nil {
				won++
			} else {
				w.wantError("TakeOver of the others", r.err, run.ErrTaken)
			}
		}
		if won != 1 {
			w.Errorf("%d nodes have taken the run over", won)
		}
	}
}

func takeOverLease(w *world) {
	l := w.claim(w.key())
	w.grow(l, 3)
	for i, node := range []string{"node_b", "node_c"} {
		w.expire()
		old := *l
		l = w.takeOver(l.Key, node)
		if l.Key != old.Key || l.Node != node || l.Epoch <= old.Epoch || l.Generation != old.Generation+1 ||
			l.Head != old.Head || l.TTL != w.ttl {
			w.Errorf("lease = %+v, want the next after %+v for %s", l, old, node)
		}
		info := w.lookup(l.Key)
		if info.Node != node || info.Epoch != l.Epoch || info.Expired || info.Status != run.Active || info.Head != old.Head {
			w.Errorf("run = %+v, want it with %s", info, node)
		}
		w.grow(l, 2)
		if want := run.MakeSeq(uint32(i)+1, uint64(5+2*i)); l.Head != want { // 0 and 1
			w.Errorf("head = %d, want %d", l.Head, want)
		}
	}
	w.wantLog(l.Key, slices.Concat(seqs(0, 1, 3), seqs(1, 4, 5), seqs(2, 6, 7))...)
	w.end(l)
	w.claim(w.next(l.Key))
}

func staleEpoch(w *world) {
	old := w.claim(w.key())
	w.grow(old, 2)
	w.expire()
	l := w.takeOver(old.Key, "node_b")
	w.refuses(old)
	w.wantLog(l.Key, 1, 2)
	if info := w.lookup(l.Key); info.Status != run.Active || info.Epoch != l.Epoch || info.Node != "node_b" {
		w.Errorf("run = %+v, want it active with node_b", info)
	}
	w.expire()
	if _, err := w.Renew(w.ctx, old); !errors.Is(err, run.ErrFenced) {
		w.Errorf("Renew with a stale epoch = %v, want fenced", err)
	}
	if !w.orphan(l.Key) {
		w.Errorf("a stale epoch has prolonged the lease")
	}
	w.grow(l, 1)
	w.end(l)
	w.refuses(old)
	w.wantLog(l.Key, append(seqs(0, 1, 2), seqs(1, 3, 3)...)...)
}

// refuses checks that a lease is good for nothing.
func (w *world) refuses(l *run.Lease) {
	w.Helper()
	_, err := w.Append(w.ctx, l, batch(l, l.Head.Place()+1, 1))
	w.wantError("Append", err, run.ErrFenced)
	_, err = w.Append(w.ctx, l, batch(l, 1, 1))
	w.wantError("Append of a batch that the log has", err, run.ErrFenced)
	_, err = w.Renew(w.ctx, l)
	w.wantError("Renew", err, run.ErrFenced)
	err = w.Finish(w.ctx, l, batch(l, l.Head.Place()+1, 1), run.Outcome{Status: run.Failed, Reason: "error"})
	w.wantError("Finish", err, run.ErrFenced)
}

func wrongEpoch(w *world) {
	l := w.claim(w.key())
	w.grow(l, 2)
	for _, epoch := range []uint64{0, l.Epoch - 1, l.Epoch + 1} {
		forged := *l
		forged.Epoch = epoch
		w.refuses(&forged)
	}
	w.wantLog(l.Key, 1, 2)
	if info := w.lookup(l.Key); info.Status != run.Active {
		w.Errorf("run = %+v, want active", info)
	}
	w.grow(l, 1)
}
