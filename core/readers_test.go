package chatkit_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	chatkit "github.com/gochatkit/chatkit/core"
	"github.com/gochatkit/chatkit/core/memstore"
	"github.com/gochatkit/chatkit/core/run"
)

// A screen is what a client shows of one message: the model that every reader is held against.
type screen struct {
	text  string
	after uint64 // number of the last event
}

// show applies a piece of a stream.
func (s *screen) show(stream string) error {
	for event := range strings.SplitSeq(stream, "\n\n") {
		for line := range strings.Lines(event) {
			line = strings.TrimSpace(line)
			if _, id, ok := strings.Cut(line, "id: "); ok && strings.HasPrefix(line, "id: ") {
				if _, err := fmt.Sscanf(id[strings.IndexByte(id, '-')+1:], "%d", &s.after); err != nil {
					return err
				}
			}
			data, ok := strings.CutPrefix(line, "data: ")
			if !ok {
				continue
			}
			var e struct {
				Type string
				Item struct {
					Type    string
					Content []struct{ Text string }
				}
				Update struct {
					Delta   string
					Content *struct{ Text string }
				}
			}
			if err := json.Unmarshal([]byte(data), &e); err != nil {
				return fmt.Errorf("event %q: %w", data, err)
			}
			switch {
			case e.Item.Type == "assistant_message" && len(e.Item.Content) > 0:
				s.text = e.Item.Content[0].Text
			case e.Item.Type == "assistant_message":
				s.text = ""
			case e.Update.Content != nil:
				s.text = e.Update.Content.Text
			default:
				s.text += e.Update.Delta
			}
		}
	}
	return nil
}

// Readers that come and go at random, at any pace, over a log that is too short for them, all end with the
// whole text.
func TestAThousandReadersEndWithTheSameText(t *testing.T) {
	const deltas = 3000
	rng := rand.New(rand.NewPCG(1, 2))
	var want strings.Builder
	opts := &chatkit.Options{
		Logger: slog.New(slog.DiscardHandler), Disconnect: run.Keep(0),
		Run: run.Config{MaxLogEvents: 150, MaxReaders: 2000},
	}
	pace := make(chan struct{})
	for i := range deltas {
		fmt.Fprintf(&want, "%d,", i)
	}
	srv := chatkit.NewServer(memstore.New(), func(_ context.Context, t *chatkit.Turn) error {
		m := t.Message()
		for i := range deltas {
			if i%100 == 0 {
				<-pace
			}
			if _, err := fmt.Fprintf(m, "%d,", i); err != nil {
				return err
			}
		}
		return m.Close()
	}, opts)
	first, err := srv.Process(t.Context(), &chatkit.Request{Body: []byte(message("", "Hi"))})
	if err != nil {
		t.Fatal(err)
	}
	defer first.Close()
	attach := func(after uint64) (*chatkit.Result, error) {
		return srv.Process(t.Context(), &chatkit.Request{Body: fmt.Appendf(nil,
			`{"type":"runs.attach","params":{"thread_id":%q,"run_id":%q,"after":%d}}`, first.ThreadID(), first.RunID(), after)})
	}
	// A reader comes back where it was, now and then with a cursor that never was.
	client := func(seed uint64) (string, error) {
		rng := rand.New(rand.NewPCG(seed, 3))
		var s screen
		for {
			after := s.after
			if rng.IntN(20) == 0 {
				after = []uint64{0, 1 << 40, s.after + 1_000_000}[rng.IntN(3)]
				s.text = ""
			}
			if after == 0 {
				s.text = ""
			}
			res, err := attach(after)
			if err != nil {
				return "", err
			}
			for range 1 + rng.IntN(20) {
				piece, err := res.Next(t.Context(), nil)
				if errors.Is(err, io.EOF) {
					res.Close()
					return s.text, nil
				}
				if err != nil {
					return "", err
				}
				if err := s.show(string(piece)); err != nil {
					return "", err
				}
				if rng.IntN(4) == 0 {
					time.Sleep(time.Duration(rng.IntN(2000)) * time.Microsecond)
				}
			}
			res.Close()
		}
	}
	texts := make([]string, 1000)
	errs := make([]error, len(texts))
	var wg sync.WaitGroup
	for i := range texts {
		seed := rng.Uint64()
		wg.Go(func() { texts[i], errs[i] = client(seed) })
	}
	for range deltas / 100 {
		pace <- struct{}{}
		time.Sleep(time.Millisecond)
	}
	wg.Wait()
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
	if i := slices.IndexFunc(texts, func(s string) bool { return s != want.String() }); i >= 0 {
		t.Errorf("reader %d ended with %d bytes %.60q…, want %d", i, len(texts[i]), texts[i], want.Len())
	}
}

