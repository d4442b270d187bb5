// Package host is what the examples share: a chat with a page on one address, from its first request to its stop, and
// a model, which is a scripted one where no real one is configured.
package host

import (
	"cmp"
	"context"
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"

	nethttpchatkit "github.com/gochatkit/chatkit/adapters/nethttp"
	chatkit "github.com/gochatkit/chatkit/core"
	"github.com/gochatkit/chatkit/core/memstore"
	"github.com/gochatkit/chatkit/core/playground"
)

// Serve answers with respond on ADDR, 127.0.0.1:8080 by default, until Ctrl-C or a termination. who says in
// a few words who answers. Threads are kept in memory, and there is no login: it is for this machine only.
func Serve(who string, respond chatkit.RespondFunc) {
	addr := cmp.Or(os.Getenv("ADDR"), "127.0.0.1:8080")
	srv := chatkit.NewServer(memstore.New(), respond, nil)
	mux := http.NewServeMux()
	mux.Handle("/chatkit", nethttpchatkit.Handler(srv))
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		log.Fatal(err)
	}
	page := playground.Options{Label: who}
	if !Loopback(listener.Addr().String()) {
		page.AllowedHosts = []string{"*"}
	}
	mux.Handle("/", playground.Handler(&page))
	fmt.Printf("http://%s/ answers: %s\n", listener.Addr(), who)
	if err := Run(ctx, listener, Guard(listener.Addr(), mux), srv, nil); err != nil {
		log.Fatal(err)
	}
}
