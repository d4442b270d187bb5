package fasthttpchatkit

import (
	"errors"
	"fmt"
	"net"
	"syscall"
	"time"

	"github.com/gochatkit/chatkit/core/transport"
)

// state is what a look at a socket has shown.
type state int

const (
	open    state = iota
	gone          // the client has closed at least its sending side, or the connection has failed
	unknown       // there are bytes to read in the way of seeing more
)

// watch calls lost, once, when the client at the other end of conn leaves, until the returned function
// is called, which waits for the watcher to be gone. Nobody else may read from conn in the meantime.
//
// The watcher costs nothing while nothing happens: RawConn.Read parks it on Go's own network
// poller, which wakes it for every edge of readiness. It then asks the kernel for the state of the
// connection and touches no data, so that a request which the client has pipelined stays where it is.
func watch(conn net.Conn, raw syscall.RawConn, lost func(cause error)) (stop func()) {
	if !canProbe {
		return func() {}
	}
	conn.SetReadDeadline(time.Time{}) // the server's own would look like a disconnect
	done := make(chan struct{})
	go func() {
		defer close(done)
		// It fails when stop lets the deadline pass, and when the connection is closed, which others notice.
		_ = raw.Read(func(fd uintptr) bool {
			st, err := probe(fd)
			switch {
			case st == open:
				return false
			case st == gone && errors.Is(err, syscall.ECONNRESET):
				lost(fmt.Errorf("%w: %w", transport.ErrPeerReset, err))
			case st == gone && err != nil:
				lost(fmt.Errorf("%w: %w", transport.ErrPeerGone, err))
			case st == gone:
				lost(transport.ErrPeerGone)
			}
			return true
		})
	}()
	return func() {
		conn.SetReadDeadline(pastDeadline)
		<-done
		conn.SetReadDeadline(time.Time{})
	}
}
