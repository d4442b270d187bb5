package enginetest

import (
	"github.com/gochatkit/chatkit/core/run"
)

func (w *world) signal(k run.Key, reason string) {
	w.Helper()
	if err := w.Signal(w.ctx, run.Signal{Key: k, Reason: reason, By: "user"}); err != nil {
		w.Fatalf("Signal: %v", err)
	}
}

func (w *world) listen(node string) (stop func(), in *inbox[run.Signal]) {
	w.Helper()
	in = newInbox[run.Signal]()
	stop, err := w.Listen(w.ctx, node, in.put)
	if err != nil {
		w.Fatalf("Listen: %v", err)
	}
	return stop, in
}

func some[T any](all []T) bool { return len(all) > 0 }

func signalListen(w *world) {
	stop, in := w.listen("node_a")
	stopOther, other := w.listen("node_b")
	defer stopOther()
	l, elsewhere := w.claim(w.key()), w.request(w.key())
	elsewhere.Node = "node_b"
	w.claimAs(elsewhere)
	w.signal(l.Key, "stopped")
	want := run.Signal{Key: l.Key, Reason: "stopped", By: "user"}
	if got := in.wait(some); len(got) != 1 || got[0] != want {
		w.Errorf("node_a heard %+v, want %+v", got, want)
	}
	w.signal(elsewhere.Key, "retried")
	if got := other.wait(some); len(got) != 1 || got[0].Key != elsewhere.Key {
		w.Errorf("node_b heard %+v, want its own signal only", got)
	}
	stop()
	l = w.claim(w.next(w.key()))
	w.signal(l.Key, "stopped")
	if answer := w.renew(l); answer.Signal == nil { // a round trip, so that a push had its chance
		w.Errorf("the signal of a node that does not listen is lost")
	}
	if got := in.get(); len(got) != 1 {
		w.Errorf("node_a heard %+v after it had stopped to listen", got)
	}
}

func signalAnswers(w *world) {
	l := w.claim(w.key())
	if answer := w.grow(l, 1); answer.Signal != nil {
		w.Errorf("answer = %+v before anybody signalled", answer.Signal)
	}
	w.signal(l.Key, "superseded")
	want := run.Signal{Key: l.Key, Reason: "superseded", By: "user"}
	for range 2 {
		if answer := w.grow(l, 1); answer.Signal == nil || *answer.Signal != want {
			w.Errorf("Append answers %+v, want %+v", answer.Signal, want)
		}
		if answer := w.renew(l); answer.Signal == nil || *answer.Signal != want {
			w.Errorf("Renew answers %+v, want %+v", answer.Signal, want)
		}
	}
	other := w.claim(w.key())
	if answer := w.renew(other); answer.Signal != nil {
		w.Errorf("another run was told %+v", answer.Signal)
	}
}

func signalFirst(w *world) {
	stop, in := w.listen("node_a")
	defer stop()
	l := w.claim(w.key())
	w.signal(l.Key, "stopped")
	w.signal(l.Key, "superseded")
	if answer := w.renew(l); answer.Signal == nil || answer.Signal.Reason != "stopped" {
		w.Errorf("Renew answers %+v, want the first signal", answer.Signal)
	}
	for _, s := range in.wait(some) {
		if s.Reason != "stopped" {
			w.Errorf("heard %+v, want the first signal only", s)
		}
	}
}

func signalEnded(w *world) {
	stop, in := w.listen("node_a")
	defer stop()
	l := w.claim(w.key())
	w.end(l)
	w.signal(l.Key, "stopped")
	next := w.claim(w.next(l.Key))
	if answer := w.renew(next); answer.Signal != nil {
		w.Errorf("the thread's next run was told %+v", answer.Signal)
	}
	w.signal(next.Key, "retried")
	got := in.wait(some)
	for _, s := range got {
		if s.Key != next.Key {
			w.Errorf("heard %+v for a run that has ended", s)
		}
	}
	if info := w.lookup(l.Key); info.Status != run.Completed || info.Reason != "" {
		w.Errorf("run = %+v, want completed", info)
	}
}

func signalTakenOver(w *world) {
	l := w.claim(w.key())
	w.signal(l.Key, "stopped")
	w.expire()
	l = w.takeOver(l.Key, "node_b")
	if answer := w.renew(l); answer.Signal == nil || answer.Signal.Reason != "stopped" {
		w.Errorf("the next owner was told %+v, want the signal", answer.Signal)
	}
	stop, in := w.listen("node_b")
	defer stop()
	l = w.claim(w.key())
	w.expire()
	l = w.takeOver(l.Key, "node_b")
	w.signal(l.Key, "stopped")
	if got := in.wait(some); len(got) != 1 || got[0].Key != l.Key {
		w.Errorf("the next owner heard %+v, want the signal", got)
	}
}
