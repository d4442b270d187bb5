// Echo is ChatKit in an Echo v4 application: go run ./examples/echo
package main

import (
	"context"

	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"

	echochatkit "github.com/gochatkit/chatkit/adapters/echo"
	"github.com/gochatkit/chatkit/examples/bot"
)

func main() {
	srv := bot.NewServer()
	e := echo.New()
	e.HideBanner, e.HidePort = true, true
	e.Use(middleware.Recover())
	app := e.Group("", middleware.BasicAuth(func(name, password string, c echo.Context) (bool, error) {
		c.Set("user", name)
		want, ok := bot.Accounts[name]
		return ok && password == want, nil
	}))
	echochatkit.Mount(app, "/chatkit", srv, echochatkit.WithContext(func(c echo.Context) context.Context {
		// Echo keeps its values to itself: this hands the user over to Options.Owner.
		name, _ := c.Get("user").(string)
		return bot.WithUser(c.Request().Context(), name)
	}))
	page := echo.WrapHandler(bot.Page("Echo example"))
	app.GET("/", page)
	app.GET("/*", page)

	bot.Run(srv, e.Start, e.Shutdown)
}
