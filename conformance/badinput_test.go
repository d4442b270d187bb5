package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"
	"time"

	nethttpchatkit "github.com/gochatkit/chatkit/adapters/nethttp"
	chatkit "github.com/gochatkit/chatkit/core"
	"github.com/gochatkit/chatkit/core/chatkittest"
	"github.com/gochatkit/chatkit/core/memstore"
)

// A refusal is a request that a server must refuse: with a status, with words, and
// without a change to its store.
type refusal struct {
	name   string
	body   string
	status int
	send   func(*http.Request) // changes the request
}

const (
	smallBody  = 4 << 10 // the server's limit in these tests
	inputOK    = `"input":{"content":[{"type":"input_text","text":"Hi"}],"attachments":[],"inference_options":{}}`
	manyLevels = 5000
)

func message(input string) string {
	return `{"type":"threads.add_user_message","params":{"thread_id":"thr_1","input":` + input + `}}`
}

// refusals are the ways of saying something wrong to a server.
func refusals() []refusal {
	header := func(name, value string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Set(name, value) }
	}
	method := func(m string) func(*http.Request) { return func(r *http.Request) { r.Method = m } }
	create := `{"type":"threads.create","params":{` + inputOK + `}}`
	deep := strings.Repeat("[", manyLevels) + strings.Repeat("]", manyLevels)

	return []refusal{
		// Before the body counts.
		{"GET", create, 405, method("GET")},
		{"PUT", create, 405, method("PUT")},
		{"DELETE", create, 405, method("DELETE")},
		{"a form", create, 415, header("Content-Type", "application/x-www-form-urlencoded")},
		{"plain text", create, 415, header("Content-Type", "text/plain")},
		{"no content type", create, 415, func(r *http.Request) { r.Header.Del("Content-Type") }},
		{"a content type that is none", create, 415, header("Content-Type", ";;;")},
		{"a compressed body", create, 415, header("Content-Encoding", "gzip")},
		{"nobody", create, 401, header("X-User", "")},
		{"somebody who may not", create, 403, header("X-User", "banned")},

		// Size and depth.
		{"a body over the limit", `{"type":"threads.create","params":{"pad":"` + strings.Repeat("x", smallBody) + `",` + inputOK + `}}`, 413, nil},
		{
			"a body over the limit in chunks", `{"type":"threads.create","params":{"pad":"` + strings.Repeat("x", smallBody) + `",` + inputOK + `}}`, 413,
			func(r *http.Request) { r.ContentLength = -1 },
		},
		{"a body over any limit", strings.Repeat(" ", 1<<20), 413, nil},
		{"arrays too deep", `{"type":"threads.custom_action","params":{"thread_id":"thr_1","action":{"type":"a","payload":` + deep[:1500] + deep[len(deep)-1500:] + `}}}`, 400, nil},
		{"objects too deep", `{"type":"threads.add_client_tool_output","params":{"thread_id":"thr_1","result":` + strings.Repeat(`{"a":`, 600) + "1" + strings.Repeat("}", 600) + `}}`, 400, nil},
		{"depth outside of what is read", `{"x":` + strings.Repeat("[", 1500) + strings.Repeat("]", 1500) + `,` + create[1:], 400, nil},
		{"depth without an end", strings.Repeat("[", 3000), 400, nil},

		// No JSON.
		{"nothing", ``, 400, nil},
		{"space", `  `, 400, nil},
		{"no JSON", `hello`, 400, nil},
		{"half an object", `{"type":"threads.list","params":{}`, 400, nil},
		{"two objects", `{"type":"threads.list","params":{}}{}`, 400, nil},
		{"something behind it", `{"type":"threads.list","params":{}} x`, 400, nil},
		{"a comma too many", `{"type":"threads.list","params":{},}`, 400, nil},
		{"single quotes", `{'type':'threads.list','params':{}}`, 400, nil},
		{"a comment", `{"type":"threads.list",/**/"params":{}}`, 400, nil},
		{"a byte-order mark", "\xef\xbb\xbf" + `{"type":"threads.list","params":{}}`, 400, nil},
		{"invalid UTF-8", `{"type":"threads.update","params":{"thread_id":"thr_1","title":"` + "\xff" + `"}}`, 400, nil},
		{"UTF-8 of a surrogate", `{"type":"threads.update","params":{"thread_id":"thr_1","title":"` + "\xed\xa0\x80" + `"}}`, 400, nil},
		{"half a surrogate pair", `{"type":"threads.update","params":{"thread_id":"thr_1","title":"\ud800"}}`, 400, nil},
		{"an escape that is none", `{"type":"threads.update","params":{"thread_id":"thr_1","title":"\x"}}`, 400, nil},
		{"a raw newline in text", "{\"type\":\"threads.update\",\"params\":{\"thread_id\":\"thr_1\",\"title\":\"a\nb\"}}", 400, nil},
		{"a raw NUL", "{\"type\":\"threads.update\",\"params\":{\"thread_id\":\"thr_1\",\"title\":\"a\x00b\"}}", 400, nil},
		{"NaN", `{"type":"threads.list","params":{"limit":NaN}}`, 400, nil},
		{"a number with a zero in front", `{"type":"threads.list","params":{"limit":01}}`, 400, nil},
		{"a number with a plus", `{"type":"threads.list","params":{"limit":+1}}`, 400, nil},

		// No request.
		{"null", `null`, 400, nil},
		{"an array", `[]`, 400, nil},
		{"text", `"threads.list"`, 400, nil},
		{"no type", `{"params":{}}`, 400, nil},
		{"a type that is null", `{"type":null,"params":{}}`, 400, nil},
		{"a type that is a number", `{"type":7,"params":{}}`, 400, nil},
		{"an unknown type", `{"type":"threads.explode","params":{}}`, 400, nil},
		{"a type in capitals", `{"type":"Threads.List","params":{}}`, 400, nil},
		{"a type with space", `{"type":" threads.list","params":{}}`, 400, nil},
		{"no params", `{"type":"threads.list"}`, 400, nil},
		{"params that are null", `{"type":"threads.list","params":null}`, 400, nil},
		{"params that are a list", `{"type":"threads.list","params":[]}`, 400, nil},
		{"metadata that is null", `{"type":"threads.list","params":{},"metadata":null}`, 400, nil},
		{"metadata that is a list", `{"type":"threads.list","params":{},"metadata":[]}`, 400, nil},
		{"the type twice", `{"type":"threads.list","type":"threads.delete","params":{"thread_id":"thr_1"}}`, 400, nil},
		{"params twice", `{"type":"threads.delete","params":{"thread_id":"thr_0"},"params":{"thread_id":"thr_1"}}`, 400, nil},
		{"a member twice, once escaped", `{"type":"threads.delete","params":{"thread_id":"thr_0","thread\u005fid":"thr_1"}}`, 400, nil},
		{"the name of a member in capitals", `{"TYPE":"threads.list","params":{}}`, 400, nil},

		// Params of the wrong kind.
		{"no input", `{"type":"threads.create","params":{}}`, 400, nil},
		{"input that is null", `{"type":"threads.create","params":{"input":null}}`, 400, nil},
		{"no content", message(`{"attachments":[],"inference_options":{}}`), 400, nil},
		{"content that is text", message(`{"content":"Hi","attachments":[],"inference_options":{}}`), 400, nil},
		{"content of an unknown kind", message(`{"content":[{"type":"output_text","text":"Hi"}],"attachments":[],"inference_options":{}}`), 400, nil},
		{"content without a kind", message(`{"content":[{"text":"Hi"}],"attachments":[],"inference_options":{}}`), 400, nil},
		{"content that is null", message(`{"content":[null],"attachments":[],"inference_options":{}}`), 400, nil},
		{"text that is a number", message(`{"content":[{"type":"input_text","text":5}],"attachments":[],"inference_options":{}}`), 400, nil},
		{"no text", message(`{"content":[{"type":"input_text"}],"attachments":[],"inference_options":{}}`), 400, nil},
		{"a tag with data that is a list", message(`{"content":[{"type":"input_tag","id":"a","text":"b","data":[]}],"attachments":[],"inference_options":{}}`), 400, nil},
		{"no attachments", message(`{"content":[],"inference_options":{}}`), 400, nil},
		{"attachments that are null", message(`{"content":[],"attachments":null,"inference_options":{}}`), 400, nil},
		{"attachments that are numbers", message(`{"content":[],"attachments":[1],"inference_options":{}}`), 400, nil},
		{"no inference options", message(`{"content":[],"attachments":[]}`), 400, nil},
		{"inference options that are null", message(`{"content":[],"attachments":[],"inference_options":null}`), 400, nil},
		{"a tool choice without an id", message(`{"content":[],"attachments":[],"inference_options":{"tool_choice":{}}}`), 400, nil},
		{"a model that is a number", message(`{"content":[],"attachments":[],"inference_options":{"model":4}}`), 400, nil},
		{"a quotation that is a list", message(`{"content":[],"attachments":[],"quoted_text":[],"inference_options":{}}`), 400, nil},
		{"a thread id that is a number", `{"type":"threads.get_by_id","params":{"thread_id":1}}`, 400, nil},
		{"a thread id that is null", `{"type":"threads.delete","params":{"thread_id":null}}`, 400, nil},
		{"no thread id", `{"type":"threads.delete","params":{}}`, 400, nil},
		{"no title", `{"type":"threads.update","params":{"thread_id":"thr_1"}}`, 400, nil},
		{"a title that is null", `{"type":"threads.update","params":{"thread_id":"thr_1","title":null}}`, 400, nil},
		{"no result", `{"type":"threads.add_client_tool_output","params":{"thread_id":"thr_tool"}}`, 400, nil},
		{"an order that is none", `{"type":"threads.list","params":{"order":"up"}}`, 400, nil},
		{"an order in capitals", `{"type":"items.list","params":{"thread_id":"thr_1","order":"ASC"}}`, 400, nil},
		{"an order that is null", `{"type":"threads.list","params":{"order":null}}`, 400, nil},
		{"a limit with a fraction", `{"type":"threads.list","params":{"limit":1.5}}`, 400, nil},
		{"a limit that is a word", `{"type":"threads.list","params":{"limit":"many"}}`, 400, nil},
		{"a limit that is a list", `{"type":"threads.list","params":{"limit":[5]}}`, 400, nil},
		{"a cursor that is a number", `{"type":"threads.list","params":{"after":5}}`, 400, nil},
		{"feedback of another kind", `{"type":"items.feedback","params":{"thread_id":"thr_1","item_ids":[],"kind":"great"}}`, 400, nil},
		{"feedback without items", `{"type":"items.feedback","params":{"thread_id":"thr_1","kind":"positive"}}`, 400, nil},
		{"feedback on a number", `{"type":"items.feedback","params":{"thread_id":"thr_1","item_ids":[1],"kind":"positive"}}`, 400, nil},
		{"no action", `{"type":"threads.custom_action","params":{"thread_id":"thr_1"}}`, 400, nil},
		{"an action that is text", `{"type":"threads.custom_action","params":{"thread_id":"thr_1","action":"buy"}}`, 400, nil},
		{"an action without a type", `{"type":"threads.sync_custom_action","params":{"thread_id":"thr_1","action":{"payload":1}}}`, 400, nil},
		{"a structured answer that is a list", `{"type":"threads.add_structured_input","params":{"thread_id":"thr_form","item_id":"si_1","input":[]}}`, 400, nil},
		{"a structured status that is none", `{"type":"threads.add_structured_input","params":{"thread_id":"thr_form","item_id":"si_1","input":{"status":"maybe"}}}`, 400, nil},
		{"structured values that are text", `{"type":"threads.add_structured_input","params":{"thread_id":"thr_form","item_id":"si_1","input":{"answers":{"q1":{"values":"a"}}}}}`, 400, nil},
		{"an attachment without a name", `{"type":"attachments.create","params":{"size":1,"mime_type":"a/b"}}`, 400, nil},
		{"an attachment with a size that is a word", `{"type":"attachments.create","params":{"name":"a","size":"big","mime_type":"a/b"}}`, 400, nil},
		{"audio that is no base64", `{"type":"input.transcribe","params":{"audio_base64":"***","mime_type":"audio/ogg"}}`, 400, nil},
		{"audio with half an end", `{"type":"input.transcribe","params":{"audio_base64":"AQI","mime_type":"audio/ogg"}}`, 400, nil},
		{"audio without a type", `{"type":"input.transcribe","params":{"audio_base64":"AQI="}}`, 400, nil},

		// What does not exist.
		{"an unknown thread", strings.Replace(message(`{"content":[],"attachments":[],"inference_options":{}}`), "thr_1", "thr_9", 1), 404, nil},
		{"an unknown thread to read", `{"type":"threads.get_by_id","params":{"thread_id":"thr_9"}}`, 404, nil},
		{"an unknown thread to list", `{"type":"items.list","params":{"thread_id":"thr_9"}}`, 404, nil},
		{"an unknown thread to rename", `{"type":"threads.update","params":{"thread_id":"thr_9","title":"x"}}`, 404, nil},
		{"an unknown thread to retry", `{"type":"threads.retry_after_item","params":{"thread_id":"thr_9","item_id":"msg_1"}}`, 404, nil},
		{"an unknown thread for a tool", `{"type":"threads.add_client_tool_output","params":{"thread_id":"thr_9","result":1}}`, 404, nil},
		{"an unknown thread for a form", `{"type":"threads.add_structured_input","params":{"thread_id":"thr_9","item_id":"si_1","input":{}}}`, 404, nil},
		{"an unknown thread for an action", `{"type":"threads.custom_action","params":{"thread_id":"thr_9","action":{"type":"a"}}}`, 404, nil},
		{"an unknown thread for an action without a stream", `{"type":"threads.sync_custom_action","params":{"thread_id":"thr_9","action":{"type":"a"}}}`, 404, nil},
		{"an empty thread id", `{"type":"threads.get_by_id","params":{"thread_id":""}}`, 404, nil},
		{"an unknown item to retry", `{"type":"threads.retry_after_item","params":{"thread_id":"thr_1","item_id":"msg_9"}}`, 404, nil},
		{"an item of another thread to retry", `{"type":"threads.retry_after_item","params":{"thread_id":"thr_tool","item_id":"msg_1"}}`, 404, nil},
		{"an unknown item for a form", `{"type":"threads.add_structured_input","params":{"thread_id":"thr_form","item_id":"si_9","input":{}}}`, 404, nil},
		{"an unknown item for an action", `{"type":"threads.custom_action","params":{"thread_id":"thr_1","item_id":"wid_9","action":{"type":"a"}}}`, 404, nil},
		{"an unknown item for an action without a stream", `{"type":"threads.sync_custom_action","params":{"thread_id":"thr_1","item_id":"wid_9","action":{"type":"a"}}}`, 404, nil},
		{"an unknown attachment in a new thread", `{"type":"threads.create","params":{"input":{"content":[],"attachments":["atc_9"],"inference_options":{}}}}`, 404, nil},
		{"an unknown attachment behind a known one", message(`{"content":[],"attachments":["atc_1","atc_9"],"inference_options":{}}`), 404, nil},
		{"an unknown attachment to delete", `{"type":"attachments.delete","params":{"attachment_id":"atc_9"}}`, 404, nil},
		{"an unknown cursor of threads", `{"type":"threads.list","params":{"after":"thr_9"}}`, 400, nil},
		{"an unknown cursor of items", `{"type":"items.list","params":{"thread_id":"thr_1","after":"msg_9"}}`, 400, nil},
		{"a cursor of another thread", `{"type":"items.list","params":{"thread_id":"thr_tool","after":"msg_1"}}`, 400, nil},

		// What is somebody else's.
		{"a foreign thread to write to", message(`{"content":[],"attachments":[],"inference_options":{}}`), 404, header("X-User", "eve")},
		{"a foreign thread to read", `{"type":"threads.get_by_id","params":{"thread_id":"thr_1"}}`, 404, header("X-User", "eve")},
		{"a foreign thread to list", `{"type":"items.list","params":{"thread_id":"thr_1"}}`, 404, header("X-User", "eve")},
		{"a foreign thread to rename", `{"type":"threads.update","params":{"thread_id":"thr_1","title":"x"}}`, 404, header("X-User", "eve")},
		{"a foreign thread to retry", `{"type":"threads.retry_after_item","params":{"thread_id":"thr_1","item_id":"msg_1"}}`, 404, header("X-User", "eve")},
		{"a foreign thread to judge", `{"type":"items.feedback","params":{"thread_id":"thr_1","item_ids":["msg_2"],"kind":"positive"}}`, 404, header("X-User", "eve")},
		{"a foreign call to answer", `{"type":"threads.add_client_tool_output","params":{"thread_id":"thr_tool","result":1}}`, 404, header("X-User", "eve")},
		{"a foreign form to answer", `{"type":"threads.add_structured_input","params":{"thread_id":"thr_form","item_id":"si_1","input":{}}}`, 404, header("X-User", "eve")},
		{"a foreign widget to press", `{"type":"threads.custom_action","params":{"thread_id":"thr_1","item_id":"wid_1","action":{"type":"a"}}}`, 404, header("X-User", "eve")},
		{"a foreign attachment to send", `{"type":"threads.create","params":{"input":{"content":[],"attachments":["atc_1"],"inference_options":{}}}}`, 404, header("X-User", "eve")},
		{"a foreign attachment to delete", `{"type":"attachments.delete","params":{"attachment_id":"atc_1"}}`, 404, header("X-User", "eve")},
		{"a foreign cursor of threads", `{"type":"threads.list","params":{"after":"thr_1"}}`, 400, header("X-User", "eve")},

		// What exists and does not fit.
		{"an answer of the assistant to retry", `{"type":"threads.retry_after_item","params":{"thread_id":"thr_1","item_id":"msg_2"}}`, 4, nil},
		{"a message as a form", `{"type":"threads.add_structured_input","params":{"thread_id":"thr_1","item_id":"msg_1","input":{}}}`, 4, nil},
		{"a form that was answered", `{"type":"threads.add_structured_input","params":{"thread_id":"thr_form","item_id":"si_0","input":{}}}`, 4, nil},
		{"a message as a widget, without a stream", `{"type":"threads.sync_custom_action","params":{"thread_id":"thr_1","item_id":"msg_1","action":{"type":"a"}}}`, 4, nil},
		{"output of a tool that nobody called", `{"type":"threads.add_client_tool_output","params":{"thread_id":"thr_1","result":1}}`, 4, nil},
		{"output of a tool that has answered", `{"type":"threads.add_client_tool_output","params":{"thread_id":"thr_done","result":1}}`, 4, nil},
	}
}

