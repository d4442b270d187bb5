package pitfalls

import (
	"bytes"
	"net/http"
	"time"
)

// digest keeps an answer back until it is whole, to compute something from it.
type digest struct {
	http.ResponseWriter
	body bytes.Buffer
}

func (d *digest) Write(p []byte) (int, error) { return d.body.Write(p) } // wrong: it keeps everything

func withDigest(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		d := &digest{ResponseWriter: w}
		next.ServeHTTP(d, r)
		_, _ = w.Write(d.body.Bytes())
	})
}

// pretender is a digest that says it can flush.
type pretender struct{ digest }

func (p *pretender) Flush() {} // wrong: it does not

// WithPretender holds answers back, and nobody is told.
func WithPretender(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p := &pretender{digest{ResponseWriter: w}}
		next.ServeHTTP(p, r)
		_, _ = w.Write(p.body.Bytes())
	})
}

func withTimeout(next http.Handler) http.Handler {
	return http.TimeoutHandler(next, time.Minute, "too slow") // wrong: it buffers to be able to change its mind
}

// counter counts bytes on their way.
type counter struct {
	http.ResponseWriter
	bytes int
}

func (c *counter) Write(p []byte) (int, error) {
	n, err := c.ResponseWriter.Write(p)
	c.bytes += n
	return n, err
}

func (c *counter) Unwrap() http.ResponseWriter { return c.ResponseWriter } // right: Flush is found behind it

func withCounter(next http.Handler, tell func(n int)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c := &counter{ResponseWriter: w}
		next.ServeHTTP(c, r)
		tell(c.bytes)
	})
}
