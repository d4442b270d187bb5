package nethttp_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/gochatkit/chatkit/core/transport"
	"github.com/gochatkit/chatkit/core/transport/nethttp"
)

// handlerFunc is a transport.Handler whose limit is 100 bytes.
type handlerFunc func(*transport.Request, transport.Response)

func (f handlerFunc) Serve(req *transport.Request, res transport.Response) { f(req, res) }
func (f handlerFunc) MaxBodyBytes() int64                                  { return 100 }

func post(body io.Reader) *http.Request { return httptest.NewRequest("POST", "/chat?a=b&c=d", body) }

func TestBodyIsReadOnceWithinItsLimit(t *testing.T) {
	hundred := strings.Repeat("x", 100)
	for _, tt := range []struct {
		name    string
		body    io.Reader
		header  http.Header
		options nethttp.Options
		want    string
		err     error
	}{
		{name: "no body", body: nil, want: ""},
		{name: "as long as the handler allows", body: strings.NewReader(hundred), want: hundred},
		{name: "declared longer", body: strings.NewReader(hundred + "x"), err: transport.ErrBodyTooLarge},
		{name: "longer, of unknown length", body: io.MultiReader(strings.NewReader(hundred), strings.NewReader("x")), err: transport.ErrBodyTooLarge},
		{name: "as long as the option allows", body: strings.NewReader("12345"), options: nethttp.Options{MaxBodyBytes: 5}, want: "12345"},
		{name: "longer than the option allows", body: strings.NewReader("123456"), options: nethttp.Options{MaxBodyBytes: 5}, err: transport.ErrBodyTooLarge},
		{name: "compressed", body: strings.NewReader("x"), header: http.Header{"Content-Encoding": {"gzip"}}, err: transport.ErrBodyEncoded},
		{name: "encoded as itself", body: strings.NewReader("x"), header: http.Header{"Content-Encoding": {"Identity"}}, want: "x"},
		{name: "broken off", body: io.MultiReader(strings.NewReader("x"), failing{}), err: io.ErrUnexpectedEOF},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := post(tt.body)
			for name, v := range tt.header {
				r.Header[name] = v
			}
			nethttp.Serve(handlerFunc(func(req *transport.Request, _ transport.Response) {
				for range 2 {
					got, err := req.Body()
					if string(got) != tt.want || !errors.Is(err, tt.err) {
						t.Errorf("Body() = %q, %v, want %q, %v", got, err, tt.want, tt.err)
					}
				}
			}), httptest.NewRecorder(), r, tt.options)
		})
	}
}

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

func TestRequestTellsMethodQueryAndHeader(t *testing.T) {
	r := post(nil)
	r.Header.Set("Accept-Language", "de")
	nethttp.Serve(handlerFunc(func(req *transport.Request, _ transport.Response) {
		got := []string{req.Method, req.Query, req.Header("accept-language"), req.Header("X-None")}
		if want := "POST a=b&c=d de "; strings.Join(got, " ") != want {
			t.Errorf("request = %q, want %q", got, want)
		}
		if req.Context != r.Context() {
			t.Error("Context is not the request's own")
		}
	}), httptest.NewRecorder(), r, nethttp.Options{})
}

func TestReplyKeepsHeadersOfMiddlewares(t *testing.T) {
	w := httptest.NewRecorder()
	kept := w.Header()
	kept.Set("X-Request-Id", "42")
	kept.Set("Content-Type", "text/plain")
	nethttp.Serve(handlerFunc(func(_ *transport.Request, res transport.Response) {
		if err := res.Reply(404, http.Header{"content-type": {"application/json"}}, []byte("{}")); err != nil {
			t.Errorf("Reply() = %v", err)
		}
	}), w, post(nil), nethttp.Options{})
	res := w.Result()
	body, _ := io.ReadAll(res.Body)
	got := []string{res.Status, res.Header.Get("X-Request-Id"), res.Header.Get("Content-Type"), string(body)}
	if want := "404 Not Found 42 application/json {}"; strings.Join(got, " ") != want {
		t.Errorf("answer = %q, want %q", got, want)
	}
}

