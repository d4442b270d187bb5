//go:build !linux && !darwin && !dragonfly && !freebsd && !netbsd && !openbsd && !solaris && !illumos

package fasthttpchatkit

import (
	"syscall"
	"time"
)

// canProbe is false where there is no way, or none that was tried, to see a client leave. Heartbeats and failing writes notice it.
const canProbe = false

func probe(uintptr) (state, error) { return unknown, nil }

func setUserTimeout(syscall.RawConn, time.Duration) {}
