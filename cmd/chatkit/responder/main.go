// Command responder is a ChatKit server whose answers follow scripts, for "chatkit vectors":
//
//	go run ./cmd/chatkit/responder -addr 127.0.0.1:8099
//	chatkit vectors http://127.0.0.1:8099/chatkit
//
// It keeps the contract of docs/responder-contract.md. Whoever reaches it can read and change everything in
// it: it listens on a loopback address only.
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
	"github.com/gochatkit/chatkit/core/chatkittest/vectortest"
)

func main() {
	addr := flag.String("addr", "127.0.0.1:8099", "loopback address to listen on; port 0 picks a free one")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := serve(ctx, *addr); err != nil {
		fmt.Fprintln(os.Stderr, "responder:", err)
		os.Exit(1)
	}
}

func serve(ctx context.Context, addr string) error {
	ln, err := net.Listen("tcp", addr)
	if err != nil {
		return err
	}
	if tcp, ok := ln.Addr().(*net.TCPAddr); !ok || !tcp.IP.IsLoopback() {
		ln.Close()
		return fmt.Errorf("%s is no loopback address", ln.Addr())
	}
	responder := vectortest.NewResponder()
	mux := http.NewServeMux()
	mux.Handle("/chatkit", nethttpchatkit.Handler(responder.Server()))
	mux.Handle("/chatkit/script", responder)
	web := &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second}
	fmt.Printf("http://%s/chatkit\n", ln.Addr())

	failed := make(chan error, 1)
	go func() { failed <- web.Serve(ln) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	return errors.Join(responder.Server().Shutdown(ctx), web.Shutdown(ctx))
}
