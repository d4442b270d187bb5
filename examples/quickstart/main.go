// Quickstart is a complete chat in one command: a ChatKit server, a store and the playground.
//
//	go run ./examples/quickstart
//
// Without further settings it answers by itself and shows what the protocol can do. With OPENAI_API_KEY
// a model answers; OPENAI_MODEL chooses it, OPENAI_BASE_URL leads to any server with the Responses API.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	nethttpchatkit "github.com/gochatkit/chatkit/adapters/nethttp"
	chatkit "github.com/gochatkit/chatkit/core"
	"github.com/gochatkit/chatkit/core/playground"
	"github.com/gochatkit/chatkit/examples/host"
)

func main() {
	addr := flag.String("addr", envOr("ADDR", "127.0.0.1:8080"), "address to listen on; port 0 picks a free one")
	db := flag.String("db", envOr("DB", "quickstart.db"), "SQLite file to keep the threads in; empty or :memory: keeps them in memory")
	pause := flag.Duration("pause", 25*time.Millisecond, "time between two words of the built-in demo")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second signal ends the program at once
	if err := run(ctx, *addr, *db, *pause); err != nil {
		fmt.Fprintln(os.Stderr, "quickstart:", err)
		os.Exit(1)
	}
}

// run serves until ctx ends.
func run(ctx context.Context, addr, db string, pause time.Duration) (err error) {
	listener, err := host.Listen(addr)
	if err != nil {
		return err
	}
	data, err := openData(db, "http://"+listener.Addr().String()+"/files")
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	defer func() { err = errors.Join(err, data.Close()) }()

	page, respond, opts := answerer(data, pause)
	opts.Debug = true // for the playground's inspector
	if data.engine != nil {
		opts.Run.Engine = data.engine
	}
	opts.Feedback = func(_ context.Context, _ string, f *chatkit.Feedback) error {
		slog.Info("feedback", "kind", f.Kind, "thread", f.ThreadID, "items", f.ItemIDs)
		return nil
	}
	srv := chatkit.NewServer(data.store, respond, opts)
	if err := srv.Recover(ctx); err != nil { // answers that a crash has cut off
		return err
	}

	if !host.Loopback(listener.Addr().String()) {
		page.AllowedHosts = []string{"*"}
	}
	mux := http.NewServeMux()
	chat := nethttpchatkit.Handler(srv)
	mux.Handle("POST /chatkit", chat)
	mux.Handle("GET /chatkit", chat) // ?resume.js, which the playground loads
	mux.Handle("/files", data.files)
	mux.Handle("/files/", data.files)
	mux.Handle("GET /playground/", playground.Handler(&page))
	mux.Handle("GET /{$}", http.RedirectHandler("/playground/", http.StatusFound))
	fmt.Printf("chat: http://%s/playground/ (%s is ready, threads are kept in %s)\n", listener.Addr(), page.Label, data.name)

	sweep := func(ctx context.Context) {
		if _, err := data.files.Sweep(ctx, 24*time.Hour); err != nil && ctx.Err() == nil {
			slog.Error("sweep uploads", "err", err)
		}
	}
	sweep(ctx) // a program that never runs for an hour would keep what was never sent
	return host.Run(ctx, listener, host.Guard(listener.Addr(), mux), srv, sweep)
}

// answerer chooses who answers: a model if there is a key for one, the built-in demo otherwise.
func answerer(data *data, pause time.Duration) (playground.Options, chatkit.RespondFunc, *chatkit.Options) {
	if os.Getenv("OPENAI_API_KEY") != "" {
		m := newModel(os.Getenv("OPENAI_MODEL"))
		return playground.Options{Label: m.name, Official: true}, m.respond, &chatkit.Options{}
	}
	d := &demo{pause: pause, files: data.files}
	return d.page(), d.respond, &chatkit.Options{Action: d.action, SyncAction: d.syncAction, Attachments: data.files}
}

func envOr(name, otherwise string) string {
	if value, ok := os.LookupEnv(name); ok {
		return value
	}
	return otherwise
}
