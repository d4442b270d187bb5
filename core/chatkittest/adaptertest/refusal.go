package adaptertest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	chatkit "github.com/gochatkit/chatkit/core"
)

// Refusals describes to [RunRefusals] an adapter with a WithErrorPropagation option.
type Refusals struct {
	// Answers says that the application's error handler answers refused requests. Where it does not, as with
	// gin, it is only told.
	Answers bool

	// Start is like Factory.Start, with the option set if propagate is true. The application's error handler
	// calls seen with the status and the message of the error it was given. If it answers, then with that
	// status and the text "custom: " and the message.
	Start func(tb testing.TB, s Setup, propagate bool, seen func(status int, message string)) (shutdown func(context.Context) error)
}

// RunRefusals checks that refused requests reach the application's error handler if they are to, that what
// happens in a stream never does, and that the server answers by default.
func RunRefusals(t *testing.T, r Refusals) {
	t.Run("by default the server answers", func(t *testing.T) { r.run(t, false) })
	t.Run("with the option the application learns of them", func(t *testing.T) { r.run(t, true) })
}

type seenError struct {
	status  int
	message string
}

func (r Refusals) run(t *testing.T, propagate bool) {
	var broken atomic.Bool // what looks up the owner
	srv := answering(func(_ context.Context, turn *chatkit.Turn) error {
		if err := turn.Text("Hello"); err != nil {
			return err
		}
		return errors.New("no more")
	}, func(o *chatkit.Options) {
		o.Owner = func(context.Context) (string, error) {
			if broken.Load() {
				return "", errors.New("secret of the database")
			}
			return "alice", nil
		}
	})
	ln, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	seen := make(chan seenError, 1)
	stop := r.Start(t, Setup{Handler: srv, Listener: ln, MaxBodyBytes: 1 << 10}, propagate,
		func(status int, message string) { seen <- seenError{status, message} })
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: 10 * time.Second}
	defer func() {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		if err := stop(ctx); err != nil {
			t.Errorf("shutdown: %v", err)
		}
	}()
	send := func(t *testing.T, method, contentType, body string) (*http.Response, string) {
		t.Helper()
		req, err := http.NewRequestWithContext(t.Context(), method, "http://"+ln.Addr().String()+Path, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", contentType)
		res, err := client.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		text, err := io.ReadAll(res.Body)
		if err != nil {
			t.Errorf("the answer ends with %v", err)
		}
		return res, string(text)
	}

	const isJSON = "application/json"
	t.Run("a stream that goes wrong", func(t *testing.T) {
		_, body := send(t, "POST", isJSON, ask())
		onlyEvents(t, body)
		if len(seen) > 0 {
			t.Errorf("the error handler was given %v", <-seen)
		}
	})
	for _, tt := range []struct {
		name, method, contentType, body string
		before                          func()
		status                          int
		header, value                   string
		message                         string
	}{
		{"a GET", "GET", "", "", nil, 405, "Allow", "POST", "use POST"},
		{"another media type", "POST", "text/plain", "{}", nil, 415, "", "", "Content-Type must be application/json"},
		{"an unknown request", "POST", isJSON, `{"type":"nonsense"}`, nil, 400, "", "", ""},
		{"a body beyond the limit", "POST", isJSON, strings.Repeat("x", 2<<10), nil, 413, "", "", "The request is too large."},
		{"an internal error", "POST", isJSON, ask(), func() { broken.Store(true) }, 500, "Cache-Control", "no-store", ""},
		{"a server that has shut down", "POST", isJSON, ask(), func() { broken.Store(false); _ = srv.Shutdown(t.Context()) }, 503, "Retry-After", "1", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if tt.before != nil {
				tt.before()
			}
			res, body := send(t, tt.method, tt.contentType, tt.body)
			if res.StatusCode != tt.status {
				t.Errorf("status %d, want %d: %s", res.StatusCode, tt.status, body)
			}
			if got := res.Header.Get(tt.header); got != tt.value {
				t.Errorf("%s: %q, want %q", tt.header, got, tt.value)
			}
			message, custom := strings.CutPrefix(body, "custom: ")
			if custom != (propagate && r.Answers) {
				t.Errorf("answer %q, custom: %v", body, !custom)
			}
			if !custom {
				var plain struct{ Message string }
				if err := json.Unmarshal([]byte(body), &plain); err != nil || res.Header.Get("Content-Type") != isJSON {
					t.Errorf("answer %q as %q: %v", body, res.Header.Get("Content-Type"), err)
				}
				message = plain.Message
			}
			if message == "" || strings.Contains(message, "secret") || tt.message != "" && message != tt.message {
				t.Errorf("message %q, want %q", message, tt.message)
			}
			var got, want []seenError
			for len(seen) > 0 {
				got = append(got, <-seen)
			}
			if propagate {
				want = []seenError{{tt.status, message}}
			}
			if !slices.Equal(got, want) {
				t.Errorf("the error handler was given %v, want %v", got, want)
			}
		})
	}
}

// onlyEvents wants a stream that ends with an error event, and has nothing but events.
func onlyEvents(t *testing.T, body string) {
	t.Helper()
	last := ""
	for line := range bytes.Lines([]byte(body)) {
		text := strings.TrimSpace(string(line))
		field, data, _ := strings.Cut(text, ":")
		switch {
		case text == "" || field == "" || field == "id":
		case field == "data":
			last = data
		default:
			t.Errorf("line %q in the stream %q", text, body)
		}
	}
	if !strings.Contains(last, `"type":"error"`) || !strings.HasSuffix(body, "\n\n") {
		t.Errorf("stream %q, want an error event at its end", body)
	}
}
