package adaptertest

import (
	"bufio"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
)

var streaming = []behaviour{
	{1, "first byte at once", firstByte},
	{2, "events arrive one by one", incremental},
	{3, "large event", largeEvent},
	{4, "many small events", manyEvents},
	{5, "header set", headerSet},
	{6, "keeps middleware headers", keepsHeaders},
	{7, "empty stream", emptyStream},
	{8, "compression", compression},
	{9, "buffering middleware", buffering},
	{10, "unwrap-only wrapper", unwrapOnlyWrapper},
	{11, "body logger wrapper", bodyLogger},
}

// three writes three events, 60 ms apart.
func three(ctx context.Context, w *writer) {
	for _, text := range []string{"one", "two", "three"} {
		w.event(text)
		pause(ctx, 60*time.Millisecond)
	}
}

func firstByte(c *check) {
	srv := c.start(Setup{Handler: &scripted{stream: func(ctx context.Context, w *writer) { pause(ctx, time.Second) }}})
	c.within(50*time.Millisecond, "header and comment", func() time.Duration {
		cl := c.dial(srv)
		begin := time.Now()
		cl.open()
		took := time.Since(begin)
		cl.leave()
		return took
	})
}

// oneByOne reads the events of three and wants them spread. It opens up to three streams: a machine under load delivers
// two events together now and then, a buffer does every time.
func (c *check) oneByOne(open func() *events) {
	c.Helper()
	var spread time.Duration
	for range 3 {
		ev := open()
		got := []event{ev.next(), ev.next(), ev.next()}
		if want := []string{"one", "two", "three"}; !slices.Equal(texts(got), want) {
			c.Fatalf("events = %q, want %q", texts(got), want)
		}
		ev.end()
		if spread = max(spread, got[2].at.Sub(got[0].at)); spread >= 80*time.Millisecond {
			return
		}
	}
	c.Errorf("three events came within %v at best, want >= 80 ms", spread)
}

// streams starts a setup with the events of three and wants them spread.
func (c *check) streams(s Setup, headers ...string) {
	c.Helper()
	c.oneByOne(func() *events {
		s.Handler, s.Listener = &scripted{stream: three}, nil
		cl := c.dial(c.start(s))
		cl.send(post(streamBody, headers...))
		return cl.opened()
	})
}

func incremental(c *check) {
	c.streams(Setup{})
	c.streams(Setup{TLS: c.tlsConfig()})
	if c.factory.Family == NetHTTP {
		h2 := c.startHTTP2(Setup{Handler: &scripted{stream: three}})
		c.oneByOne(func() *events { return h2.open(c) })
	}
}

func largeEvent(c *check) {
	large := strings.Repeat("0123456789abcdef", 1<<16)
	srv := c.start(Setup{Handler: &scripted{stream: func(_ context.Context, w *writer) { w.event(large) }}})
	ev := c.dial(srv).open()
	if got := ev.next().text; got != large {
		c.Errorf("event of %d bytes arrived as %d bytes, or changed", len(large), len(got))
	}
	ev.end()
}

func manyEvents(c *check) {
	const n = 5000
	srv := c.start(Setup{Handler: &scripted{stream: func(_ context.Context, w *writer) {
		for i := range n {
			w.event(fmt.Sprint(i))
		}
	}}})
	all, err := c.dial(srv).open().rest()
	if err != nil || len(all) != n {
		c.Fatalf("events = %d, %v, want %d", len(all), err, n)
	}
	for i, ev := range all {
		if ev.text != fmt.Sprint(i) {
			c.Fatalf("event %d = %q", i, ev.text)
		}
	}
}

func headerSet(c *check) {
	srv := c.start(Setup{Handler: &scripted{}})
	res := c.dial(srv).open().res
	for name, want := range streamHeader() {
		if got := res.Header.Values(name); !slices.Equal(got, want) {
			c.Errorf("%s = %q, want %q", name, got, want)
		}
	}
	for _, name := range []string{"Connection", "Content-Length", "Content-Encoding"} {
		if got, ok := res.Header[name]; ok {
			c.Errorf("%s = %q, want none", name, got)
		}
	}
	if want := []string{"chunked"}; !slices.Equal(res.TransferEncoding, want) {
		c.Errorf("Transfer-Encoding = %q, want %q", res.TransferEncoding, want)
	}
}

