package enginetest

import (
	"context"
	"errors"

	"github.com/gochatkit/chatkit/core/run"
)

func foreignKeys(w *world) {
	l, other := w.claim(w.key()), w.claim(w.key())
	w.grow(l, 2)
	w.expire()
	for _, k := range []run.Key{
		{Owner: other.Owner, Thread: l.Thread, Run: l.Run},
		{Owner: l.Owner, Thread: other.Thread, Run: l.Run},
		{Owner: l.Owner, Thread: l.Thread, Run: other.Run},
		{Owner: "", Thread: l.Thread, Run: l.Run},
		{Owner: l.Owner, Thread: "", Run: l.Run},
		w.key(),
	} {
		_, err := w.Lookup(w.ctx, k)
		w.wantError("Lookup", err, run.ErrNoRun)
		_, err = w.Read(w.ctx, k, 0, 10)
		w.wantError("Read", err, run.ErrNoRun)
		w.wantError("Signal", w.Signal(w.ctx, run.Signal{Key: k, Reason: "stopped"}), run.ErrNoRun)
		stop, err := w.Watch(w.ctx, k, func(run.Batch) {})
		w.wantError("Watch", err, run.ErrNoRun)
		if err == nil {
			stop()
		}
		info := w.lookup(l.Key)
		info.Key = k
		_, err = w.TakeOver(w.ctx, info, "node_b")
		w.wantError("TakeOver", err, run.ErrNoRun)
		forged := *l
		forged.Key = k
		if _, err := w.Append(w.ctx, &forged, batch(l, 3, 1)); err == nil {
			w.Errorf("Append with a lease under another name succeeded")
		}
		if err := w.Finish(w.ctx, &forged, run.Batch{}, outcome()); err == nil {
			w.Errorf("Finish with a lease under another name succeeded")
		}
	}
	for _, k := range []run.Key{{Owner: other.Owner, Thread: l.Thread}, {Owner: l.Owner, Thread: w.name("thr")}} {
		_, err := w.Lookup(w.ctx, k)
		w.wantError("Lookup of a thread without a run", err, run.ErrNoRun)
	}
	w.wantLog(l.Key, 1, 2)
	if answer := w.renew(l); answer.Signal != nil {
		w.Errorf("the owner was told %+v, which was meant for others", answer.Signal)
	}
}

// Names come from outside. However they are joined inside of an engine, two of them are never one.
func oddNames(w *world) {
	x := w.name("x")
	keys := []run.Key{
		{Owner: x, Thread: "../../" + x, Run: "../" + x},
		{Owner: x, Thread: "{a}*?.>", Run: "%s%d"},
		{Owner: x, Thread: "\u00e9\n\"'\\", Run: "\u00fc \t"},
		{Owner: "", Thread: x, Run: x},
		{Owner: x, Thread: "aB", Run: "c"},
		{Owner: x, Thread: "Ab", Run: "c"},
	}
	for _, sep := range []string{":", "/", "|", ".", " ", "\x00"} {
		y := w.name("y")
		keys = append(keys, run.Key{Owner: y + sep + "a", Thread: "b", Run: "c"},
			run.Key{Owner: y, Thread: "a" + sep + "b", Run: "c"}, run.Key{Owner: y, Thread: "a", Run: "b" + sep + "c"})
	}
	var leases []*run.Lease
	for _, k := range keys {
		leases = append(leases, w.claim(k))
	}
	for i, l := range leases {
		w.grow(l, i+1)
	}
	for i, l := range leases {
		w.wantLog(l.Key, seqs(0, 1, uint64(i)+1)...) // small
		if got := w.lookup(l.Key); got.Key != l.Key || got.Epoch != l.Epoch {
			w.Errorf("Lookup(%+q) = %+q", l.Key, got.Key)
		}
		w.end(l)
	}
}

// everyMethod calls each method on a run that exists, and returns their errors by name.
func (w *world) everyMethod(ctx context.Context, l *run.Lease, info run.RunInfo) map[string]error {
	errs := map[string]error{}
	lease := *l
	_, errs["Claim"] = w.Claim(ctx, w.request(w.key()))
	_, errs["Append"] = w.Append(ctx, &lease, batch(l, l.Head.Place()+1, 1))
	_, errs["Renew"] = w.Renew(ctx, &lease)
	errs["Finish"] = w.Finish(ctx, &lease, run.Batch{}, outcome())
	errs["Signal"] = w.Signal(ctx, run.Signal{Key: l.Key, Reason: "stopped"})
	_, errs["Lookup"] = w.Lookup(ctx, l.Key)
	_, errs["Read"] = w.Read(ctx, l.Key, 0, 10)
	_, errs["Watch"] = w.Watch(ctx, l.Key, func(run.Batch) {})
	_, errs["Listen"] = w.Listen(ctx, "node_a", func(run.Signal) {})
	_, errs["Orphans"] = w.Orphans(ctx, 10)
	_, errs["TakeOver"] = w.TakeOver(ctx, info, "node_b")
	return errs
}

func cancelled(w *world) {
	l := w.claim(w.key())
	w.grow(l, 2)
	w.expire()
	info := w.lookup(l.Key)
	ctx, cancel := context.WithCancel(w.ctx)
	cancel()
	for name, err := range w.everyMethod(ctx, l, info) {
		w.wantError(name+" with a cancelled context", err, context.Canceled)
	}
	w.wantLog(l.Key, 1, 2)
	if got := w.lookup(l.Key); got != info {
		w.Errorf("run = %+v, want it unchanged: %+v", got, info)
	}
	if answer := w.renew(l); answer.Signal != nil || answer.Watched {
		w.Errorf("answer = %+v, want nothing of what was cancelled", answer)
	}
}

func closed(w *world) {
	l := w.claim(w.key())
	w.grow(l, 2)
	w.expire()
	info := w.lookup(l.Key)
	if err := w.Close(); err != nil {
		w.Fatalf("Close: %v", err)
	}
	for name, err := range w.everyMethod(w.ctx, l, info) {
		if err == nil || errors.Is(err, run.ErrNoRun) || errors.Is(err, run.ErrFenced) {
			w.Errorf("%s after Close = %v, want an error that says so", name, err)
		}
	}
}
