package arrival

import (
	"errors"
	"net"
)

// ErrUnreachable says that there is no server to talk to.
var ErrUnreachable = errors.New("unreachable")

// Unreachable reports whether an error, of this package or of net/http, says that there is no server: its name
// is unknown, or nobody answers at its address.
func Unreachable(err error) bool {
	var dial *net.OpError
	var name *net.DNSError
	return errors.Is(err, ErrUnreachable) || errors.As(err, &name) || errors.As(err, &dial) && dial.Op == "dial"
}
