package playground

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

const openAI = "https://cdn.platform.openai.com"

func TestOnlyTheOfficialPageMayLoadSomethingFromElsewhere(t *testing.T) {
	h := Handler(&Options{ChatKitURL: "/api/chat", Intro: `"<Hello>"`, Official: true})
	get := func(path string) *http.Response {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "http://localhost"+path, nil))
		return w.Result()
	}
	res := get("/playground/official")
	if got := res.Header.Get("Content-Type"); res.StatusCode != http.StatusOK || !strings.HasPrefix(got, "text/html") {
		t.Fatalf("GET official = %d %s, want 200 text/html", res.StatusCode, got)
	}
	csp := res.Header.Get("Content-Security-Policy")
	for _, want := range []string{
		"default-src 'none'", "script-src 'self' " + openAI + ";", "frame-src " + openAI + ";", "connect-src 'self';",
	} {
		if !strings.Contains(csp, want) {
			t.Errorf("policy of the official page = %s, want it to contain %s", csp, want)
		}
	}
	if got := strings.Count(csp, "://"); got != 2 {
		t.Errorf("policy of the official page = %s, which names %d addresses, want 2", csp, got)
	}
	if csp := get("/playground/").Header.Get("Content-Security-Policy"); csp == "" || strings.Contains(csp, "openai") {
		t.Errorf("policy of the playground = %s, want one without OpenAI", csp)
	}
}

func TestTheOfficialPageIsForLocalNamesOnly(t *testing.T) {
	w := httptest.NewRecorder()
	Handler(&Options{Official: true}).ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "http://evil.example/official", nil))
	if w.Code != http.StatusForbidden {
		t.Errorf("GET official under a foreign name = %d, want 403", w.Code)
	}
}

func TestTheOfficialPageIsThereOnlyIfAskedFor(t *testing.T) {
	for official, want := range map[bool]int{false: http.StatusNotFound, true: http.StatusOK} {
		h := Handler(&Options{Official: official})
		for _, path := range []string{"/official", "/playground/official"} {
			if got := get(t, h, path).StatusCode; got != want {
				t.Errorf("with Official %v: GET %s = %d, want %d", official, path, got, want)
			}
		}
		if got := settingsOf(t, Options{Official: official}).Official; got != official {
			t.Errorf("the page is told %v, want %v", got, official)
		}
	}
}
