// Fiber is ChatKit in a Fiber v2 application: go run ./examples/fiber
package main

import (
	"context"

	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/middleware/adaptor"
	"github.com/gofiber/fiber/v2/middleware/basicauth"
	"github.com/gofiber/fiber/v2/middleware/recover"
	"github.com/gofiber/fiber/v2/utils"

	fiberchatkit "github.com/gochatkit/chatkit/adapters/fiber"
	"github.com/gochatkit/chatkit/examples/bot"
)

func main() {
	srv := bot.NewServer()
	web := fiber.New(fiber.Config{DisableStartupMessage: true})
	web.Use(recover.New())
	app := web.Group("/", basicauth.New(basicauth.Config{Users: bot.Accounts}))
	fiberchatkit.Mount(app, "/chatkit", srv, fiberchatkit.WithContext(func(c *fiber.Ctx) context.Context {
		// Fiber's strings change under whoever keeps them: the name is copied for Options.Owner.
		name, _ := c.Locals("username").(string)
		return bot.WithUser(c.UserContext(), utils.CopyString(name))
	}))
	app.Get("/*", adaptor.HTTPHandler(bot.Page("Fiber example")))

	bot.Run(srv, web.Listen, web.ShutdownWithContext)
}
