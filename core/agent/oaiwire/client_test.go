package oaiwire

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gochatkit/chatkit/core/agent"
	"github.com/gochatkit/chatkit/core/agent/agenttest"
)

// server starts a fake provider and a client for it.
func server(t *testing.T, scripts ...agenttest.Script) (*agenttest.Server, *Client) {
	t.Helper()
	srv := agenttest.NewServer(scripts...)
	tr := &http.Transport{}
	t.Cleanup(func() {
		tr.CloseIdleConnections()
		srv.Close()
	})
	return srv, &Client{BaseURL: srv.BaseURL(), Key: "k", HTTP: &http.Client{Transport: tr}, MaxRetryDelay: time.Millisecond, Idle: 5 * time.Second}
}

// sum plays a stream: its text, its reason and its error.
func sum(src iter.Seq2[agent.Event, error]) (text string, reason agent.Reason, err error) {
	for e, err := range src {
		if err != nil {
			return text, reason, err
		}
		switch e := e.(type) {
		case *agent.TextDelta:
			text += e.Text
		case *agent.Finish:
			reason = e.Reason
		}
	}
	return text, reason, nil
}

var apis = map[string]func(*Client, context.Context) iter.Seq2[agent.Event, error]{
	"responses": func(c *Client, ctx context.Context) iter.Seq2[agent.Event, error] {
		return c.Responses(ctx, map[string]any{"model": "m", "input": "hi"})
	},
	"chat": func(c *Client, ctx context.Context) iter.Seq2[agent.Event, error] {
		return c.Chat(ctx, map[string]any{"model": "m", "messages": []any{map[string]string{"role": "user", "content": "hi"}}})
	},
}

func TestClientAgainstAnUnreliableProvider(t *testing.T) {
	answer := &agenttest.Answer{Text: "one two three"}
	busy := agenttest.Refuse(429, "rate_limit_exceeded", "slow down", http.Header{"Retry-After": {"3600"}})
	tests := []struct {
		name    string
		scripts []agenttest.Script
		text    string
		check   func(error) bool // nil expects success
		asked   int
	}{
		{name: "everything works", scripts: []agenttest.Script{{Answer: answer}}, text: "one two three", asked: 1},
		{name: "single bytes", scripts: []agenttest.Script{{Answer: answer, Piece: 1}}, text: "one two three", asked: 1},
		{name: "CRLF in pieces of seven", scripts: []agenttest.Script{{Answer: answer, Piece: 7, CRLF: true}}, text: "one two three", asked: 1},
		{name: "no blank line at the end", scripts: []agenttest.Script{{Answer: answer, NoEnd: true}}, text: "one two three", asked: 1},
		{name: "slow headers, slow first token, slow pace", scripts: []agenttest.Script{{Answer: answer, HeaderDelay: time.Millisecond, FirstDelay: time.Millisecond, Pace: time.Millisecond, Jitter: time.Millisecond}}, text: "one two three", asked: 1},
		{name: "429 with a wait longer than anybody's patience, then success", scripts: []agenttest.Script{busy, {Answer: answer}}, text: "one two three", asked: 2},
		{name: "500 twice, then success", scripts: []agenttest.Script{agenttest.Refuse(500, "", "", nil), agenttest.Refuse(503, "", "", nil), {Answer: answer}}, text: "one two three", asked: 3},
		{name: "429 for ever", scripts: []agenttest.Script{busy, busy, busy}, check: isError(func(e *agent.Error) bool {
			return e.Busy() && e.Retryable() && e.RetryAfter == time.Hour && e.Status == 429
		}), asked: 3},
		{name: "quota is not retried", scripts: []agenttest.Script{agenttest.Refuse(429, "insufficient_quota", "pay", nil)}, check: isError(func(e *agent.Error) bool { return e.Quota() && !e.Retryable() }), asked: 1},
		{name: "a bad key is not retried", scripts: []agenttest.Script{agenttest.Refuse(401, "invalid_api_key", "no", nil)}, check: isError(func(e *agent.Error) bool { return !e.Retryable() }), asked: 1},
		{name: "the provider forbids a retry", scripts: []agenttest.Script{agenttest.Refuse(500, "x", "", http.Header{"X-Should-Retry": {"false"}})}, check: isError(func(e *agent.Error) bool { return e.Status == 500 }), asked: 1},
		{name: "the provider wants a retry", scripts: []agenttest.Script{agenttest.Refuse(400, "x", "", http.Header{"X-Should-Retry": {"true"}}), {Answer: answer}}, text: "one two three", asked: 2},
		{name: "an error page", scripts: []agenttest.Script{{Status: 400, ContentType: "text/html", Body: "<html>secret</html>"}}, check: isError(func(e *agent.Error) bool { return e.Message == "Bad Request" }), asked: 1},
		{name: "JSON with status 200", scripts: []agenttest.Script{{ContentType: "application/json", Body: `{"id":"resp_1","output":[]}`}}, check: isError(func(e *agent.Error) bool { return e.Code == "not_a_stream" }), asked: 1},
		{name: "an error as JSON with status 200", scripts: []agenttest.Script{{ContentType: "application/json", Body: `{"error":{"code":"server_error","message":"M"}}`}}, check: isError(func(e *agent.Error) bool { return e.Code == "server_error" }), asked: 1},
		{name: "HTML with status 200", scripts: []agenttest.Script{{ContentType: "text/html; charset=utf-8", Body: "<html>log in</html>"}}, check: isError(func(e *agent.Error) bool { return e.Code == "not_a_stream" && !e.Retryable() }), asked: 1},
		{name: "a stream without a content type", scripts: []agenttest.Script{{Answer: answer, ContentType: "text/plain"}}, text: "one two three", asked: 1},
		{name: "text that is no stream", scripts: []agenttest.Script{{ContentType: "text/plain", Body: "hello"}}, check: isError(func(e *agent.Error) bool { return e.Code == "not_a_stream" }), asked: 1},
		{name: "a clean end too early", scripts: []agenttest.Script{{Answer: answer, Stop: agenttest.StopClean, StopAfter: 4}}, check: is(agent.ErrTruncated), asked: 1},
		{name: "a reset in the middle", scripts: []agenttest.Script{{Answer: answer, Stop: agenttest.StopReset, StopAfter: 4}}, check: func(err error) bool { return err != nil && !errors.Is(err, agent.ErrTruncated) }, asked: 1},
	}
	for api, ask := range apis {
		for _, tt := range tests {
			t.Run(api+"/"+tt.name, func(t *testing.T) {
				srv, c := server(t, tt.scripts...)
				text, _, err := sum(ask(c, t.Context()))
				switch {
				case tt.check == nil && err != nil:
					t.Errorf("error = %v", err)
				case tt.check != nil && (err == nil || !tt.check(err)):
					t.Errorf("error = %#v, which is not the right one", err)
				case tt.check == nil && text != tt.text:
					t.Errorf("text = %q, want %q", text, tt.text)
				}
				if got := len(srv.Requests()); got != tt.asked {
					t.Errorf("requests = %d, want %d", got, tt.asked)
				}
			})
		}
	}
}

