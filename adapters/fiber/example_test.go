package fiberchatkit_test

import (
	"context"
	"fmt"
	"net"

	"github.com/gofiber/fiber/v2"

	fiberchatkit "github.com/gochatkit/chatkit/adapters/fiber"
	chatkit "github.com/gochatkit/chatkit/core"
	"github.com/gochatkit/chatkit/core/client"
	"github.com/gochatkit/chatkit/core/memstore"
)

func ExampleHandler() {
	srv := chatkit.NewServer(memstore.New(), func(_ context.Context, t *chatkit.Turn) error {
		return t.Text("Hello yourself.")
	}, nil)
	app := fiber.New(fiber.Config{DisableStartupMessage: true})
	fiberchatkit.Mount(app, "/chatkit", srv)
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		fmt.Println(err)
		return
	}
	go app.Listener(ln)
	defer app.Shutdown()
	show("http://" + ln.Addr().String() + "/chatkit")
	// Output: Hello yourself.
}

// userKey is the application's own key for the user's name.
type userKey struct{}

func ExampleWithContext() {
	srv := chatkit.NewServer(memstore.New(), func(ctx context.Context, t *chatkit.Turn) error {
		return t.Text(fmt.Sprintf("Hello, %s.", ctx.Value(userKey{})))
	}, nil)
	app := fiber.New(fiber.Config{DisableStartupMessage: true})
	app.Use(func(c *fiber.Ctx) error {
		c.Locals("user", "Alice")
		return c.Next()
	})
	fiberchatkit.Mount(app, "/chatkit", srv, fiberchatkit.WithContext(func(c *fiber.Ctx) context.Context {
		return context.WithValue(c.UserContext(), userKey{}, c.Locals("user"))
	}))
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		fmt.Println(err)
		return
	}
	go app.Listener(ln)
	defer app.Shutdown()
	show("http://" + ln.Addr().String() + "/chatkit")
	// Output: Hello, Alice.
}

// show asks a question and prints the answer as a user reads it.
func show(url string) {
	stream, err := client.New(url).CreateThread(context.Background(), client.Text("Hi"))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer stream.Close()
	for e, err := range stream.Events() {
		if err != nil {
			fmt.Println(err)
			return
		}
		if done, ok := e.Event.(*chatkit.ThreadItemDoneEvent); ok {
			if m, ok := done.Item.(*chatkit.AssistantMessageItem); ok {
				fmt.Println(m.Text())
			}
		}
	}
}
