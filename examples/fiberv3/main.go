// Fiberv3 is ChatKit in a Fiber v3 application: go run ./examples/fiberv3
package main

import (
	"context"
	"strings"

	"github.com/gofiber/fiber/v3"
	"github.com/gofiber/fiber/v3/middleware/adaptor"
	"github.com/gofiber/fiber/v3/middleware/basicauth"
	"github.com/gofiber/fiber/v3/middleware/recover"

	fiberv3chatkit "github.com/gochatkit/chatkit/adapters/fiberv3"
	"github.com/gochatkit/chatkit/examples/bot"
)

func main() {
	srv := bot.NewServer()
	web := fiber.New()
	web.Use(recover.New())
	app := web.Group("/", basicauth.New(basicauth.Config{
		Authorizer: func(name, password string, _ fiber.Ctx) bool {
			want, ok := bot.Accounts[name]
			return ok && password == want
		},
	}))
	fiberv3chatkit.Mount(app, "/chatkit", srv, fiberv3chatkit.WithContext(func(c fiber.Ctx) context.Context {
		// Fiber's strings change under whoever keeps them: the name is copied for Options.Owner.
		return bot.WithUser(c.Context(), strings.Clone(basicauth.UsernameFromContext(c)))
	}))
	app.Get("/*", adaptor.HTTPHandler(bot.Page("Fiber v3 example")))

	bot.Run(srv, func(addr string) error {
		return web.Listen(addr, fiber.ListenConfig{DisableStartupMessage: true})
	}, web.ShutdownWithContext)
}
