package nethttp_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/gochatkit/chatkit/core/transport"
	"github.com/gochatkit/chatkit/core/transport/nethttp"
)

type idler struct{ quiet time.Duration }

func (i idler) MaxBodyBytes() int64 { return 1 << 20 }

// Serve writes, is quiet for longer than its write deadline, and writes again.
func (i idler) Serve(req *transport.Request, res transport.Response) {
	_, _ = req.Body()
	_ = res.Stream(http.Header{}, func(_ context.Context, w transport.StreamWriter) {
		_ = w.SetWriteDeadline(time.Now().Add(i.quiet / 4))
		_, _ = w.Write([]byte("one\n"))
		time.Sleep(i.quiet)
		_ = w.SetWriteDeadline(time.Now().Add(time.Minute))
		_, _ = w.Write([]byte("two\n"))
	})
}

// A write deadline that passes while nothing is being written must not end the stream: HTTP/2 would reset it.
func TestAnIdleStreamOutlivesItsWriteDeadline(t *testing.T) {
	for _, h2 := range []bool{false, true} {
		srv := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			nethttp.Serve(idler{200 * time.Millisecond}, w, r, nethttp.Options{})
		}))
		srv.EnableHTTP2 = h2
		srv.StartTLS()
		res, err := srv.Client().Post(srv.URL, "application/json", strings.NewReader("{}"))
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(res.Body)
		res.Body.Close()
		if err != nil || string(body) != "one\ntwo\n" || (res.ProtoMajor == 2) != h2 {
			t.Errorf("HTTP/%d: body = %q, %v", res.ProtoMajor, body, err)
		}
		srv.Close()
	}
}
