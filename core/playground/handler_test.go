package playground

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"html"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// get asks a handler on the loopback; headers come in pairs.
func get(t *testing.T, h http.Handler, path string, headers ...string) *http.Response {
	t.Helper()
	w := httptest.NewRecorder()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil)
	r.Host = "127.0.0.1:8080"
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	h.ServeHTTP(w, r)
	return w.Result()
}

func text(t *testing.T, res *http.Response) string {
	t.Helper()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// files returns the folder of the files as the page names it, with a slash at its end.
func files(t *testing.T, h http.Handler, path string) string {
	t.Helper()
	found := regexp.MustCompile(`src="([0-9a-f]{16}/)app\.js"`).FindStringSubmatch(text(t, get(t, h, path)))
	if found == nil {
		t.Fatal("the page names no app.js")
	}
	return found[1]
}

func TestThePageWorksUnderAnyPrefix(t *testing.T) {
	h := Handler(nil)
	for _, prefix := range []string{"/", "/playground/", "/a/b/"} {
		res := get(t, h, prefix)
		if res.StatusCode != http.StatusOK || res.Header.Get("Content-Type") != "text/html; charset=utf-8" {
			t.Errorf("GET %s = %d %s, want 200 and HTML", prefix, res.StatusCode, res.Header.Get("Content-Type"))
		}
		folder := files(t, h, prefix)
		for name, want := range map[string]string{
			"app.js": "text/javascript; charset=utf-8", "vendor.js": "text/javascript; charset=utf-8",
			"app.css": "text/css; charset=utf-8", "icon.svg": "image/svg+xml",
		} {
			res := get(t, h, prefix+folder+name)
			if res.StatusCode != http.StatusOK || res.Header.Get("Content-Type") != want {
				t.Errorf("GET %s = %d %s, want 200 %s", prefix+folder+name, res.StatusCode, res.Header.Get("Content-Type"), want)
			}
		}
		for _, path := range []string{"app.js", "0123456789abcdef/app.js", folder + "index.html", folder + "nothing", "vendor.licenses.txt"} {
			if res := get(t, h, prefix+path); res.StatusCode != http.StatusNotFound {
				t.Errorf("GET %s = %d, want 404", prefix+path, res.StatusCode)
			}
		}
	}
}

func TestBehindStripPrefix(t *testing.T) {
	h := http.StripPrefix("/playground", Handler(nil))
	if res := get(t, h, "/playground/"); res.StatusCode != http.StatusOK {
		t.Errorf("status = %d, want 200", res.StatusCode)
	}
	if res := get(t, h, "/playground/"+files(t, h, "/playground/")+"app.js"); res.StatusCode != http.StatusOK {
		t.Errorf("status of a file = %d, want 200", res.StatusCode)
	}
}

func TestFilesAreKeptForEverAndThePageIsNot(t *testing.T) {
	h := Handler(nil)
	file := "/" + files(t, h, "/") + "app.js"
	if got, want := get(t, h, file).Header.Get("Cache-Control"), "public, max-age=31536000, immutable"; got != want {
		t.Errorf("Cache-Control of a file = %q, want %q", got, want)
	}
	if got, want := get(t, h, "/").Header.Get("Cache-Control"), "no-cache"; got != want {
		t.Errorf("Cache-Control of the page = %q, want %q", got, want)
	}
	for _, path := range []string{"/", file} {
		for _, encoding := range []string{"gzip", ""} {
			tag := get(t, h, path, "Accept-Encoding", encoding).Header.Get("Etag")
			res := get(t, h, path, "Accept-Encoding", encoding, "If-None-Match", tag)
			if res.StatusCode != http.StatusNotModified || text(t, res) != "" || res.Header.Get("Etag") != tag {
				t.Errorf("GET %s with its own tag %s = %d, want 304 and nothing else", path, tag, res.StatusCode)
			}
			if res := get(t, h, path, "Accept-Encoding", encoding, "If-None-Match", `"other"`); res.StatusCode != http.StatusOK {
				t.Errorf("GET %s with another tag = %d, want 200", path, res.StatusCode)
			}
		}
	}
}

func TestFilesComeCompressedToThoseWhoTakeThat(t *testing.T) {
	h := Handler(nil)
	file := "/" + files(t, h, "/") + "vendor.js"
	plain := get(t, h, file)
	want := text(t, plain)
	for accept, compressed := range map[string]bool{
		"gzip": true, "br, gzip;q=0.5": true, "deflate": false, "gzip;q=0": false, "gzip; q=0.0": false, "": false, "x-gzip": false,
	} {
		res := get(t, h, file, "Accept-Encoding", accept)
		got := text(t, res)
		if is := res.Header.Get("Content-Encoding") == "gzip"; is != compressed {
			t.Errorf("with Accept-Encoding %q: compressed = %v, want %v", accept, is, compressed)
		} else if is {
			r, err := gzip.NewReader(strings.NewReader(got))
			if err != nil {
				t.Fatal(err)
			}
			b, err := io.ReadAll(r)
			if err != nil {
				t.Fatal(err)
			}
			got = string(b)
			if res.Header.Get("Etag") == plain.Header.Get("Etag") {
				t.Error("the compressed file has the tag of the plain one")
			}
		}
		if got != want {
			t.Errorf("with Accept-Encoding %q: %d bytes, want %d", accept, len(got), len(want))
		}
		if res.Header.Get("Vary") != "Accept-Encoding" {
			t.Error("Vary does not name Accept-Encoding")
		}
	}
}

func TestOtherMethodsAreRefused(t *testing.T) {
	for method, want := range map[string]int{"HEAD": 200, "POST": 405, "DELETE": 405, "OPTIONS": 405} {
		w := httptest.NewRecorder()
		r := httptest.NewRequestWithContext(t.Context(), method, "/", nil)
		r.Host = "localhost"
		Handler(nil).ServeHTTP(w, r)
		if w.Code != want || method == "HEAD" && w.Body.Len() > 0 {
			t.Errorf("%s = %d with %d bytes, want %d", method, w.Code, w.Body.Len(), want)
		}
	}
}

func TestHostNames(t *testing.T) {
	for host, want := range map[string]int{
		"127.0.0.1": 200, "127.0.0.1:8080": 200, "127.8.9.1": 200, "[::1]:8080": 200, "[::1]": 200, "localhost": 200, "LOCALHOST:1": 200,
		"": 403, "evil.example": 403, "localhost.evil.example": 403, "127.0.0.1.evil.example:80": 403, "192.0.2.1": 403, "0.0.0.0:8080": 403,
		"dev.example:8080": 200, "Dev.Example": 200, "x.dev.example": 403,
	} {
		w := httptest.NewRecorder()
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil)
		r.Host = host
		Handler(&Options{AllowedHosts: []string{"dev.example"}}).ServeHTTP(w, r)
		if w.Code != want {
			t.Errorf("host %q: %d, want %d", host, w.Code, want)
		}
	}
	w := httptest.NewRecorder()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil)
	r.Host = "any.example"
	Handler(&Options{AllowedHosts: []string{"*"}}).ServeHTTP(w, r)
	if w.Code != http.StatusOK {
		t.Errorf("with * in AllowedHosts: %d, want 200", w.Code)
	}
}

