package main

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	chatkit "github.com/gochatkit/chatkit/core"
	"github.com/gochatkit/chatkit/core/cors"
)

const shop = "https://shop.example.com"

type doctorReport struct {
	Failures int `json:"failures"`
	Warnings int `json:"warnings"`
	Results  []struct {
		Check  string `json:"check"`
		Status string `json:"status"`
		Saw    string `json:"saw"`
		Do     string `json:"do"`
	} `json:"results"`
}

func examine(t *testing.T, url string, args ...string) (doctorReport, int) {
	t.Helper()
	r := runWith(t, "", append([]string{"doctor", url, "--json"}, args...)...)
	var report doctorReport
	if err := json.Unmarshal([]byte(r.out), &report); err != nil {
		t.Fatalf("report: %v\n%s%s", err, r.out, r.err)
	}
	return report, r.code
}

func TestAGoodServerIsHealthy(t *testing.T) {
	allow, err := cors.New(&cors.Options{Origins: []string{shop}})
	if err != nil {
		t.Fatal(err)
	}
	url := serve(t, say("Hello."), chatkit.Options{}, allow)
	report, code := examine(t, url, "--origin", shop)
	if code != 0 || report.Failures+report.Warnings > 0 || len(report.Results) < 20 {
		t.Errorf("exit code = %d, want 0 and no complaint: %+v", code, report)
	}
	if n := threadsOf(t, url); n != 0 {
		t.Errorf("%d threads are left, want none", n)
	}
	if _, code := examine(t, url, "--keep"); code != 0 {
		t.Errorf("exit code = %d, want 0", code)
	}
	if n := threadsOf(t, url); n != 1 {
		t.Errorf("%d threads were kept, want 1", n)
	}
}

// threadsOf counts the threads that a server has.
func threadsOf(t *testing.T, url string) int {
	t.Helper()
	res, err := http.Post(url, "application/json", strings.NewReader(`{"type":"threads.list","params":{}}`))
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	var page struct {
		Data []json.RawMessage `json:"data"`
	}
	if err := json.NewDecoder(res.Body).Decode(&page); err != nil {
		t.Fatal(err)
	}
	return len(page.Data)
}

// Whatever becomes of an answer on its way, its thread is deleted.
func TestTheThreadIsDeletedWhateverTheAnswerLooksLike(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(h http.Header, body string) string
		left   int
	}{
		{"compressed, without the header that names the thread", func(h http.Header, body string) string {
			h.Del("ChatKit-Run")
			h.Set("Content-Encoding", "gzip")
			return zipped(body)
		}, 0},
		{"compressed in a way that is not known", func(h http.Header, _ string) string {
			h.Set("Content-Encoding", "br")
			return "?"
		}, 0},
		{"no stream", func(h http.Header, _ string) string {
			h.Set("Content-Type", "application/json")
			return "{}"
		}, 0},
		{"no stream by its type, without the header", func(h http.Header, body string) string {
			h.Del("ChatKit-Run")
			h.Set("Content-Type", "text/plain")
			return body
		}, 0},
		{"not readable and without a name", func(h http.Header, _ string) string {
			h.Del("ChatKit-Run")
			h.Set("Content-Encoding", "br")
			return "?"
		}, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			url := serve(t, say("Hello."), chatkit.Options{}, func(next http.Handler) http.Handler {
				return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					seen := httptest.NewRecorder()
					next.ServeHTTP(seen, r)
					body := seen.Body.String()
					maps.Copy(w.Header(), seen.Header())
					if strings.HasPrefix(seen.Header().Get("Content-Type"), "text/event-stream") {
						w.Header().Del("Content-Length")
						body = c.change(w.Header(), body)
					}
					w.WriteHeader(seen.Code)
					io.WriteString(w, body)
				})
			})
			report, _ := examine(t, url)
			if n := threadsOf(t, url); n != c.left {
				t.Errorf("%d threads are left, want %d", n, c.left)
			}
			want := map[int]string{0: "ok", 1: "warn"}[c.left]
			for _, r := range report.Results {
				if r.Check == "delete a thread" && r.Status == want {
					return
				}
			}
			t.Errorf("results = %+v, want delete a thread: %s", report.Results, want)
		})
	}
}

