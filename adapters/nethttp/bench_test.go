package nethttpchatkit_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	nethttpchatkit "github.com/gochatkit/chatkit/adapters/nethttp"
	chatkit "github.com/gochatkit/chatkit/core"
	"github.com/gochatkit/chatkit/core/memstore"
)

const benchDelta = " token"

// BenchmarkTextDelta measures one text delta from the author's call to the client's read, over a real
// connection: alone, with the client waiting for it ("latency"), and in a burst of a thousand
// ("throughput"). The baseline is what one writes by hand: json.Marshal, Fprintf, Flush.
func BenchmarkTextDelta(b *testing.B) {
	for _, shape := range []struct {
		name  string
		burst int
	}{{"latency", 1}, {"throughput", 1000}} {
		b.Run(shape.name+"/chatkit", func(b *testing.B) { benchServer(b, shape.burst, chatkitHandler) })
		b.Run(shape.name+"/by-hand", func(b *testing.B) { benchServer(b, shape.burst, byHandHandler) })
	}
}

// A source tells a handler how many deltas to send next; it is closed at the end.
type source <-chan int

func chatkitHandler(work source) http.Handler {
	opts := &chatkit.Options{Logger: slog.New(slog.DiscardHandler)}
	opts.Run.NoEventIDs = true // as the baseline
	return nethttpchatkit.Handler(chatkit.NewServer(memstore.New(), func(_ context.Context, t *chatkit.Turn) error {
		m := t.Message()
		for n := range work {
			for range n {
				if _, err := m.WriteString(benchDelta); err != nil {
					return err
				}
			}
		}
		return nil
	}, opts))
}

func byHandHandler(work source) http.Handler {
	type update struct {
		Type         string `json:"type"`
		ContentIndex int    `json:"content_index"`
		Delta        string `json:"delta"`
	}
	type event struct {
		Type   string `json:"type"`
		ItemID string `json:"item_id"`
		Update any    `json:"update"`
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", "text/event-stream")
		flush := w.(http.Flusher)
		flush.Flush()
		for n := range work {
			for range n {
				data, err := json.Marshal(event{
					"thread.item.updated", "msg_7tz3kqpxqhm2c3v5bnwd2xk3hu",
					update{"assistant_message.content_part.text_delta", 0, benchDelta},
				})
				if err != nil {
					return
				}
				if _, err := fmt.Fprintf(w, "data: %s\n\n", data); err != nil {
					return
				}
				flush.Flush()
			}
		}
	})
}

func benchServer(b *testing.B, burst int, handler func(source) http.Handler) {
	work := make(chan int)
	srv := httptest.NewServer(handler(work))
	defer srv.Close()
	body := `{"type":"threads.create","params":{"input":{"content":[],"attachments":[],"inference_options":{}}}}`
	res, err := http.Post(srv.URL, "application/json", strings.NewReader(body))
	if err != nil {
		b.Fatal(err)
	}
	defer res.Body.Close()
	in := bufio.NewReaderSize(res.Body, 256<<10)
	marker := []byte(benchDelta)
	b.ReportAllocs()
	b.ResetTimer()
	for i := 0; i < b.N; i += burst {
		work <- burst
		for got := 0; got < burst; {
			line, err := in.ReadSlice('\n')
			if err != nil {
				b.Fatal(err)
			}
			got += bytes.Count(line, marker) // a reader that is behind gets neighbours as one delta
		}
	}
	b.StopTimer()
	close(work)
	_, _ = io.Copy(io.Discard, in)
}
