//go:build !linux

package adaptertest

import (
	"errors"
	"net"
)

func dropPackets(net.Conn) error { return errors.ErrUnsupported }
