package sqlitestore

import (
	"context"
	"flag"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gochatkit/chatkit/core"
)

var million = flag.Bool("million", false, "run the page benchmarks with a million items too (takes a minute to fill)")

const itemText = "A sentence of an answer, as long as most of them are, so that an item is some four hundred bytes of JSON. "

// fill puts n items: half of them in one long thread, the rest in threads of fifty.
func fill(b *testing.B, s *Store, n int) {
	b.Helper()
	ctx := context.Background()
	start := time.Date(2025, 3, 1, 12, 0, 0, 0, time.UTC)
	for done := 0; done < n; {
		must(b, s.Batch(ctx, "o", func(tx chatkit.Store) error {
			for end := min(done+5_000, n); done < end; done++ {
				thread := "long"
				if done >= n/2 {
					thread = fmt.Sprint("thr_", done/50)
				}
				if done == 0 || thread != "long" && done%50 == 0 {
					if err := tx.PutThread(ctx, "o", newThread(thread)); err != nil {
						return err
					}
				}
				it := newMessage(fmt.Sprintf("msg_%026d", done), itemText+itemText)
				it.Meta().CreatedAt = start.Add(time.Duration(done) * time.Second)
				if err := tx.PutItem(ctx, "o", thread, it); err != nil {
					return err
				}
			}
			return nil
		}))
	}
}

func BenchmarkPage(b *testing.B) {
	sizes := []int{1_000, 100_000}
	if *million {
		sizes = append(sizes, 1_000_000)
	}
	for _, n := range sizes {
		s := openStore(b, newPath(b))
		fill(b, s, n)
		for _, c := range []struct {
			name string
			q    chatkit.PageQuery
		}{
			{"first", chatkit.PageQuery{}},
			{"last", chatkit.PageQuery{Order: chatkit.OrderDesc}},
			{"middle", chatkit.PageQuery{After: fmt.Sprintf("msg_%026d", n/4)}},
		} {
			b.Run(fmt.Sprintf("items=%d/%s", n, c.name), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					p, err := s.Items(context.Background(), "o", "long", c.q)
					if err != nil || len(p.Data) != 20 {
						b.Fatalf("%d items, %v", len(p.Data), err)
					}
				}
			})
		}
		b.Run(fmt.Sprintf("items=%d/thread", n), func(b *testing.B) {
			for b.Loop() {
				if _, err := s.Thread(context.Background(), "o", "long"); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkTurn(b *testing.B) {
	turn := func(s chatkit.Store, n int64) error {
		ctx, thread := context.Background(), fmt.Sprint("thr_", n)
		if err := s.PutThread(ctx, "o", newThread(thread)); err != nil {
			return err
		}
		for _, id := range []string{"m1", "m2"} {
			if err := s.PutItem(ctx, "o", thread, newMessage(id, itemText)); err != nil {
				return err
			}
		}
		return nil
	}
	b.Run("three writes", func(b *testing.B) {
		s, n := openStore(b, newPath(b)), int64(0)
		for b.Loop() {
			n++
			must(b, turn(s, n))
		}
	})
	b.Run("one batch", func(b *testing.B) {
		s, n := openStore(b, newPath(b)), int64(0)
		for b.Loop() {
			n++
			must(b, s.Batch(context.Background(), "o", func(tx chatkit.Store) error { return turn(tx, n) }))
		}
	})
}

// The writes of many turns at once share commits; writes/commit says how many.
func BenchmarkParallelPuts(b *testing.B) {
	for _, writers := range []int{1, 16, 128} {
		b.Run(fmt.Sprintf("writers=%d", writers), func(b *testing.B) {
			s := openStore(b, newPath(b))
			must(b, s.PutThread(b.Context(), "o", newThread("thr_1")))
			before := s.writer.commits.Load()
			var n atomic.Int64
			b.SetParallelism(writers)
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					if err := s.PutItem(context.Background(), "o", "thr_1", newMessage(fmt.Sprint("m", n.Add(1)), itemText)); err != nil {
						b.Error(err)
						return
					}
				}
			})
			b.ReportMetric(float64(n.Load())/float64(s.writer.commits.Load()-before), "writes/commit")
		})
	}
}
