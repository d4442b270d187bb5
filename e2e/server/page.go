package main

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path"
	"strings"

	chatkit "github.com/gochatkit/chatkit/core"
)

//go:embed page
var files embed.FS

// pages serves the test pages.
func pages() http.Handler {
	root, err := fs.Sub(files, "page")
	if err != nil {
		panic(err) // the folder is compiled in
	}
	return http.FileServerFS(root)
}

// modules serves the library's modules under /library/. They name each other without an extension.
func modules(dir string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name := strings.TrimSuffix(path.Base(r.URL.Path), ".js") + ".js"
		body, err := fs.ReadFile(os.DirFS(dir), name)
		if dir == "" || err != nil {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", "text/javascript; charset=utf-8")
		_, _ = w.Write(body) // an error means that the browser has left
	})
}

// stored returns all items of a thread, the hidden ones too, which no client gets to see.
func stored(store chatkit.Store) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		page, err := store.Items(r.Context(), "", r.URL.Query().Get("thread"),
			chatkit.PageQuery{Limit: 1000, Order: chatkit.OrderAsc, Hidden: true})
		if err != nil {
			http.Error(w, fmt.Sprintf("load items: %v", err), http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(page.Data) // an error means that the client has left
	})
}
