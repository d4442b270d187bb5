package fasthttpchatkit_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"math/rand/v2"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/valyala/fasthttp"
	"github.com/valyala/fasthttp/fasthttputil"

	fasthttpchatkit "github.com/gochatkit/chatkit/adapters/fasthttp"
	"github.com/gochatkit/chatkit/core/transport"
)

// handlerFunc is a transport.Handler whose limit is 100 bytes.
type handlerFunc func(*transport.Request, transport.Response)

func (f handlerFunc) Serve(req *transport.Request, res transport.Response) { f(req, res) }
func (f handlerFunc) MaxBodyBytes() int64                                  { return 100 }

// streaming reads the body and streams with fn.
func streaming(fn func(context.Context, transport.StreamWriter)) transport.Handler {
	return handlerFunc(func(req *transport.Request, res transport.Response) {
		if _, err := req.Body(); err != nil {
			res.Reply(http.StatusRequestEntityTooLarge, nil, []byte(err.Error()))
			return
		}
		if err := res.Stream(http.Header{"Content-Type": {"text/event-stream"}}, fn); err != nil {
			panic(err)
		}
	})
}

// serve runs a server on ln for the duration of the test.
func serve(t *testing.T, ln net.Listener, srv *fasthttp.Server) {
	t.Helper()
	srv.Logger = log.New(io.Discard, "", 0)
	served := make(chan error, 1)
	go func() { served <- srv.Serve(ln) }()
	t.Cleanup(func() {
		srv.Shutdown()
		if err := <-served; err != nil {
			t.Errorf("serve: %v", err)
		}
	})
}

func listen(t *testing.T) net.Listener {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return ln
}

// exchange sends one request and reads the whole answer.
func exchange(t *testing.T, conn net.Conn, method, body string) (*http.Response, string, error) {
	t.Helper()
	conn.SetDeadline(time.Now().Add(10 * time.Second))
	fmt.Fprintf(conn, "%s / HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n%s", method, len(body), body)
	res, err := http.ReadResponse(bufio.NewReader(conn), &http.Request{Method: method})
	if err != nil {
		t.Fatalf("read answer: %v", err)
	}
	text, err := io.ReadAll(res.Body)
	return res, string(text), err
}

func dial(t *testing.T, ln net.Listener) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", ln.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return conn
}

func TestStreamsWorkOnConnectionsInMemory(t *testing.T) {
	ln := fasthttputil.NewInmemoryListener()
	serve(t, ln, &fasthttp.Server{Handler: fasthttpchatkit.Handler(streaming(func(_ context.Context, w transport.StreamWriter) {
		w.SetWriteDeadline(time.Now().Add(time.Minute))
		for _, s := range []string{"one ", "", "two ", "three"} {
			if n, err := w.Write([]byte(s)); n != len(s) || err != nil {
				t.Errorf("Write(%q) = %d, %v, want %d", s, n, err, len(s))
			}
		}
	}))})
	conn, err := ln.Dial()
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if _, got, err := exchange(t, conn, "POST", "{}"); got != "one two three" || err != nil {
			t.Errorf("stream = %q, %v, want %q", got, err, "one two three")
		}
	}
}

func TestMiddlewareThatReadsTheAnswerFailsLoudlyInMemory(t *testing.T) {
	ended := make(chan error, 1)
	handler := fasthttpchatkit.Handler(streaming(func(ctx context.Context, _ transport.StreamWriter) { ended <- context.Cause(ctx) }))
	ln := fasthttputil.NewInmemoryListener()
	serve(t, ln, &fasthttp.Server{Handler: func(f *fasthttp.RequestCtx) {
		handler(f)
		f.Response.Body()
	}})
	conn, err := ln.Dial()
	if err != nil {
		t.Fatal(err)
	}
	res, body, err := exchange(t, conn, "POST", "{}")
	if res.StatusCode != 500 || !strings.Contains(body, `"message"`) || err != nil {
		t.Errorf("answer = %d %q, %v, want 500 and a message", res.StatusCode, body, err)
	}
	if cause := <-ended; !errors.Is(cause, transport.ErrDropped) {
		t.Errorf("cause = %v, want %v", cause, transport.ErrDropped)
	}
}

