package nginx

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	nethttpchatkit "github.com/gochatkit/chatkit/adapters/nethttp"
	chatkit "github.com/gochatkit/chatkit/core"
	"github.com/gochatkit/chatkit/core/memstore"
	"github.com/gochatkit/chatkit/core/run"
)

const (
	words = 24                    // how many deltas an answer has
	gap   = 10 * time.Millisecond // between two of them
)

// backend starts a real server and returns its address.
func backend(t *testing.T, respond chatkit.RespondFunc, opts chatkit.Options) string {
	t.Helper()
	return address(serve(t, respond, opts))
}

// beating are the options of a server with another pause between heartbeats; below 0 it has none.
func beating(pause time.Duration) chatkit.Options {
	return chatkit.Options{Run: run.Config{Heartbeat: pause}}
}

func address(web *httptest.Server) string { return strings.TrimPrefix(web.URL, "http://") }

// serve starts a real server until the end of the test.
func serve(t *testing.T, respond chatkit.RespondFunc, opts chatkit.Options) *httptest.Server {
	t.Helper()
	opts.Logger = slog.New(slog.DiscardHandler)
	srv := chatkit.NewServer(memstore.New(), respond, &opts)
	mux := http.NewServeMux()
	mux.Handle("/chatkit", nethttpchatkit.Handler(srv))
	web := httptest.NewServer(mux)
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		if err := srv.Shutdown(ctx); err != nil {
			t.Errorf("shutdown = %v", err)
		}
		web.Close()
	})
	return web
}

// speaking answers with words at an even pace, as a model does.
func speaking(ctx context.Context, turn *chatkit.Turn) error {
	m := turn.Message()
	for range words {
		if _, err := m.WriteString("word "); err != nil {
			return err
		}
		silent(ctx, gap)
	}
	return m.Close()
}

// silent waits, unless the turn is over.
func silent(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

// waiting says a word and is silent then. It tells when the word was written, and when and why the turn ended.
func waiting(limit time.Duration) (respond chatkit.RespondFunc, began <-chan struct{}, ended <-chan ending) {
	begins, ends := make(chan struct{}, 1), make(chan ending, 1)
	return func(ctx context.Context, turn *chatkit.Turn) error {
		m := turn.Message()
		if _, err := m.WriteString("wait"); err != nil {
			return err
		}
		begins <- struct{}{}
		silent(ctx, limit)
		ends <- ending{time.Now(), context.Cause(ctx)}
		return m.Close()
	}, begins, ends
}

type ending struct {
	at    time.Time
	cause error // nil if the turn was not cut off
}
