package adaptertest

import (
	"context"
	"errors"
	"strings"
	"time"

	chatkit "github.com/gochatkit/chatkit/core"
	"github.com/gochatkit/chatkit/core/transport"
)

var disconnects = []behaviour{
	{12, "client closes", disconnectClose},
	{13, "client resets", func(c *check) { noticed(c, Setup{}, (*client).open, (*client).reset) }},
	{14, "client shuts its sending side", func(c *check) { noticed(c, Setup{}, (*client).open, (*client).halfClose) }},
	{15, "disconnect after a chunked request", disconnectChunked},
	{16, "disconnect after a big request", disconnectBig},
	{17, "disconnect over TLS", disconnectTLS},
	{18, "disconnect on HTTP/2", disconnectHTTP2},
	{19, "disconnect on a unix socket", func(c *check) {
		noticed(c, Setup{Listener: c.unixListener()}, (*client).open, (*client).leave)
	}},
	{20, "pipelined request, then disconnect", disconnectPipelined},
	{21, "write error ends the stream", writeError},
	{22, "cause is meaningful", causes},
}

// soon is the limit for noticing that a client has left.
const soon = 20 * time.Millisecond

// noticed opens a silent stream, has the client leave, and wants the stream's context to end soon.
func noticed(c *check, s Setup, open func(*client) *events, leave func(*client)) {
	c.Helper()
	silent, ended := untilDone()
	s.Handler = &scripted{stream: silent, limit: s.MaxBodyBytes}
	srv := c.start(s)
	c.within(soon, "noticing the disconnect", func() time.Duration {
		cl := c.dial(srv)
		open(cl)
		begin := time.Now()
		leave(cl)
		end := wait(c, ended, "end of the stream's context")
		if !errors.Is(end.cause, transport.ErrPeerGone) && !errors.Is(end.cause, transport.ErrPeerReset) {
			c.Errorf("cause = %v, want %v", end.cause, transport.ErrPeerGone)
		}
		return end.at.Sub(begin)
	})
}

func disconnectClose(c *check) {
	noticed(c, Setup{}, (*client).open, (*client).leave)

	// And the author's function hears of it through the real server. It has to be running by then: the function of a
	// client that left before its turn came is not called.
	begun, ended := make(chan struct{}, 16), make(chan ending, 16)
	srv := c.start(Setup{Handler: answering(func(ctx context.Context, _ *chatkit.Turn) error {
		begun <- struct{}{}
		<-ctx.Done()
		ended <- ending{time.Now(), context.Cause(ctx)}
		return nil
	})})
	c.within(soon, "ending the turn", func() time.Duration {
		cl := c.dial(srv)
		cl.send(post(ask()))
		cl.opened()
		wait(c, begun, "begin of the turn")
		begin := time.Now()
		cl.leave()
		end := wait(c, ended, "end of the turn")
		if !errors.Is(end.cause, chatkit.ErrDisconnected) {
			c.Errorf("cause = %v, want %v", end.cause, chatkit.ErrDisconnected)
		}
		return end.at.Sub(begin)
	})
}

func disconnectChunked(c *check) {
	open := func(cl *client) *events {
		cl.send(postChunked(streamBody))
		return cl.opened()
	}
	noticed(c, Setup{}, open, (*client).leave)
}

func disconnectBig(c *check) {
	open := func(cl *client) *events {
		cl.send(post(`{"type":"big","text":"` + strings.Repeat("x", 1<<20) + `"}`))
		return cl.opened()
	}
	noticed(c, Setup{MaxBodyBytes: 2 << 20}, open, (*client).leave)
}

func disconnectTLS(c *check) {
	noticed(c, Setup{TLS: c.tlsConfig()}, (*client).open, (*client).leave)
	noticed(c, Setup{TLS: c.tlsConfig()}, (*client).open, (*client).reset)
}

func disconnectHTTP2(c *check) {
	if c.factory.Family != NetHTTP {
		panic(notApplicable("there is no HTTP/2 here"))
	}
	silent, ended := untilDone()
	srv := c.startHTTP2(Setup{Handler: &scripted{stream: silent}})
	c.within(soon, "noticing a stream reset", func() time.Duration {
		_, cancel := srv.openCancel(c)
		begin := time.Now()
		cancel()
		return wait(c, ended, "end of the stream's context").at.Sub(begin)
	})
	c.within(soon, "noticing a closed connection", func() time.Duration {
		srv.open(c)
		begin := time.Now()
		srv.closeConn()
		return wait(c, ended, "end of the stream's context").at.Sub(begin)
	})
}

