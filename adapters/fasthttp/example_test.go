package fasthttpchatkit_test

import (
	"context"
	"fmt"
	"net"

	"github.com/valyala/fasthttp"

	fasthttpchatkit "github.com/gochatkit/chatkit/adapters/fasthttp"
	chatkit "github.com/gochatkit/chatkit/core"
	"github.com/gochatkit/chatkit/core/client"
	"github.com/gochatkit/chatkit/core/memstore"
)

func ExampleHandler() {
	srv := chatkit.NewServer(memstore.New(), func(_ context.Context, t *chatkit.Turn) error {
		return t.Text("Hello yourself.")
	}, nil)
	web := &fasthttp.Server{Handler: fasthttpchatkit.Handler(srv)}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		fmt.Println(err)
		return
	}
	go web.Serve(ln)
	defer web.Shutdown()
	show("http://" + ln.Addr().String() + "/chatkit")
	// Output: Hello yourself.
}

// userKey is the application's own key for the user's name.
type userKey struct{}

func ExampleWithContext() {
	srv := chatkit.NewServer(memstore.New(), func(ctx context.Context, t *chatkit.Turn) error {
		return t.Text(fmt.Sprintf("Hello, %s.", ctx.Value(userKey{})))
	}, nil)
	signIn := func(f *fasthttp.RequestCtx) string { return "Alice" } // what the application does
	web := &fasthttp.Server{Handler: fasthttpchatkit.Handler(srv, fasthttpchatkit.WithContext(func(f *fasthttp.RequestCtx) context.Context {
		return context.WithValue(context.Background(), userKey{}, signIn(f))
	}))}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		fmt.Println(err)
		return
	}
	go web.Serve(ln)
	defer web.Shutdown()
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
