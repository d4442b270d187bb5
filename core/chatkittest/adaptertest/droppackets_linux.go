package adaptertest

import (
	"net"
	"syscall"
)

// dropPackets makes the kernel drop everything that arrives for conn, so that the other side sees neither
// acknowledgement nor end.
func dropPackets(conn net.Conn) error {
	raw, err := conn.(syscall.Conn).SyscallConn()
	if err != nil {
		return err
	}
	var attach error
	err = raw.Control(func(fd uintptr) {
		// One instruction: accept no bytes of any packet.
		//nolint:staticcheck // its successor is outside of the standard library
		attach = syscall.AttachLsf(int(fd), []syscall.SockFilter{{Code: syscall.BPF_RET | syscall.BPF_K}})
	})
	if err != nil {
		return err
	}
	return attach
}
