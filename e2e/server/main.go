// Server is what the browser tests about interruptions talk to: a ChatKit server whose answers are as long
// and as slow as a test asks for, two pages, and a look at what is stored.
//
// A message "30 words 20ms after 1s" is answered, a second later, with w0 to w29, 20 ms apart; the times
// may be left out.
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
	"github.com/gochatkit/chatkit/core/playground"
	"github.com/gochatkit/chatkit/core/run"
)

func main() {
	policy := flag.String("policy", "auto", "what becomes of a turn without clients: auto, cancel, grace or keep")
	grace := flag.Duration("grace", 10*time.Second, "how long the policies grace and keep wait")
	gap := flag.Duration("gap", 20*time.Millisecond, "time between two words, unless a message asks for another one")
	debug := flag.Bool("debug", false, "have streams tell when they were written")
	heartbeat := flag.Duration("heartbeat", 0, "idle time until a comment line is sent; 0 is the default of the library")
	library := flag.String("library", "", "folder of the modules of @microsoft/fetch-event-source")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	opts := &chatkit.Options{Debug: *debug, Run: run.Config{Heartbeat: *heartbeat}}
	if err := serve(ctx, opts, *policy, *grace, *gap, *library); err != nil {
		fmt.Fprintln(os.Stderr, "server:", err)
		os.Exit(1)
	}
}

// serve serves on a free port of the loopback interface, which it prints, until ctx ends.
func serve(ctx context.Context, opts *chatkit.Options, policy string, grace, gap time.Duration, library string) error {
	disconnect, ok := map[string]run.Disconnect{
		"auto": run.Auto, "cancel": run.CancelRun, "grace": run.Grace(grace), "keep": run.Keep(grace),
	}[policy]
	if !ok {
		return fmt.Errorf("no policy is called %q", policy)
	}
	store := memstore.New()
	opts.Disconnect = disconnect
	opts.Logger = slog.New(slog.NewTextHandler(os.Stderr, nil))
	srv := chatkit.NewServer(store, words(gap), opts)

	mux := http.NewServeMux()
	mux.Handle("/chatkit", nethttpchatkit.Handler(srv))
	mux.Handle("/stored", stored(store))
	mux.Handle("/library/", modules(library))
	mux.Handle("/playground/", playground.Handler(&playground.Options{Intro: "Ask for words.", Official: true}))
	mux.Handle("/", pages())

	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	web := &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second}
	fmt.Printf("http://%s\n", listener.Addr())

	failed := make(chan error, 1)
	go func() { failed <- web.Serve(listener) }()
	select {
	case err := <-failed:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	return errors.Join(srv.Shutdown(ctx), web.Shutdown(ctx))
}
