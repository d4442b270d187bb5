package openaichatkit_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/openai/openai-go/v3/option"
	"github.com/openai/openai-go/v3/packages/param"
	"github.com/openai/openai-go/v3/responses"

	openaichatkit "github.com/gochatkit/chatkit/bridges/openai"
	chatkit "github.com/gochatkit/chatkit/core"
	"github.com/gochatkit/chatkit/core/agent"
	"github.com/gochatkit/chatkit/core/agent/agenttest"
	"github.com/gochatkit/chatkit/core/agent/oaiwire"
)

// start starts a fake provider and a service that asks it.
func start(t *testing.T, scripts ...agenttest.Script) (*agenttest.Server, responses.ResponseService) {
	t.Helper()
	srv := agenttest.NewServer(scripts...)
	tr := &http.Transport{}
	t.Cleanup(func() {
		tr.CloseIdleConnections()
		srv.Close()
	})
	return srv, responses.NewResponseService(
		option.WithBaseURL(srv.BaseURL()), option.WithAPIKey("k"), option.WithHTTPClient(&http.Client{Transport: tr}),
	)
}

func params() responses.ResponseNewParams {
	return responses.ResponseNewParams{Model: "m", Input: responses.ResponseNewParamsInputUnion{OfString: param.NewOpt("hi")}}
}

// thread returns the thread events of a run, and its error, as lines.
func thread(t *testing.T, src iter.Seq2[agent.Event, error]) string {
	t.Helper()
	rec := agenttest.NewRecorder(time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC))
	_, failed := agent.NewBridge(rec, "thr_1", nil).Run(t.Context(), src)
	var b strings.Builder
	for _, e := range rec.Events() {
		line, err := json.Marshal(e)
		if err != nil {
			t.Fatal(err)
		}
		b.Write(append(line, '\n'))
	}
	if failed != nil {
		var e *agent.Error
		if !errors.As(failed, &e) {
			return b.String() + failed.Error()
		}
		fmt.Fprintf(&b, "%s %s %s", e.Code, e.Type, e.Message)
	}
	return b.String()
}

func TestStreamWritesTheAnswerIntoAThread(t *testing.T) {
	srv, service := start(t, agenttest.Say("Hello there"))
	rec := agenttest.NewRecorder(time.Now())
	o, err := agent.NewBridge(rec, "thr_1", nil).Run(t.Context(), openaichatkit.Stream(t.Context(), service, params()))
	if err != nil || rec.Text() != "Hello there" || o.ResponseID != "resp_1" {
		t.Errorf("text = %q, outcome = %+v, error = %v", rec.Text(), o, err)
	}
	for _, e := range rec.Events() {
		if added, ok := e.(*chatkit.ThreadItemAddedEvent); ok && added.Item.Meta().ID != "message_1" {
			t.Errorf("item id = %s: ids of a provider that is not OpenAI must not be kept", added.Item.Meta().ID)
		}
	}
	r := srv.Requests()[0]
	var body map[string]any
	if err := json.Unmarshal(r.Body, &body); err != nil {
		t.Fatal(err)
	}
	if body["stream"] != true || body["model"] != "m" || body["input"] != "hi" || r.Header.Get("Authorization") != "Bearer k" {
		t.Errorf("asked %s with %v", r.Body, r.Header)
	}
}

