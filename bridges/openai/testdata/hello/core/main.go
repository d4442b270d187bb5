// Hello is the smallest chat that asks a model without an SDK.
package main

import (
	"context"
	"log"
	"net/http"
	"os"

	chatkit "github.com/gochatkit/chatkit/core"
	"github.com/gochatkit/chatkit/core/agent"
	"github.com/gochatkit/chatkit/core/agent/oaiwire"
	"github.com/gochatkit/chatkit/core/memstore"
	"github.com/gochatkit/chatkit/core/transport/nethttp"
)

func main() {
	client := &oaiwire.Client{Key: os.Getenv("OPENAI_API_KEY")}
	srv := chatkit.NewServer(memstore.New(), func(ctx context.Context, t *chatkit.Turn) error {
		var converter agent.Converter
		history, err := converter.Input(ctx, t.History(ctx))
		if err != nil {
			return err
		}
		return agent.Stream(ctx, t, client.Responses(ctx, map[string]any{"model": "gpt-5-mini", "input": history}))
	}, nil)
	http.HandleFunc("/chatkit", func(w http.ResponseWriter, r *http.Request) {
		nethttp.Serve(srv, w, r, nethttp.Options{})
	})
	log.Fatal(http.ListenAndServe("127.0.0.1:8080", nil))
}
