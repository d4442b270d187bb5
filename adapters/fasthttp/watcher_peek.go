//go:build darwin || dragonfly || freebsd || netbsd || openbsd || solaris || illumos

package fasthttpchatkit

import (
	"syscall"
	"time"
)

const canProbe = true

// probe peeks at the data. It is blind once there are bytes pending, a pipelined request or a TLS
// close_notify, and then leaves it to heartbeats and failing writes.
func probe(fd uintptr) (state, error) {
	var b [1]byte
	n, _, err := syscall.Recvfrom(int(fd), b[:], syscall.MSG_PEEK)
	switch {
	case err == syscall.EAGAIN || err == syscall.EINTR:
		return open, nil
	case err != nil:
		return gone, err
	case n == 0:
		return gone, nil
	}
	return unknown, nil
}

func setUserTimeout(syscall.RawConn, time.Duration) {}