// A request that should be refused and is taken leaves nothing either.
func TestThreadsOfBadRequestsAreDeleted(t *testing.T) {
	url := serve(t, say("Hello."), chatkit.Options{}, func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			body, err := io.ReadAll(r.Body)
			if err != nil {
				return
			}
			const empty = `"input":{}`
			text := strings.Replace(string(body), empty, `"input":{"content":[{"type":"input_text","text":"Hi"}],"attachments":[],"inference_options":{}}`, 1)
			r.Body, r.ContentLength = io.NopCloser(strings.NewReader(text)), int64(len(text))
			next.ServeHTTP(w, r)
		})
	})
	if report, code := examine(t, url, "--message", ""); code != 1 {
		t.Errorf("exit code = %d, want 1: %+v", code, report)
	}
	if n := threadsOf(t, url); n != 0 {
		t.Errorf("%d threads are left, want none", n)
	}
}

func zipped(text string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	io.WriteString(w, text)
	w.Close()
	return b.String()
}

// answers lets requests through, except where one of the functions answers.
func answers(first func(w http.ResponseWriter, r *http.Request, body string) bool) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			body, err := io.ReadAll(r.Body)
			if err != nil {
				return
			}
			r.Body = io.NopCloser(strings.NewReader(string(body)))
			if !first(w, r, string(body)) {
				next.ServeHTTP(w, r)
			}
		})
	}
}

// stream answers messages with frames of its own.
func stream(frames string, header func(http.Header)) func(http.Handler) http.Handler {
	return answers(func(w http.ResponseWriter, _ *http.Request, body string) bool {
		if !strings.Contains(body, `"threads.create"`) || !strings.Contains(body, "input_text") {
			return false
		}
		w.Header().Set("Content-Type", "text/event-stream")
		w.Header().Set("Cache-Control", "no-cache")
		w.Header().Set("X-Accel-Buffering", "no")
		header(w.Header())
		if w.Header().Get("Content-Encoding") == "gzip" {
			io.WriteString(w, zipped(frames))
			return true
		}
		if w.Header().Get("Content-Length") == "" {
			w.(http.Flusher).Flush() // or the length would be known
		}
		io.WriteString(w, frames)
		return true
	})
}

const (
	created  = `data: {"type":"thread.created","thread":{"id":"thr_1","created_at":"2026-01-01T00:00:00Z","status":{"type":"active"},"items":{"data":[],"has_more":false}}}` + "\n\n"
	question = `data: {"type":"thread.item.done","item":{"type":"user_message","id":"msg_1","thread_id":"thr_1","created_at":"2026-01-01T00:00:00Z","content":[],"attachments":[],"inference_options":{}}}` + "\n\n"
)

