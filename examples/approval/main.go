// Approval is a chat that asks a person before it does something, and does not mind being restarted while
// it waits for the answer.
//
//	go run ./examples/approval
//
// Write "pay 120 to Bob", end the program, start it again, and press the button.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	nethttpchatkit "github.com/gochatkit/chatkit/adapters/nethttp"
	chatkit "github.com/gochatkit/chatkit/core"
	"github.com/gochatkit/chatkit/core/playground"
	sqlitestore "github.com/gochatkit/chatkit/stores/sqlite"
)

func main() {
	addr := os.Getenv("ADDR")
	if addr == "" {
		addr = "127.0.0.1:8080"
	}
	flag.StringVar(&addr, "addr", addr, "address to listen on; port 0 picks a free one")
	db := flag.String("db", "approval.db", "SQLite file to keep the threads in")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second signal ends the program at once
	if err := run(ctx, addr, *db); err != nil {
		fmt.Fprintln(os.Stderr, "approval:", err)
		os.Exit(1)
	}
}

// run serves until ctx ends.
func run(ctx context.Context, addr, db string) (err error) {
	store, err := sqlitestore.Open(db)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	srv := newServer(store, func(_ context.Context, key string, p payment) error {
		fmt.Printf("the bank moves %d € to %s (%s)\n", p.Amount, p.To, key)
		return nil
	})

	mux := http.NewServeMux()
	mux.Handle("/chatkit", nethttpchatkit.Handler(srv))
	mux.Handle("/", playground.Handler(playground.Options{
		Label: "Payments that ask first", Intro: "Nothing is paid before you say so.",
		Suggestions: []playground.Suggestion{
			{Icon: "check-circle", Title: "Ask with buttons", Text: "pay 120 to Bob"},
			{Icon: "document", Title: "Ask with a form", Text: "pay 80 to Ann with a form"},
		},
	}))
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return fmt.Errorf("%w (another address: -addr 127.0.0.1:9090)", err)
	}
	// There is no login here, so pages of other sites have to stay out.
	web := &http.Server{Handler: http.NewCrossOriginProtection().Handler(mux), ReadHeaderTimeout: 10 * time.Second}
	fmt.Printf("approval is ready: http://%s/\n", listener.Addr())

	failed := make(chan error, 1)
	go func() { failed <- web.Serve(listener) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	return errors.Join(srv.Shutdown(ctx), web.Shutdown(ctx))
}

// newServer returns the chat. Pay does what had to be approved.
func newServer(store chatkit.Store, pay payFunc) *chatkit.Server {
	a := &approvals{pay: pay}
	return chatkit.NewServer(store, a.respond, &chatkit.Options{Action: a.act})
}
