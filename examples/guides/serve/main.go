// Serve answers as the guides in docs describe it, each under a path of its own:
//
//	go run ./examples/guides/serve
//	curl -N http://127.0.0.1:8080/streaming …
//
// A page for each of them is at the address with a slash behind it.
package main

import (
	"cmp"
	"context"
	"fmt"
	"log"
	"net/http"
	"os"
	"slices"
	"time"

	nethttpchatkit "github.com/gochatkit/chatkit/adapters/nethttp"
	chatkit "github.com/gochatkit/chatkit/core"
	"github.com/gochatkit/chatkit/core/memstore"
	"github.com/gochatkit/chatkit/core/playground"
	"github.com/gochatkit/chatkit/examples/guides/debugging"
	"github.com/gochatkit/chatkit/examples/guides/interruptions"
	"github.com/gochatkit/chatkit/examples/guides/messages"
	"github.com/gochatkit/chatkit/examples/guides/pitfalls"
	"github.com/gochatkit/chatkit/examples/guides/progress"
	desk "github.com/gochatkit/chatkit/examples/guides/python"
	"github.com/gochatkit/chatkit/examples/guides/stopbutton"
	"github.com/gochatkit/chatkit/examples/guides/streaming"
)

func main() {
	shop := &stopbutton.Shop{
		Search: func(ctx context.Context, what string) (string, error) { return what + " for 5 €", wait(ctx) },
		Buy:    func(ctx context.Context, _ string) error { return wait(ctx) },
	}
	servers := map[string]*chatkit.Server{
		"streaming":   chatkit.NewServer(memstore.New(), streaming.Streaming, nil),
		"blocking":    chatkit.NewServer(memstore.New(), streaming.Blocking, nil),
		"announced":   chatkit.NewServer(memstore.New(), streaming.Announced, nil),
		"messages":    chatkit.NewServer(memstore.New(), messages.Several, nil),
		"lines":       chatkit.NewServer(memstore.New(), progress.Lines, nil),
		"tasks":       chatkit.NewServer(memstore.New(), progress.Tasks, nil),
		"stop-button": chatkit.NewServer(memstore.New(), shop.Respond, nil),
		"unstoppable": chatkit.NewServer(memstore.New(), streaming.Streaming, stopbutton.Unstoppable()),
		"interrupted": chatkit.NewServer(memstore.New(), interruptions.Respond, interruptions.Noted()),
		"python":      chatkit.NewServer(memstore.New(), desk.Respond, desk.Options(nil)),
		"debug":       chatkit.NewServer(memstore.New(), streaming.Streaming, debugging.Development()),
		"bursty":      chatkit.NewServer(memstore.New(), debugging.Bursty, debugging.Development()),
		"stalled":     chatkit.NewServer(memstore.New(), debugging.Stalled, debugging.Development()),
		"buffered":    chatkit.NewServer(memstore.New(), streaming.Streaming, debugging.Development()),
	}
	mux := http.NewServeMux()
	addr := cmp.Or(os.Getenv("ADDR"), "127.0.0.1:8080")
	var names []string
	for name, srv := range servers {
		names = append(names, name)
		handler := nethttpchatkit.Handler(srv)
		if name == "buffered" {
			handler = pitfalls.WithPretender(handler)
		}
		mux.Handle("/"+name, handler)
		mux.Handle("/"+name+"/", playground.Handler(&playground.Options{ChatKitURL: "/" + name, Label: name}))
	}
	slices.Sort(names)
	for _, name := range names {
		fmt.Printf("http://%s/%s/\n", addr, name)
	}
	web := &http.Server{Addr: addr, Handler: mux, ReadHeaderTimeout: 10 * time.Second}
	log.Fatal(web.ListenAndServe())
}

// wait is what searching and buying take.
func wait(ctx context.Context) error {
	select {
	case <-time.After(time.Second):
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