func TestThePolicyAllowsOnlyWhatThePageNeeds(t *testing.T) {
	h := Handler(nil)
	for _, path := range []string{"/", "/" + files(t, h, "/") + "app.js"} {
		header := get(t, h, path).Header
		for _, want := range []string{
			"default-src 'none'", "script-src 'self'", "style-src 'self'", "connect-src 'self'", "img-src 'self' data: blob: https:",
			"base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'", "require-trusted-types-for 'script'",
		} {
			if !strings.Contains(header.Get("Content-Security-Policy")+";", want+";") {
				t.Errorf("GET %s: the policy lacks %s", path, want)
			}
		}
		if strings.Contains(header.Get("Content-Security-Policy"), "unsafe") {
			t.Errorf("GET %s: the policy has a hole", path)
		}
		if header.Get("X-Content-Type-Options") != "nosniff" || header.Get("Referrer-Policy") != "no-referrer" {
			t.Errorf("GET %s has headers %v", path, header)
		}
	}
}

// settingsOf reads back what the page's script reads.
func settingsOf(t *testing.T, o Options) settings {
	t.Helper()
	found := regexp.MustCompile(`<meta name="playground" content="([^"]*)">`).FindStringSubmatch(text(t, get(t, Handler(&o), "/")))
	if found == nil {
		t.Fatal("the page has no settings")
	}
	var s settings
	d := json.NewDecoder(strings.NewReader(html.UnescapeString(found[1])))
	d.DisallowUnknownFields()
	if err := d.Decode(&s); err != nil {
		t.Fatal(err)
	}
	return s
}

func TestSettingsReachThePage(t *testing.T) {
	s := settingsOf(t, Options{})
	if s.URL != "/chatkit" || s.Label == "" || s.Intro == "" {
		t.Errorf("defaults = %+v", s)
	}
	if s.Suggestions == nil || s.Models == nil || s.Tools == nil || s.Tags == nil {
		t.Errorf("a list is null: %+v", s)
	}
	// Whatever is written into them stays text.
	evil := `"></script><img src=x onerror=alert(1)>&`
	s = settingsOf(t, Options{
		ChatKitURL: "/api", Label: evil, Intro: evil, Suggestions: []Suggestion{{Icon: evil, Title: evil, Text: evil}},
		Models: []Choice{{ID: "m"}, {ID: "n", Label: "N"}}, Tags: []Tag{{ID: evil, Title: evil, Data: json.RawMessage(`{"a":1}`)}},
	})
	if s.Label != evil || s.Suggestions[0].Text != evil || s.Tags[0].Title != evil || string(s.Tags[0].Data) != `{"a":1}` {
		t.Errorf("settings = %+v", s)
	}
	if s.Models[0].Label != "m" || s.Models[1].Label != "N" {
		t.Errorf("labels of models = %+v", s.Models)
	}
}

