// Attachments is a chat that takes files: images are shown in the message and handed to the model, texts
// go into its prompt.
//
//	go run ./examples/attachments
//
// No model answers: the program says what one would get.
package main

import (
	"context"
	"crypto/rand"
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
	"github.com/gochatkit/chatkit/core/attach"
	"github.com/gochatkit/chatkit/core/memstore"
)

func main() {
	addr := os.Getenv("ADDR")
	if addr == "" {
		addr = "127.0.0.1:8080"
	}
	flag.StringVar(&addr, "addr", addr, "address to listen on; port 0 picks a free one")
	dir := flag.String("files", "", "folder to keep the files in; empty is a temporary one, as threads are kept in memory")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second signal ends the program at once
	if err := run(ctx, addr, *dir); err != nil {
		fmt.Fprintln(os.Stderr, "attachments:", err)
		os.Exit(1)
	}
}

// run serves until ctx ends.
func run(ctx context.Context, addr, dir string) (err error) {
	if dir == "" {
		if dir, err = os.MkdirTemp("", "attachments-*"); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	}
	folder, err := attach.NewFolder(dir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, folder.Close()) }()
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return fmt.Errorf("%w (another address: -addr 127.0.0.1:9090)", err)
	}

	origin := "http://" + listener.Addr().String()
	store := memstore.New()
	files, err := attach.New(folder, store, &attach.Options{
		URL: origin + "/files",
		// A server that outlives a restart keeps its secret: links of before end with it.
		Secret: []byte(rand.Text() + rand.Text()),
		Types:  []string{"image/png", "image/jpeg", "image/gif", "image/webp", "text/*", "application/json", "application/pdf"},
	})
	if err != nil {
		return err
	}
	r := &reader{files: files}
	srv := chatkit.NewServer(store, r.respond, &chatkit.Options{Attachments: files, Action: r.act})

	mux := http.NewServeMux()
	mux.Handle("/chatkit", nethttpchatkit.Handler(srv))
	mux.Handle("/files", files)
	mux.Handle("/files/", files)
	mux.Handle("/", page(origin))
	// There is no login here, so pages of other sites have to stay out.
	web := &http.Server{Handler: http.NewCrossOriginProtection().Handler(mux), ReadHeaderTimeout: 10 * time.Second}
	fmt.Printf("attachments is ready: %s/\n", origin)

	failed := make(chan error, 1)
	go func() { failed <- web.Serve(listener) }()
	sweep := time.NewTicker(time.Hour)
	defer sweep.Stop()
	for {
		select {
		case err := <-failed:
			return err
		case <-sweep.C:
			if _, err := files.Sweep(ctx, 24*time.Hour); err != nil {
				slog.Error("sweep uploads", "err", err)
			}
			continue
		case <-ctx.Done():
		}
		break
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	return errors.Join(srv.Shutdown(ctx), web.Shutdown(ctx))
}
