package agenttest_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	chatkit "github.com/gochatkit/chatkit/core"
	"github.com/gochatkit/chatkit/core/agent"
	"github.com/gochatkit/chatkit/core/agent/agenttest"
)

func TestImproviseChoosesByKeyword(t *testing.T) {
	const tools = `,"tools":[{"type":"function","name":"dice"}]`
	tests := []struct {
		name, request string
		check         func(*agenttest.Answer) bool
	}{
		{"repeats", `{"input":"good morning"}`, func(a *agenttest.Answer) bool { return a.Text == "You said: good morning" }},
		{"Markdown", `{"messages":[{"role":"user","content":"some Markdown please"}]}`, func(a *agenttest.Answer) bool { return strings.HasPrefix(a.Text, "# A title") }},
		{"thoughts", `{"input":[{"role":"user","content":[{"type":"input_text","text":"think!"}]}]}`, func(a *agenttest.Answer) bool { return len(a.Thoughts) == 2 }},
		{"an image", `{"input":"an image"}`, func(a *agenttest.Answer) bool { return a.Image != "" }},
		{"a refusal", `{"input":"refuse"}`, func(a *agenttest.Answer) bool { return a.Refusal != "" && a.Text == "" }},
		{"a tool", `{"input":"use a tool"` + tools + `}`, func(a *agenttest.Answer) bool { return len(a.Calls) == 1 && a.Calls[0].Name == "dice" }},
		{"no tool without one", `{"input":"use a tool"}`, func(a *agenttest.Answer) bool { return a.Text == "You said: use a tool" }},
		{"a tool's result", `{"input":[{"role":"user","content":"use a tool"},{"type":"function_call_output","output":"six"}]` + tools + `}`, func(a *agenttest.Answer) bool { return a.Text == "The tool says: six" }},
		{"a result in chat", `{"messages":[{"role":"user","content":"tool"},{"role":"tool","content":"six"}]}`, func(a *agenttest.Answer) bool { return a.Text == "The tool says: six" }},
		{"a new question behind a result", `{"messages":[{"role":"tool","content":"six"},{"role":"user","content":"hi"}]}`, func(a *agenttest.Answer) bool { return a.Text == "You said: hi" }},
		{"nonsense", `nonsense`, func(a *agenttest.Answer) bool { return a.Text == "You said: " }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if a := agenttest.Improvise([]byte(tt.request)); !tt.check(a) {
				t.Errorf("answer = %+v", a)
			}
		})
	}
}

func TestWordsJoinToTheText(t *testing.T) {
	for text, want := range map[string][]string{
		"":                nil,
		"one":             {"one"},
		"one  two\nthree": {"one  ", "two\n", "three"},
		" lead":           {" ", "lead"},
		"é ü ":            {"é ", "ü "},
	} {
		if got := agenttest.Words(text); !reflect.DeepEqual(got, want) || strings.Join(got, "") != text {
			t.Errorf("Words(%q) = %q, want %q", text, got, want)
		}
	}
}

func TestServerAnswersOnlyWhatAProviderHas(t *testing.T) {
	srv := agenttest.NewServer()
	defer srv.Close()
	for _, tt := range []struct {
		method, path string
		status       int
		typ          string
	}{
		{"POST", "/responses", 200, "text/event-stream"},
		{"POST", "/chat/completions", 200, "text/event-stream"},
		{"GET", "/responses/r?stream=true", 200, "text/event-stream"},
		{"GET", "/responses/r?stream=1", 200, "application/json"},
		{"POST", "/responses/r/cancel", 200, "application/json"},
		{"GET", "/responses", 404, "text/plain; charset=utf-8"},
		{"POST", "/embeddings", 404, "text/plain; charset=utf-8"},
	} {
		req, err := http.NewRequestWithContext(t.Context(), tt.method, srv.BaseURL()+tt.path, strings.NewReader(`{"input":"hi"}`))
		if err != nil {
			t.Fatal(err)
		}
		res, err := srv.Client().Do(req)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.ReadAll(res.Body); err != nil {
			t.Error(err)
		}
		res.Body.Close()
		if res.StatusCode != tt.status || res.Header.Get("Content-Type") != tt.typ {
			t.Errorf("%s %s = %d %s, want %d %s", tt.method, tt.path, res.StatusCode, res.Header.Get("Content-Type"), tt.status, tt.typ)
		}
	}
	if got := len(srv.Requests()); got != 7 {
		t.Errorf("requests = %d, want 7", got)
	}
}