func TestStreamAgainstAnUnreliableProvider(t *testing.T) {
	answer := &agenttest.Answer{Text: "one two three"}
	tests := []struct {
		name    string
		scripts []agenttest.Script
		check   func(error) bool // nil expects success
		asked   int
	}{
		{"429 once", []agenttest.Script{agenttest.Refuse(429, "rate_limit_exceeded", "", http.Header{"Retry-After": {"0.001"}}), {Answer: answer}}, nil, 2},
		{"quota", []agenttest.Script{agenttest.Refuse(400, "insufficient_quota", "pay", nil)}, func(err error) bool {
			var e *agent.Error
			return errors.As(err, &e) && e.Quota() && e.Status == 400 && e.Message == "pay"
		}, 1},
		{"an error page", []agenttest.Script{{Status: 403, ContentType: "text/html", Body: "<html>"}}, func(err error) bool {
			var e *agent.Error
			return errors.As(err, &e) && e.Status == 403 && !e.Retryable()
		}, 1},
		{"an early end", []agenttest.Script{{Answer: answer, Stop: agenttest.StopClean, StopAfter: 4}}, func(err error) bool { return errors.Is(err, agent.ErrTruncated) }, 1},
		{"a reset", []agenttest.Script{{Answer: answer, Stop: agenttest.StopReset, StopAfter: 4}}, func(err error) bool { return err != nil }, 1},
		{"JSON instead of a stream", []agenttest.Script{{ContentType: "application/json", Body: "{}"}}, func(err error) bool {
			var e *agent.Error
			return errors.As(err, &e) && e.Code == "not_a_stream"
		}, 1},
		{"null errors in every event", []agenttest.Script{{Events: []string{
			`{"type":"response.output_text.delta","item_id":"m","delta":"one two three","error":null}`, `{"type":"response.completed","response":{"id":"r"},"error":null}`,
		}}}, nil, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			srv, service := start(t, tt.scripts...)
			rec := agenttest.NewRecorder(time.Now())
			_, err := agent.NewBridge(rec, "thr_1", nil).Run(t.Context(), openaichatkit.Stream(t.Context(), service, params()))
			switch {
			case tt.check == nil && (err != nil || rec.Text() != "one two three"):
				t.Errorf("text = %q, error = %v", rec.Text(), err)
			case tt.check != nil && !tt.check(err):
				t.Errorf("error = %v, which is not the right one", err)
			}
			if got := len(srv.Requests()); got != tt.asked {
				t.Errorf("requests = %d, want %d", got, tt.asked)
			}
		})
	}
}

func TestASilentProviderIsGivenUp(t *testing.T) {
	srv, service := start(t, agenttest.Script{Answer: &agenttest.Answer{Text: "a b c"}, Stop: agenttest.StopSilent, StopAfter: 4})
	src := openaichatkit.Source{Service: service, Wire: []oaiwire.Option{oaiwire.Idle(30 * time.Millisecond)}}
	var failed error
	for _, err := range src.Stream(t.Context(), params()) {
		failed = err
	}
	if !errors.Is(failed, agent.ErrIdle) {
		t.Errorf("error = %v, want ErrIdle", failed)
	}
	<-srv.Gone()
}

func TestLeavingTheLoopAbortsTheRequest(t *testing.T) {
	why := errors.New("user left")
	for name, leave := range map[string]func(context.CancelCauseFunc) bool{
		"break":  func(context.CancelCauseFunc) bool { return true },
		"cancel": func(cancel context.CancelCauseFunc) bool { cancel(why); return false },
	} {
		t.Run(name, func(t *testing.T) {
			srv, service := start(t, agenttest.Script{Answer: &agenttest.Answer{Text: "a b c"}, Stop: agenttest.StopSilent, StopAfter: 4})
			ctx, cancel := context.WithCancelCause(t.Context())
			defer cancel(nil)
			var failed error
			for _, err := range openaichatkit.Stream(ctx, service, params()) {
				if failed = err; err == nil && leave(cancel) {
					break
				}
			}
			if name == "cancel" && !errors.Is(failed, why) {
				t.Errorf("error = %v, want the cause", failed)
			}
			<-srv.Gone()
		})
	}
}

func TestResumeAsksInTheQuery(t *testing.T) {
	srv, service := start(t, agenttest.Say("rest"))
	rec := agenttest.NewRecorder(time.Now())
	_, err := agent.NewBridge(rec, "thr_1", nil).Run(t.Context(), openaichatkit.Source{Service: service}.Resume(t.Context(), "resp_9", 7))
	if err != nil || rec.Text() != "rest" {
		t.Errorf("text = %q, error = %v", rec.Text(), err)
	}
	if r := srv.Requests()[0]; r.Method != "GET" || r.Path != "/v1/responses/resp_9" || r.Query != "starting_after=7&stream=true" {
		t.Errorf("asked %s %s?%s", r.Method, r.Path, r.Query)
	}
}

