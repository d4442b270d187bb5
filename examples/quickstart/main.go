// Quickstart is a complete chat in one command: a ChatKit server, a store and a page.
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
	"github.com/gochatkit/chatkit/core/memstore"
	"github.com/gochatkit/chatkit/examples/quickstart/page"
	sqlitestore "github.com/gochatkit/chatkit/stores/sqlite"
)

func main() {
	addr := flag.String("addr", envOr("ADDR", "127.0.0.1:8080"), "address to listen on; port 0 picks a free one")
	db := flag.String("db", os.Getenv("DB"), "SQLite file to keep the threads in; empty keeps them in memory")
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
	store, closeStore, err := openStore(db)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, closeStore()) }()

	about, respond, opts := answerer(pause)
	opts.Feedback = func(_ context.Context, _ string, f *chatkit.Feedback) error {
		slog.Info("feedback", "kind", f.Kind, "thread", f.ThreadID, "items", f.ItemIDs)
		return nil
	}
	srv := chatkit.NewServer(store, respond, opts)

	mux := http.NewServeMux()
	chat := nethttpchatkit.Handler(srv)
	mux.Handle("POST /chatkit", chat)
	mux.Handle("GET /chatkit", chat) // ?resume.js, which the page loads
	mux.Handle("GET /", page.Handler(about))

	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return fmt.Errorf("%w (another address: -addr 127.0.0.1:9090)", err)
	}
	web := &http.Server{Handler: guard(listener.Addr(), mux), ReadHeaderTimeout: 10 * time.Second}
	fmt.Printf("%s is ready: http://%s/\n", about.Label, listener.Addr())

	failed := make(chan error, 1)
	go func() { failed <- web.Serve(listener) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}

	// The chat first: it ends the running answers and stores what there is of them, which is what their
	// connections wait for.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	return errors.Join(srv.Shutdown(ctx), web.Shutdown(ctx))
}

// openStore chooses where threads live, and returns how to let go of them in the end.
func openStore(db string) (chatkit.Store, func() error, error) {
	if db == "" {
		return memstore.New(), func() error { return nil }, nil
	}
	store, err := sqlitestore.Open(db)
	if err != nil {
		return nil, nil, err
	}
	return store, store.Close, nil
}

// answerer chooses who answers: a model if there is a key for one, the built-in demo otherwise.
func answerer(pause time.Duration) (page.About, chatkit.RespondFunc, *chatkit.Options) {
	if os.Getenv("OPENAI_API_KEY") != "" {
		m := newModel(os.Getenv("OPENAI_MODEL"))
		return page.About{Label: m.name}, m.respond, &chatkit.Options{}
	}
	d := &demo{pause: pause}
	return d.about(), d.respond, &chatkit.Options{Action: d.action}
}

// guard keeps other web sites out. This server has no login, so it answers its own page only; on a
// loopback address it also insists on a loopback name, which a site that points its own name here lacks.
func guard(at net.Addr, next http.Handler) http.Handler {
	local := at.(*net.TCPAddr).IP.IsLoopback() // it listens on tcp
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
	if value := os.Getenv(name); value != "" {
		return value
	}
	return otherwise
}
