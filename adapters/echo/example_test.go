package echochatkit_test

import (
	"context"
	"fmt"
	"net/http/httptest"

	"github.com/labstack/echo/v4"

	echochatkit "github.com/gochatkit/chatkit/adapters/echo"
	chatkit "github.com/gochatkit/chatkit/core"
	"github.com/gochatkit/chatkit/core/client"
	"github.com/gochatkit/chatkit/core/memstore"
)

func ExampleHandler() {
	srv := chatkit.NewServer(memstore.New(), func(_ context.Context, t *chatkit.Turn) error {
		return t.Text("Hello yourself.")
	}, nil)
	e := echo.New()
	echochatkit.Mount(e, "/chatkit", srv)
	web := httptest.NewServer(e)
	defer web.Close()
	show(web.URL + "/chatkit")
	// Output: Hello yourself.
}

// userKey is the application's own key for the user's name.
type userKey struct{}

func ExampleWithContext() {
	srv := chatkit.NewServer(memstore.New(), func(ctx context.Context, t *chatkit.Turn) error {
		return t.Text(fmt.Sprintf("Hello, %s.", ctx.Value(userKey{})))
	}, nil)
	e := echo.New()
	e.Use(func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			c.Set("user", "Alice")
			return next(c)
		}
	})
	echochatkit.Mount(e, "/chatkit", srv, echochatkit.WithContext(func(c echo.Context) context.Context {
		return context.WithValue(c.Request().Context(), userKey{}, c.Get("user"))
	}))
	web := httptest.NewServer(e)
	defer web.Close()
	show(web.URL + "/chatkit")
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