func TestFunctionRunsExactlyOnceAlsoWhenTheAnswerIsDropped(t *testing.T) {
	for name, drop := range map[string]func(*fasthttp.RequestCtx){
		"replaced body":   func(f *fasthttp.RequestCtx) { f.SetBodyString("something else") },
		"reset answer":    func(f *fasthttp.RequestCtx) { f.Response.Reset() },
		"answer to HEAD":  func(*fasthttp.RequestCtx) {},
		"another  stream": func(f *fasthttp.RequestCtx) { f.SetBodyStream(strings.NewReader("x"), -1) },
	} {
		t.Run(name, func(t *testing.T) {
			calls := make(chan error, 4)
			handler := fasthttpchatkit.Handler(streaming(func(ctx context.Context, w transport.StreamWriter) {
				if _, err := w.Write([]byte("x")); !errors.Is(err, transport.ErrDropped) {
					t.Errorf("Write() = %v, want %v", err, transport.ErrDropped)
				}
				w.Abort()
				if err := w.SetWriteDeadline(time.Unix(1, 0)); !errors.Is(err, transport.ErrDropped) {
					t.Errorf("SetWriteDeadline() = %v, want %v", err, transport.ErrDropped)
				}
				calls <- context.Cause(ctx)
			}))
			ln := listen(t)
			serve(t, ln, &fasthttp.Server{Handler: func(f *fasthttp.RequestCtx) {
				handler(f)
				drop(f)
			}})
			method := "POST"
			if name == "answer to HEAD" {
				method = "HEAD"
			}
			conn := dial(t, ln)
			exchange(t, conn, method, "")
			if cause := <-calls; !errors.Is(cause, transport.ErrDropped) {
				t.Errorf("cause = %v, want %v", cause, transport.ErrDropped)
			}
			exchange(t, conn, method, "") // so that a second run of the first one would be seen
			<-calls
			if len(calls) > 0 {
				t.Error("the function ran more than once")
			}
		})
	}
}

func TestStreamedRequestBodiesHaveALimit(t *testing.T) {
	ln := listen(t)
	serve(t, ln, &fasthttp.Server{
		StreamRequestBody: true,
		Handler: fasthttpchatkit.Handler(streaming(func(_ context.Context, w transport.StreamWriter) {
			w.Write([]byte("streamed"))
		})),
	})
	for _, tt := range []struct {
		length, status int
	}{{0, 200}, {100, 200}, {101, 413}, {300 << 10, 413}} {
		res, _, err := exchange(t, dial(t, ln), "POST", strings.Repeat("x", tt.length))
		if res.StatusCode != tt.status || err != nil {
			t.Errorf("status after a body of %d bytes = %d, %v, want %d", tt.length, res.StatusCode, err, tt.status)
		}
	}
}

func TestPanicOfTheHandlerIsAnswered(t *testing.T) {
	ln := listen(t)
	serve(t, ln, &fasthttp.Server{Handler: fasthttpchatkit.Handler(handlerFunc(func(*transport.Request, transport.Response) { panic("no luck") }))})
	conn := dial(t, ln)
	for range 2 {
		if res, body, err := exchange(t, conn, "POST", "{}"); res.StatusCode != 500 || strings.Contains(body, "luck") || err != nil {
			t.Errorf("answer = %d %q, %v, want 500 without the panic's text", res.StatusCode, body, err)
		}
	}
}

func TestLateCallersDoNotReachTheConnection(t *testing.T) {
	kept := make(chan transport.StreamWriter, 1)
	ln := listen(t)
	serve(t, ln, &fasthttp.Server{Handler: fasthttpchatkit.Handler(streaming(func(_ context.Context, w transport.StreamWriter) {
		select {
		case kept <- w:
		default:
		}
		w.Write([]byte("whole"))
	}))})
	conn := dial(t, ln)
	exchange(t, conn, "POST", "{}")
	late := <-kept
	if err := late.SetWriteDeadline(time.Unix(1, 0)); !errors.Is(err, transport.ErrStreamEnded) {
		t.Errorf("SetWriteDeadline() after the stream = %v, want %v", err, transport.ErrStreamEnded)
	}
	late.Abort()
	if _, err := late.Write([]byte("x")); !errors.Is(err, transport.ErrStreamEnded) {
		t.Errorf("Write() after the stream = %v, want %v", err, transport.ErrStreamEnded)
	}
	if _, got, err := exchange(t, conn, "POST", "{}"); got != "whole" || err != nil {
		t.Errorf("next answer on the connection = %q, %v, want %q", got, err, "whole")
	}
}

