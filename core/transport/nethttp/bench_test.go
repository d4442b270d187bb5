package nethttp_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/gochatkit/chatkit/core/transport"
	"github.com/gochatkit/chatkit/core/transport/nethttp"
)

// One event written, flushed and sent over a loopback connection.
func BenchmarkWrite(b *testing.B) {
	frame := []byte(`data: {"type":"thread.item.updated","item_id":"msg_1","update":{"type":"assistant_message.content_part.text_delta","content_index":0,"delta":" word"}}` + "\n\n")
	done := make(chan struct{})
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		nethttp.Serve(streaming(func(_ context.Context, w transport.StreamWriter) {
			defer close(done)
			b.SetBytes(int64(len(frame)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := w.Write(frame); err != nil {
					b.Error(err)
					return
				}
			}
		}), w, r, nethttp.Options{})
	}))
	defer web.Close()
	res, err := http.Post(web.URL, "application/json", nil)
	if err != nil {
		b.Fatal(err)
	}
	defer res.Body.Close()
	io.Copy(io.Discard, res.Body)
	<-done
}
