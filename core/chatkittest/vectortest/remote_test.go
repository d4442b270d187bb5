package vectortest

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	chatkit "github.com/gochatkit/chatkit/core"
	"github.com/gochatkit/chatkit/core/client"
	"github.com/gochatkit/chatkit/core/testdata/vectors"
)

// remoteServer is a responder behind the least that speaks HTTP; change may change what it writes.
func remoteServer(t *testing.T, change func([]byte) []byte) RemoteOptions {
	t.Helper()
	r := NewResponder()
	mux := http.NewServeMux()
	mux.Handle("/chatkit/script", r)
	mux.HandleFunc("/chatkit", func(w http.ResponseWriter, req *http.Request) {
		body, err := io.ReadAll(req.Body)
		if err != nil {
			return // the client has left
		}
		a, err := inProcess{r.Server()}.Post(req.Context(), body)
		if err != nil {
			t.Errorf("answer %s: %v", body, err)
			return
		}
		if a.Next == nil {
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(a.Status)
			w.Write(change(a.Body))
			return
		}
		defer a.Leave()
		w.Header().Set("Content-Type", "text/event-stream")
		for {
			f, err := a.Next()
			if err != nil {
				return
			}
			w.Write(change(f.Raw))
			w.(http.Flusher).Flush()
		}
	})
	web := httptest.NewServer(mux)
	t.Cleanup(web.Close)
	return RemoteOptions{Client: client.New(web.URL + "/chatkit"), Script: web.URL + "/chatkit/script"}
}

func same(b []byte) []byte { return b }

func TestAServerElsewherePassesTheVectors(t *testing.T) {
	outcomes, err := Remote(t.Context(), vectors.Server, remoteServer(t, same))
	if err != nil {
		t.Fatal(err)
	}
	if len(outcomes) < 50 {
		t.Errorf("%d vectors were played, want all", len(outcomes))
	}
	for _, o := range outcomes {
		if !o.Passed() || o.Skipped != "" {
			t.Errorf("%s: %v %s", o.Name, o.Problems, o.Skipped)
		}
	}
}

// A comparison that takes everything is none.
func TestMistakesElsewhereAreFound(t *testing.T) {
	for _, c := range []struct {
		name, vector string
		change       func([]byte) []byte
	}{
		{"another text", "create-token-by-token", func(b []byte) []byte { return bytes.ReplaceAll(b, []byte("can help"), []byte("can not help")) }},
		{"a member less", "create-complete-message", func(b []byte) []byte { return bytes.ReplaceAll(b, []byte(`"attachments":[],`), nil) }},
		{"another thread's id", "create-complete-message", func(b []byte) []byte {
			return bytes.ReplaceAll(b, []byte(`"thread_id":"thr_`), []byte(`"thread_id":"other_`))
		}},
		{"another status", "rename-thread", func(b []byte) []byte { return bytes.ReplaceAll(b, []byte("active"), []byte("locked")) }},
		{"a refusal without words", "bad-request-no-type", func(b []byte) []byte { return bytes.ReplaceAll(b, []byte("message"), []byte("detail")) }},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := remoteServer(t, c.change)
			o.Match = func(name string) bool { return name == c.vector }
			outcomes, err := Remote(t.Context(), vectors.Server, o)
			if err != nil {
				t.Fatal(err)
			}
			if len(outcomes) != 1 {
				t.Fatalf("%d outcomes, want one for %s", len(outcomes), c.vector)
			}
			if outcomes[0].Passed() {
				t.Error("it passed, want a problem")
			}
		})
	}
}

func TestAServerWithoutTheContractIsSaidSo(t *testing.T) {
	for name, h := range map[string]http.HandlerFunc{
		"nothing":   http.NotFound,
		"no JSON":   func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "hello") },
		"no states": func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, `{"state":"fine"}`) },
	} {
		web := httptest.NewServer(h)
		_, err := Remote(t.Context(), vectors.Server, RemoteOptions{Client: client.New(web.URL), Script: web.URL})
		web.Close()
		if !errors.Is(err, ErrNoContract) {
			t.Errorf("%s: error = %v, want %v", name, err, ErrNoContract)
		}
	}
}

func TestNamesTranslateBothWays(t *testing.T) {
	n := newNames()
	want, _ := parse([]byte(`{"id":"msg_gen0001","in":{"thr_gen0001":["msg_gen0002"]},"thread_id":"thr_gen0001"}`))
	got, _ := parse([]byte(`{"id":"msg_gen0002","in":{"7":["b\"c"]},"thread_id":"7"}`))
	n.learn(got, want)
	n.learn(got, want) // the key of a map is known only once its value was seen elsewhere
	if doc := string(n.send([]byte(`["msg_gen0001","msg_gen0002","thr_gen0001","msg_gen0003"]`))); doc != `["msg_gen0002","b\"c","7","msg_gen0003"]` {
		t.Errorf("send() = %s", doc)
	}
	c := comparer{}
	c.compare("", n.match(got, want), want)
	if len(c.problems) > 0 {
		t.Errorf("translated back: %v", c.problems)
	}
	// One id of the server stands for one of the recording.
	other, _ := parse([]byte(`{"id":"msg_gen0009"}`))
	again, _ := parse([]byte(`{"id":"7"}`))
	c = comparer{}
	c.compare("", n.match(again, other), other)
	if len(c.problems) != 1 {
		t.Errorf("an id used twice: problems = %v, want one", c.problems)
	}
}

func TestTheResponderForgetsWhatWasStored(t *testing.T) {
	r := NewResponder()
	web := httptest.NewServer(r)
	defer web.Close()
	put := func(body string) int {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPut, web.URL, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		res, err := web.Client().Do(req)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		return res.StatusCode
	}
	if got := put(`{"store":{"threads":[{"id":"thr_1","created_at":"2025-01-01T00:00:00"}],"items":{"thr_1":[{"type":"end_of_turn","id":"eot_1","thread_id":"thr_1","created_at":"2025-01-01T00:00:00"}]}}}`); got != 204 {
		t.Fatalf("status = %d, want 204", got)
	}
	if _, err := r.store.Item(context.Background(), "", "thr_1", "eot_1"); err != nil {
		t.Fatal(err)
	}
	if got := put(`{"store":{}}`); got != 204 {
		t.Fatalf("status = %d, want 204", got)
	}
	if _, err := r.store.Thread(context.Background(), "", "thr_1"); !errors.Is(err, chatkit.ErrNotFound) {
		t.Errorf("the thread is %v, want it gone", err)
	}
	if got := put(`{"store":`); got != 400 {
		t.Errorf("half a script: status = %d, want 400", got)
	}
}
