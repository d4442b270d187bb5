package fasthttpchatkit

import (
	"bufio"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strconv"
	"sync"
)

// warnBypass tells once per process that a middleware is in the way.
var warnBypass = sync.OnceFunc(func() {
	slog.Warn("chatkit: a middleware reads whole answers; streams go around it, at the cost of one connection each. Skip it on this route.")
})

// bypass is called when a middleware reads the whole body into a buffer, as etag, cache and access logs with the body
// do. The stream would then arrive in one piece at its end. So the middleware gets an empty body, and the
// stream takes the connection over once the handler chain has returned.
func (s *stream) bypass() error {
	if rawConn(s.conn) == nil {
		// A connection in memory, as in tests of an application, cannot be taken over.
		s.drop()
		s.f.Response.Header.SetContentType("application/json")
		s.f.SetStatusCode(http.StatusInternalServerError)
		return errBuffered
	}
	warnBypass()
	s.f.HijackSetNoResponse(true)
	s.f.Hijack(s.takeOver)
	return nil
}

// errBuffered becomes the body of the answer: fasthttp puts the error's text there.
var errBuffered = bufferedError{}

type bufferedError struct{}

func (bufferedError) Error() string {
	return `{"message":"response cannot be streamed: a middleware reads the whole answer; skip it on this route"}`
}

// takeOver answers on a connection that fasthttp has let go of, but whose RequestCtx is still ours.
func (s *stream) takeOver(hijacked net.Conn) {
	h := &s.f.Response.Header
	h.SetStatusCode(http.StatusOK)
	h.Del("Content-Encoding") // what the middleware has made of an empty body
	h.Del("ETag")
	h.SetContentLength(-1)
	h.SetConnectionClose()

	out := bufio.NewWriter(hijacked)
	header := true
	s.begin(func(p []byte) error {
		if header {
			header = false
			if err := h.Write(out); err != nil {
				return err
			}
		}
		out.Write(strconv.AppendInt(nil, int64(len(p)), 16))
		out.WriteString("\r\n")
		out.Write(p)
		out.WriteString("\r\n")
		return out.Flush() // reports what the writes before it have met
	})
	s.followServer()
	s.run()
	if !errors.Is(s.end(), io.EOF) {
		return // fasthttp closes the connection, and the client sees the answer cut off
	}
	if header {
		if err := h.Write(out); err != nil {
			return
		}
	}
	out.WriteString("0\r\n\r\n")
	_ = out.Flush() // the client has every event; what it does not get is the news that there are no more
}
