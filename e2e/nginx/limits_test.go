package nginx

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	chatkit "github.com/gochatkit/chatkit/core"
)

// nginx cuts an answer off in which nothing was heard for proxy_read_timeout. Heartbeats are heard.
func TestASilentAnswerIsCutOffUnlessThereAreHeartbeats(t *testing.T) {
	const silence = 2500 * time.Millisecond
	conf := location("proxy_read_timeout 1s;\n")
	t.Run("heartbeats", func(t *testing.T) {
		respond, _, ended := waiting(silence)
		addr := start(t, conf(backend(t, respond, beating(300*time.Millisecond))))
		post(t, addr, question).arrive(t)
		if end := <-ended; end.cause != nil {
			t.Errorf("turn ended with %v, want its own end", end.cause)
		}
	})
	t.Run("none", func(t *testing.T) {
		respond, _, ended := waiting(silence)
		addr := start(t, conf(backend(t, respond, beating(-1))))
		s := post(t, addr, question)
		var err error
		for err == nil {
			_, err = s.next()
		}
		if errors.Is(err, io.EOF) {
			t.Error("the answer ends cleanly, want it cut off")
		}
		if took := time.Since(s.sent); took > silence {
			t.Errorf("the answer was cut off after %v, want about 1 s", took)
		}
		if end := <-ended; !errors.Is(end.cause, chatkit.ErrDisconnected) {
			t.Errorf("turn ended with %v, want %v", end.cause, chatkit.ErrDisconnected)
		}
	})
}

// A dictation of some minutes is larger than what nginx lets through unless told otherwise. The page that it answers
// with is none that ChatKit's client understands.
func TestALongDictationNeedsALargerLimit(t *testing.T) {
	dictation := `{"type":"input.transcribe","params":{"mime_type":"audio/webm","audio_base64":"` + strings.Repeat("AAAA", 1<<19) + `"}}`
	for _, s := range []struct {
		name   string
		conf   func(string) string
		status int
		kind   string
	}{
		{"defaults", location(""), http.StatusRequestEntityTooLarge, "text/html"},
		{"recipe", recipe(t, ""), http.StatusOK, "application/json"},
	} {
		t.Run(s.name, func(t *testing.T) {
			addr := start(t, s.conf(backend(t, speaking, chatkit.Options{
				Transcribe: func(context.Context, *chatkit.Audio) (string, error) { return "heard", nil },
			})))
			answer := post(t, addr, dictation)
			if got := answer.res.StatusCode; got != s.status {
				t.Errorf("status = %d, want %d", got, s.status)
			}
			if got := answer.res.Header.Get("Content-Type"); got != s.kind {
				t.Errorf("Content-Type = %q, want %q", got, s.kind)
			}
			if s.status != http.StatusOK {
				return
			}
			var heard struct{ Text string }
			if err := json.Unmarshal([]byte(answer.text(t)), &heard); err != nil || heard.Text != "heard" {
				t.Errorf("text = %q, %v, want %q", heard.Text, err, "heard")
			}
		})
	}
}

// Where a server dies in the middle of an answer, its client has to learn that this was not the end. HTTP/1.0, which
// nginx 1.22 speaks to servers by default, has no word for the end.
func TestAnAnswerCutOffLooksCutOffOnlyWithHTTP11(t *testing.T) {
	for _, s := range []struct {
		name  string
		conf  func(string) string
		clean bool
	}{
		{"defaults", location("proxy_http_version 1.0;\n"), true},
		{"recipe", recipe(t, ""), false},
	} {
		t.Run(s.name, func(t *testing.T) {
			respond, _, _ := waiting(10 * time.Second)
			web := serve(t, respond, chatkit.Options{})
			answer := post(t, start(t, s.conf(address(web))), question)
			if _, err := answer.next(); err != nil {
				t.Fatal(err)
			}
			web.CloseClientConnections()
			var err error
			for err == nil {
				_, err = answer.next()
			}
			if got := errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF); got != s.clean {
				t.Errorf("answer ended with %v: clean = %v, want %v", err, got, s.clean)
			}
		})
	}
}
