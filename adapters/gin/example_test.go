package ginchatkit_test

import (
	"context"
	"fmt"
	"net/http/httptest"

	"github.com/gin-gonic/gin"

	ginchatkit "github.com/gochatkit/chatkit/adapters/gin"
	chatkit "github.com/gochatkit/chatkit/core"
	"github.com/gochatkit/chatkit/core/client"
	"github.com/gochatkit/chatkit/core/memstore"
)

func ExampleHandler() {
	srv := chatkit.NewServer(memstore.New(), func(_ context.Context, t *chatkit.Turn) error {
		return t.Text("Hello yourself.")
	}, nil)
	r := gin.New()
	ginchatkit.Mount(r, "/chatkit", srv)
	web := httptest.NewServer(r)
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
	r := gin.New()
	r.Use(func(c *gin.Context) { c.Set("user", "Alice") })
	ginchatkit.Mount(r, "/chatkit", srv, ginchatkit.WithContext(func(c *gin.Context) context.Context {
		return context.WithValue(c.Request.Context(), userKey{}, c.GetString("user"))
	}))
	web := httptest.NewServer(r)
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