func is(want error) func(error) bool { return func(err error) bool { return errors.Is(err, want) } }

func isError(ok func(*agent.Error) bool) func(error) bool {
	return func(err error) bool {
		var e *agent.Error
		return errors.As(err, &e) && ok(e)
	}
}

func TestClientSendsWhatAProviderExpects(t *testing.T) {
	srv, c := server(t)
	c.Header = http.Header{"X-Extra": {"1"}}
	for _, ask := range apis {
		if _, _, err := sum(ask(c, t.Context())); err != nil {
			t.Fatal(err)
		}
	}
	for _, r := range srv.Requests() {
		var body map[string]any
		if err := json.Unmarshal(r.Body, &body); err != nil {
			t.Fatal(err)
		}
		if body["stream"] != true || body["model"] != "m" {
			t.Errorf("%s: body = %s, want stream and model in it", r.Path, r.Body)
		}
		if got := fmt.Sprint(body["stream_options"]); strings.HasPrefix(r.Path, "/v1/chat") != (got == "map[include_usage:true]") {
			t.Errorf("%s: stream_options = %s", r.Path, got)
		}
		if got := r.Header.Get("Authorization") + r.Header.Get("X-Extra") + r.Header.Get("Content-Type"); got != "Bearer k1application/json" {
			t.Errorf("%s: headers = %v", r.Path, r.Header)
		}
	}
}

func TestClientRefusesABodyThatIsNoObject(t *testing.T) {
	_, c := server(t)
	for _, body := range []any{7, []int{1}, func() {}} {
		if _, _, err := sum(c.Responses(t.Context(), body)); err == nil {
			t.Errorf("body %T was sent", body)
		}
	}
}

func TestClientResumesAndCancelsABackgroundResponse(t *testing.T) {
	srv, c := server(t, agenttest.Say("hi"))
	if text, _, err := sum(c.Resume(t.Context(), "resp/1", 7)); err != nil || text != "hi" {
		t.Errorf("Resume() = %q, %v", text, err)
	}
	if err := c.Cancel(t.Context(), "resp_1"); err != nil {
		t.Errorf("Cancel() = %v", err)
	}
	got := srv.Requests()
	if r := got[0]; r.Method != "GET" || r.Query != "starting_after=7&stream=true" {
		t.Errorf("resume asked %s %s?%s", r.Method, r.Path, r.Query)
	}
	if r := got[1]; r.Method != "POST" || r.Path != "/v1/responses/resp_1/cancel" {
		t.Errorf("cancel asked %s %s", r.Method, r.Path)
	}
}

