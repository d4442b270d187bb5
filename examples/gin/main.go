// Gin is ChatKit in a Gin application: go run ./examples/gin
package main

import (
	"cmp"
	"context"
	"errors"
	"log"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/gin-gonic/gin"
	ginchatkit "github.com/gochatkit/chatkit/adapters/gin"
	chatkit "github.com/gochatkit/chatkit/core"
	"github.com/gochatkit/chatkit/core/memstore"
	"github.com/gochatkit/chatkit/examples/quickstart/page"
)

func respond(_ context.Context, t *chatkit.Turn) error { return t.Text("Hello from **Gin**!") }

func main() {
	srv := chatkit.NewServer(memstore.New(), respond, nil)
	r := gin.Default()
	r.POST("/chatkit", ginchatkit.Handler(srv))
	r.NoRoute(gin.WrapH(page.Handler(page.About{Label: "Gin example"})))
	addr := cmp.Or(os.Getenv("ADDR"), "127.0.0.1:8080")
	web := &http.Server{Addr: addr, Handler: r, ReadHeaderTimeout: 10 * time.Second}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	go func() { log.Print(web.ListenAndServe()); stop() }()
	log.Printf("Gin example: http://%s/", addr)
	<-ctx.Done()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if err := errors.Join(srv.Shutdown(ctx), web.Shutdown(ctx)); err != nil { // the chat first: it ends the answers
		log.Fatal(err)
	}
}
