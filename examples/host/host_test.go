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
		at         net.Addr
		host, site string
		want       int
	}{
		"the page itself":         {here, "127.0.0.1:8080", "same-origin", 200},
		"a program":               {here, "localhost:8080", "", 200},
		"a name that points here": {here, "evil.example:8080", "same-origin", 403},
		"another site":            {here, "127.0.0.1:8080", "cross-site", 403},
		"a server for everybody":  {everywhere, "chat.example", "", 200},
	} {
		t.Run(name, func(t *testing.T) {
			r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/chatkit", nil)
			r.Host = tc.host
			if tc.site != "" {
				r.Header.Set("Sec-Fetch-Site", tc.site)
			}
			w := httptest.NewRecorder()
			guard(tc.at, http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})).ServeHTTP(w, r)
			if w.Code != tc.want {
				t.Errorf("status = %d, want %d", w.Code, tc.want)
			}
		})
	}
}