func TestASilentProviderIsGivenUp(t *testing.T) {
	for api, ask := range apis {
		for name, sc := range map[string]agenttest.Script{
			"before the headers":     {HeaderDelay: time.Hour},
			"before the first event": {FirstDelay: time.Hour},
			"in the middle":          {Answer: &agenttest.Answer{Text: "a b c d"}, Stop: agenttest.StopSilent, StopAfter: 4},
		} {
			t.Run(api+"/"+name, func(t *testing.T) {
				srv, c := server(t, sc)
				c.Idle = 30 * time.Millisecond
				if _, _, err := sum(ask(c, t.Context())); !errors.Is(err, agent.ErrIdle) {
					t.Errorf("error = %v, want ErrIdle", err)
				}
				<-srv.Gone() // the provider has seen it
			})
		}
	}
}

func TestAConnectionThatStaysOpenBehindTheEndIsNotWaitedFor(t *testing.T) {
	answer := agenttest.Answer{Text: "a b", Calls: []agent.ToolCall{{Name: "f", Arguments: "{}"}}}
	for api, events := range map[string][]string{"responses": answer.Responses(1), "chat": answer.Chat(1)} {
		t.Run(api, func(t *testing.T) {
			n := len(events)
			// The stop comes before an event, so there must be one more.
			srv, c := server(t, agenttest.Script{Events: append(events, `{"type":"keepalive"}`), Stop: agenttest.StopSilent, StopAfter: n})
			c.Idle = time.Hour
			text, reason, err := sum(apis[api](c, t.Context()))
			if text != "a b" || reason != agent.ReasonToolCalls || err != nil {
				t.Errorf("got %q, %q, %v", text, reason, err)
			}
			<-srv.Gone()
		})
	}
}

func TestCancellingAbortsTheRequest(t *testing.T) {
	why := errors.New("user left")
	for api, ask := range apis {
		for name, sc := range map[string]agenttest.Script{
			"before the headers":     {HeaderDelay: time.Hour},
			"before the first event": {FirstDelay: time.Hour},
			"in the middle":          {Answer: &agenttest.Answer{Text: "a b c"}, Stop: agenttest.StopSilent, StopAfter: 4},
			"while waiting to retry": agenttest.Refuse(429, "", "", http.Header{"Retry-After": {"60"}}),
		} {
			t.Run(api+"/"+name, func(t *testing.T) {
				srv, c := server(t, sc)
				c.MaxRetryDelay = time.Hour
				ctx, cancel := context.WithCancelCause(t.Context())
				defer cancel(nil)
				timer := time.AfterFunc(30*time.Millisecond, func() { cancel(why) })
				defer timer.Stop()
				if _, _, err := sum(ask(c, ctx)); !errors.Is(err, why) {
					t.Errorf("error = %v, want the cause", err)
				}
				if name != "while waiting to retry" {
					<-srv.Gone()
				}
			})
		}
	}
}

func TestBreakingOutOfTheLoopAbortsTheRequest(t *testing.T) {
	srv, c := server(t, agenttest.Script{Answer: &agenttest.Answer{Text: "a b c"}, Stop: agenttest.StopSilent, StopAfter: 5})
	for range c.Responses(t.Context(), map[string]any{}) {
		break
	}
	<-srv.Gone()
}

func TestRetryAfter(t *testing.T) {
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	for _, tt := range []struct {
		key, value string
		want       time.Duration
	}{
		{"Retry-After", "2", 2 * time.Second},
		{"Retry-After", "0.5", 500 * time.Millisecond},
		{"Retry-After", "1e300", 24 * time.Hour},
		{"Retry-After", "-1", 0},
		{"Retry-After", "soon", 0},
		{"Retry-After", "Fri, 02 Jan 2026 03:04:35 GMT", 30 * time.Second},
		{"Retry-After", "Fri, 02 Jan 2026 03:04:00 GMT", 0},
		{"Retry-After-Ms", "150", 150 * time.Millisecond},
		{"X", "", 0},
	} {
		if got := retryAfter(http.Header{tt.key: {tt.value}}, now); got != tt.want {
			t.Errorf("%s: %s = %v, want %v", tt.key, tt.value, got, tt.want)
		}
	}
	c := &Client{}
	if got := c.delay(0, &agent.Error{RetryAfter: time.Hour}); got != 5*time.Second {
		t.Errorf("delay = %v, want it capped at 5s", got)
	}
	for try := range 20 {
		if got := c.delay(try, nil); got <= 0 || got > 5*time.Second {
			t.Errorf("delay of try %d = %v", try, got)
		}
	}
}