func TestInputIsSentWordForWord(t *testing.T) {
	srv, service := start(t, agenttest.Say("ok"))
	p := params()
	p.Input = openaichatkit.Input([]json.RawMessage{
		agent.UserText("a <b> é"), json.RawMessage(`{"type":"reasoning","encrypted_content":"x","brand_new":{"z":1,"a":[2]}}`),
	})
	thread(t, openaichatkit.Stream(t.Context(), service, p))
	var body struct {
		Input []json.RawMessage `json:"input"`
	}
	if err := json.Unmarshal(srv.Requests()[0].Body, &body); err != nil {
		t.Fatal(err)
	}
	if len(body.Input) != 2 || string(body.Input[1]) != `{"type":"reasoning","encrypted_content":"x","brand_new":{"z":1,"a":[2]}}` {
		t.Errorf("input = %s", body.Input)
	}
	if !strings.Contains(strings.ReplaceAll(strings.ReplaceAll(string(body.Input[0]), `\u003c`, "<"), `\u003e`, ">"), "a <b> é") {
		t.Errorf("input = %s", body.Input[0])
	}
}

func TestPartsAndItemsOfTheSDKsTypes(t *testing.T) {
	part, err := openaichatkit.Part(responses.ResponseInputContentUnionParam{OfInputFile: &responses.ResponseInputFileParam{FileID: param.NewOpt("f")}})
	if err != nil || string(part) != `{"file_id":"f","type":"input_file"}` {
		t.Errorf("Part() = %s, %v", part, err)
	}
	items, err := openaichatkit.Items(responses.ResponseInputItemParamOfMessage("hi", responses.EasyInputMessageRoleUser))
	if err != nil || len(items) != 1 || !strings.Contains(string(items[0]), `"content":"hi"`) {
		t.Errorf("Items() = %s, %v", items, err)
	}
}

// All ways of reading a recording give the same thread events: the body by itself, through this package, and
// through the SDK's own stream where the recording is one that the SDK can read.
func TestRecordingsReadAlikeOnEveryWay(t *testing.T) {
	dir, err := agenttest.Fixtures()
	if errors.Is(err, agenttest.ErrNoFixtures) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	files, err := os.ReadDir(filepath.Join(dir, "responses"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		t.Run(f.Name(), func(t *testing.T) {
			body, err := agenttest.ReadStream(filepath.Join(dir, "responses", f.Name()))
			if err != nil {
				t.Fatal(err)
			}
			want := thread(t, oaiwire.ResponsesStream(bytes.NewReader(body)))
			script := agenttest.Script{Body: string(body), Piece: 1400}
			_, service := start(t, script, script)
			if got := thread(t, openaichatkit.Stream(t.Context(), service, params())); got != want {
				t.Errorf("through Stream:\n%s\nwant:\n%s", got, want)
			}
			got := thread(t, openaichatkit.Events(service.NewStreaming(t.Context(), params())))
			if got != want {
				t.Errorf("through Events:\n%s\nwant:\n%s", got, want)
			}
		})
	}
}

func TestTheSDKsRootPackageIsNeverImported(t *testing.T) {
	cmd := exec.CommandContext(t.Context(), "go", "list", "-deps", ".")
	cmd.Env = append(os.Environ(), "GOWORK=off")
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	found := false
	for _, pkg := range strings.Fields(string(out)) {
		if pkg == "github.com/openai/openai-go/v3" {
			t.Error("the root package of the SDK is imported: it makes every program 20 MB larger")
		}
		found = found || pkg == "github.com/openai/openai-go/v3/responses"
	}
	if !found {
		t.Errorf("go list shows no responses package: %s", out)
	}
}
