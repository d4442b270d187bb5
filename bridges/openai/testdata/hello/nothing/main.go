// Hello is a web server with nothing in it, to compare with.
package main

import (
	"encoding/json"
	"log"
	"log/slog"
	"net/http"
)

func main() {
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		slog.Info("request", "path", r.URL.Path)
		_ = json.NewEncoder(w).Encode("hello")
	})
	log.Fatal(http.ListenAndServe("127.0.0.1:8080", nil))
}
