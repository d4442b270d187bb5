// Echov5 is ChatKit in an Echo v5 application: go run ./examples/echov5
package main

import (
	"context"
	"net/http"
	"time"

	"github.com/labstack/echo/v5"
	"github.com/labstack/echo/v5/middleware"

	echov5chatkit "github.com/gochatkit/chatkit/adapters/echov5"
	"github.com/gochatkit/chatkit/examples/bot"
)

func main() {
	srv := bot.NewServer()
	e := echo.New()
	e.Use(middleware.Recover())
	app := e.Group("", middleware.BasicAuth(func(c *echo.Context, name, password string) (bool, error) {
		c.Set("user", name)
		want, ok := bot.Accounts[name]
		return ok && password == want, nil
	}))
	echov5chatkit.Mount(app, "/chatkit", srv, echov5chatkit.WithContext(func(c *echo.Context) context.Context {
		// Echo keeps its values to itself: this hands the user over to Options.Owner.
		name, _ := c.Get("user").(string)
		return bot.WithUser(c.Request().Context(), name)
	}))
	page := echo.WrapHandler(bot.Page("Echo v5 example"))
	app.GET("/", page)
	app.GET("/*", page)

	web := &http.Server{Handler: e, ReadHeaderTimeout: 10 * time.Second}
	bot.Run(srv, func(addr string) error {
		web.Addr = addr
		return web.ListenAndServe()
	}, web.Shutdown)
}
