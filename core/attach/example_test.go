package attach_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"

	chatkit "github.com/gochatkit/chatkit/core"
	"github.com/gochatkit/chatkit/core/attach"
	"github.com/gochatkit/chatkit/core/client"
	"github.com/gochatkit/chatkit/core/memstore"
	"github.com/gochatkit/chatkit/core/transport/nethttp"
)

// A user sends a text file, and the answer has read it.
func ExampleNew() {
	mux := http.NewServeMux()
	web := httptest.NewServer(mux)
	defer web.Close()
	dir, err := os.MkdirTemp("", "uploads")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)

	blobs, err := attach.NewFolder(dir)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer blobs.Close()
	secret := make([]byte, 32) // an application keeps it: another one ends all links
	_, _ = rand.Read(secret)   // never fails
	store := memstore.New()
	files, err := attach.New(blobs, store, &attach.Options{URL: web.URL + "/files", Secret: secret})
	if err != nil {
		fmt.Println(err)
		return
	}
	respond := func(ctx context.Context, t *chatkit.Turn) error {
		for _, a := range t.Input.Attachments {
			text, ok, err := files.Text(ctx, t.Owner(), a)
			if err != nil {
				return err
			}
			if ok {
				return t.Text(fmt.Sprintf("%s says: %s", a.Meta().Name, text))
			}
		}
		return t.Text("There is nothing to read.")
	}
	srv := chatkit.NewServer(store, respond, &chatkit.Options{Attachments: files})
	mux.HandleFunc("/chatkit", func(w http.ResponseWriter, r *http.Request) { // nethttpchatkit.Handler(srv)
		nethttp.Serve(srv, w, r, nethttp.Options{})
	})
	mux.Handle("/files/", files)

	if err := sendFile(client.New(web.URL+"/chatkit"), "note.txt", "Buy milk."); err != nil {
		fmt.Println(err)
	}
	// Output: note.txt says: Buy milk.
}

// sendFile does what a browser does: it announces a file, uploads it, sends a message with it, and prints the answer.
func sendFile(c *client.Client, name, content string) error {
	ctx := context.Background()
	a, err := c.CreateAttachment(ctx, name, "text/plain", int64(len(content)))
	if err != nil {
		return err
	}
	to := a.Meta().UploadDescriptor
	req, err := http.NewRequestWithContext(ctx, to.Method, to.URL, strings.NewReader(content))
	if err != nil {
		return err
	}
	for name, value := range to.Headers {
		req.Header.Set(name, value)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	res.Body.Close()

	message := client.Text("What is in it?")
	message.Attachments = []string{a.Meta().ID}
	stream, err := c.CreateThread(ctx, message)
	if err != nil {
		return err
	}
	defer stream.Close()
	for e, err := range stream.Events() {
		if err != nil {
			return err
		}
		if done, ok := e.Event.(*chatkit.ThreadItemDoneEvent); ok {
			if m, ok := done.Item.(*chatkit.AssistantMessageItem); ok {
				fmt.Println(m.Text())
			}
		}
	}
	return nil
}
