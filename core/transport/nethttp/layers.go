package nethttp

import (
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"time"

	"github.com/gochatkit/chatkit/core/transport"
)

// layers are the writers around a connection, the outermost first. Writing always goes through the outermost, so
// that compressors and byte counters work; the others are asked only what they can do.
type layers []http.ResponseWriter

// maxLayers ends the walk through writers that unwrap to each other.
const maxLayers = 32

func layersOf(w http.ResponseWriter) layers {
	chain := layers{w}
	for len(chain) < maxLayers {
		next, _ := inner(chain[len(chain)-1])
		if next == nil {
			break
		}
		chain = append(chain, next)
	}
	return chain
}

func (l layers) innermost() http.ResponseWriter { return l[len(l)-1] }

// inner returns the writer that w stands in front of, or nil, and whether w shows it with an Unwrap method.
// Without that method an exported embedded field is taken, as in type logger struct { gin.ResponseWriter }.
func inner(w http.ResponseWriter) (next http.ResponseWriter, unwraps bool) {
	if u, ok := w.(interface{ Unwrap() http.ResponseWriter }); ok {
		return u.Unwrap(), true
	}
	v := reflect.ValueOf(w)
	if v.Kind() == reflect.Pointer {
		v = v.Elem()
	}
	if v.Kind() != reflect.Struct {
		return nil, false
	}
	for i := range v.NumField() {
		if f := v.Type().Field(i); !f.Anonymous || !f.IsExported() {
			continue
		}
		if next, ok := v.Field(i).Interface().(http.ResponseWriter); ok {
			return next, false
		}
	}
	return nil, false
}

// flushers returns the layers to flush, in order, so that what was written to the outermost one reaches
// the connection. It fails if a layer would hold it back.
func (l layers) flushers() ([]http.ResponseWriter, error) {
	for i, w := range l {
		name := reflect.TypeOf(w).String()
		if isTimeoutWriter(name) {
			return nil, fmt.Errorf("%w: %s buffers the whole answer; take the timeout middleware off this route", transport.ErrCannotStream, name)
		}
		if canFlush(w) {
			continue
		}
		if _, unwraps := inner(w); !unwraps || i == len(l)-1 {
			return nil, fmt.Errorf("%w: %s has neither a Flush nor an Unwrap method", transport.ErrCannotStream, name)
		}
	}

	// The frameworks' own writers flush the next layer without saying how that went, and gin skips one that
	// is no http.Flusher in silence. They buffer nothing, so flushing begins behind them, and goes on
	// behind them where they are further in.
	first := 0
	for first < len(l)-1 && isFrameworkWriter(l[first]) {
		first++
	}
	out := []http.ResponseWriter{l[first]}
	for i := first + 1; i < len(l); i++ {
		_, flusher := l[i].(http.Flusher)
		if last := i == len(l)-1; last || isFrameworkWriter(l[i-1]) && !flusher {
			out = append(out, l[i])
		}
	}
	return out, nil
}

func canFlush(w http.ResponseWriter) bool {
	switch w.(type) {
	case interface{ FlushError() error }, http.Flusher:
		return true
	}
	return false
}

// isTimeoutWriter recognises the writers of http.TimeoutHandler and gin-contrib/timeout. The second
// one claims that it can flush.
func isTimeoutWriter(name string) bool {
	return name == "*http.timeoutWriter" || name == "*timeout.Writer"
}

func isFrameworkWriter(w http.ResponseWriter) bool {
	switch reflect.TypeOf(w).String() {
	case "*gin.responseWriter", "*echo.Response":
		_, unwraps := inner(w)
		return unwraps
	}
	return false
}

// setReadDeadline and setWriteDeadline use the first layer that can. http.ResponseController would give up at a
// wrapper that has no Unwrap method.
func (l layers) setReadDeadline(t time.Time) error {
	for _, w := range l {
		if c, ok := w.(interface{ SetReadDeadline(time.Time) error }); ok {
			return c.SetReadDeadline(t)
		}
	}
	return errors.ErrUnsupported
}

func (l layers) setWriteDeadline(t time.Time) error {
	for _, w := range l {
		if c, ok := w.(interface{ SetWriteDeadline(time.Time) error }); ok {
			return c.SetWriteDeadline(t)
		}
	}
	return errors.ErrUnsupported
}
