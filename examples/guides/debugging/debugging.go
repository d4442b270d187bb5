// Package debugging shows what the server says of streams that stall or come in bursts. The guide is
// docs/debugging.md.
package debugging

import (
	"context"
	"log/slog"
	"net/http"
	"os"
	"time"

	nethttpchatkit "github.com/gochatkit/chatkit/adapters/nethttp"
	chatkit "github.com/gochatkit/chatkit/core"
	"github.com/gochatkit/chatkit/core/playground"
	"github.com/gochatkit/chatkit/core/run"
	"github.com/gochatkit/chatkit/examples/guides/model"
)

// Development returns options for a machine where somebody looks at what happens.
func Development() *chatkit.Options {
	return &chatkit.Options{
		Debug:  true, // streams say when they were written; debug.ticks is answered
		Logger: slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelDebug})),
		Run:    run.Config{Quiet: 2 * time.Second}, // say so soon when a turn is silent; the default is 15 s
	}
}

// Mount serves a chat with its playground.
func Mount(mux *http.ServeMux, srv *chatkit.Server) {
	mux.Handle("/chatkit", nethttpchatkit.Handler(srv))
	mux.Handle("/playground/", playground.Handler(nil))
}

// Forecast is a tool whose service may be slow.
func Forecast(ctx context.Context, t *chatkit.Turn, ask func(ctx context.Context) (string, error)) error {
	end := t.Phase("waiting for the weather service")
	forecast, err := ask(ctx)
	end()
	if err != nil {
		return err
	}
	return t.Text(forecast)
}

// Metrics counts silent turns. With an OnQuiet of your own the server logs them no more.
func Metrics(silent func(phase string, clients int, d time.Duration), log *slog.Logger) *chatkit.Options {
	return &chatkit.Options{Run: run.Config{
		OnQuiet: func(q run.Quiet) {
			if q.Over {
				return // it goes on
			}
			silent(q.Phase, q.Readers, q.For)
			log.Warn("a turn is silent", "run", q.Run, "phase", q.Phase, "for", q.For)
		},
	}}
}

// Bursty is what a stream looks like whose author gathers words before he sends them.
func Bursty(ctx context.Context, t *chatkit.Turn) error {
	m := t.Message()
	var words []string
	send := func() error {
		for _, word := range words {
			if _, err := m.WriteString(word); err != nil {
				return err
			}
		}
		words = nil
		return nil
	}
	for token, err := range model.Stream(ctx, t.Input.Text()) {
		if err != nil {
			return err
		}
		if words = append(words, token); len(words) < 20 {
			continue // wrong: the words are here, and nobody sees them
		}
		if err := send(); err != nil {
			return err
		}
	}
	if err := send(); err != nil {
		return err
	}
	return m.Close()
}

// Stalled says something and then waits for a service that takes its time.
func Stalled(ctx context.Context, t *chatkit.Turn) error {
	if err := t.Text("Let me see."); err != nil {
		return err
	}
	return Forecast(ctx, t, func(ctx context.Context) (string, error) {
		select {
		case <-time.After(10 * time.Second):
			return "Rain.", nil
		case <-ctx.Done():
			return "", context.Cause(ctx)
		}
	})
}
