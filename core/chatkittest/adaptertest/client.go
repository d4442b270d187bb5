package adaptertest

import (
	"bufio"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// server is a started factory.
type server struct {
	addr     net.Addr
	tls      bool
	shutdown func(context.Context) error
}

// start serves h in a setup. The server is shut down at the end of the subtest.
func (c *check) start(s Setup) *server {
	c.Helper()
	if s.Listener == nil {
		ln, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			c.Fatalf("listen: %v", err)
		}
		s.Listener = ln
	}
	srv := &server{addr: s.Listener.Addr(), tls: s.TLS != nil}
	stop := c.factory.Start(c, s)
	var once sync.Once
	var stopped error
	srv.shutdown = func(ctx context.Context) error {
		once.Do(func() { stopped = stop(ctx) })
		return stopped
	}
	c.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
		defer cancel()
		srv.shutdown(ctx)
	})
	return srv
}

// unixListener listens on a socket in a directory of its own: the paths of test directories are too long.
func (c *check) unixListener() net.Listener {
	dir, err := os.MkdirTemp("", "ck")
	if err != nil {
		c.Fatalf("make directory: %v", err)
	}
	c.Cleanup(func() { os.RemoveAll(dir) })
	ln, err := net.Listen("unix", filepath.Join(dir, "s"))
	if err != nil {
		c.Fatalf("listen: %v", err)
	}
	return ln
}

var certificate = sync.OnceValues(func() (tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, err
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1),
		NotBefore:    time.Now().Add(-time.Hour),
		NotAfter:     time.Now().Add(time.Hour),
		IPAddresses:  []net.IP{net.IPv4(127, 0, 0, 1)},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, err
})

func (c *check) tlsConfig(protocols ...string) *tls.Config {
	cert, err := certificate()
	if err != nil {
		c.Fatalf("make certificate: %v", err)
	}
	return &tls.Config{Certificates: []tls.Certificate{cert}, NextProtos: protocols}
}

// client is one connection to a server.
type client struct {
	c    *check
	conn net.Conn
	br   *bufio.Reader
}

func (c *check) dial(s *server) *client {
	c.Helper()
	conn, err := net.Dial(s.addr.Network(), s.addr.String())
	if err != nil {
		c.Fatalf("dial: %v", err)
	}
	if s.tls {
		// The certificate is made by this package a moment ago, and the address is a loopback one.
		conn = tls.Client(conn, &tls.Config{InsecureSkipVerify: true})
	}
	c.Cleanup(func() { conn.Close() })
	conn.SetDeadline(time.Now().Add(15 * time.Second))
	return &client{c: c, conn: conn, br: bufio.NewReader(conn)}
}

// raw is the socket under the connection.
func (cl *client) raw() net.Conn {
	if t, ok := cl.conn.(*tls.Conn); ok {
		return t.NetConn()
	}
	return cl.conn
}

// leave closes the connection so that the server sees a FIN, after a TLS close_notify where there is TLS.
func (cl *client) leave() { cl.conn.Close() }

// reset closes the connection so that the server sees a RST.
func (cl *client) reset() {
	if tcp, ok := cl.raw().(*net.TCPConn); ok {
		tcp.SetLinger(0)
	}
	cl.raw().Close()
}

// halfClose shuts the sending side.
func (cl *client) halfClose() {
	cl.raw().(interface{ CloseWrite() error }).CloseWrite()
}

func (cl *client) send(s string) {
	cl.c.Helper()
	if _, err := io.WriteString(cl.conn, s); err != nil {
		cl.c.Fatalf("send request: %v", err)
	}
}

// post is a request as ChatKit's client sends it.
func post(body string, headers ...string) string {
	return request("POST", body, append([]string{"Content-Type: application/json"}, headers...)...)
}

// request is a request with any method. Methods that have no body go without one.
func request(method, body string, headers ...string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s HTTP/1.1\r\nHost: localhost\r\n", method, Path)
	for _, h := range headers {
		b.WriteString(h + "\r\n")
	}
	if method == "GET" || method == "HEAD" || method == "OPTIONS" {
		return b.String() + "\r\n"
	}
	fmt.Fprintf(&b, "Content-Length: %d\r\n\r\n", len(body))
	return b.String() + body
}

// postChunked is post with a chunked body.
func postChunked(body string) string {
	return fmt.Sprintf("POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n",
		Path, len(body), body)
}

// streamBody asks the scripted handler for a stream.
const streamBody = `{"type":"stream"}`

// answer reads the header of an answer. Its body arrives as it is read.
func (cl *client) answer(method string) *http.Response {
	cl.c.Helper()
	res, err := http.ReadResponse(cl.br, &http.Request{Method: method})
	if err != nil {
		cl.c.Fatalf("read answer: %v", err)
	}
	return res
}

// open sends a request for a stream and reads the answer as far as its opening comment.
func (cl *client) open() *events {
	cl.c.Helper()
	cl.send(post(streamBody))
	return cl.opened()
}

func (cl *client) opened() *events {
	cl.c.Helper()
	res := cl.answer("POST")
	ev := &events{c: cl.c, res: res, br: bufio.NewReader(res.Body)}
	if res.StatusCode != 200 {
		text, _ := io.ReadAll(res.Body)
		cl.c.Fatalf("status = %d, want 200; body %q", res.StatusCode, text)
	}
	if first := ev.next(); !strings.HasPrefix(first.text, ":") {
		cl.c.Fatalf("first line of stream = %q, want a comment", first.text)
	}
	return ev
}

// events reads a stream of events.
type events struct {
	c   *check
	res *http.Response
	br  *bufio.Reader
}

// event is one data frame, or one comment line, which begins with a colon.
type event struct {
	text string
	at   time.Time
}

// next fails the behaviour if the stream has ended.
func (e *events) next() event {
	e.c.Helper()
	ev, err := e.read()
	if err != nil {
		e.c.Fatalf("read event: %v", err)
	}
	return ev
}

func (e *events) read() (event, error) {
	var data []string
	for {
		line, err := e.br.ReadString('\n')
		if err != nil {
			if err == io.EOF && (line != "" || data != nil) {
				err = io.ErrUnexpectedEOF
			}
			return event{text: line}, err
		}
		line = strings.TrimSuffix(line, "\n")
		switch {
		case line == "" && data != nil:
			return event{strings.Join(data, "\n"), time.Now()}, nil
		case strings.HasPrefix(line, ":"):
			if data != nil {
				return event{}, fmt.Errorf("comment %q inside an event", line)
			}
			return event{line, time.Now()}, nil
		case strings.HasPrefix(line, "data: "):
			data = append(data, strings.TrimPrefix(line, "data: "))
		case line != "" && !strings.HasPrefix(line, "id: "):
			return event{}, fmt.Errorf("line %q is neither data nor comment", line)
		}
	}
}

// rest reads on to the end of the stream. The error is nil for a clean end.
func (e *events) rest() (all []event, err error) {
	for {
		ev, err := e.read()
		if err == io.EOF {
			return all, nil
		}
		if err != nil {
			return all, err
		}
		all = append(all, ev)
	}
}

// end wants nothing but the clean end of the stream.
func (e *events) end() {
	e.c.Helper()
	all, err := e.rest()
	if err != nil || len(all) > 0 {
		e.c.Errorf("rest of stream = %v, %v, want its end", all, err)
	}
}

// texts gives the data of events, without comments.
func texts(all []event) []string {
	var out []string
	for _, ev := range all {
		if !strings.HasPrefix(ev.text, ":") {
			out = append(out, ev.text)
		}
	}
	return out
}
