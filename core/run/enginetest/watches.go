package enginetest

import (
	"bytes"
	"slices"
	"time"

	"github.com/gochatkit/chatkit/core/run"
)

func (w *world) watch(k run.Key) (stop func(), in *inbox[run.Batch]) {
	w.Helper()
	in = newInbox[run.Batch]()
	stop, err := w.Watch(w.ctx, k, func(b run.Batch) {
		b.Data = bytes.Clone(b.Data) // as it is now, while the call lasts
		in.put(b)
	})
	if err != nil {
		w.Fatalf("Watch: %v", err)
	}
	return stop, in
}

// upTo waits until a watcher has got the event with the given number, and returns all that it has got.
func (w *world) upTo(in *inbox[run.Batch], last run.Seq) (all []run.Seq) {
	w.Helper()
	for _, b := range in.wait(func(all []run.Batch) bool { return some(all) && all[len(all)-1].Last >= last }) {
		all = append(all, w.events(b)...)
	}
	return all
}

func watch(w *world) {
	l, other := w.claim(w.key()), w.claim(w.key())
	w.grow(l, 2)
	stop, in := w.watch(l.Key)
	second, alsoIn := w.watch(l.Key)
	defer second()
	w.grow(l, 2)
	w.grow(other, 3)
	w.grow(l, 1)
	for _, in := range []*inbox[run.Batch]{in, alsoIn} {
		if got, want := w.upTo(in, 5), seqs(0, 3, 5); !slices.Equal(got, want) {
			w.Errorf("watcher got %d, want %d", got, want)
		}
	}
	stop()
	if err := w.Finish(w.ctx, l, batch(l, 6, 2), outcome()); err != nil {
		w.Fatalf("Finish: %v", err)
	}
	if got, want := w.upTo(alsoIn, 7), seqs(0, 3, 7); !slices.Equal(got, want) {
		w.Errorf("watcher got %d with the end, want %d", got, want)
	}
	if got := w.upTo(in, 5); len(got) != 3 {
		w.Errorf("watcher got %d after it had stopped", got)
	}
}

func watchRefused(w *world) {
	l := w.claim(w.key())
	stop, in := w.watch(l.Key)
	defer stop()
	w.grow(l, 3)
	_, _ = w.Append(w.ctx, l, batch(l, 9, 1)) // a gap
	_, _ = w.Append(w.ctx, l, batch(l, 1, 3)) // a repeat
	_, _ = w.Append(w.ctx, l, batch(l, 2, 3)) // 4 is new
	old := *l
	w.expire()
	l = w.takeOver(l.Key, "node_b")
	_, _ = w.Append(w.ctx, &old, batch(&old, 5, 2)) // fenced
	_ = w.Finish(w.ctx, &old, batch(&old, 5, 2), outcome())
	w.grow(l, 1)
	want := append(seqs(0, 1, 4), run.MakeSeq(1, 5))
	if got := w.upTo(in, l.Head); !slices.Equal(got, want) {
		w.Errorf("watcher got %d, want %d", got, want)
	}
}

func watched(w *world) {
	l, other := w.claim(w.key()), w.claim(w.key())
	if w.grow(l, 1).Watched {
		w.Errorf("the owner was told of a watcher before there was one")
	}
	stop, _ := w.watch(l.Key)
	w.becomesWatched(l, true)
	if w.grow(other, 1).Watched {
		w.Errorf("the owner of another run was told of the watcher")
	}
	stop()
	w.becomesWatched(l, false)
}

// becomesWatched waits until the owner is told that somebody watches, or that nobody does.
func (w *world) becomesWatched(l *run.Lease, want bool) {
	w.Helper()
	for deadline := time.Now().Add(patience); w.grow(l, 1).Watched != want; {
		if time.Now().After(deadline) {
			w.Errorf("Append answers watched %v, want %v", !want, want)
			return
		}
	}
}
