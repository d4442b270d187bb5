package arrival

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/url"
	"time"
)

// maxHeader and maxBody limit what is read from a server, in bytes.
const (
	maxHeader = 1 << 20
	maxBody   = 256 << 20
)

var errTooMuch = errors.New("the answer is too long")

// A conn counts what is read from it. Under TLS a read is what one record holds.
type conn struct {
	net.Conn
	limit int // bytes that may still be read
	reads int
	first time.Time // of the first read
	last  time.Time // of the last read
}

func (c *conn) Read(p []byte) (int, error) {
	if c.limit <= 0 {
		return 0, errTooMuch
	}
	n, err := c.Conn.Read(p[:min(len(p), c.limit)])
	if n > 0 {
		c.limit -= n
		c.reads++
		c.last = time.Now()
		if c.first.IsZero() {
			c.first = c.last
		}
	}
	return n, err
}

// dial connects to the host of u.
func dial(ctx context.Context, u *url.URL) (*conn, error) {
	port := u.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[u.Scheme]
	}
	var d net.Dialer
	raw, err := d.DialContext(ctx, "tcp", net.JoinHostPort(u.Hostname(), port))
	if err != nil {
		return nil, err
	}
	if u.Scheme != "https" {
		return &conn{Conn: raw, limit: maxHeader}, nil
	}
	// HTTP/2 would put frames of its own around the events.
	secure := tls.Client(raw, &tls.Config{ServerName: u.Hostname(), NextProtos: []string{"http/1.1"}})
	if err := secure.HandshakeContext(ctx); err != nil {
		raw.Close()
		return nil, fmt.Errorf("TLS: %w", err)
	}
	return &conn{Conn: secure, limit: maxHeader}, nil
}