func TestStreamThatCannotBeFlushedIsRefusedBeforeItBegins(t *testing.T) {
	w := httptest.NewRecorder()
	nethttp.Serve(handlerFunc(func(_ *transport.Request, res transport.Response) {
		err := res.Stream(http.Header{"Content-Type": {"text/event-stream"}}, func(context.Context, transport.StreamWriter) {
			t.Error("the stream's function ran")
		})
		if !errors.Is(err, transport.ErrCannotStream) {
			t.Errorf("Stream() = %v, want %v", err, transport.ErrCannotStream)
		}
		res.Reply(500, nil, nil)
	}), struct{ http.ResponseWriter }{w}, post(nil), nethttp.Options{})
	if w.Code != 500 || w.Header().Get("Content-Type") != "" {
		t.Errorf("answer = %d %v, want 500 and no header of the stream", w.Code, w.Header())
	}
}

// brokenPipe takes the header and fails to write.
type brokenPipe struct{ *httptest.ResponseRecorder }

var errPipe = errors.New("broken pipe")

func (brokenPipe) Write([]byte) (int, error) { return 0, errPipe }

func TestFirstWriteErrorEndsTheStream(t *testing.T) {
	nethttp.Serve(streaming(func(ctx context.Context, w transport.StreamWriter) {
		for range 2 {
			if _, err := w.Write([]byte("x")); !errors.Is(err, transport.ErrWriteFailed) || !errors.Is(err, errPipe) {
				t.Errorf("Write() = %v, want %v around %v", err, transport.ErrWriteFailed, errPipe)
			}
		}
		if cause := context.Cause(ctx); !errors.Is(cause, transport.ErrWriteFailed) {
			t.Errorf("cause = %v, want %v", cause, transport.ErrWriteFailed)
		}
	}), brokenPipe{httptest.NewRecorder()}, post(nil), nethttp.Options{})
}

func streaming(fn func(context.Context, transport.StreamWriter)) transport.Handler {
	return handlerFunc(func(_ *transport.Request, res transport.Response) {
		if err := res.Stream(nil, fn); err != nil {
			panic(err)
		}
	})
}

func TestAbortWithoutDeadlinesEndsInAPanicThatNetHTTPKnows(t *testing.T) {
	defer func() {
		if got := recover(); got != http.ErrAbortHandler {
			t.Errorf("panic = %v, want %v", got, http.ErrAbortHandler)
		}
	}()
	nethttp.Serve(streaming(func(ctx context.Context, w transport.StreamWriter) {
		w.Abort()
		w.Abort()
		if _, err := w.Write([]byte("x")); !errors.Is(err, transport.ErrAborted) {
			t.Errorf("Write() after Abort = %v, want %v", err, transport.ErrAborted)
		}
		if err := w.SetWriteDeadline(time.Time{}); !errors.Is(err, transport.ErrAborted) {
			t.Errorf("SetWriteDeadline() after Abort = %v, want %v", err, transport.ErrAborted)
		}
		if cause := context.Cause(ctx); cause != transport.ErrAborted {
			t.Errorf("cause = %v, want %v", cause, transport.ErrAborted)
		}
	}), httptest.NewRecorder(), post(nil), nethttp.Options{})
}

func TestLateCallersDoNotReachTheConnection(t *testing.T) {
	var kept transport.StreamWriter
	var keptCtx context.Context
	rec := &deadlines{ResponseRecorder: httptest.NewRecorder()}
	nethttp.Serve(streaming(func(ctx context.Context, w transport.StreamWriter) { kept, keptCtx = w, ctx }), rec, post(nil), nethttp.Options{})
	if err := kept.SetWriteDeadline(time.Unix(1, 0)); !errors.Is(err, transport.ErrStreamEnded) {
		t.Errorf("SetWriteDeadline() after the stream = %v, want %v", err, transport.ErrStreamEnded)
	}
	kept.Abort()
	if _, err := kept.Write([]byte("x")); !errors.Is(err, transport.ErrStreamEnded) {
		t.Errorf("Write() after the stream = %v, want %v", err, transport.ErrStreamEnded)
	}
	if rec.set != 0 || rec.Body.Len() != 0 {
		t.Errorf("deadlines set = %d, body = %q, want none", rec.set, rec.Body)
	}
	if cause := context.Cause(keptCtx); cause != transport.ErrStreamEnded {
		t.Errorf("cause = %v, want %v", cause, transport.ErrStreamEnded)
	}
}

