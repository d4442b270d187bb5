// Nethttp is ChatKit on net/http's own router: go run ./examples/nethttp
package main

import (
	"net/http"
	"time"

	nethttpchatkit "github.com/gochatkit/chatkit/adapters/nethttp"
	"github.com/gochatkit/chatkit/examples/bot"
)

func main() {
	srv := bot.NewServer()
	mux := http.NewServeMux()
	mux.Handle("/chatkit", nethttpchatkit.Handler(srv)) // all methods: the handler answers 405 itself
	mux.Handle("/", bot.Page("net/http example"))
	web := &http.Server{Handler: requireUser(mux), ReadHeaderTimeout: 10 * time.Second}
	bot.Run(srv, func(addr string) error {
		web.Addr = addr
		return web.ListenAndServe()
	}, web.Shutdown)
}

// requireUser is the application's own authentication. What it puts into the request's context is what
// Options.Owner finds there.
func requireUser(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name, password, _ := r.BasicAuth()
		if want, ok := bot.Accounts[name]; !ok || password != want {
			w.Header().Set("WWW-Authenticate", `Basic realm="chat"`)
			http.Error(w, "who are you?", http.StatusUnauthorized)
			return
		}
		next.ServeHTTP(w, r.WithContext(bot.WithUser(r.Context(), name)))
	})
}
