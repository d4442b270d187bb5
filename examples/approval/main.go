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
	"net/http"

	nethttpchatkit "github.com/gochatkit/chatkit/adapters/nethttp"
	chatkit "github.com/gochatkit/chatkit/core"
	"github.com/gochatkit/chatkit/core/playground"
	"github.com/gochatkit/chatkit/examples/host"
	sqlitestore "github.com/gochatkit/chatkit/stores/sqlite"
)

func main() {
	db := flag.String("db", "approval.db", "SQLite file to keep the threads in")
	host.Main("approval", func(ctx context.Context, addr string) error { return run(ctx, addr, *db) })
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
	mux.Handle("/", playground.Handler(&playground.Options{
		Label: "Payments that ask first", Intro: "Nothing is paid before you say so.",
		Suggestions: []playground.Suggestion{
			{Icon: "check-circle", Title: "Ask with buttons", Text: "pay 120 to Bob"},
			{Icon: "document", Title: "Ask with a form", Text: "pay 80 to Ann with a form"},
		},
	}))
	listener, err := host.Listen(addr)
	if err != nil {
		return err
	}
	fmt.Printf("approval is ready: http://%s/\n", listener.Addr())
	// There is no login here, so pages of other sites have to stay out.
	return host.Run(ctx, listener, http.NewCrossOriginProtection().Handler(mux), srv, nil)
}

// newServer returns the chat. Pay does what had to be approved.
func newServer(store chatkit.Store, pay payFunc) *chatkit.Server {
	a := &approvals{pay: pay}
	return chatkit.NewServer(store, a.respond, &chatkit.Options{Action: a.act})
}
