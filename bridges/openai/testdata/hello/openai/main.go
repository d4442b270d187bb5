// Hello is the smallest chat that asks a model through OpenAI's SDK.
package main

import (
	"context"
	"log"
	"net/http"
	"os"

	"github.com/openai/openai-go/v3/option"
	"github.com/openai/openai-go/v3/responses"

	openaichatkit "github.com/gochatkit/chatkit/bridges/openai"
	chatkit "github.com/gochatkit/chatkit/core"
	"github.com/gochatkit/chatkit/core/agent"
	"github.com/gochatkit/chatkit/core/memstore"
	"github.com/gochatkit/chatkit/core/transport/nethttp"
)

func main() {
	service := responses.NewResponseService(option.WithAPIKey(os.Getenv("OPENAI_API_KEY")))
	srv := chatkit.NewServer(memstore.New(), func(ctx context.Context, t *chatkit.Turn) error {
		var converter agent.Converter
		history, err := converter.Input(ctx, t.History(ctx))
		if err != nil {
			return err
		}
		return agent.Stream(ctx, t, openaichatkit.Stream(ctx, service, responses.ResponseNewParams{
			Model: "gpt-5-mini", Input: openaichatkit.Input(history),
		}))
	}, nil)
	http.HandleFunc("/chatkit", func(w http.ResponseWriter, r *http.Request) {
		nethttp.Serve(srv, w, r, nethttp.Options{})
	})
	log.Fatal(http.ListenAndServe("127.0.0.1:8080", nil))
}