// Every complaint can be had, and comes with what to do.
func TestWhatIsWrongIsFound(t *testing.T) {
	same := func(http.Header) {}
	on := func(part string, status int, contentType, answer string) func(http.Handler) http.Handler {
		return answers(func(w http.ResponseWriter, _ *http.Request, body string) bool {
			if !strings.Contains(body, part) {
				return false
			}
			w.Header().Set("Content-Type", contentType)
			w.WriteHeader(status)
			io.WriteString(w, answer)
			return true
		})
	}
	for _, c := range []struct {
		name   string
		wrap   func(http.Handler) http.Handler
		check  string
		status string
		args   []string
	}{
		{"500 for an unknown type", on("doctor.unknown", 500, "text/plain", "oops"), "unknown type", "fail", nil},
		{"200 for an unknown type", on("doctor.unknown", 200, "application/json", "{}"), "unknown type", "fail", nil},
		{"HTML for an unknown type", on("doctor.unknown", 400, "text/html", "<h1>no</h1>"), "unknown type", "warn", nil},
		{"FastAPI's shape", on(`"params":{}`, 422, "application/json", `{"detail":[]}`), "missing parameters", "warn", nil},
		{"500 for bad JSON", on(`{"type":"threads.list","params":{`, 500, "text/plain", ""), "bad JSON", "fail", nil},
		{"another status", on("thr_doctor_none", 400, "application/json", `{"message":"no"}`), "unknown thread", "warn", nil},
		{"a stream for no thread", on("add_user_message", 200, "text/event-stream", created), "message to no thread", "fail", nil},
		{"a page too large", on("9999", 500, "text/plain", ""), "page limit", "fail", nil},
		{"everything is read", on("xxxx", 400, "application/json", `{"message":"no"}`), "body limit", "warn", nil},
		{"text/plain is taken", answers(func(w http.ResponseWriter, r *http.Request, _ string) bool {
			r.Header.Set("Content-Type", "application/json")
			return false
		}), "content type", "warn", nil},
		{"GET is answered", answers(func(w http.ResponseWriter, r *http.Request, _ string) bool { return r.Method == "GET" }), "method GET", "warn", nil},
		{"no CORS", answers(func(http.ResponseWriter, *http.Request, string) bool { return false }), "CORS preflight", "fail", []string{"--origin", shop}},
		{"CORS without the client's header", answers(func(w http.ResponseWriter, r *http.Request, _ string) bool {
			w.Header().Set("Access-Control-Allow-Origin", shop)
			w.Header().Set("Access-Control-Allow-Headers", "content-type, authorization")
			return r.Method == "OPTIONS"
		}), "CORS headers", "fail", []string{"--origin", shop}},
		{"a star for a login", answers(func(w http.ResponseWriter, r *http.Request, _ string) bool {
			w.Header().Set("Access-Control-Allow-Origin", "*")
			w.Header().Set("Access-Control-Allow-Headers", "*")
			return r.Method == "OPTIONS"
		}), "CORS headers", "fail", []string{"--origin", shop}},
		{"CORS for the preflight only", answers(func(w http.ResponseWriter, r *http.Request, _ string) bool {
			if r.Method != "OPTIONS" {
				return false
			}
			w.Header().Set("Access-Control-Allow-Origin", shop)
			return true
		}), "CORS of a refusal", "fail", []string{"--origin", shop}},
		{"JSON instead of a stream", on(`"threads.create"`, 200, "application/json", "{}"), "stream type", "fail", nil},
		{"a stream to keep", stream(created+question, func(h http.Header) { h.Del("Cache-Control") }), "stream caching", "warn", nil},
		{"a stream for nginx to hold", stream(created+question, func(h http.Header) { h.Del("X-Accel-Buffering") }), "stream buffering", "warn", nil},
		{"a compressed stream", stream(created+question, func(h http.Header) { h.Set("Content-Encoding", "gzip") }), "stream compression", "warn", nil},
		{"a collected stream", stream(created+question, func(h http.Header) { h.Set("Content-Length", "481") }), "stream length", "fail", nil},
		{"comments that are events", stream(created+": ping\n\n"+question, same), "stream comments", "warn", nil},
		{"no thread", stream(question, same), "stream events", "fail", nil},
		{"no JSON", stream(created+"data: hello\n\n", same), "stream events", "fail", nil},
		{"unknown events", stream(created+question+"data: {\"type\":\"special\"}\n\n", same), "stream events", "warn", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.name == "a collected stream" {
				c.wrap = stream(created+question, func(h http.Header) { h.Set("Content-Length", itoa(len(created+question))) })
			}
			report, code := examine(t, serve(t, say("Hello."), chatkit.Options{MaxBodyBytes: 64 << 20}, c.wrap), append(c.args, "--body-bytes", "100000")...)
			for _, r := range report.Results {
				if r.Check != c.check || r.Status == "ok" {
					continue
				}
				if r.Status != c.status || r.Do == "" {
					t.Errorf("%s = %s %q, do %q; want %s and what to do", c.check, r.Status, r.Saw, r.Do, c.status)
				}
				if want := map[bool]int{true: 1, false: 0}[report.Failures > 0]; code != want {
					t.Errorf("exit code = %d, want %d", code, want)
				}
				return
			}
			t.Errorf("%s was not found: %+v", c.check, report.Results)
		})
	}
}

func TestAWarningCanCount(t *testing.T) {
	url := serve(t, say("Hello."), chatkit.Options{}, stream(created+question, func(h http.Header) { h.Del("Cache-Control") }))
	if report, code := examine(t, url); code != 0 {
		t.Errorf("exit code = %d, want 0: %+v", code, report)
	}
	if _, code := examine(t, url, "--strict"); code != 1 {
		t.Errorf("with --strict: exit code = %d, want 1", code)
	}
}

// A server that never ends its answer ends the check, not the patience.
func TestTheDoctorHasATimeLimit(t *testing.T) {
	url := serve(t, say("Hello."), chatkit.Options{}, answers(func(w http.ResponseWriter, r *http.Request, body string) bool {
		if !strings.Contains(body, "input_text") || !strings.Contains(body, "threads.create") {
			return false
		}
		w.Header().Set("Content-Type", "text/event-stream")
		io.WriteString(w, created)
		w.(http.Flusher).Flush()
		<-r.Context().Done()
		return true
	}))
	began := time.Now()
	report, code := examine(t, url, "--timeout", "300ms")
	if took := time.Since(began); code != 1 || report.Failures == 0 || took > 10*time.Second {
		t.Errorf("exit code = %d after %v, want a failure soon", code, took)
	}
}

func itoa(n int) string {
	doc, err := json.Marshal(n)
	if err != nil {
		panic(err) // a number always has a form
	}
	return string(doc)
}