func TestBadRequestsAreRefusedAndChangeNothing(t *testing.T) {
	var faults chatkittest.Faults // records the calls
	store := faults.Wrap(memstore.New())
	fillStore(t, store)
	called := make(chan string, 1000)
	srv := chatkit.NewServer(store, func(_ context.Context, turn *chatkit.Turn) error {
		called <- "respond"
		return turn.Text("no")
	}, hooks(called))
	url, stop, err := listen(withUser(nethttpchatkit.Handler(srv)))
	if err != nil {
		t.Fatal(err)
	}
	defer stop()
	before := everything(t, store)
	client := &http.Client{}
	for _, tt := range refusals() {
		t.Run(tt.name, func(t *testing.T) {
			faults.Clear()
			req, err := http.NewRequestWithContext(t.Context(), "POST", url, io.NopCloser(strings.NewReader(tt.body)))
			if err != nil {
				t.Fatal(err)
			}
			req.ContentLength = int64(len(tt.body))
			req.Header.Set("Content-Type", "application/json")
			req.Header.Set("X-User", "ann")
			if tt.send != nil {
				tt.send(req)
			}
			res, err := client.Do(req)
			if err != nil {
				t.Fatal(err)
			}
			defer res.Body.Close()
			body, err := io.ReadAll(res.Body)
			if err != nil {
				t.Fatal(err)
			}
			fits := res.StatusCode == tt.status || tt.status == 4 && res.StatusCode >= 400 && res.StatusCode <= 499
			if !fits {
				t.Errorf("status = %d %s, want %d", res.StatusCode, body, tt.status)
			}
			if got := res.Header.Get("Content-Type"); got != "application/json" {
				t.Errorf("Content-Type = %q, want application/json", got)
			}
			var refused map[string]any
			if err := json.Unmarshal(body, &refused); err != nil {
				t.Fatalf("body %s: %v", body, err)
			}
			if text, ok := refused["message"].(string); !ok || text == "" || len(refused) != 1 {
				t.Errorf(`body = %s, want {"message": …} and nothing else`, body)
			}
			for _, call := range faults.Calls() {
				if strings.HasPrefix(call, "Put") || strings.HasPrefix(call, "Delete") || call == "Batch" {
					t.Errorf("the store was asked to %s, want nothing written", call)
				}
			}
			select {
			case hook := <-called:
				t.Errorf("the hook %s was called, want none", hook)
			default:
			}
		})
	}
	if after := everything(t, store); !reflect.DeepEqual(after, before) {
		t.Errorf("store afterwards = %s, want as before: %s", after, before)
	}
	// The same requests without the mistake do get through: the table tests the server, not itself.
	res, err := client.Do(mustRequest(t, url, `{"type":"threads.create","params":{`+inputOK+`}}`))
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if body, err := io.ReadAll(res.Body); err != nil || res.StatusCode != 200 || !bytes.Contains(body, []byte("thread.created")) {
		t.Errorf("a good request = %d %s %v, want a stream", res.StatusCode, body, err)
	}
}

