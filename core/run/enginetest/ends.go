package enginetest

import (
	"errors"
	"time"

	"github.com/gochatkit/chatkit/core/run"
)

func finish(w *world) {
	l := w.claim(w.key())
	w.grow(l, 2)
	o := run.Outcome{Status: run.Cancelled, Reason: "stopped", Retain: time.Hour}
	if err := w.Finish(w.ctx, l, batch(l, 3, 2), o); err != nil {
		w.Fatalf("Finish: %v", err)
	}
	w.wantLog(l.Key, 1, 2, 3, 4)
	info := w.lookup(l.Key)
	if info.Status != run.Cancelled || info.Reason != "stopped" || info.Head != 4 || info.Expired || info.Duration < 0 {
		w.Errorf("run = %+v, want cancelled, stopped, head 4", info)
	}
	if _, err := w.Lookup(w.ctx, run.Key{Owner: l.Owner, Thread: l.Thread}); !errors.Is(err, run.ErrNoRun) {
		w.Errorf("Lookup of a free thread = %v, want no such run", err)
	}
	next := w.claim(w.next(l.Key))
	if got := w.lookup(run.Key{Owner: l.Owner, Thread: l.Thread}); got.Key != next.Key {
		w.Errorf("holder = %+v, want %+v", got.Key, next.Key)
	}
	w.wantLog(next.Key)
}

func finishRepeated(w *world) {
	l := w.claim(w.key())
	w.grow(l, 1)
	o := run.Outcome{Status: run.Interrupted, Reason: "deadline", Retain: time.Hour}
	last := batch(l, 2, 2)
	for i := range 3 {
		lease := *l // whoever repeats may not know of the first
		if err := w.Finish(w.ctx, &lease, last, o); err != nil {
			w.Errorf("Finish, time %d: %v", i+1, err)
		}
	}
	w.wantLog(l.Key, 1, 2, 3)
	if info := w.lookup(l.Key); info.Status != run.Interrupted || info.Reason != "deadline" {
		w.Errorf("run = %+v, want interrupted, deadline", info)
	}
}

func finishRepeatedLate(w *world) {
	l := w.claim(w.key())
	w.end(l)
	next := w.claim(w.next(l.Key))
	if err := w.Finish(w.ctx, l, run.Batch{}, outcome()); err != nil {
		w.Errorf("second Finish: %v", err)
	}
	if got := w.lookup(run.Key{Owner: l.Owner, Thread: l.Thread}); got.Key != next.Key {
		w.Errorf("holder = %+v, want %+v", got.Key, next.Key)
	}
	if other, err := w.Claim(w.ctx, w.request(w.next(l.Key))); err == nil {
		w.Errorf("Claim = %+v, want busy", other)
	}
}

func finishGap(w *world) {
	l := w.claim(w.key())
	w.grow(l, 2)
	err := w.Finish(w.ctx, l, batch(l, 4, 1), outcome())
	w.wantGap("Finish with 4 after 2", err, 2)
	w.wantLog(l.Key, 1, 2)
	if info := w.lookup(l.Key); info.Status != run.Active {
		w.Errorf("run = %+v, want active", info)
	}
	if err := w.Finish(w.ctx, l, batch(l, 3, 2), outcome()); err != nil {
		w.Fatalf("Finish: %v", err)
	}
	w.wantLog(l.Key, 1, 2, 3, 4)
}

func finishOverlapping(w *world) {
	for first := range uint64(4) {
		l := w.claim(w.key())
		w.grow(l, 4)
		if err := w.Finish(w.ctx, l, batch(l, first+1, 4), outcome()); err != nil {
			w.Fatalf("Finish with %d to %d after 4: %v", first+1, first+4, err)
		}
		w.wantLog(l.Key, seqs(0, 1, first+4)...)
		if info := w.lookup(l.Key); info.Status != run.Completed {
			w.Errorf("run = %+v, want completed", info)
		}
	}
}

func appendAfterFinish(w *world) {
	l := w.claim(w.key())
	w.grow(l, 2)
	w.end(l)
	if _, err := w.Append(w.ctx, l, batch(l, 3, 1)); err == nil {
		w.Errorf("Append to a run that has ended succeeded")
	}
	if _, err := w.Renew(w.ctx, l); err == nil {
		w.Errorf("Renew of a run that has ended succeeded")
	}
	w.wantLog(l.Key, 1, 2)
	if info := w.lookup(l.Key); info.Status != run.Completed {
		w.Errorf("run = %+v, want completed", info)
	}
}

func retention(w *world) {
	retain := 4 * w.ttl
	long, short := w.claim(w.key()), w.claim(w.key())
	active := w.claim(w.key())
	for l, d := range map[*run.Lease]time.Duration{long: 100 * retain, short: retain} {
		w.grow(l, 2)
		if err := w.Finish(w.ctx, l, batch(l, 3, 1), run.Outcome{Status: run.Completed, Retain: d}); err != nil {
			w.Fatalf("Finish: %v", err)
		}
	}
	w.advance(retain / 2)
	w.wantLog(short.Key, 1, 2, 3)
	w.advance(retain)
	w.wantLog(long.Key, 1, 2, 3)
	if _, err := w.Lookup(w.ctx, short.Key); !errors.Is(err, run.ErrNoRun) {
		w.Errorf("Lookup after the run's time = %v, want no such run", err)
	}
	if _, err := w.Read(w.ctx, short.Key, 0, 10); !errors.Is(err, run.ErrNoRun) {
		w.Errorf("Read after the run's time = %v, want no such run", err)
	}
	if info := w.lookup(active.Key); info.Status != run.Active {
		w.Errorf("a run that was never finished = %+v, want active", info)
	}
}