func TestServerFollowsItsScripts(t *testing.T) {
	srv := agenttest.NewServer(agenttest.Script{Body: "one"})
	defer srv.Close()
	srv.Add(agenttest.Script{Events: []string{`{"type":"a"}`, `{"b":1}`}, CRLF: true, Header: http.Header{"X-Y": {"z"}}})
	for _, want := range []string{"one", "event: a\r\ndata: {\"type\":\"a\"}\r\n\r\ndata: {\"b\":1}\r\n\r\n"} {
		res, err := srv.Client().Post(srv.BaseURL()+"/responses", "application/json", strings.NewReader("{}"))
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(res.Body)
		res.Body.Close()
		if err != nil || string(got) != want {
			t.Errorf("body = %q, %v, want %q", got, err, want)
		}
	}
}

func TestScriptedModel(t *testing.T) {
	m := agenttest.NewModel(agenttest.Answer{Text: "hi", Thoughts: []string{"h"}, Image: "QQ==", Cite: []agent.Citation{{Kind: "url_citation", Title: "T"}}})
	rec := agenttest.NewRecorder(time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC))
	o, err := agent.NewBridge(rec, "thr_1", nil).Run(t.Context(), m.Stream(t.Context(), &agent.Request{Instructions: "i"}))
	if err != nil || rec.Text() != "hi" || o.Text != "hi" || m.Requests()[0].Instructions != "i" {
		t.Errorf("text = %q, outcome = %+v, %v", rec.Text(), o, err)
	}
	for _, err := range m.Stream(t.Context(), &agent.Request{}) {
		if err == nil {
			t.Error("a script that has run out still answers")
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, err := range agenttest.NewModel(agenttest.Answer{Text: "x"}).Stream(ctx, &agent.Request{}) {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("error = %v, want the context's", err)
		}
	}
}

func TestRecorder(t *testing.T) {
	rec := agenttest.NewRecorder(time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC))
	if a, b, c := rec.NewID("message"), rec.NewID("workflow"), rec.NewID("message"); a+b+c != "message_1workflow_1message_2" {
		t.Errorf("ids = %s %s %s", a, b, c)
	}
	rec.Advance(time.Second)
	if got := rec.Now().Second(); got != 6 {
		t.Errorf("second = %d, want 6", got)
	}
	for _, e := range []chatkit.Event{
		&chatkit.ThreadItemUpdatedEvent{Update: &chatkit.AssistantMessageContentPartTextDelta{Delta: "ab"}},
		&chatkit.ProgressUpdateEvent{Text: "p"},
	} {
		if err := rec.Emit(e); err != nil {
			t.Fatal(err)
		}
	}
	if err := rec.Keep(&chatkit.EndOfTurnItem{}); err != nil {
		t.Fatal(err)
	}
	if rec.Text() != "ab" || len(rec.Events()) != 2 || len(rec.Kept()) != 1 {
		t.Errorf("text = %q, events = %d, kept = %d", rec.Text(), len(rec.Events()), len(rec.Kept()))
	}
}

func TestReadStreamFramesLines(t *testing.T) {
	dir := t.TempDir()
	for name, tt := range map[string]struct{ data, want string }{
		"a.chunks.txt": {"{\"type\":\"x\"}\n\n {\"b\":1}", "event: x\ndata: {\"type\":\"x\"}\n\ndata: {\"b\":1}\n\n"},
		"b.sse":        {"data: 1\n\n", "data: 1\n\n"},
	} {
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, []byte(tt.data), 0o600); err != nil {
			t.Fatal(err)
		}
		if got, err := agenttest.ReadStream(file); err != nil || string(got) != tt.want {
			t.Errorf("ReadStream(%s) = %q, %v, want %q", name, got, err, tt.want)
		}
	}
	if _, err := agenttest.ReadStream(filepath.Join(dir, "none")); err == nil {
		t.Error("a missing recording was read")
	}
}

func TestFixtures(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("CHATKIT_FIXTURES", dir)
	if got, err := agenttest.Fixtures(); err != nil || got != dir {
		t.Errorf("Fixtures() = %q, %v", got, err)
	}
	t.Setenv("CHATKIT_FIXTURES", filepath.Join(dir, "none"))
	if _, err := agenttest.Fixtures(); err == nil || errors.Is(err, agenttest.ErrNoFixtures) {
		t.Errorf("a wrong folder = %v, want an error that is not skipped", err)
	}
	t.Setenv("CHATKIT_FIXTURES", "")
	t.Chdir(dir)
	if _, err := agenttest.Fixtures(); !errors.Is(err, agenttest.ErrNoFixtures) {
		t.Errorf("outside of a checkout = %v, want ErrNoFixtures", err)
	}
}