func mustRequest(t *testing.T, url, body string) *http.Request {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), "POST", url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("X-User", "ann")
	return req
}

// A feature that is not configured is refused too, whatever its status.
func TestWhatIsNotConfiguredIsRefused(t *testing.T) {
	store := memstore.New()
	fillStore(t, store)
	srv := chatkit.NewServer(store, func(context.Context, *chatkit.Turn) error { return nil },
		&chatkit.Options{Owner: userOf, Logger: slog.New(slog.DiscardHandler)})
	h := httptest.NewServer(withUser(nethttpchatkit.Handler(srv)))
	defer h.Close()
	before := everything(t, store)
	for _, body := range []string{
		`{"type":"attachments.create","params":{"name":"a","size":1,"mime_type":"a/b"}}`,
		`{"type":"attachments.delete","params":{"attachment_id":"atc_1"}}`,
		`{"type":"input.transcribe","params":{"audio_base64":"AQI=","mime_type":"audio/ogg"}}`,
		`{"type":"threads.sync_custom_action","params":{"thread_id":"thr_1","action":{"type":"a"}}}`,
	} {
		res, err := h.Client().Do(mustRequest(t, h.URL, body))
		if err != nil {
			t.Fatal(err)
		}
		answer, err := io.ReadAll(res.Body)
		res.Body.Close()
		if err != nil {
			t.Fatal(err)
		}
		if res.StatusCode < 400 || !bytes.Contains(answer, []byte(`"message"`)) {
			t.Errorf("%s: %d %s, want a refusal with words", body, res.StatusCode, answer)
		}
	}
	if after := everything(t, store); !reflect.DeepEqual(after, before) {
		t.Errorf("store afterwards = %s, want as before: %s", after, before)
	}
}

