package enginetest

import (
	"slices"
	"time"

	"github.com/gochatkit/chatkit/core/run"
)

func (w *world) restart() { w.Helper(); w.Engine = w.reopen() }

func reopenRun(w *world) {
	request := w.named(w.key(), w.name("idempotency"))
	l := w.claimAs(request)
	shared := w.request(w.next(l.Key))
	shared.Shared = true
	beside := w.claimAs(shared)
	w.grow(beside, 1)
	w.grow(l, 3)
	w.grow(l, 2)
	w.signal(l.Key, "superseded")
	before := w.lookup(l.Key)

	w.restart()
	w.wantLog(l.Key, seqs(0, 1, 5)...)
	info := w.lookup(l.Key)
	before.Expired, info.Expired = false, false
	before.Started, info.Started = before.Started.Round(0).UTC(), info.Started.Round(0).UTC()
	if info != before {
		w.Errorf("run = %+v, want %+v", info, before)
	}
	_, err := w.Claim(w.ctx, w.request(w.next(l.Key)))
	w.wantBusy(claimed{err: err}, l.Key)
	_, err = w.Claim(w.ctx, w.named(w.next(l.Key), request.Idempotency))
	w.wantDuplicate(err, l.Key)

	w.expire()
	if !w.orphan(l.Key) || !w.orphan(beside.Key) {
		w.Errorf("runs of a dead process are no orphans")
	}
	next := w.takeOver(l.Key, "node_b")
	if next.Epoch <= l.Epoch || next.Generation != 1 || next.Head != 5 || next.TTL != w.ttl {
		w.Errorf("lease = %+v, want the next after %+v", next, l)
	}
	w.refuses(l)
	if answer := w.grow(next, 2); answer.Signal == nil || answer.Signal.Reason != "superseded" {
		w.Errorf("answer = %+v, want the signal from before", answer.Signal)
	}
	w.end(next)
	if other := w.claim(w.next(l.Key)); other.Epoch <= next.Epoch {
		w.Errorf("epoch = %d after %d", other.Epoch, next.Epoch)
	}
	w.wantLog(l.Key, append(seqs(0, 1, 5), seqs(1, 6, 7)...)...)
	w.wantLog(beside.Key, 1)
}

func reopenEnded(w *world) {
	l := w.claim(w.key())
	w.grow(l, 2)
	o := run.Outcome{Status: run.Failed, Reason: "error", Retain: 20 * w.ttl}
	if err := w.Finish(w.ctx, l, batch(l, 3, 1), o); err != nil {
		w.Fatalf("Finish: %v", err)
	}
	w.restart()
	w.wantLog(l.Key, 1, 2, 3)
	if info := w.lookup(l.Key); info.Status != run.Failed || info.Reason != "error" || info.Head != 3 {
		w.Errorf("run = %+v, want failed with its reason", info)
	}
	if _, p := w.page(l.Key, 0, 10); !p.Ended {
		w.Errorf("an ended run is said to go on")
	}
	if err := w.Finish(w.ctx, l, batch(l, 3, 1), o); err != nil {
		w.Errorf("Finish again: %v", err)
	}
	w.expire()
	if w.orphan(l.Key) {
		w.Errorf("an ended run is an orphan")
	}
	w.end(w.claim(w.next(l.Key)))
	w.advance(20*w.ttl + time.Second)
	w.restart()
	if _, err := w.Lookup(w.ctx, l.Key); err == nil {
		w.Errorf("a run is still kept after its time")
	}
}

func reopenTakenOver(w *world) {
	l := w.claim(w.key())
	w.grow(l, 2)
	w.expire()
	l = w.takeOver(l.Key, "node_b")
	w.grow(l, 2)
	w.restart()
	w.expire()
	l = w.takeOver(l.Key, "node_c")
	if l.Generation != 2 || l.Head != run.MakeSeq(1, 4) {
		w.Errorf("lease = %+v, want generation 2 after the events of generation 1", l)
	}
	w.grow(l, 1)
	w.restart()
	w.wantLog(l.Key, slices.Concat(seqs(0, 1, 2), seqs(1, 3, 4), seqs(2, 5, 5))...)
}
