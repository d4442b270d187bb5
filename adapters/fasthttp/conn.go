package fasthttpchatkit

import (
	"net"
	"reflect"
	"syscall"
)

// rawConn finds the socket under c, or returns nil, for example for connections in memory. It looks through TLS and
// through fasthttp's own wrapper for connection limits, which shows what it wraps only as an embedded field.
func rawConn(c net.Conn) syscall.RawConn {
	for range 8 { // no stack of wrappers is that high, but one could lead back to itself
		switch conn := c.(type) {
		case nil:
			return nil
		case syscall.Conn:
			raw, err := conn.SyscallConn()
			if err != nil {
				return nil
			}
			return raw
		case interface{ NetConn() net.Conn }:
			c = conn.NetConn()
		default:
			c = embeddedConn(c)
		}
	}
	return nil
}

func embeddedConn(c net.Conn) net.Conn {
	v := reflect.ValueOf(c)
	if v.Kind() == reflect.Pointer {
		v = v.Elem()
	}
	if v.Kind() != reflect.Struct {
		return nil
	}
	f, ok := v.Type().FieldByName("Conn")
	if !ok || !f.Anonymous {
		return nil
	}
	inner, _ := v.FieldByIndex(f.Index).Interface().(net.Conn)
	return inner
}
