package adaptertest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/gochatkit/chatkit/core/transport"
)

var connections = []behaviour{
	{23, "no false alarm", noFalseAlarm},
	{24, "keep-alive reuse", keepAlive},
	{25, "reuse after idling", reuseAfterIdle},
	{26, "pipelined requests", pipelined},
	{27, "stalled reader", stalledReader},
	{28, "stalled reader, cancelled", stalledCancelled},
	{29, "dead network", deadNetwork},
}

func noFalseAlarm(c *check) {
	const short = 200 * time.Millisecond
	srv := c.start(Setup{
		ReadTimeout: short, WriteTimeout: short, IdleTimeout: short,
		Handler: &scripted{stream: func(ctx context.Context, w *writer) {
			pause(ctx, 3*time.Second)
			if ctx.Err() != nil {
				w.event("cancelled: " + context.Cause(ctx).Error())
			}
			w.event("done")
		}},
	})
	all, err := c.dial(srv).open().rest()
	if want := []string{"done"}; err != nil || !slices.Equal(texts(all), want) {
		c.Errorf("events = %q, %v, want %q", texts(all), err, want)
	}
}

func keepAlive(c *check) {
	for name, s := range map[string]Setup{"plain": {}, "TLS": {TLS: c.tlsConfig()}} {
		s.Handler = &echoing{}
		cl := c.dial(c.start(s))
		for i := range 10 {
			text := fmt.Sprintf("request %d %s", i, strings.Repeat("x", i*100))
			cl.send(post(text))
			ev := cl.opened()
			if got := ev.next().text; got != text {
				c.Fatalf("%s: stream %d = %q, want %q", name, i, got, text)
			}
			ev.end()
		}
	}
}

// echoing streams each request's body back.
type echoing struct{}

func (*echoing) MaxBodyBytes() int64 { return 1 << 20 }

func (*echoing) Serve(req *transport.Request, res transport.Response) {
	body, err := req.Body()
	if err != nil {
		reply(res, 400, err.Error(), nil)
		return
	}
	(&scripted{stream: func(ctx context.Context, w *writer) {
		pause(ctx, 10*time.Millisecond)
		w.event(string(body))
	}}).Serve(&transport.Request{
		Context: req.Context, Method: req.Method, Query: req.Query, Header: req.Header,
		Body: func() ([]byte, error) { return []byte(streamBody), nil },
	}, res)
}

func reuseAfterIdle(c *check) {
	srv := c.start(Setup{Handler: &scripted{stream: func(_ context.Context, w *writer) {
		w.timeout = 300 * time.Millisecond
		w.event("one")
	}}})
	cl := c.dial(srv)
	ev := cl.open()
	ev.next()
	ev.end()
	time.Sleep(time.Second) // longer than the write deadline, which must not be left on the connection
	for range 2 {
		cl.send(post(plainBody))
		res := cl.answer("POST")
		if res.StatusCode != 200 {
			c.Errorf("status after idling = %d, want 200", res.StatusCode)
		}
		io.Copy(io.Discard, res.Body)
	}
}

func pipelined(c *check) {
	cl := c.dial(c.start(Setup{Handler: &echoing{}}))
	cl.send(post("first") + post("second") + post("third"))
	for _, want := range []string{"first", "second", "third"} {
		ev := cl.opened()
		if got := ev.next().text; got != want {
			c.Fatalf("event = %q, want %q", got, want)
		}
		ev.end()
	}
}

func stalledReader(c *check) {
	type outcome struct {
		took time.Duration
		err  error
	}
	for name, s := range map[string]Setup{"plain": {}, "TLS": {TLS: c.tlsConfig()}} {
		out := make(chan outcome, 1)
		s.Handler = &scripted{stream: func(ctx context.Context, w *writer) {
			w.timeout = 300 * time.Millisecond
			block := strings.Repeat("x", 64<<10)
			for {
				begin := time.Now()
				if err := w.event(block); err != nil {
					out <- outcome{time.Since(begin), err}
					return
				}
			}
		}}
		srv := c.start(s)
		c.within(400*time.Millisecond, name+": write to a stalled client", func() time.Duration {
			c.dial(srv).open() // and then reads no more
			o := wait(c, out, "failing write")
			if !errors.Is(o.err, transport.ErrWriteTimeout) || !errors.Is(o.err, os.ErrDeadlineExceeded) {
				c.Errorf("%s: error = %v, want %v around %v", name, o.err, transport.ErrWriteTimeout, os.ErrDeadlineExceeded)
			}
			if o.took < 250*time.Millisecond {
				c.Errorf("%s: write blocked for %v, want 300 ms", name, o.took)
			}
			return o.took
		})
	}
}

func stalledCancelled(c *check) {
	c.within(100*time.Millisecond, "unblocking a write", func() time.Duration {
		drain, cancel := context.WithCancelCause(context.Background())
		defer cancel(nil)
		blocked := make(chan struct{})
		unblocked := make(chan time.Time, 1)
		srv := c.start(Setup{
			Context: func(ctx context.Context) context.Context { return joined(ctx, drain) },
			Handler: &scripted{stream: func(ctx context.Context, w *writer) {
				w.timeout = -1
				defer context.AfterFunc(ctx, func() { w.SetWriteDeadline(time.Unix(1, 0)) })()
				w.SetWriteDeadline(time.Time{})
				progress := time.AfterFunc(300*time.Millisecond, func() { close(blocked) })
				block := strings.Repeat("x", 64<<10)
				for w.event(block) == nil {
					progress.Reset(300 * time.Millisecond)
				}
				unblocked <- time.Now()
			}},
		})
		c.dial(srv).open() // and then reads no more
		wait(c, blocked, "blocked write")
		begin := time.Now()
		cancel(errors.New("draining"))
		return wait(c, unblocked, "end of the blocked write").Sub(begin)
	})
}

func deadNetwork(c *check) {
	// The multipath sockets that net.Listen makes refuse the option.
	lc := net.ListenConfig{}
	lc.SetMultipathTCP(false)
	ln, err := lc.Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		c.Fatalf("listen: %v", err)
	}
	ended := make(chan ending, 1)
	srv := c.start(Setup{Listener: ln, UserTimeout: 2 * time.Second, Handler: &scripted{stream: func(ctx context.Context, w *writer) {
		for ctx.Err() == nil {
			pause(ctx, 500*time.Millisecond)
			w.comment()
		}
		ended <- ending{time.Now(), context.Cause(ctx)}
	}}})
	cl := c.dial(srv)
	cl.open()
	if err := dropPackets(cl.raw()); err != nil {
		panic(notApplicable("cannot drop packets: " + err.Error()))
	}
	begin := time.Now()
	end := wait(c, ended, "end of the stream's context")
	if took := end.at.Sub(begin); took > 4*time.Second {
		c.Errorf("noticing the dead network took %v, want < 4 s", took)
	}
}
