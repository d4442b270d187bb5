package enginetest

import (
	"bytes"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/gochatkit/chatkit/core/run"
)

func logRoundTrip(w *world) {
	l := w.claim(w.key())
	for _, n := range []int{1, 3, 1, 10, 2} {
		w.grow(l, n)
	}
	w.wantLog(l.Key, seqs(0, 1, 17)...)
	if got := w.lookup(l.Key).Head; got != 17 {
		w.Errorf("head = %d, want 17", got)
	}
}

func logOpaque(w *world) {
	l := w.claim(w.key())
	var data []byte
	for c := range 256 {
		if c != '\n' {
			data = append(data, byte(c))
		}
	}
	data = append(append(data, bytes.Repeat([]byte("z"), 1<<20)...), '\n')
	if _, err := w.Append(w.ctx, l, run.Batch{First: 1, Last: 1, Data: data}); err != nil {
		w.Fatalf("Append: %v", err)
	}
	p, err := w.Read(w.ctx, l.Key, 0, 10)
	if err != nil || len(p.Batches) != 1 || !bytes.Equal(p.Batches[0].Data, data) {
		w.Errorf("Read = %d batches, %v, want the bytes that were appended", len(p.Batches), err)
	}
}

func logCopies(w *world) {
	l := w.claim(w.key())
	stop, got := w.watch(l.Key)
	defer stop()
	b := batch(l, 1, 3)
	if _, err := w.Append(w.ctx, l, b); err != nil {
		w.Fatalf("Append: %v", err)
	}
	for i := range b.Data {
		b.Data[i] = '!'
	}
	w.wantLog(l.Key, seqs(0, 1, 3)...)
	for _, b := range got.wait(func(all []run.Batch) bool { return len(all) > 0 }) {
		w.events(b)
	}
}

func appendMovesLease(w *world) {
	l := w.claim(w.key())
	for i := range 3 {
		before := time.Now()
		w.grow(l, 2)
		if want := run.Seq(2 * (i + 1)); l.Head != want {
			w.Errorf("head of the lease = %d, want %d", l.Head, want)
		}
		if l.Sent.Before(before) {
			w.Errorf("lease was sent at %v, want after %v", l.Sent, before)
		}
	}
	before := time.Now()
	w.renew(l)
	if l.Sent.Before(before) || l.Head != 6 {
		w.Errorf("lease after Renew = %+v", l)
	}
}

func appendRepeated(w *world) {
	l := w.claim(w.key())
	w.grow(l, 2)
	w.grow(l, 3)
	changed := batch(l, 1, 5)
	changed.Data = bytes.ReplaceAll(changed.Data, []byte("text"), []byte("TEXT"))
	for _, b := range []run.Batch{batch(l, 3, 3), batch(l, 1, 2), batch(l, 1, 5), batch(l, 4, 1), changed} {
		if _, err := w.Append(w.ctx, l, b); err != nil {
			w.Errorf("Append of %d to %d again: %v", b.First, b.Last, err)
		}
		if l.Head != 5 {
			w.Errorf("head of the lease = %d, want 5", l.Head)
		}
	}
	w.wantLog(l.Key, seqs(0, 1, 5)...)
	w.grow(l, 1)
	w.wantLog(l.Key, seqs(0, 1, 6)...)
}

func appendOverlapping(w *world) {
	l := w.claim(w.key())
	w.grow(l, 3)
	for i, b := range []run.Batch{batch(l, 2, 4), batch(l, 1, 6), batch(l, 6, 3)} {
		if _, err := w.Append(w.ctx, l, b); err != nil {
			w.Fatalf("Append of %d to %d: %v", b.First, b.Last, err)
		}
		if want := []run.Seq{5, 6, 8}[i]; l.Head != want {
			w.Errorf("head of the lease = %d, want %d", l.Head, want)
		}
	}
	w.wantLog(l.Key, seqs(0, 1, 8)...)
}

func appendGap(w *world) {
	l := w.claim(w.key())
	_, err := w.Append(w.ctx, l, batch(l, 2, 1))
	w.wantGap("Append of 2 to an empty log", err, 0)
	w.wantLog(l.Key)
	w.grow(l, 3)
	_, err = w.Append(w.ctx, l, batch(l, 5, 2))
	w.wantGap("Append of 5 after 3", err, 3)
	if l.Head != 3 {
		w.Errorf("head of the lease = %d, want 3", l.Head)
	}
	w.wantLog(l.Key, seqs(0, 1, 3)...)
	w.grow(l, 3)
	w.wantLog(l.Key, seqs(0, 1, 6)...)
}

