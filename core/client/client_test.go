package client

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"

	chatkit "github.com/gochatkit/chatkit/core"
)

// serve starts a server with one handler and returns a client of it.
func serve(t *testing.T, h http.HandlerFunc, opts ...Option) *Client {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return New(s.URL+"/chatkit", append([]Option{WithHTTPClient(s.Client())}, opts...)...)
}

func answer(contentType, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", contentType)
		io.WriteString(w, body)
	}
}

// sameJSON compares two JSON texts by their meaning.
func sameJSON(t *testing.T, what, got, want string) {
	t.Helper()
	var g, w any
	if err := json.Unmarshal([]byte(got), &g); err != nil {
		t.Fatalf("%s = %s: %v", what, got, err)
	}
	if err := json.Unmarshal([]byte(want), &w); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(g, w) {
		t.Errorf("%s = %s, want %s", what, got, want)
	}
}

func TestEachCallPostsItsRequest(t *testing.T) {
	ctx := t.Context()
	quoted := &Input{Content: []chatkit.UserMessageContent{&chatkit.InputText{Text: "hi"}}, Attachments: []string{"atc_1"}, QuotedText: "q"}
	tests := []struct {
		name   string
		answer string // "" = an empty stream
		call   func(*Client) error
		want   string
	}{
		{
			"create a thread", "", func(c *Client) error { return drain(c.CreateThread(ctx, Text("hi"))) },
			`{"type":"threads.create","params":{"input":{"content":[{"type":"input_text","text":"hi"}],"attachments":[],"inference_options":{}}}}`,
		},
		{
			"send a message", "", func(c *Client) error { return drain(c.Send(ctx, "thr_1", quoted)) },
			`{"type":"threads.add_user_message","params":{"thread_id":"thr_1","input":{"content":[{"type":"input_text","text":"hi"}],"attachments":["atc_1"],"quoted_text":"q","inference_options":{}}}}`,
		},
		{
			"send nothing", "", func(c *Client) error { return drain(c.Send(ctx, "thr_1", &Input{})) },
			`{"type":"threads.add_user_message","params":{"thread_id":"thr_1","input":{"content":[],"attachments":[],"inference_options":{}}}}`,
		},
		{
			"return a tool's output", "", func(c *Client) error { return drain(c.ToolOutput(ctx, "thr_1", nil)) },
			`{"type":"threads.add_client_tool_output","params":{"thread_id":"thr_1","result":null}}`,
		},
		{"answer questions", "", func(c *Client) error {
			return drain(c.StructuredInput(ctx, "thr_1", "si_1", Answers{Values: map[string][]string{"q1": {"a"}, "q2": nil}}))
		}, `{"type":"threads.add_structured_input","params":{"thread_id":"thr_1","item_id":"si_1","input":{"status":"answered","answers":{"q1":{"values":["a"],"skipped":false},"q2":{"values":[],"skipped":true}}}}}`},
		{
			"skip questions", "", func(c *Client) error { return drain(c.StructuredInput(ctx, "thr_1", "si_1", Answers{Skipped: true})) },
			`{"type":"threads.add_structured_input","params":{"thread_id":"thr_1","item_id":"si_1","input":{"status":"skipped","answers":{}}}}`,
		},
		{
			"retry", "", func(c *Client) error { return drain(c.Retry(ctx, "thr_1", "msg_1")) },
			`{"type":"threads.retry_after_item","params":{"thread_id":"thr_1","item_id":"msg_1"}}`,
		},
		{"act from a widget", "", func(c *Client) error {
			return drain(c.CustomAction(ctx, "thr_1", "wid_1", Action{Type: "buy", Payload: map[string]any{"sku": 7}}))
		}, `{"type":"threads.custom_action","params":{"thread_id":"thr_1","item_id":"wid_1","action":{"type":"buy","payload":{"sku":7}}}}`},
		{
			"act without a widget", "", func(c *Client) error { return drain(c.CustomAction(ctx, "thr_1", "", Action{Type: "buy"})) },
			`{"type":"threads.custom_action","params":{"thread_id":"thr_1","action":{"type":"buy","payload":null}}}`,
		},
		{
			"act at once", `{}`, func(c *Client) error { _, err := c.SyncAction(ctx, "thr_1", "", Action{Type: "x"}); return err },
			`{"type":"threads.sync_custom_action","params":{"thread_id":"thr_1","action":{"type":"x","payload":null}}}`,
		},
		{
			"list threads", `{"data":[],"has_more":false}`, func(c *Client) error { _, err := c.Threads(ctx, Page{}); return err },
			`{"type":"threads.list","params":{}}`,
		},
		{"list items", `{"data":[],"has_more":false}`, func(c *Client) error {
			_, err := c.Items(ctx, "thr_1", Page{Limit: 5, Order: chatkit.OrderAsc, After: "msg_1"})
			return err
		}, `{"type":"items.list","params":{"thread_id":"thr_1","limit":5,"order":"asc","after":"msg_1"}}`},
		{
			"delete a thread", `{}`, func(c *Client) error { return c.DeleteThread(ctx, "thr_1") },
			`{"type":"threads.delete","params":{"thread_id":"thr_1"}}`,
		},
		{
			"like", `{}`, func(c *Client) error { return c.Feedback(ctx, "thr_1", true, "msg_1") },
			`{"type":"items.feedback","params":{"thread_id":"thr_1","item_ids":["msg_1"],"kind":"positive"}}`,
		},
		{
			"dislike nothing", ``, func(c *Client) error { return c.Feedback(ctx, "thr_1", false) },
			`{"type":"items.feedback","params":{"thread_id":"thr_1","item_ids":[],"kind":"negative"}}`,
		},
		{
			"delete an attachment", `{}`, func(c *Client) error { return c.DeleteAttachment(ctx, "atc_1") },
			`{"type":"attachments.delete","params":{"attachment_id":"atc_1"}}`,
		},
		{"transcribe", `{"text":"hello"}`, func(c *Client) error {
			text, err := c.Transcribe(ctx, []byte{1, 2}, "audio/ogg")
			if text != "hello" {
				return fmt.Errorf("text = %q, want hello", text)
			}
			return err
		}, `{"type":"input.transcribe","params":{"audio_base64":"AQI=","mime_type":"audio/ogg"}}`},
		{
			"attach to a run", "", func(c *Client) error { return drain(c.Attach(ctx, "thr_1", "run_1", 7)) },
			`{"type":"runs.attach","params":{"thread_id":"thr_1","run_id":"run_1","after":7}}`,
		},
		{"cancel a run", `{"run_id":"run_1","status":"cancelled"}`, func(c *Client) error {
			r, err := c.Cancel(ctx, "thr_1", "", true)
			if err == nil && (r == nil || *r != Run{"run_1", "cancelled"}) {
				err = fmt.Errorf("Cancel() = %v, want run_1 cancelled", r)
			}
			return err
		}, `{"type":"runs.cancel","params":{"thread_id":"thr_1","wait":true}}`},
		{"ask for a run", `{}`, func(c *Client) error {
			r, err := c.Active(ctx, "thr_1")
			if r != nil {
				err = fmt.Errorf("Active() = %v, want none", r)
			}
			return err
		}, `{"type":"runs.active","params":{"thread_id":"thr_1"}}`},
		{"send metadata", `{}`, func(c *Client) error {
			_, err := c.Do(ctx, Request{Type: "x", Metadata: map[string]any{"a": 1}})
			return err
		}, `{"type":"x","params":{},"metadata":{"a":1}}`},
		{"send a body of one's own", `{}`, func(c *Client) error { _, err := c.Do(ctx, `{"type":"y"}`); return err }, `{"type":"y"}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var body []byte
			var contentType, method string
			c := serve(t, func(w http.ResponseWriter, r *http.Request) {
				body, _ = io.ReadAll(r.Body)
				contentType, method = r.Header.Get("Content-Type"), r.Method
				if r.Header.Get("Accept") == "text/event-stream" {
					w.Header().Set("Content-Type", "text/event-stream; charset=utf-8")
				} else {
					w.Header().Set("Content-Type", "application/json")
				}
				io.WriteString(w, tt.answer)
			})
			if err := tt.call(c); err != nil {
				t.Fatal(err)
			}
			if method != "POST" || contentType != "application/json" {
				t.Errorf("request = %s of %q, want POST of application/json", method, contentType)
			}
			sameJSON(t, "body", string(body), tt.want)
		})
	}
}

func drain(s *Stream, err error) error {
	if err != nil {
		return err
	}
	for _, err := range s.Events() {
		if err != nil {
			return err
		}
	}
	return nil
}

func TestAnswersAreDecoded(t *testing.T) {
	ctx := t.Context()
	const item = `{"id":"msg_1","thread_id":"thr_1","created_at":"2026-01-02T03:04:05Z","type":"assistant_message","content":[{"annotations":[],"text":"Hi","type":"output_text"}]}`
	const thread = `{"title":"T","id":"thr_1","created_at":"2026-01-02T03:04:05Z","status":{"type":"active"},"metadata":{},"items":{"data":[` + item + `],"has_more":true,"after":"msg_1"}}`

	t.Run("a thread", func(t *testing.T) {
		got, err := serve(t, answer("application/json", thread)).Thread(ctx, "thr_1")
		if err != nil {
			t.Fatal(err)
		}
		if got.ID != "thr_1" || *got.Title != "T" || len(got.Items.Data) != 1 || !got.Items.HasMore || got.Items.After != "msg_1" {
			t.Errorf("Thread() = %+v", got)
		}
	})
	t.Run("a page of threads", func(t *testing.T) {
		got, err := serve(t, answer("application/json", `{"data":[`+thread+`],"has_more":true,"after":"thr_1"}`)).Threads(ctx, Page{})
		if err != nil {
			t.Fatal(err)
		}
		if len(got.Data) != 1 || got.Data[0].ID != "thr_1" || !got.HasMore || got.After != "thr_1" {
			t.Errorf("Threads() = %+v", got)
		}
	})
	t.Run("a page of items", func(t *testing.T) {
		got, err := serve(t, answer("application/json", `{"data":[`+item+`],"has_more":false}`)).Items(ctx, "thr_1", Page{})
		if err != nil {
			t.Fatal(err)
		}
		m, ok := got.Data[0].(*chatkit.AssistantMessageItem)
		if !ok || m.Content[0].Text != "Hi" || got.HasMore {
			t.Errorf("Items() = %+v", got)
		}
	})
	t.Run("the item an action changed", func(t *testing.T) {
		got, err := serve(t, answer("application/json", `{"updated_item":`+item+`}`)).SyncAction(ctx, "thr_1", "msg_1", Action{Type: "x"})
		if err != nil || got == nil || got.Meta().ID != "msg_1" {
			t.Errorf("SyncAction() = %v, %v, want msg_1", got, err)
		}
	})
	t.Run("an attachment", func(t *testing.T) {
		got, err := serve(t, answer("application/json", `{"id":"atc_1","name":"a.png","mime_type":"image/png","type":"image","preview_url":"https://x/p"}`)).
			CreateAttachment(ctx, "a.png", "image/png", 10)
		if a, ok := got.(*chatkit.ImageAttachment); err != nil || !ok || a.PreviewURL != "https://x/p" {
			t.Errorf("CreateAttachment() = %v, %v", got, err)
		}
	})
	t.Run("a renamed thread", func(t *testing.T) {
		got, err := serve(t, answer("application/json", thread)).RenameThread(ctx, "thr_1", "T")
		if err != nil || *got.Title != "T" {
			t.Errorf("RenameThread() = %v, %v", got, err)
		}
	})
}

func TestErrorsCarryTheServersWords(t *testing.T) {
	tests := []struct {
		name   string
		status int
		body   string
		want   string
	}{
		{"the message of the body", 404, `{"message":"thread thr_1 not found"}`, "thread thr_1 not found"},
		{"the status where the body is no JSON", 500, "Internal Server Error", "Internal Server Error"},
		{"the status where the body is empty", 409, "", "Conflict"},
		{"the status where the message is of another type", 400, `{"message":7}`, "Bad Request"},
		{"any status but 200", 204, ``, "No Content"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := serve(t, func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Retry-After", "3")
				w.WriteHeader(tt.status)
				io.WriteString(w, tt.body)
			})
			_, doErr := c.Do(t.Context(), Request{Type: "threads.list"})
			_, streamErr := c.CreateThread(t.Context(), Text("hi"))
			for _, err := range []error{doErr, streamErr} {
				var e *StatusError
				if !errors.As(err, &e) {
					t.Fatalf("error = %v, want a StatusError", err)
				}
				if e.Status != tt.status || e.Message != tt.want || e.Header.Get("Retry-After") != "3" || string(e.Body) != tt.body {
					t.Errorf("error = %d %q %q, want %d %q %q", e.Status, e.Message, e.Body, tt.status, tt.want, tt.body)
				}
			}
		})
	}
}

func TestAnswersOfTheWrongKindAreErrors(t *testing.T) {
	c := serve(t, answer("text/html", "<html>"))
	if _, err := c.Do(t.Context(), Request{Type: "threads.list"}); err == nil || !strings.Contains(err.Error(), "not JSON") {
		t.Errorf("Do() error = %v, want one about JSON", err)
	}
	if _, err := c.CreateThread(t.Context(), Text("hi")); err == nil || !strings.Contains(err.Error(), "text/html") {
		t.Errorf("CreateThread() error = %v, want one about text/html", err)
	}
}

func TestHeadersGoWithEveryRequest(t *testing.T) {
	var got http.Header
	c := serve(t, func(w http.ResponseWriter, r *http.Request) { got = r.Header.Clone() },
		WithHeader("authorization", "Bearer x"), WithLocale("de-DE"), WithHeader("Content-Type", "text/plain"), WithHeader("Accept", ""))
	if _, err := c.Do(t.Context(), Request{Type: "x"}); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"Authorization": "Bearer x", "Accept-Language": "de-DE", "Content-Type": "text/plain", "Accept": ""} {
		if got.Get(name) != want {
			t.Errorf("%s = %q, want %q", name, got.Get(name), want)
		}
	}
}

const twoEvents = ": ping\n" +
	"data: {\"type\":\"progress_update\",\"text\":\"a\"}\nid: r-1\n\n" +
	"event: chatkit.move\ndata: {}\n\n" +
	"data: {\"type\":\"progress_update\",\"text\":\"b\"}\nid: r-2\n\n"

func TestStreamReturnsTheEvents(t *testing.T) {
	var frames []string
	c := serve(t, answer("text/event-stream", twoEvents), WithRaw(), WithFrames(func(f *Frame) {
		if f.Arrived.IsZero() {
			t.Error("a frame has no time of arrival")
		}
		frames = append(frames, text(f))
	}))
	s, err := c.CreateThread(t.Context(), Text("hi"))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for e, err := range s.Events() {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, e.ID+" "+e.Event.(*chatkit.ProgressUpdateEvent).Text)
		if want := "data: " + string(e.Data) + "\nid: " + e.ID + "\n\n"; string(e.Raw) != want {
			t.Errorf("Raw = %q, want %q", e.Raw, want)
		}
	}
	if want := []string{"r-1 a", "r-2 b"}; !reflect.DeepEqual(got, want) {
		t.Errorf("events = %q, want %q", got, want)
	}
	if s.LastID() != "r-2" {
		t.Errorf("LastID() = %q, want r-2", s.LastID())
	}
	if len(frames) != 4 || frames[0] != "#ping" || frames[2] != "r-1|chatkit.move|{}" {
		t.Errorf("frames = %q, want the comment, the named event and the two others", frames)
	}
}

func TestAnEventThatIsNoEventIsAnError(t *testing.T) {
	s, err := serve(t, answer("text/event-stream", "data: {}\n\n"+twoEvents)).CreateThread(t.Context(), Text("hi"))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if e, err := s.Next(); err == nil || string(e.Data) != "{}" {
		t.Errorf("Next() = %v, %v, want an error with the data", e, err)
	}
	if e, err := s.Next(); err != nil || e.Event.EventType() != "progress_update" {
		t.Errorf("Next() = %v, %v, want the event behind", e, err)
	}
}

func TestACutStreamIsNoEnd(t *testing.T) {
	c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		io.WriteString(w, twoEvents)
		w.(http.Flusher).Flush()
		panic(http.ErrAbortHandler)
	})
	s, err := c.CreateThread(t.Context(), Text("hi"))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	n := 0
	for _, err = range s.Events() {
		if err == nil {
			n++
		}
	}
	if n != 2 || !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("%d events and %v, want 2 and %v", n, err, io.ErrUnexpectedEOF)
	}
}

func TestLeavingAStreamTellsTheServer(t *testing.T) {
	for name, leave := range map[string]func(*Stream, context.CancelFunc){
		"by closing it":             func(s *Stream, _ context.CancelFunc) { s.Close() },
		"by cancelling the context": func(_ *Stream, cancel context.CancelFunc) { cancel() },
		"by leaving the loop": func(s *Stream, _ context.CancelFunc) {
			for range s.Events() {
				break
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			left := make(chan struct{})
			c := serve(t, func(w http.ResponseWriter, r *http.Request) {
				defer close(left)
				io.ReadAll(r.Body)
				w.Header().Set("Content-Type", "text/event-stream")
				io.WriteString(w, twoEvents)
				w.(http.Flusher).Flush()
				<-r.Context().Done()
			})
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			s, err := c.CreateThread(ctx, Text("hi"))
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			leave(s, cancel)
			<-left
			if _, err := s.Next(); err == nil {
				t.Log("an event that was read before is fine")
			}
		})
	}
}

func TestResumeSendsTheLastID(t *testing.T) {
	var got string
	c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		got = r.Header.Get("Last-Event-ID")
		w.Header().Set("Content-Type", "text/event-stream")
	})
	if err := drain(c.Resume(t.Context(), Request{Type: "threads.create"}, "r-7")); err != nil {
		t.Fatal(err)
	}
	if got != "r-7" {
		t.Errorf("Last-Event-ID = %q, want r-7", got)
	}
}

func TestAClientThatResumesIsToldTheEnd(t *testing.T) {
	var declared string
	c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		declared = r.Header.Get("ChatKit-Resume")
		w.Header().Set("Content-Type", "text/event-stream")
		w.Header().Set("ChatKit-Run", "thr/1/run_7")
		io.WriteString(w, twoEvents+"event: chatkit.end\ndata: {\"status\":\"completed\"}\n\n")
	}, WithResume())
	s, err := c.CreateThread(t.Context(), Text("hi"))
	if err != nil {
		t.Fatal(err)
	}
	if s.Status() != "" {
		t.Errorf("Status() before the end = %q, want none", s.Status())
	}
	if err := drain(s, nil); err != nil {
		t.Fatal(err)
	}
	if declared != "1" || s.RunID() != "run_7" || s.Status() != "completed" {
		t.Errorf("header %q, run %q, status %q, want 1, run_7, completed", declared, s.RunID(), s.Status())
	}
}

func TestFrameLimitsHoldInAStream(t *testing.T) {
	c := serve(t, answer("text/event-stream", "data: "+strings.Repeat("a", 100)+"\n\n"), WithFrameLimits(50, 0))
	if err := drain(c.CreateThread(t.Context(), Text("hi"))); !errors.Is(err, ErrLineTooLong) {
		t.Errorf("error = %v, want %v", err, ErrLineTooLong)
	}
}

func TestAnUnreachableServerIsAnError(t *testing.T) {
	s := httptest.NewServer(http.NotFoundHandler())
	s.Close()
	c := New(s.URL)
	if _, err := c.Do(t.Context(), Request{Type: "threads.list"}); err == nil || !strings.HasPrefix(err.Error(), "threads.list: ") {
		t.Errorf("Do() error = %v, want one that names the request", err)
	}
	if _, err := New("http://[").Stream(t.Context(), Request{Type: "x"}); err == nil {
		t.Error("Stream() error = nil for an address that is none")
	}
	if _, err := c.Do(t.Context(), Request{Type: "x", Params: func() {}}); err == nil {
		t.Error("Do() error = nil for params that cannot be encoded")
	}
}

func TestAStreamNamesItsTurn(t *testing.T) {
	for _, c := range []struct{ header, thread, run string }{
		{"thr_1/run_1", "thr_1", "run_1"}, {"a/b/run_1", "a/b", "run_1"}, {"run_1", "", "run_1"}, {"", "", ""},
	} {
		s := &Stream{res: &http.Response{Header: http.Header{"Chatkit-Run": {c.header}}}}
		if s.ThreadID() != c.thread || s.RunID() != c.run {
			t.Errorf("%q: thread %q, run %q; want %q, %q", c.header, s.ThreadID(), s.RunID(), c.thread, c.run)
		}
	}
}