type userKey struct{}

// withUser is the middleware of an application that knows its users.
func withUser(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), userKey{}, r.Header.Get("X-User"))))
	})
}

func userOf(ctx context.Context) (string, error) {
	switch user, _ := ctx.Value(userKey{}).(string); user {
	case "":
		return "", chatkit.ErrUnauthorized
	case "banned":
		return "", chatkit.ErrForbidden
	default:
		return user, nil
	}
}

type files struct{ called chan<- string }

func (f files) CreateAttachment(context.Context, string, *chatkit.AttachmentCreate) (chatkit.Attachment, error) {
	f.called <- "CreateAttachment"
	return nil, errors.New("no")
}

func (f files) DeleteAttachment(context.Context, string, string) error {
	f.called <- "DeleteAttachment"
	return nil
}

// hooks returns options with every hook set, so that nothing is refused for want of one.
func hooks(called chan<- string) *chatkit.Options {
	return &chatkit.Options{
		Owner: userOf, Logger: slog.New(slog.DiscardHandler), MaxBodyBytes: smallBody, MaxAudioBytes: smallBody,
		Action: func(_ context.Context, _ *chatkit.Turn, _ *chatkit.Action) error {
			called <- "Action"
			return nil
		},
		SyncAction: func(context.Context, *chatkit.Thread, *chatkit.Action) (chatkit.Item, error) {
			called <- "SyncAction"
			return nil, nil
		},
		Feedback: func(context.Context, string, *chatkit.Feedback) error {
			called <- "Feedback"
			return nil
		},
		Transcribe: func(context.Context, *chatkit.Audio) (string, error) {
			called <- "Transcribe"
			return "", nil
		},
		Attachments: files{called},
	}
}

