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
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	nethttpchatkit "github.com/gochatkit/chatkit/adapters/nethttp"
	chatkit "github.com/gochatkit/chatkit/core"
	"github.com/gochatkit/chatkit/core/playground"
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
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return fmt.Errorf("%w (another address: -addr 127.0.0.1:9090)", err)
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

	local := listener.Addr().(*net.TCPAddr).IP.IsLoopback() // it listens on tcp
	if !local {
		page.AllowedHosts = []string{"*"}
	}
	mux := http.NewServeMux()
	chat := nethttpchatkit.Handler(srv)
	mux.Handle("POST /chatkit", chat)
	mux.Handle("GET /chatkit", chat) // ?resume.js, which the playground loads
	mux.Handle("/files", data.files)
	mux.Handle("/files/", data.files)
	mux.Handle("GET /playground/", playground.Handler(page))
	mux.Handle("GET /{$}", http.RedirectHandler("/playground/", http.StatusFound))
	web := &http.Server{Handler: guard(local, mux), ReadHeaderTimeout: 10 * time.Second}
	fmt.Printf("chat: http://%s/playground/ (%s is ready, threads are kept in %s)\n", listener.Addr(), page.Label, data.name)

	failed := make(chan error, 1)
	go func() { failed <- web.Serve(listener) }()
	sweep := time.NewTicker(time.Hour)
	defer sweep.Stop()
	for ctx.Err() == nil {
		// At the start, too: a program that never runs for an hour would keep what was never sent.
		if _, err := data.files.Sweep(ctx, 24*time.Hour); err != nil && ctx.Err() == nil {
			slog.Error("sweep uploads", "err", err)
		}
		select {
		case err := <-failed:
			return err
		case <-sweep.C:
		case <-ctx.Done():
		}
	}

	// The chat first: it ends the running answers and stores what there is of them, which is what their
	// connections wait for.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	return errors.Join(srv.Shutdown(ctx), web.Shutdown(ctx))
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

// guard keeps other web sites out. This server has no login, so it answers its own page only; on a
// loopback address it also insists on a loopback name, which a site that points its own name here lacks.
func guard(local bool, next http.Handler) http.Handler {
	next = http.NewCrossOriginProtection().Handler(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if local && !loopback(r.Host) {
			http.Error(w, "this server is for this machine only", http.StatusForbidden)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func loopback(hostport string) bool {
	host, _, err := net.SplitHostPort(hostport)
	if err != nil {
		host = hostport
	}
	return host == "localhost" || net.ParseIP(host).IsLoopback()
}

func envOr(name, otherwise string) string {
	if value, ok := os.LookupEnv(name); ok {
		return value
	}
	return otherwise
}
