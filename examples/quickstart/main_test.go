package main

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

func TestOtherWebSitesAreKeptOut(t *testing.T) {
	for name, tc := range map[string]struct {
		local   bool
		host    string
		headers map[string]string
		want    int
	}{
		"the page itself":             {true, "127.0.0.1:8080", map[string]string{"Sec-Fetch-Site": "same-origin"}, 200},
		"a program without a browser": {true, "localhost:8080", nil, 200},
		"IPv6":                        {true, "[::1]:8080", nil, 200},
		"a name that points here":     {true, "evil.example:8080", nil, 403},
		"no name":                     {true, "", nil, 403},
		"another site":                {true, "127.0.0.1:8080", map[string]string{"Sec-Fetch-Site": "cross-site"}, 403},
		"another site, old browser":   {true, "127.0.0.1:8080", map[string]string{"Origin": "https://evil.example"}, 403},
		"a server for everybody":      {false, "chat.example", nil, 200},
	} {
		t.Run(name, func(t *testing.T) {
			r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/chatkit", nil)
			r.Host = tc.host
			for k, v := range tc.headers {
				r.Header.Set(k, v)
			}
			w := httptest.NewRecorder()
			guard(tc.local, http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})).ServeHTTP(w, r)
			if w.Code != tc.want {
				t.Errorf("status = %d, want %d", w.Code, tc.want)
			}
		})
	}
}