func TestDisconnectIsSeenBehindTheConnectionLimit(t *testing.T) {
	ended := make(chan error, 1)
	ln := listen(t)
	serve(t, ln, &fasthttp.Server{
		MaxConnsPerIP: 10, // which puts a wrapper around each connection
		Handler: fasthttpchatkit.Handler(streaming(func(ctx context.Context, w transport.StreamWriter) {
			w.Write([]byte("x"))
			<-ctx.Done()
			ended <- context.Cause(ctx)
		})),
	})
	conn := dial(t, ln)
	fmt.Fprintf(conn, "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n")
	if _, err := conn.Read(make([]byte, 1024)); err != nil {
		t.Fatal(err)
	}
	conn.Close()
	select {
	case cause := <-ended:
		if !errors.Is(cause, transport.ErrPeerGone) {
			t.Errorf("cause = %v, want %v", cause, transport.ErrPeerGone)
		}
	case <-time.After(5 * time.Second):
		t.Error("the stream was not told within 5 s")
	}
}

// Streams in parallel, a quarter of whose clients leave somewhere on the way, must neither mix nor lose, nor be told wrongly.
func TestManyStreamsWithClientsThatLeave(t *testing.T) {
	const clients, each = 20, 10
	var mu sync.Mutex
	begun, over, alarms := 0, 0, 0
	ln := listen(t)
	serve(t, ln, &fasthttp.Server{Handler: fasthttpchatkit.Handler(handlerFunc(func(req *transport.Request, res transport.Response) {
		body, _ := req.Body()
		res.Stream(nil, func(ctx context.Context, w transport.StreamWriter) {
			mu.Lock()
			begun++
			mu.Unlock()
			for i := range 5 {
				if _, err := fmt.Fprintf(w, "%s %d\n", body, i); err != nil {
					break
				}
				select {
				case <-ctx.Done():
				case <-time.After(time.Duration(rand.IntN(3)) * time.Millisecond):
				}
			}
			mu.Lock()
			over++
			if ctx.Err() != nil && string(body[:4]) != "kill" {
				alarms++
			}
			mu.Unlock()
		})
	}))})

	var all sync.WaitGroup
	for c := range clients {
		all.Go(func() {
			var conn net.Conn
			for i := range each {
				if conn == nil {
					var err error
					if conn, err = net.Dial("tcp", ln.Addr().String()); err != nil {
						t.Error(err)
						return
					}
					defer conn.Close()
				}
				name := fmt.Sprintf("stay-%d-%d", c, i)
				if (c+i)%4 == 0 {
					name = fmt.Sprintf("kill-%d-%d", c, i)
				}
				fmt.Fprintf(conn, "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n%s", len(name), name)
				if strings.HasPrefix(name, "kill") {
					time.Sleep(time.Duration(rand.IntN(4)) * time.Millisecond)
					if i%2 == 0 {
						conn.(*net.TCPConn).SetLinger(0)
					}
					conn.Close()
					conn = nil
					continue
				}
				conn.SetDeadline(time.Now().Add(20 * time.Second))
				res, err := http.ReadResponse(bufio.NewReader(conn), nil)
				if err != nil {
					t.Errorf("%s: read answer: %v", name, err)
					return
				}
				got, err := io.ReadAll(res.Body)
				want := fmt.Sprintf("%[1]s 0\n%[1]s 1\n%[1]s 2\n%[1]s 3\n%[1]s 4\n", name)
				if string(got) != want || err != nil {
					t.Errorf("stream = %q, %v, want %q", got, err, want)
				}
			}
		})
	}
	all.Wait()
	for deadline := time.Now().Add(5 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		mu.Lock()
		b, o, a := begun, over, alarms
		mu.Unlock()
		if b == o {
			if a > 0 {
				t.Errorf("streams told that their client had left while it had not = %d, want none", a)
			}
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("streams over = %d, want %d", o, b)
		}
	}
}
