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
	"net/http"
	"os"
	"time"

	nethttpchatkit "github.com/gochatkit/chatkit/adapters/nethttp"
	chatkit "github.com/gochatkit/chatkit/core"
	"github.com/gochatkit/chatkit/core/attach"
	"github.com/gochatkit/chatkit/core/memstore"
	"github.com/gochatkit/chatkit/examples/host"
)

func main() {
	dir := flag.String("files", "", "folder to keep the files in; empty is a temporary one, as threads are kept in memory")
	host.Main("attachments", func(ctx context.Context, addr string) error { return run(ctx, addr, *dir) })
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
	listener, err := host.Listen(addr)
	if err != nil {
		return err
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
	fmt.Printf("attachments is ready: %s/\n", origin)
	// There is no login here, so pages of other sites have to stay out.
	return host.Run(ctx, listener, http.NewCrossOriginProtection().Handler(mux), srv, func(ctx context.Context) {
		if _, err := files.Sweep(ctx, 24*time.Hour); err != nil {
			slog.Error("sweep uploads", "err", err)
		}
	})
}
