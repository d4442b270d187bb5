package adaptertest

import (
	"bufio"
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"strings"
	"sync"
)

// http2Server is a server with HTTP/2 and a client for it.
type http2Server struct {
	url    string
	client *http.Client

	mu   sync.Mutex
	conn net.Conn // the latest one
}

func (c *check) startHTTP2(s Setup) *http2Server {
	c.Helper()
	s.TLS = c.tlsConfig("h2", "http/1.1")
	h := &http2Server{url: "https://" + c.start(s).addr.String() + Path}
	tr := &http.Transport{
		ForceAttemptHTTP2: true,
		// The certificate is made by this package a moment ago, and the address is a loopback one.
		TLSClientConfig: &tls.Config{InsecureSkipVerify: true, NextProtos: []string{"h2"}},
		DialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
			conn, err := new(net.Dialer).DialContext(ctx, network, addr)
			h.mu.Lock()
			h.conn = conn
			h.mu.Unlock()
			return conn, err
		},
	}
	h.client = &http.Client{Transport: tr}
	c.Cleanup(tr.CloseIdleConnections)
	return h
}

// open begins a stream that ends with the behaviour.
func (h *http2Server) open(c *check) *events {
	c.Helper()
	ev, _ := h.openCancel(c)
	return ev
}

// openCancel begins a stream, and returns what resets it.
func (h *http2Server) openCancel(c *check) (*events, context.CancelFunc) {
	c.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	c.Cleanup(cancel)
	req, err := http.NewRequestWithContext(ctx, "POST", h.url, strings.NewReader(streamBody))
	if err != nil {
		c.Fatalf("make request: %v", err)
	}
	req.Header.Set("Content-Type", "application/json")
	res, err := h.client.Do(req)
	if err != nil {
		c.Fatalf("send request: %v", err)
	}
	if res.ProtoMajor != 2 || res.StatusCode != 200 {
		c.Fatalf("answer = %s %s, want HTTP/2 and 200", res.Proto, res.Status)
	}
	ev := &events{c: c, res: res, br: bufio.NewReader(res.Body)}
	if first := ev.next(); first.text != ":" {
		c.Fatalf("first line of stream = %q, want a comment", first.text)
	}
	return ev, cancel
}

// closeConn closes the client's connection under HTTP/2 and TLS.
func (h *http2Server) closeConn() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.conn.Close()
}
