// Support-desk is the chat of a small shop's customer service, with all that an application has around a chat: a
// login, a database, tools that change orders, approval by the customer, photos, and a stop that loses nothing.
//
//	go run ./examples/support-desk
//
// A scripted clerk answers. With OPENAI_API_KEY a model does; OPENAI_MODEL chooses it, OPENAI_BASE_URL leads to any
// server with the Responses API.
package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"
)

func main() {
	addr := cmp.Or(os.Getenv("ADDR"), "127.0.0.1:8080")
	s := settings{now: time.Now}
	flag.StringVar(&addr, "addr", addr, "address to listen on; port 0 picks a free one")
	flag.StringVar(&s.url, "url", "", "where browsers reach the program, such as https://desk.example.com; empty is the address")
	flag.StringVar(&s.db, "db", "support-desk.db", "SQLite file with threads, orders and users")
	flag.StringVar(&s.uploads, "uploads", "uploads", "folder with the files of messages")
	proxies := flag.String("proxies", "", "addresses or networks of the proxies in front, with commas between them, such as 10.0.0.0/8")
	pause := flag.Duration("pause", 20*time.Millisecond, "time between two words of the scripted clerk")
	flag.Parse()
	s.model, s.who = chooseModel(*pause)
	s.proxies = strings.FieldsFunc(*proxies, func(r rune) bool { return r == ',' || r == ' ' })

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second signal ends the program at once
	if err := serve(ctx, addr, s); err != nil {
		fmt.Fprintln(os.Stderr, "support-desk:", err)
		os.Exit(1)
	}
}

// serve runs the program until ctx ends.
func serve(ctx context.Context, addr string, s settings) (err error) {
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return fmt.Errorf("%w (another address: -addr 127.0.0.1:9090)", err)
	}
	defer listener.Close()
	s.url = strings.TrimRight(cmp.Or(s.url, "http://"+listener.Addr().String()), "/")
	a, err := open(ctx, s)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.close()) }()

	web := server(a.handler)
	fmt.Printf("support-desk is ready: %s/\nlogins: alice / secret, bob / secret\nanswers: %s\n", s.url, s.who)
	failed := make(chan error, 1)
	go func() { failed <- web.Serve(listener) }()

	sweep := time.NewTicker(time.Hour)
	defer sweep.Stop()
	for ctx.Err() == nil {
		select {
		case err := <-failed:
			return err
		case <-sweep.C:
			if _, err := a.files.Sweep(ctx, 24*time.Hour); err != nil {
				slog.ErrorContext(ctx, "sweep uploads", "err", err)
			}
		case <-ctx.Done():
		}
	}

	// The chat first: it ends the running answers and stores what there is of them, which is what their
	// connections wait for. The database comes last.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	return errors.Join(a.chat.Shutdown(ctx), web.Shutdown(ctx))
}

// readTime is how long a request may take to arrive, whatever its route: nobody keeps a connection by sending slowly.
// Uploads have a longer time of their own, attach.Options.UploadTimeout; answers may stream for as long as they like.
var readTime = 30 * time.Second // only tests have less

func server(h http.Handler) *http.Server {
	return &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: readTime, IdleTimeout: 2 * time.Minute}
}
