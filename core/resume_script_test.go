package chatkit_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	chatkit "github.com/gochatkit/chatkit/core"
	"github.com/gochatkit/chatkit/core/memstore"
	transporthttp "github.com/gochatkit/chatkit/core/transport/nethttp"
)

func TestTheScriptIsServedOnTheRoute(t *testing.T) {
	srv := chatkit.NewServer(memstore.New(), func(context.Context, *chatkit.Turn) error { return nil }, nil)
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		transporthttp.Serve(srv, w, r, transporthttp.Options{})
	}))
	defer web.Close()
	tests := []struct {
		method, query string
		status        int
		body          []byte // nil: not looked at
	}{
		{http.MethodGet, "?resume.js", http.StatusOK, chatkit.ResumeScript()},
		{http.MethodHead, "?resume.js", http.StatusOK, []byte{}},
		{http.MethodGet, "", http.StatusMethodNotAllowed, nil},
		{http.MethodHead, "", http.StatusMethodNotAllowed, nil},
		{http.MethodGet, "?resume.js=1", http.StatusMethodNotAllowed, nil},
		{http.MethodGet, "?x=1&resume.js", http.StatusMethodNotAllowed, nil},
		{http.MethodGet, "?../resume.js", http.StatusMethodNotAllowed, nil},
		{http.MethodPut, "?resume.js", http.StatusMethodNotAllowed, nil},
		{http.MethodPost, "?resume.js", http.StatusUnsupportedMediaType, nil}, // a request like any other
	}
	for _, tt := range tests {
		t.Run(tt.method+" "+tt.query, func(t *testing.T) {
			req, err := http.NewRequestWithContext(t.Context(), tt.method, web.URL+tt.query, http.NoBody)
			if err != nil {
				t.Fatal(err)
			}
			res, err := web.Client().Do(req)
			if err != nil {
				t.Fatal(err)
			}
			defer res.Body.Close()
			body, err := io.ReadAll(res.Body)
			if err != nil {
				t.Fatal(err)
			}
			if res.StatusCode != tt.status {
				t.Fatalf("status = %d, want %d", res.StatusCode, tt.status)
			}
			if got := res.Header.Get("X-Content-Type-Options"); got != "nosniff" {
				t.Errorf("X-Content-Type-Options = %q", got)
			}
			if tt.status != http.StatusOK {
				if got := res.Header.Get("Allow"); tt.status == http.StatusMethodNotAllowed && got != "POST" {
					t.Errorf("Allow = %q, want POST", got)
				}
				return
			}
			if got := res.Header.Get("Content-Type"); got != "text/javascript; charset=utf-8" {
				t.Errorf("Content-Type = %q", got)
			}
			if !bytes.Equal(body, tt.body) {
				t.Errorf("body has %d bytes, want %d", len(body), len(tt.body))
			}
		})
	}
}

func TestTheScriptIsACopy(t *testing.T) {
	first := chatkit.ResumeScript()
	if !bytes.Contains(first, []byte("export function resumable")) {
		t.Fatalf("the script begins with %.80q", first)
	}
	clear(first)
	if got := chatkit.ResumeScript(); bytes.Equal(got, first) {
		t.Error("writing to the script changes what is served")
	}
}
