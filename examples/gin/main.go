// Gin is ChatKit in a Gin application: go run ./examples/gin
package main

import (
	"context"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	ginchatkit "github.com/gochatkit/chatkit/adapters/gin"
	"github.com/gochatkit/chatkit/examples/bot"
)

func main() {
	srv := bot.NewServer()
	r := gin.Default()
	app := r.Group("/", gin.BasicAuth(bot.Accounts))
	ginchatkit.Mount(app, "/chatkit", srv, ginchatkit.WithContext(func(c *gin.Context) context.Context {
		// Gin keeps its values to itself: this hands the user over to Options.Owner.
		return bot.WithUser(c.Request.Context(), c.GetString(gin.AuthUserKey))
	}))
	r.NoRoute(gin.BasicAuth(bot.Accounts), gin.WrapH(bot.Page("Gin example")))

	web := &http.Server{Handler: r, ReadHeaderTimeout: 10 * time.Second}
	bot.Run(srv, func(addr string) error {
		web.Addr = addr
		return web.ListenAndServe()
	}, web.Shutdown)
}