func disconnectPipelined(c *check) {
	open := func(cl *client) *events {
		cl.send(post(streamBody))
		ev := cl.opened()
		cl.send(post(streamBody))
		return ev
	}
	if c.factory.Family == FastHTTP {
		noticed(c, Setup{}, open, (*client).leave)
		return
	}
	// net/http is blind as long as there are bytes that it has not read. What is left is writing: the first write
	// after the close makes the client's kernel answer with a reset, the second one fails.
	const heartbeat = 100 * time.Millisecond
	ended := make(chan ending, 16)
	srv := c.start(Setup{Handler: &scripted{stream: func(ctx context.Context, w *writer) {
		for ctx.Err() == nil {
			pause(ctx, heartbeat)
			w.comment()
		}
		ended <- ending{time.Now(), context.Cause(ctx)}
	}}})
	c.within(2*heartbeat+50*time.Millisecond, "noticing the disconnect, in two heartbeats,", func() time.Duration {
		cl := c.dial(srv)
		open(cl)
		begin := time.Now()
		cl.leave()
		return wait(c, ended, "end of the stream's context").at.Sub(begin)
	})
}

func writeError(c *check) {
	type outcome struct {
		writes int
		err    error
		done   bool
	}
	for name, leave := range map[string]func(*client){"close": (*client).leave, "reset": (*client).reset} {
		left := make(chan struct{})
		out := make(chan outcome, 1)
		srv := c.start(Setup{Handler: &scripted{stream: func(ctx context.Context, w *writer) {
			<-left
			var o outcome
			// Nobody looks at the context: only what the writes say counts.
			for o.err == nil && o.writes < 10 {
				time.Sleep(20 * time.Millisecond)
				o.err = w.event("x")
				o.writes++
			}
			o.done = ctx.Err() != nil
			out <- o
		}}})
		cl := c.dial(srv)
		cl.open()
		leave(cl)
		close(left)
		o := wait(c, out, "failing write")
		if o.err == nil || o.writes > 2 {
			c.Errorf("%s: error %v after %d writes, want one by the 2nd", name, o.err, o.writes)
		}
		if !o.done {
			c.Errorf("%s: the context is not done after a failed write", name)
		}
	}
}

func causes(c *check) {
	errClosing := errors.New("the application is closing")
	closing, stop := context.WithCancelCause(context.Background())
	defer stop(nil)

	for _, tt := range []struct {
		name    string
		context func(context.Context) context.Context
		stream  func(context.Context, *writer)
		leave   func(*client)
		want    error
	}{
		{name: "client leaves", leave: (*client).leave, want: transport.ErrPeerGone},
		{name: "write fails", stream: func(_ context.Context, w *writer) {
			w.timeout = 200 * time.Millisecond
			fill(w)
		}, leave: func(*client) {}, want: transport.ErrWriteTimeout},
		{name: "application closes", context: func(ctx context.Context) context.Context {
			return joined(ctx, closing)
		}, leave: func(*client) { stop(errClosing) }, want: errClosing},
		{name: "deadline passes", context: func(ctx context.Context) context.Context {
			ctx, cancel := context.WithTimeout(ctx, 200*time.Millisecond)
			c.Cleanup(cancel)
			return ctx
		}, leave: func(*client) {}, want: context.DeadlineExceeded},
		{
			name: "stream is aborted", stream: func(_ context.Context, w *writer) { w.Abort() },
			leave: func(*client) {}, want: transport.ErrAborted,
		},
	} {
		silent, ended := untilDone()
		srv := c.start(Setup{Context: tt.context, Handler: &scripted{stream: func(ctx context.Context, w *writer) {
			if tt.stream != nil {
				tt.stream(ctx, w)
			}
			silent(ctx, w)
		}}})
		cl := c.dial(srv)
		cl.open()
		tt.leave(cl)
		if end := wait(c, ended, tt.name); !errors.Is(end.cause, tt.want) {
			c.Errorf("%s: cause = %v, want %v", tt.name, end.cause, tt.want)
		}
	}

	// The context also ends with its stream.
	kept := make(chan context.Context, 1)
	srv := c.start(Setup{Handler: &scripted{stream: func(ctx context.Context, _ *writer) { kept <- ctx }}})
	c.dial(srv).open().end()
	ctx := wait(c, kept, "stream")
	<-ctx.Done()
	if cause := context.Cause(ctx); !errors.Is(cause, transport.ErrStreamEnded) {
		c.Errorf("cause after the stream = %v, want %v", cause, transport.ErrStreamEnded)
	}
}

// joined is ctx, cancelled with other's cause as well.
func joined(ctx, other context.Context) context.Context {
	ctx, cancel := context.WithCancelCause(ctx)
	stop := context.AfterFunc(other, func() { cancel(context.Cause(other)) })
	context.AfterFunc(ctx, func() { stop() })
	return ctx
}