// BenchmarkCancel measures the time from the request to the end of Respond's context.
func BenchmarkCancel(b *testing.B) {
	ended := make(chan time.Time)
	srv := chatkit.NewServer(memstore.New(), func(ctx context.Context, t *chatkit.Turn) error {
		_, _ = t.Message().WriteString("x")
		<-ctx.Done()
		ended <- time.Now()
		return context.Cause(ctx)
	}, &chatkit.Options{Logger: slog.New(slog.DiscardHandler), Run: run.Config{Retain: -1}})
	took := make([]time.Duration, 0, b.N)
	for range b.N {
		res, err := srv.Process(b.Context(), &chatkit.Request{Body: []byte(message("", "Hi"))})
		if err != nil {
			b.Fatal(err)
		}
		for out := []byte(nil); !strings.Contains(string(out), `"delta"`); {
			if out, err = res.Next(b.Context(), out); err != nil {
				b.Fatal(err)
			}
		}
		body := fmt.Appendf(nil, `{"type":"runs.cancel","params":{"thread_id":%q}}`, res.ThreadID())
		began := time.Now()
		if _, err := srv.Process(b.Context(), &chatkit.Request{Body: body}); err != nil {
			b.Fatal(err)
		}
		took = append(took, (<-ended).Sub(began))
		res.Close()
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Nanoseconds()), "p50-ns")
	b.ReportMetric(float64(took[len(took)*99/100].Nanoseconds()), "p99-ns")
}

// A reader that is too far behind for the log when the turn ends learns what it has missed, and how the turn ended.
func TestAReaderThatIsBehindSeesTheEnd(t *testing.T) {
	writing := func(messages int, last error) chatkit.RespondFunc {
		return func(ctx context.Context, turn *chatkit.Turn) error {
			for i := range messages {
				if _, err := fmt.Fprintf(turn.Message(), "message %d", i); err != nil {
					return err
				}
			}
			if errors.Is(last, chatkit.ErrStopped) {
				<-ctx.Done()
			}
			return last
		}
	}
	tests := []struct {
		name    string
		respond chatkit.RespondFunc
		want    string // the types of its events
	}{
		{"an error", writing(2, errors.New("boom")), "thread.item.replaced thread.item.replaced error"},
		{"stopped", writing(2, chatkit.ErrStopped), "thread.item.replaced thread.item.replaced"},
		{"left open", writing(2, nil), "thread.item.replaced thread.item.replaced thread.item.done thread.item.done"},
		{
			"more left open than the log holds", writing(5, nil),
			strings.Repeat("thread.item.replaced ", 5) + "thread.item.done thread.item.done thread.item.done",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := newRig(t, tt.respond, func(o *chatkit.Options) { o.Run.MaxLogEvents = 3 })
				res := r.begin(message(r.thread(), "Hi"))
				defer res.Close()
				synctest.Wait()
				res.Run().Cancel(run.ErrStopped, "")
				<-res.Run().Done()
				events := read(t, res)
				if got := strings.ReplaceAll(types(t, events), "\n", " "); got != tt.want {
					t.Errorf("events = %s, want %s", got, tt.want)
				}
				if !strings.Contains(events, "message 1") {
					t.Errorf("events = %s, want the text of the messages", events)
				}
			})
		})
	}
}

// A reader that falls behind while the end of a turn is being stored gets what is pending then, and the end.
func TestAReaderThatFallsBehindAtTheEndSeesIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, func(ctx context.Context, turn *chatkit.Turn) error {
			m := turn.Message()
			for range 10 {
				_, _ = m.WriteString("word ")
			}
			<-ctx.Done()
			return context.Cause(ctx)
		}, func(o *chatkit.Options) {
			o.Run.MaxLogEvents = 3
			o.OnCancel = func(ctx context.Context, c *chatkit.Cancellation) error {
				time.Sleep(time.Second)
				return c.SavePartial(ctx)
			}
		})
		res := r.begin(message(r.thread(), "Hi"))
		defer res.Close()
		synctest.Wait()
		res.Run().Cancel(run.ErrStalled, "")
		time.Sleep(500 * time.Millisecond)
		events := read(t, res)
		if got := strings.ReplaceAll(types(t, events), "\n", " "); got != "thread.item.replaced error" || !strings.Contains(events, "word word") {
			t.Errorf("events = %s, want the partial answer and the error", events)
		}
	})
}
