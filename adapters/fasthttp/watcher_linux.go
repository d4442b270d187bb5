package fasthttpchatkit

import (
	"syscall"
	"time"
	"unsafe"
)

const canProbe = true

// What poll reports. Package syscall has no names for them.
const (
	pollErr   = 0x0008
	pollHup   = 0x0010
	pollRdHup = 0x2000
)

type pollFD struct {
	fd      int32
	events  int16
	revents int16
}

// probe asks whether the other side has shut its sending side. Unlike a peek at the data this works with bytes
// pending, a TLS close_notify among them.
func probe(fd uintptr) (state, error) {
	p := pollFD{fd: int32(fd), events: pollRdHup}
	var now syscall.Timespec
	_, _, errno := syscall.Syscall6(syscall.SYS_PPOLL, uintptr(unsafe.Pointer(&p)), 1, uintptr(unsafe.Pointer(&now)), 0, 0, 0)
	if errno != 0 {
		if errno == syscall.EINTR || errno == syscall.EAGAIN {
			return open, nil // the next edge asks again
		}
		return unknown, nil
	}
	if p.revents&pollErr != 0 {
		if code, err := syscall.GetsockoptInt(int(fd), syscall.SOL_SOCKET, syscall.SO_ERROR); err == nil && code != 0 {
			return gone, syscall.Errno(code)
		}
		return gone, nil
	}
	if p.revents&(pollRdHup|pollHup) != 0 {
		return gone, nil
	}
	return open, nil
}

// tcpUserTimeout is TCP_USER_TIMEOUT, which package syscall does not name on every architecture.
const tcpUserTimeout = 18

// setUserTimeout ignores errors: unix sockets and multipath TCP have no such option.
func setUserTimeout(raw syscall.RawConn, d time.Duration) {
	_ = raw.Control(func(fd uintptr) {
		_ = syscall.SetsockoptInt(int(fd), syscall.IPPROTO_TCP, tcpUserTimeout, int(d.Milliseconds()))
	})
}
