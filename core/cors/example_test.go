package cors_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"

	"github.com/gochatkit/chatkit/core/cors"
)

// A shop's page may talk to a chat on another host. Other pages may not.
func ExampleNew() {
	allow, err := cors.New(&cors.Options{Origins: []string{"https://shop.example.com"}})
	if err != nil {
		fmt.Println(err)
		return
	}
	chat := http.NotFoundHandler() // in an application: nethttpchatkit.Handler(srv)
	mux := http.NewServeMux()
	mux.Handle("/chatkit", allow(chat))

	for _, origin := range []string{"https://shop.example.com", "https://elsewhere.example.com"} {
		question := httptest.NewRequest(http.MethodOptions, "/chatkit", nil)
		question.Header.Set("Origin", origin)
		question.Header.Set("Access-Control-Request-Method", http.MethodPost)
		answer := httptest.NewRecorder()
		mux.ServeHTTP(answer, question)
		fmt.Printf("%d %q\n", answer.Code, answer.Header().Get("Access-Control-Allow-Origin"))
	}
	// Output:
	// 204 "https://shop.example.com"
	// 403 ""
}
