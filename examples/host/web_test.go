package host

import (
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
)

func TestOtherWebSitesAreKeptOut(t *testing.T) {
	here := &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 8080}
	everywhere := &net.TCPAddr{IP: net.IPv4zero, Port: 8080}
	for name, tc := range map[string]struct {
		at      net.Addr
		host    string
		headers map[string]string
		want    int
	}{
		"the page itself":             {here, "127.0.0.1:8080", map[string]string{"Sec-Fetch-Site": "same-origin"}, 200},
		"a program without a browser": {here, "localhost:8080", nil, 200},
		"IPv6":                        {here, "[::1]:8080", nil, 200},
		"a name that points here":     {here, "evil.example:8080", nil, 403},
		"such a name's own page":      {here, "evil.example:8080", map[string]string{"Sec-Fetch-Site": "same-origin"}, 403},
		"no name":                     {here, "", nil, 403},
		"another site":                {here, "127.0.0.1:8080", map[string]string{"Sec-Fetch-Site": "cross-site"}, 403},
		"another site, old browser":   {here, "127.0.0.1:8080", map[string]string{"Origin": "https://evil.example"}, 403},
		"a server for everybody":      {everywhere, "chat.example", nil, 200},
	} {
		t.Run(name, func(t *testing.T) {
			r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/chatkit", nil)
			r.Host = tc.host
			for k, v := range tc.headers {
				r.Header.Set(k, v)
			}
			w := httptest.NewRecorder()
			Guard(tc.at, http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})).ServeHTTP(w, r)
			if w.Code != tc.want {
				t.Errorf("status = %d, want %d", w.Code, tc.want)
			}
		})
	}
}
