package page

import (
	"io/fs"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
)

func get(t *testing.T, h http.Handler, path string) *http.Response {
	t.Helper()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil))
	return w.Result()
}

func TestThePageAndItsFilesAreServed(t *testing.T) {
	h := Handler(About{})
	for path, want := range map[string]string{
		"/":         "text/html; charset=utf-8",
		"/app.js":   "text/javascript; charset=utf-8",
		"/app.css":  "text/css; charset=utf-8",
		"/icon.svg": "image/svg+xml",
	} {
		res := get(t, h, path)
		if res.StatusCode != http.StatusOK || res.Header.Get("Content-Type") != want {
			t.Errorf("GET %s = %d %s, want 200 %s", path, res.StatusCode, res.Header.Get("Content-Type"), want)
		}
		if csp := res.Header.Get("Content-Security-Policy"); !strings.Contains(csp, "default-src 'none'") {
			t.Errorf("GET %s has policy %q", path, csp)
		}
	}
	for _, path := range []string{"/index.html", "/page.go", "/x/app.js", "/../app.js", "/nothing", "//"} {
		if res := get(t, h, path); res.StatusCode != http.StatusNotFound {
			t.Errorf("GET %s = %d, want 404", path, res.StatusCode)
		}
	}
}

func TestWhatThePageSaysIsEscaped(t *testing.T) {
	w := httptest.NewRecorder()
	about := About{Label: "<b>", Suggestions: []Suggestion{{Icon: "bolt", Title: "</li>", Text: `" onclick="x`}}}
	Handler(about).ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil))
	for _, bad := range []string{"<b>", "</li></strong>", `" onclick="x`} {
		if strings.Contains(w.Body.String(), bad) {
			t.Errorf("the page contains %s", bad)
		}
	}
}

// The page has to work without a network, and its code must have no way to turn data into markup.
func TestThePageLoadsNothingFromElsewhere(t *testing.T) {
	names, err := fs.Glob(files, "*")
	if err != nil || len(names) < 5 {
		t.Fatalf("embedded files = %v, %v", names, err)
	}
	remote := regexp.MustCompile(`(src|href)="(https?:)?//|@import|url\(|from "https?:|import\("https?:`)
	markup := regexp.MustCompile(`innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|DOMParser`)
	for _, name := range names {
		b, err := files.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if found := remote.Find(b); found != nil {
			t.Errorf("%s loads something from elsewhere: %s", name, found)
		}
		if found := markup.Find(b); found != nil && strings.HasSuffix(name, ".js") {
			t.Errorf("%s makes markup of text: %s", name, found)
		}
	}
}