func readCursors(w *world) {
	l := w.claim(w.key())
	for _, n := range []int{4, 1, 3} {
		w.grow(l, n)
	}
	const head = 8
	for after := range run.Seq(head + 3) {
		got, p := w.page(l.Key, after, 100)
		if want := seqs(0, uint64(after)+1, head); !slices.Equal(got, want) {
			w.Errorf("events after %d = %d, want %d", after, got, want)
		}
		if p.Head != head || p.Ended || p.Trimmed {
			w.Errorf("Read after %d = head %d, ended %v, trimmed %v", after, p.Head, p.Ended, p.Trimmed)
		}
	}
}

func readPages(w *world) {
	l := w.claim(w.key())
	for i := range 12 {
		w.grow(l, i%4+1)
	}
	head := l.Head
	for _, limit := range []int{1, 2, 5, 12, 100} {
		for first := range head {
			var got []run.Seq
			after, pages := first, 0
			for {
				events, _ := w.page(l.Key, after, limit)
				if pages++; len(events) == 0 || pages > 100 {
					break
				}
				got = append(got, events...)
				after = events[len(events)-1]
			}
			if want := seqs(0, uint64(first)+1, uint64(head)); !slices.Equal(got, want) {
				w.Errorf("pages of %d after %d = %d, want %d", limit, first, got, want)
			}
		}
	}
}

func readEnd(w *world) {
	l := w.claim(w.key())
	for range 4 {
		w.grow(l, 2)
	}
	if _, p := w.page(l.Key, 0, 100); p.Ended {
		w.Errorf("a run that goes on is said to have ended")
	}
	if err := w.Finish(w.ctx, l, batch(l, 9, 2), outcome()); err != nil {
		w.Fatalf("Finish: %v", err)
	}
	for _, tt := range []struct {
		after run.Seq
		limit int
		ended bool
	}{{0, 2, false}, {0, 4, false}, {0, 5, true}, {0, 100, true}, {3, 3, false}, {3, 4, true}, {8, 1, true}, {10, 1, true}} {
		if _, p := w.page(l.Key, tt.after, tt.limit); p.Ended != tt.ended || p.Head != 10 {
			w.Errorf("Read after %d, %d batches: ended %v, head %d, want %v, 10", tt.after, tt.limit, p.Ended, p.Head, tt.ended)
		}
	}
	empty := w.claim(w.key())
	w.end(empty)
	if _, p := w.page(empty.Key, 0, 1); !p.Ended {
		w.Errorf("an empty run that has ended is said to go on")
	}
}

// A client may have seen events of the old owner that the log never got. Their places are given again, to
// events of the next generation.
func readOldGeneration(w *world) {
	l := w.claim(w.key())
	w.grow(l, 5)
	w.expire()
	l = w.takeOver(l.Key, "node_b")
	w.grow(l, 2)
	w.grow(l, 2)
	for after, want := range map[run.Seq][]run.Seq{
		3:                 append(seqs(0, 4, 5), seqs(1, 6, 9)...),
		5:                 seqs(1, 6, 9),
		7:                 seqs(1, 6, 9),
		40:                seqs(1, 6, 9),
		run.MakeSeq(1, 6): seqs(1, 7, 9),
		run.MakeSeq(1, 9): nil,
	} {
		if got, _ := w.page(l.Key, after, 100); !slices.Equal(got, want) {
			w.Errorf("events after %d = %d, want %d", after, got, want)
		}
	}
}

func logsSideBySide(w *world) {
	const appends = 40
	var leases [4]*run.Lease
	for i := range leases {
		leases[i] = w.claim(w.key())
	}
	var all sync.WaitGroup
	fail := make(chan error, 2*len(leases))
	for _, l := range leases {
		key := l.Key
		done := make(chan struct{})
		all.Add(2)
		go func() {
			defer all.Done()
			defer close(done)
			for range appends {
				if _, err := w.Append(w.ctx, l, batch(l, l.Head.Place()+1, 2)); err != nil {
					fail <- fmt.Errorf("Append: %w", err)
					return
				}
			}
		}()
		go func() {
			defer all.Done()
			var after run.Seq
			for last := false; ; {
				select {
				case <-done:
					last = true
				default:
				}
				p, err := w.Read(w.ctx, key, after, 7)
				if err != nil {
					fail <- fmt.Errorf("Read: %w", err)
					return
				}
				for _, b := range p.Batches {
					if b.First != after+1 {
						fail <- fmt.Errorf("batch begins with %d after %d", b.First, after)
						return
					}
					after = b.Last
				}
				if last && len(p.Batches) == 0 {
					return
				}
			}
		}()
	}
	all.Wait()
	close(fail)
	for err := range fail {
		w.Errorf("%v", err)
	}
	for _, l := range leases {
		w.wantLog(l.Key, seqs(0, 1, 2*appends)...)
	}
}