func keepsHeaders(c *check) {
	srv := c.start(Setup{Handler: &scripted{}, Middleware: []Middleware{CORS, Headers}})
	cl := c.dial(srv)
	for _, body := range []string{streamBody, plainBody} {
		cl.send(post(body, "Origin: https://app.example"))
		res := cl.answer("POST")
		if got := res.Header.Get("X-Request-Id"); got != "42" {
			c.Errorf("X-Request-Id after %s = %q, want 42", body, got)
		}
		if got := res.Header.Get("Access-Control-Allow-Origin"); got == "" {
			c.Errorf("no Access-Control-Allow-Origin after %s", body)
		}
		io.Copy(io.Discard, res.Body)
	}
}

func emptyStream(c *check) {
	srv := c.start(Setup{Handler: &scripted{}})
	c.dial(srv).open().end()
}

func compression(c *check) {
	c.needs(Compress)
	srv := c.start(Setup{Handler: &scripted{stream: three}, Middleware: []Middleware{Compress}})
	c.oneByOne(func() *events {
		cl := c.dial(srv)
		cl.send(post(streamBody, "Accept-Encoding: gzip"))
		res := cl.answer("POST")
		body := io.Reader(res.Body)
		switch enc := res.Header.Get("Content-Encoding"); enc {
		case "gzip":
			zr, err := gzip.NewReader(res.Body)
			if err != nil {
				c.Fatalf("read gzip header: %v", err)
			}
			body = zr
		case "": // a compressor that leaves event streams alone
		default:
			c.Fatalf("Content-Encoding = %q", enc)
		}
		ev := &events{c: c, res: res, br: bufio.NewReader(body)}
		if first := ev.next(); first.text != ":" {
			c.Errorf("first line = %q, want a comment", first.text)
		}
		return ev
	})
}

// needs ends a behaviour for factories that cannot install m.
func (c *check) needs(m Middleware) {
	if !slices.Contains(c.factory.Middleware, m) {
		panic(notApplicable("no " + string(m) + " here"))
	}
}

func buffering(c *check) {
	if c.factory.Family == NetHTTP {
		for _, kind := range []Wrapper{Opaque, Timeout} {
			srv := c.start(Setup{Handler: &scripted{stream: three}, Wrapper: kind})
			cl := c.dial(srv)
			begin := time.Now()
			cl.send(post(streamBody))
			res := cl.answer("POST")
			body, _ := io.ReadAll(res.Body)
			if res.StatusCode != 500 || !strings.Contains(string(body), "message") {
				c.Errorf("%s: answer = %d %q, want 500 and a message", kind, res.StatusCode, body)
			}
			if took := time.Since(begin); took > time.Second {
				c.Errorf("%s: answer took %v, want it at once", kind, took)
			}
			// A plain answer passes through anything.
			cl = c.dial(srv)
			cl.send(post(plainBody))
			if res := cl.answer("POST"); res.StatusCode != 200 {
				c.Errorf("%s: status of a plain answer = %d, want 200", kind, res.StatusCode)
			}
		}
		return
	}
	quiet(func() { // an adapter may warn that a middleware is in the way
		for _, kind := range c.factory.Buffering {
			c.streams(Setup{Buffering: kind}, "Accept-Encoding: gzip", "X-Idempotency-Key: 00000000-0000-0000-0000-000000000000")
		}
	})
}

func unwrapOnlyWrapper(c *check) {
	if c.factory.Family != NetHTTP {
		panic(notApplicable("there are no http.ResponseWriters here"))
	}
	c.streams(Setup{Wrapper: UnwrapOnly})
}

func bodyLogger(c *check) {
	c.needs(BodyLogger)
	c.streams(Setup{Middleware: []Middleware{BodyLogger}})

	failed := make(chan error, 1)
	srv := c.start(Setup{Handler: &scripted{stream: func(_ context.Context, w *writer) {
		w.timeout = 300 * time.Millisecond
		failed <- fill(w)
	}}, Middleware: []Middleware{BodyLogger}})
	c.dial(srv).open() // and then reads no more
	if err := wait(c, failed, "write deadline behind a body logger"); err == nil {
		c.Errorf("writing to a client that does not read went well for ever")
	}
}

// fill writes until it fails, or until more is written than any socket buffers.
func fill(w *writer) error {
	block := strings.Repeat("x", 64<<10)
	for range 4096 {
		if err := w.event(block); err != nil {
			return err
		}
	}
	return nil
}
