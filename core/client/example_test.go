package client_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"

	chatkit "github.com/gochatkit/chatkit/core"
	"github.com/gochatkit/chatkit/core/client"
	"github.com/gochatkit/chatkit/core/memstore"
	"github.com/gochatkit/chatkit/core/transport/nethttp"
)

// A client starts a thread, reads the answer, and reads the thread again.
func ExampleClient() {
	ctx := context.Background()
	web := serveEcho()
	defer web.Close()

	c := client.New(web.URL)
	stream, err := c.CreateThread(ctx, client.Text("Hi"))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer stream.Close()
	thread := ""
	for e, err := range stream.Events() {
		if err != nil {
			fmt.Println(err)
			return
		}
		switch e := e.Event.(type) {
		case *chatkit.ThreadCreatedEvent:
			thread = e.Thread.ID
		case *chatkit.ThreadItemDoneEvent:
			fmt.Println("done:", e.Item.ItemType())
		}
	}

	page, err := c.Items(ctx, thread, client.Page{Order: chatkit.OrderAsc})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, it := range page.Data {
		switch it := it.(type) {
		case *chatkit.UserMessageItem:
			fmt.Println("user:", it.Text())
		case *chatkit.AssistantMessageItem:
			fmt.Println("assistant:", it.Text())
		}
	}
	// Output:
	// done: user_message
	// done: assistant_message
	// user: Hi
	// assistant: You said: Hi
}

// serveEcho starts a server to talk to.
func serveEcho() *httptest.Server {
	srv := chatkit.NewServer(memstore.New(), func(_ context.Context, t *chatkit.Turn) error {
		return t.Text("You said: " + t.Input.Text())
	}, nil)
	return httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		nethttp.Serve(srv, w, r, nethttp.Options{})
	}))
}
