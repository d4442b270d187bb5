package pitfalls

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	nethttpchatkit "github.com/gochatkit/chatkit/adapters/nethttp"
	chatkit "github.com/gochatkit/chatkit/core"
	"github.com/gochatkit/chatkit/core/client"
	"github.com/gochatkit/chatkit/core/memstore"
)

func TestAMiddlewareThatCannotFlushIsRefused(t *testing.T) {
	for name, tt := range map[string]struct {
		wrap func(http.Handler) http.Handler
		log  string
	}{
		"keeps the answer": {withDigest, "*pitfalls.digest has neither a Flush nor an Unwrap method"},
		"timeout":          {withTimeout, "*http.timeoutWriter buffers the whole answer"},
	} {
		t.Run(name, func(t *testing.T) {
			var log bytes.Buffer
			srv := chatkit.NewServer(memstore.New(), func(_ context.Context, turn *chatkit.Turn) error {
				return turn.Text("Hello.")
			}, &chatkit.Options{Logger: slog.New(slog.NewTextHandler(&log, nil))})
			web := httptest.NewServer(tt.wrap(nethttpchatkit.Handler(srv)))
			_, err := client.New(web.URL).CreateThread(t.Context(), client.Text("Hi"))
			web.Close()
			if err := srv.Shutdown(t.Context()); err != nil {
				t.Error(err)
			}
			var refused *client.StatusError
			if !errors.As(err, &refused) || refused.Status != http.StatusInternalServerError {
				t.Errorf("CreateThread() = %v, want status 500", err)
			}
			if !strings.Contains(log.String(), tt.log) {
				t.Errorf("log = %s, want %q in it", log.String(), tt.log)
			}
		})
	}
}

func TestAMiddlewareThatPretendsToFlushKeepsTheAnswer(t *testing.T) {
	for name, tt := range map[string]struct {
		wrap  func(http.Handler) http.Handler
		early bool // the first event is on the wire while the turn is in progress
	}{
		"wrong": {WithPretender, false},
		"right": {func(next http.Handler) http.Handler { return withCounter(next, func(int) {}) }, true},
	} {
		t.Run(name, func(t *testing.T) {
			written := make(chan struct{}, 100) // a token for each write of the server's
			arrived := make(chan int, 100)      // bytes that got through the middleware
			early := false
			srv, _ := server(func(ctx context.Context, turn *chatkit.Turn) error {
				<-written // the first events have been written
				if err := turn.Progress("", "Thinking"); err != nil {
					return err
				}
				<-written
				early = len(arrived) > 0
				return turn.Text("Hello.")
			}, chatkit.Options{})
			app := tt.wrap(tell(nethttpchatkit.Handler(srv), func(int) { written <- struct{}{} }))
			web := httptest.NewServer(tell(app, func(n int) { arrived <- n }))
			defer web.Close()
			stream, err := client.New(web.URL).CreateThread(t.Context(), client.Text("Hi"))
			if err != nil {
				t.Fatal(err)
			}
			last := ""
			for e, err := range stream.Events() {
				if err != nil {
					t.Fatal(err)
				}
				last = e.Event.EventType()
			}
			if early != tt.early || last != "thread.item.done" {
				t.Errorf("something arrived before the end: %v, want %v; last event %q", early, tt.early, last)
			}
		})
	}
}

// tell calls fn after each write to an answer.
func tell(next http.Handler, fn func(n int)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { next.ServeHTTP(&teller{w, fn}, r) })
}

type teller struct {
	http.ResponseWriter
	fn func(n int)
}

func (t *teller) Write(p []byte) (int, error) {
	n, err := t.ResponseWriter.Write(p)
	t.fn(n)
	return n, err
}

func (t *teller) Unwrap() http.ResponseWriter { return t.ResponseWriter }

func TestACounterCountsWithoutStandingInTheWay(t *testing.T) {
	counted := make(chan int, 1)
	srv, _ := server(func(_ context.Context, turn *chatkit.Turn) error { return turn.Text("Hello.") }, chatkit.Options{})
	web := httptest.NewServer(withCounter(nethttpchatkit.Handler(srv), func(n int) { counted <- n }))
	defer web.Close()
	stream, err := client.New(web.URL).CreateThread(t.Context(), client.Text("Hi"))
	if err != nil {
		t.Fatal(err)
	}
	for _, err := range stream.Events() {
		if err != nil {
			t.Fatal(err)
		}
	}
	if n := <-counted; n < 500 {
		t.Errorf("bytes counted = %d, want those of four events", n)
	}
}
