package chatkit_test

import (
	"context"
	"log/slog"
	"testing"

	chatkit "github.com/gochatkit/chatkit/core"
	"github.com/gochatkit/chatkit/core/memstore"
	"github.com/gochatkit/chatkit/core/run"
)

// inTurn runs fn as the only turn of a server.
func inTurn(b *testing.B, fn func(t *chatkit.Turn)) {
	b.Helper()
	srv := chatkit.NewServer(memstore.New(), func(_ context.Context, t *chatkit.Turn) error {
		fn(t)
		return nil
	}, &chatkit.Options{Logger: slog.New(slog.DiscardHandler), Run: run.Config{MaxLogEvents: 1000}})
	res, err := srv.Process(b.Context(), &chatkit.Request{Body: []byte(message("", "Hi"))})
	if err != nil {
		b.Fatal(err)
	}
	<-res.Run().Done()
	res.Close()
}

// What a token costs, from one writer and from several at once.
func BenchmarkWriteString(b *testing.B) {
	b.Run("one", func(b *testing.B) {
		b.ReportAllocs()
		inTurn(b, func(t *chatkit.Turn) {
			m := t.Message()
			for b.Loop() {
				if _, err := m.WriteString("token "); err != nil {
					b.Error(err)
				}
			}
		})
	})
	b.Run("several", func(b *testing.B) {
		b.ReportAllocs()
		inTurn(b, func(t *chatkit.Turn) {
			b.RunParallel(func(pb *testing.PB) {
				m := t.Message()
				for pb.Next() {
					if _, err := m.WriteString("token "); err != nil {
						b.Error(err)
					}
				}
			})
		})
	})
}

// What an event costs that is not stored.
func BenchmarkEmit(b *testing.B) {
	b.ReportAllocs()
	inTurn(b, func(t *chatkit.Turn) {
		for b.Loop() {
			if err := t.Progress(chatkit.IconSearch, "Searching"); err != nil {
				b.Error(err)
			}
		}
	})
}