func TestATagWhoseDataIsNoJSONPanics(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("it did not panic")
		}
	}()
	Handler(&Options{Tags: []Tag{{ID: "a", Data: json.RawMessage(`{`)}}})
}

func TestUploadsMayGoToOtherOriginsIfTheyAreNamed(t *testing.T) {
	h := Handler(&Options{Official: true, UploadOrigins: []string{"https://bucket.example.com", "http://127.0.0.1:9000"}})
	for _, path := range []string{"/", "/official"} {
		policy := get(t, h, path).Header.Get("Content-Security-Policy")
		if want := "connect-src 'self' https://bucket.example.com http://127.0.0.1:9000;"; !strings.Contains(policy, want) {
			t.Errorf("GET %s: policy %q, want %q in it", path, policy, want)
		}
	}
}

func TestPicturesComeOnlyFromTheOriginsThatAreNamed(t *testing.T) {
	for _, c := range []struct {
		origins []string
		want    string
	}{
		{nil, "img-src 'self' data: blob: https:;"},
		{[]string{}, "img-src 'self' data: blob:;"},
		{[]string{"https://cdn.example.com", "http://127.0.0.1:9000"}, "img-src 'self' data: blob: https://cdn.example.com http://127.0.0.1:9000;"},
	} {
		o := Options{Official: true, ImageOrigins: c.origins}
		h := Handler(&o)
		for _, path := range []string{"/", "/official"} {
			if policy := get(t, h, path).Header.Get("Content-Security-Policy"); !strings.Contains(policy, c.want) {
				t.Errorf("GET %s with ImageOrigins %#v: policy %q, want %q in it", path, c.origins, policy, c.want)
			}
		}
		if got := settingsOf(t, o).Images; (got == nil) != (c.origins == nil) || !slices.Equal(got, c.origins) {
			t.Errorf("the page is told %#v, want %#v", got, c.origins)
		}
	}
}

func TestWhatIsNoOriginPanics(t *testing.T) {
	for _, bad := range []string{"", "*", "example.com", "https://*.example.com", "https://example.com/", "https://a b", "https://a;script-src", "javascript:alert(1)"} {
		for _, o := range []Options{{UploadOrigins: []string{bad}}, {ImageOrigins: []string{bad}}} {
			func() {
				defer func() {
					if recover() == nil {
						t.Errorf("%q is taken for an origin in %+v", bad, o)
					}
				}()
				Handler(&o)
			}()
		}
	}
}

// What is compiled into every program that serves the page has to stay small.
func TestThePageStaysSmall(t *testing.T) {
	t.Logf("%d bytes are embedded", len(archive))
	if limit := 80 * 1024; len(archive) > limit {
		t.Errorf("%d bytes are embedded, want at most %d", len(archive), limit)
	}
}

func TestTheArchiveHoldsTheFilesAsTheyAre(t *testing.T) {
	names, err := filepath.Glob("web/*.*")
	if err != nil {
		t.Fatal(err)
	}
	packed := map[string][]byte{}
	for name, file := range unpack(archive) {
		packed[name] = file.body
	}
	for _, name := range names {
		if filepath.Ext(name) == ".txt" {
			continue // for those who read the source
		}
		want, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		got, ok := packed[filepath.Base(name)]
		if !ok || !bytes.Equal(got, want) {
			t.Errorf("page.gz does not hold %s as it is: run go generate ./core/playground", name)
		}
		delete(packed, filepath.Base(name))
	}
	for name := range packed {
		t.Errorf("page.gz holds %s, which is no more: run go generate ./core/playground", name)
	}
}

// The page has to work without a network, and its code must have no way to turn data into markup or code.
func TestThePageLoadsNothingFromElsewhere(t *testing.T) {
	remote := regexp.MustCompile(`(src|href)="(https?:)?//|@import|\burl\(|from "https?:|import\("https?:`)
	markup := regexp.MustCompile(`innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|DOMParser|dangerouslySet|srcdoc`)
	for name, a := range loadAssets().files {
		if strings.HasPrefix(name, "official.") {
			continue // it is about a script from elsewhere, and has a policy of its own
		}
		if found := remote.Find(a.body); found != nil {
			t.Errorf("%s loads something from elsewhere: %s", name, found)
		}
		// The policy keeps the libraries from it: preact has a property for markup that nobody here uses.
		if found := markup.Find(a.body); found != nil && name != "vendor.js" {
			t.Errorf("%s makes markup or code of text: %s", name, found)
		}
	}
	if !bytes.Contains(loadAssets().files["vendor.js"].body, []byte("Permission is hereby granted")) {
		t.Error("vendor.js lacks the notice of its licences")
	}
}
