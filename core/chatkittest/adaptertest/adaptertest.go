// Package adaptertest holds the 48 behaviours that every adapter owes its users: that events leave at once, that a
// client's leaving is noticed, that middlewares neither lose nor gain anything, that limits hold, that
// connections stay usable and nothing leaks.
//
// An adapter's test has a [Factory] that starts a real server on a listener, and calls [Run]. The client
// side is made of raw sockets, so that the timing of chunks, the way of leaving and pipelining are under control.
// All traffic stays on the loopback interface or on unix sockets.
package adaptertest

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gochatkit/chatkit/core/transport"
)

// Family says how a framework runs a stream.
type Family int

const (
	// NetHTTP runs a stream inside the handler, on an http.ResponseWriter.
	NetHTTP Family = iota
	// FastHTTP runs a stream after the handler has returned.
	FastHTTP
)

// Middleware names something that a factory installs in front of the adapter, in the framework's own way
// where it has one.
type Middleware string

// The middlewares that the behaviours ask for. Every factory has the first group; a behaviour that needs one of
// the second group does not apply to factories that do not list it in Factory.Middleware.
const (
	// Headers sets the response header "X-Request-Id: 42" before the handler runs.
	Headers Middleware = "headers"
	// CORS answers preflights, application-wide, and allows every origin.
	CORS Middleware = "cors"
	// Recover turns panics of handlers into answers with status 500.
	Recover Middleware = "recover"
	// ErrorHandler renders every error that a handler returns, or registers, as JSON, without asking whether an answer has
	// begun.
	ErrorHandler Middleware = "error handler"
	// Values puts "alice" under the key "user" into the framework's own context, and "acme" under
	// [TenantKey] into the request's context.
	Values Middleware = "values"
	// CancelOnReturn gives the handler a context that is cancelled as soon as the handler has returned, as timeout
	// middlewares do.
	CancelOnReturn Middleware = "cancel on return"
	// Compress compresses answers for clients that accept it.
	Compress Middleware = "compress"

	// BodyLogger stands between handler and client with a writer that embeds the framework's.
	BodyLogger Middleware = "body logger"
)

// TenantKey is the key of the context value that [Values] sets.
type TenantKey struct{}

// UserKey is the key under which the context function of [Setup] has to put the framework's value "user".
type UserKey struct{}

// Path is where a factory mounts the handler, for all methods.
const Path = "/chatkit"

// Setup is what a factory has to start.
type Setup struct {
	// Handler is the handler to mount with the adapter on Path.
	Handler transport.Handler

	// Listener is where to serve. The server closes it.
	Listener net.Listener

	// TLS, if not nil, is the configuration to serve TLS with. The net/http family then offers HTTP/2 if
	// NextProtos holds "h2".
	TLS *tls.Config

	// Server timeouts, zero for none.
	ReadTimeout, WriteTimeout, IdleTimeout time.Duration

	// UserTimeout, if not zero, is the TCP user timeout for accepted connections.
	UserTimeout time.Duration

	// MaxBodyBytes, if not zero, is given to the adapter's option of that name.
	MaxBodyBytes int64

	// Context, if not nil, has to be applied by the adapter's WithContext option: to the context that is
	// the adapter's default, into which the framework's value "user" has been put under UserKey.
	Context func(context.Context) context.Context

	// Middleware lists what to install, the outermost first.
	Middleware []Middleware

	// Wrapper, of the NetHTTP family only, is put around the whole application. ServeHTTP does that.
	Wrapper Wrapper

	// Buffering, of the FastHTTP family only, is one of Factory.Buffering.
	Buffering string
}

// Has reports whether the setup asks for m.
func (s Setup) Has(m Middleware) bool { return slices.Contains(s.Middleware, m) }

// Factory describes one adapter to [Run].
type Factory struct {
	// Family is how the framework streams.
	Family Family

	// Start serves s until the returned function is called, which shuts the server down gracefully
	// and, when its context ends before that is done, closes all connections and returns the
	// context's error. Start fails the test if it cannot serve.
	Start func(tb testing.TB, s Setup) (shutdown func(context.Context) error)

	// Middleware lists what the factory can install of the second group of middlewares.
	Middleware []Middleware

	// Buffering names the framework's own middlewares that read the whole answer, such as etag.
	Buffering []string

	// Exceptions says why a behaviour, by its number, cannot hold on this framework. The behaviour is run all the
	// same and has to fail, so that an exception does not outlive its reason.
	Exceptions map[int]string
}

// behaviour is one line of the suite.
type behaviour struct {
	number int
	name   string
	run    func(*check)
}

// notApplicable is what a behaviour panics with to say that a factory has no use for it.
type notApplicable string

// Run runs all behaviours against the servers that f starts, one after the other, because they measure
// time. Each one is a subtest.
func Run(t *testing.T, f Factory) {
	base := len(goroutines())
	for _, b := range behaviours() {
		t.Run(fmt.Sprintf("%02d %s", b.number, b.name), func(t *testing.T) {
			c := &check{TB: t, factory: f}
			c.do(b.run)
			reason, excepted := f.Exceptions[b.number]
			switch failures := c.result(); {
			case c.skip != "":
				t.Skipf("does not apply: %s", c.skip)
			case excepted && len(failures) == 0:
				t.Errorf("holds, but is declared as an exception (%s)", reason)
			case excepted:
				t.Logf("documented exception: %s; seen: %s", reason, failures[0])
			default:
				for _, text := range failures {
					t.Error(text)
				}
			}
		})
	}
	t.Run("48 no leaks", func(t *testing.T) { noLeaks(t, base+1) }) // the subtest itself is one
}

func behaviours() []behaviour {
	all := slices.Concat(streaming, disconnects, connections, servers, requests, lifecycles)
	slices.SortFunc(all, func(a, b behaviour) int { return a.number - b.number })
	return all
}

// noLeaks waits for the goroutines of all servers and clients to end.
func noLeaks(t *testing.T, base int) {
	// Readers of closed connections and idle workers take a moment; a leak never ends.
	for deadline := time.Now().Add(5 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		now := goroutines()
		if len(now) <= base {
			return
		}
		if time.Now().After(deadline) {
			t.Errorf("goroutines = %d, want %d as before\n%s", len(now), base, strings.Join(now, "\n\n"))
			return
		}
	}
}