type deadlines struct {
	*httptest.ResponseRecorder
	set int
}

func (d *deadlines) SetWriteDeadline(time.Time) error { d.set++; return nil }

func TestPanicOfAStreamIsPassedOnAndCutsItOff(t *testing.T) {
	rec := &deadlines{ResponseRecorder: httptest.NewRecorder()}
	defer func() {
		if got := recover(); got != "no luck" || rec.set != 1 {
			t.Errorf("panic = %v, deadlines set = %d, want the function's own and 1", got, rec.set)
		}
	}()
	nethttp.Serve(streaming(func(context.Context, transport.StreamWriter) { panic("no luck") }), rec, post(nil), nethttp.Options{})
}

func TestSlowBodyTimesOut(t *testing.T) {
	result := make(chan error, 1)
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		nethttp.Serve(handlerFunc(func(req *transport.Request, res transport.Response) {
			_, err := req.Body()
			result <- err
			res.Reply(400, nil, nil)
		}), w, r, nethttp.Options{BodyTimeout: 50 * time.Millisecond})
	}))
	defer web.Close()
	body, never := io.Pipe()
	defer never.Close()
	req, err := http.NewRequest("POST", web.URL, body)
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if err := <-result; err == nil || errors.Is(err, transport.ErrBodyTooLarge) {
		t.Errorf("Body() of a client that sends nothing = %v, want a timeout", err)
	}
}

func TestBodyTimeoutDoesNotEndTheStream(t *testing.T) {
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		nethttp.Serve(handlerFunc(func(req *transport.Request, res transport.Response) {
			req.Body()
			res.Stream(nil, func(ctx context.Context, w transport.StreamWriter) {
				select {
				case <-ctx.Done():
					w.Write([]byte("cancelled: " + context.Cause(ctx).Error()))
				case <-time.After(150 * time.Millisecond):
					w.Write([]byte("complete"))
				}
			})
		}), w, r, nethttp.Options{BodyTimeout: 50 * time.Millisecond})
	}))
	defer web.Close()
	res, err := http.Post(web.URL, "application/json", strings.NewReader("{}"))
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if got, err := io.ReadAll(res.Body); err != nil || string(got) != "complete" {
		t.Errorf("stream = %q, %v, want it complete", got, err)
	}
}

func TestCauseOfTheServerIsKept(t *testing.T) {
	errClosing := errors.New("closing")
	ctx, cancel := context.WithCancelCause(context.Background())
	nethttp.Serve(streaming(func(ctx context.Context, _ transport.StreamWriter) {
		cancel(errClosing)
		<-ctx.Done()
		if got := context.Cause(ctx); got != errClosing {
			t.Errorf("cause = %v, want %v", got, errClosing)
		}
	}), httptest.NewRecorder(), post(nil).WithContext(ctx), nethttp.Options{})
}

func TestWritesArriveWhole(t *testing.T) {
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		nethttp.Serve(streaming(func(_ context.Context, w transport.StreamWriter) {
			frame := make([]byte, 0, 64)
			for i := range 100 {
				frame = append(frame[:0], bytes.Repeat([]byte{byte('a' + i%26)}, 50)...)
				n, err := w.Write(append(frame, '\n')) // the slice is ours again afterwards
				if n != 51 || err != nil {
					t.Errorf("Write() = %d, %v, want 51", n, err)
				}
			}
		}), w, r, nethttp.Options{})
	}))
	defer web.Close()
	res, err := http.Post(web.URL, "application/json", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	lines := bufio.NewScanner(res.Body)
	n := 0
	for ; lines.Scan(); n++ {
		if want := strings.Repeat(string(rune('a'+n%26)), 50); lines.Text() != want {
			t.Fatalf("line %d = %q, want %q", n, lines.Text(), want)
		}
	}
	if n != 100 {
		t.Errorf("lines = %d, want 100", n)
	}
}
