package nginx

import (
	"bufio"
	"compress/gzip"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

const question = `{"type":"threads.create","params":{"input":{"content":[{"type":"input_text","text":"Hello"}],"attachments":[],"inference_options":{}}}}`

// client is one connection, which counts what arrives on it.
type client struct {
	net.Conn
	reads int
}

func (c *client) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	if n > 0 {
		c.reads++
	}
	return n, err
}

// stream is the answer to a question while it arrives.
type stream struct {
	conn *client
	res  *http.Response
	br   *bufio.Reader
	sent time.Time
}

// send sends a request and reads nothing.
func send(t *testing.T, addr, body string, headers ...string) *client {
	t.Helper()
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	conn.SetDeadline(time.Now().Add(20 * time.Second))
	headers = append(headers, "Content-Type: application/json", fmt.Sprintf("Content-Length: %d", len(body)))
	// A proxy may answer, and stop reading, before it has the whole body: what then fails is not the answer.
	io.WriteString(conn, "POST /chatkit HTTP/1.1\r\nHost: localhost\r\n"+strings.Join(headers, "\r\n")+"\r\n\r\n"+body)
	return &client{Conn: conn}
}

// post sends a request and reads the header of the answer.
func post(t *testing.T, addr, body string, headers ...string) *stream {
	t.Helper()
	s := &stream{sent: time.Now()}
	s.conn = send(t, addr, body, headers...)
	var err error
	s.res, err = http.ReadResponse(bufio.NewReaderSize(s.conn, 64<<10), &http.Request{Method: http.MethodPost})
	if err != nil {
		t.Fatalf("read answer: %v", err)
	}
	s.br = bufio.NewReader(s.res.Body)
	if s.res.Header.Get("Content-Encoding") == "gzip" {
		zr, err := gzip.NewReader(s.br)
		if err != nil {
			t.Fatalf("decompress answer: %v", err)
		}
		s.br = bufio.NewReader(zr)
	}
	return s
}

// next returns the data of the next event.
func (s *stream) next() (string, error) {
	for {
		line, err := s.br.ReadString('\n')
		if data, ok := strings.CutPrefix(line, "data: "); ok && err == nil {
			return strings.TrimSuffix(data, "\n"), nil
		}
		if err != nil {
			return "", err
		}
	}
}

// arrival is how a stream reached its client.
type arrival struct {
	first  time.Duration // from the request to the first event
	events int
	reads  int // that brought events
	most   int // events in a single read
}

// arrive reads a stream to its clean end.
func (s *stream) arrive(t *testing.T) arrival {
	t.Helper()
	if s.res.StatusCode != http.StatusOK {
		t.Fatalf("status = %s", s.res.Status)
	}
	var a arrival
	read, inThis := 0, 0
	for {
		_, err := s.next()
		if err == io.EOF {
			return a
		}
		if err != nil {
			t.Fatalf("read event %d: %v", a.events, err)
		}
		if a.events == 0 {
			a.first = time.Since(s.sent)
		}
		if s.conn.reads != read {
			read, inThis = s.conn.reads, 0
			a.reads++
		}
		a.events++
		inThis++
		a.most = max(a.most, inThis)
	}
}

// text reads the whole body of an answer that is no stream.
func (s *stream) text(t *testing.T) string {
	t.Helper()
	body, err := io.ReadAll(s.br)
	if err != nil {
		t.Fatalf("read body: %v", err)
	}
	return string(body)
}
