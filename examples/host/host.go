// Package host is what the examples share: a chat with a page on one address, from its first request to its stop, and
// a model, which is a scripted one where no real one is configured.
package host

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"

	nethttpchatkit "github.com/gochatkit/chatkit/adapters/nethttp"
	chatkit "github.com/gochatkit/chatkit/core"
	"github.com/gochatkit/chatkit/core/memstore"
	"github.com/gochatkit/chatkit/core/playground"
)

// Serve is [Main] of a program that answers with respond and has a page. who says in a few words who answers.
// Threads are kept in memory, and there is no login: it is for this machine only.
func Serve(who string, respond chatkit.RespondFunc) {
	Main(filepath.Base(os.Args[0]), func(ctx context.Context, addr string) error { return serve(ctx, addr, who, respond) })
}

func serve(ctx context.Context, addr, who string, respond chatkit.RespondFunc) error {
	listener, err := Listen(addr)
	if err != nil {
		return err
	}
	srv := chatkit.NewServer(memstore.New(), respond, nil)
	mux := http.NewServeMux()
	mux.Handle("/chatkit", nethttpchatkit.Handler(srv))
	page := playground.Options{Label: who}
	if !Loopback(listener.Addr().String()) {
		page.AllowedHosts = []string{"*"}
	}
	mux.Handle("/", playground.Handler(&page))
	fmt.Printf("http://%s/ answers: %s\n", listener.Addr(), who)
	return Run(ctx, listener, Guard(listener.Addr(), mux), srv, nil)
}
