// Package target is the server that a command talks to: its address and the headers that every request gets.
package target

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/gochatkit/chatkit/core/client"
)

// Limits of what is read from a server, in bytes. Nobody's answer has lines of a mebibyte, except for an
// image as a data URL.
const (
	MaxLine  = 8 << 20
	MaxFrame = 8 << 20
)

// A Target is a server, as its user names it. It is safe for concurrent use.
type Target struct {
	// URL is the one address at which the server answers ChatKit requests.
	URL *url.URL
	// Header goes with every request. It may hold secrets: it is never shown, and goes to no other host.
	Header http.Header
}

// Parse reads an address and headers of the form "Name: value". An address without a scheme is http on a
// loopback host, and https elsewhere.
func Parse(address string, headers []string) (*Target, error) {
	if !strings.Contains(address, "://") {
		scheme := "https:"
		// A name may begin like an address: 127.example.com is anybody's.
		if u, err := url.Parse("//" + address); err == nil && (u.Hostname() == "localhost" || net.ParseIP(u.Hostname()).IsLoopback()) {
			scheme = "http:"
		}
		address = scheme + "//" + address
	}
	u, err := url.Parse(address)
	if err != nil {
		return nil, errors.New("the address is no URL") // the parser's error would repeat a password in it
	}
	if u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" {
		return nil, fmt.Errorf("the address %s is not http:// or https:// with a host", u.Redacted())
	}
	t := &Target{URL: u, Header: http.Header{}}
	if u.User != nil {
		password, _ := u.User.Password()
		r := http.Request{Header: http.Header{}}
		r.SetBasicAuth(u.User.Username(), password)
		t.Header.Set("Authorization", r.Header.Get("Authorization"))
		u.User = nil
	}
	for _, h := range headers {
		name, value, found := strings.Cut(h, ":")
		name, value = strings.TrimSpace(name), strings.TrimSpace(value)
		if !found || !token(name) || strings.ContainsAny(value, "\r\n\x00") {
			return nil, fmt.Errorf("the header %q is not of the form \"Name: value\"", name)
		}
		t.Header.Set(name, value)
	}
	return t, nil
}

// token reports whether s can be the name of a header.
func token(s string) bool {
	return s != "" && strings.IndexFunc(s, func(r rune) bool {
		return r <= ' ' || r >= 0x7f || strings.ContainsRune(`()<>@,;:\"/[]?={}`, r)
	}) < 0
}

// String is the address without what could be secret in it.
func (t *Target) String() string {
	u := *t.URL
	u.RawQuery = ""
	return u.String()
}

// Client returns a client of the server that speaks ChatKit. It follows no redirect: a redirected POST
// becomes a GET, and headers would go elsewhere.
func (t *Target) Client(opts ...client.Option) *client.Client {
	all := []client.Option{client.WithHTTPClient(t.HTTP()), client.WithFrameLimits(MaxLine, MaxFrame)}
	for name, values := range t.Header {
		all = append(all, client.WithHeader(name, values[0]))
	}
	return client.New(t.URL.String(), append(all, opts...)...)
}

// HTTP returns an HTTP client that follows no redirect and limits everything but the length of a body.
func (t *Target) HTTP() *http.Client {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.ResponseHeaderTimeout = time.Minute
	transport.MaxResponseHeaderBytes = 1 << 20
	return &http.Client{
		Transport:     transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// Beside returns the target of another address that takes the same headers if it is at the same origin, and
// none otherwise.
func (t *Target) Beside(u *url.URL) *Target {
	o := &Target{URL: u, Header: http.Header{}}
	if u.Scheme == t.URL.Scheme && u.Host == t.URL.Host {
		o.Header = t.Header.Clone()
	}
	return o
}