// fillStore gives ann four threads and an attachment, and eve a thread of her own.
func fillStore(t *testing.T, s chatkit.Store) {
	t.Helper()
	ctx := t.Context()
	at := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	meta := func(thread, id string) chatkit.ItemMeta {
		at = at.Add(time.Second)
		return chatkit.ItemMeta{ID: id, ThreadID: thread, CreatedAt: at}
	}
	form := func(id string, status chatkit.StructuredInputStatus) chatkit.Item {
		return &chatkit.StructuredInputItem{ItemMeta: meta("thr_form", id), Status: status, Inputs: []chatkit.StructuredInput{
			&chatkit.FreeformInput{StructuredInputMeta: chatkit.StructuredInputMeta{ID: "q1", Question: "Why?"}},
		}}
	}
	question := func(thread, id string) chatkit.Item {
		return &chatkit.UserMessageItem{ItemMeta: meta(thread, id), Content: []chatkit.UserMessageContent{&chatkit.InputText{Text: "Hi"}}}
	}
	call := func(thread, id string, status chatkit.ClientToolCallStatus) chatkit.Item {
		return &chatkit.ClientToolCallItem{ItemMeta: meta(thread, id), Status: status, CallID: "call", Name: "where", Arguments: json.RawMessage(`{}`)}
	}
	threads := map[string][]chatkit.Item{
		"thr_1": {
			question("thr_1", "msg_1"),
			&chatkit.AssistantMessageItem{ItemMeta: meta("thr_1", "msg_2"), Content: []chatkit.AssistantMessageContent{{Text: "Hello"}}},
			&chatkit.WidgetItem{ItemMeta: meta("thr_1", "wid_1"), Widget: json.RawMessage(`{"type":"Card","children":[]}`)},
		},
		"thr_tool": {question("thr_tool", "msg_3"), call("thr_tool", "tc_1", chatkit.ClientToolCallPending)},
		"thr_done": {question("thr_done", "msg_4"), call("thr_done", "tc_2", chatkit.ClientToolCallCompleted)},
		"thr_form": {form("si_0", chatkit.StructuredInputAnswered), form("si_1", chatkit.StructuredInputPending)},
	}
	for _, id := range []string{"thr_1", "thr_tool", "thr_done", "thr_form"} {
		if err := s.PutThread(ctx, "ann", &chatkit.Thread{ID: id, CreatedAt: at}); err != nil {
			t.Fatal(err)
		}
		for _, it := range threads[id] {
			if err := s.PutItem(ctx, "ann", id, it); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := s.PutThread(ctx, "eve", &chatkit.Thread{ID: "thr_eve", CreatedAt: at}); err != nil {
		t.Fatal(err)
	}
	err := s.PutAttachment(ctx, "ann", &chatkit.FileAttachment{AttachmentMeta: chatkit.AttachmentMeta{ID: "atc_1", Name: "a", MimeType: "text/plain"}})
	if err != nil {
		t.Fatal(err)
	}
}

// everything is the whole store as text.
func everything(t *testing.T, s chatkit.Store) string {
	t.Helper()
	var b bytes.Buffer
	put := func(v any) {
		data, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		b.Write(append(data, '\n'))
	}
	for _, owner := range []string{"", "ann", "eve"} {
		b.WriteString("== " + owner + "\n")
		threads, err := s.Threads(t.Context(), owner, chatkit.PageQuery{Limit: 1000})
		if err != nil {
			t.Fatal(err)
		}
		for _, th := range threads.Data {
			put(th)
			items, err := s.Items(t.Context(), owner, th.ID, chatkit.PageQuery{Limit: 1000, Hidden: true})
			if err != nil {
				t.Fatal(err)
			}
			for _, it := range items.Data {
				put(it)
			}
		}
		if a, err := s.Attachment(t.Context(), owner, "atc_1"); err == nil {
			put(a)
		}
	}
	return b.String()
}
