package nethttp

import (
	"context"
	"net"
	"syscall"
	"time"
)

// UserTimeout returns a function for http.Server.ConnContext that makes connections fail when what was
// sent on them is not acknowledged for d. Without it a client whose network is gone, and who therefore
// sends neither FIN nor RST, is noticed only after the many minutes of TCP's own retransmissions, heartbeats
// or not. It works on Linux, for TCP; elsewhere it does nothing.
func UserTimeout(d time.Duration) func(ctx context.Context, c net.Conn) context.Context {
	return func(ctx context.Context, c net.Conn) context.Context {
		if t, ok := c.(interface{ NetConn() net.Conn }); ok {
			c = t.NetConn()
		}
		if sc, ok := c.(syscall.Conn); ok && c.LocalAddr().Network() == "tcp" {
			if raw, err := sc.SyscallConn(); err == nil {
				setUserTimeout(raw, d)
			}
		}
		return ctx
	}
}
