package cors_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/gochatkit/chatkit/core/cors"
)

const shop = "https://shop.example.com"

// ask sends one request through the middleware and reports whether it got past it.
func ask(t *testing.T, opts *cors.Options, method string, header http.Header) (w *httptest.ResponseRecorder, passed bool) {
	t.Helper()
	allow, err := cors.New(opts)
	if err != nil {
		t.Fatal(err)
	}
	handler := allow(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		passed = true
		w.Header().Add("Vary", "Accept-Language")
		w.WriteHeader(http.StatusTeapot)
	}))
	r := httptest.NewRequestWithContext(t.Context(), method, "/chatkit", nil)
	r.Header = header
	w = httptest.NewRecorder()
	handler.ServeHTTP(w, r)
	return w, passed
}

func preflight(origin, headers string) http.Header {
	return http.Header{"Origin": {origin}, "Access-Control-Request-Method": {"POST"}, "Access-Control-Request-Headers": {headers}}
}

func TestThePreflightOfTheOfficialClientIsAnswered(t *testing.T) {
	w, passed := ask(t, &cors.Options{Origins: []string{shop}, Headers: []string{"X-Tenant"}}, "OPTIONS",
		preflight(shop, "authorization,chatkit-frame-instance-id,content-type,x-app-version, bad name,*,\r\nx: y"))
	if w.Code != http.StatusNoContent || passed {
		t.Errorf("preflight = %d, passed on %t, want 204 from the middleware", w.Code, passed)
	}
	h := w.Header()
	for name, want := range map[string]string{
		"Access-Control-Allow-Origin": shop, "Access-Control-Allow-Methods": "GET, HEAD, POST, PUT",
		"Access-Control-Max-Age": "600", "Access-Control-Allow-Credentials": "",
		"Access-Control-Allow-Headers": "accept, accept-language, authorization, chatkit-frame-instance-id, chatkit-resume, " +
			"content-type, idempotency-key, last-event-id, x-tenant, x-app-version",
	} {
		if got := h.Get(name); got != want {
			t.Errorf("%s = %q, want %q", name, got, want)
		}
	}
	if vary := strings.Join(h.Values("Vary"), ", "); vary != "Origin, Access-Control-Request-Method, Access-Control-Request-Headers" {
		t.Errorf("Vary = %q", vary)
	}
}

func TestOnlyListedOriginsAreLetIn(t *testing.T) {
	opts := &cors.Options{Origins: []string{shop, "http://localhost:5173"}, Credentials: true}
	for _, origin := range []string{
		"https://shop.example.com.evil.com", "http://shop.example.com", "https://shop.example.com:8443", "https://evil.com",
		"https://SHOP.example.com", "null", "https://shop.example.com/", "",
	} {
		w, passed := ask(t, opts, "OPTIONS", preflight(origin, "content-type"))
		if got := w.Header().Get("Access-Control-Allow-Origin"); got != "" {
			t.Errorf("preflight from %q allows %q", origin, got)
		}
		if wantPassed := origin == ""; passed != wantPassed || !passed && w.Code != http.StatusForbidden {
			t.Errorf("preflight from %q = %d, passed on %t", origin, w.Code, passed)
		}
		w, passed = ask(t, opts, "POST", http.Header{"Origin": {origin}})
		if got := w.Header(); got.Get("Access-Control-Allow-Origin")+got.Get("Access-Control-Expose-Headers") != "" || !passed {
			t.Errorf("POST from %q is answered with %v, passed on %t, want no CORS headers", origin, got, passed)
		}
	}
	for _, origin := range opts.Origins {
		w, passed := ask(t, opts, "POST", http.Header{"Origin": {origin}})
		h := w.Header()
		if !passed || h.Get("Access-Control-Allow-Origin") != origin || h.Get("Access-Control-Expose-Headers") != "chatkit-run, retry-after" ||
			h.Get("Access-Control-Allow-Credentials") != "true" || strings.Join(h.Values("Vary"), ", ") != "Origin, Accept-Language" {
			t.Errorf("POST from %s = %v, passed on %t, want the page to read it", origin, h, passed)
		}
	}
	if w, passed := ask(t, opts, "OPTIONS", http.Header{"Origin": {shop}}); !passed || w.Code != http.StatusTeapot {
		t.Errorf("OPTIONS that is no preflight = %d, passed on %t, want it passed on", w.Code, passed)
	}
}

func TestAHugeQuestionGetsTheUsualAnswer(t *testing.T) {
	w, _ := ask(t, &cors.Options{Origins: []string{shop}, MaxAge: time.Minute}, "OPTIONS", preflight(shop, strings.Repeat("x-a,", 10000)))
	if got := w.Header().Get("Access-Control-Allow-Headers"); w.Code != 204 || len(got) > 200 {
		t.Errorf("preflight = %d with %d bytes of headers, want 204 with the known ones", w.Code, len(got))
	}
	if got := w.Header().Get("Access-Control-Max-Age"); got != "60" {
		t.Errorf("Access-Control-Max-Age = %s, want 60", got)
	}
}

func TestOriginsAreCheckedAtTheStart(t *testing.T) {
	for _, origin := range []string{
		"*", "https://*.example.com", "shop.example.com", "https://shop.example.com/", "https://shop.example.com/x",
		"https://shop.example.com:443", "http://a:80", "null", "", "https://u@x.com", "https://X.com",
	} {
		if _, err := cors.New(&cors.Options{Origins: []string{origin}}); err == nil {
			t.Errorf("New took %q for an origin", origin)
		}
	}
	if _, err := cors.New(&cors.Options{Origins: []string{shop}, Headers: []string{"x y"}}); err == nil {
		t.Error(`New took "x y" for a header`)
	}
	if _, err := cors.New(nil); err == nil {
		t.Error("New took no options at all")
	}
}
