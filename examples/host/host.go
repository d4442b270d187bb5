// Package host is what the examples about models share: a chat with a page on one address, and a model,
// which is a scripted one where no real one is configured.
package host

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

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
	if !loopback(listener.Addr().String()) {
		page.AllowedHosts = []string{"*"}
	}
	mux.Handle("/", playground.Handler(page))
	web := &http.Server{Handler: guard(listener.Addr(), mux), ReadHeaderTimeout: 10 * time.Second}
	ended := make(chan error, 1)
	go func() { ended <- web.Serve(listener) }()
	fmt.Printf("http://%s/ answers: %s\n", listener.Addr(), who)
	select {
	case err := <-ended:
		log.Fatal(err)
	case <-ctx.Done():
	}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if err := errors.Join(srv.Shutdown(ctx), web.Shutdown(ctx)); err != nil {
		log.Fatal(err)
	}
}

// guard keeps other web sites out: a model costs money. On a loopback address it also insists on a loopback
// name, which a site that points its own name here lacks.
func guard(at net.Addr, next http.Handler) http.Handler {
	next = http.NewCrossOriginProtection().Handler(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if loopback(at.String()) && !loopback(r.Host) {
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
