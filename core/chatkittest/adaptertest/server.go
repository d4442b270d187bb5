package adaptertest

import "context"

var servers = []behaviour{
	{34, "abort", abort},
}

func abort(c *check) {
	h := &scripted{stream: func(_ context.Context, w *writer) {
		w.event("one")
		w.Abort()
		if err := w.event("two"); err == nil {
			c.Errorf("a write after Abort succeeded")
		}
	}}
	ev := c.dial(c.start(Setup{Handler: h, Middleware: []Middleware{Recover}})).open()
	ev.next()
	if all, err := ev.rest(); err == nil {
		c.Errorf("rest of an aborted stream = %v and a clean end, want an error", all)
	}
	if c.factory.Family != NetHTTP {
		return
	}
	ev = c.startHTTP2(Setup{Handler: h, Middleware: []Middleware{Recover}}).open(c)
	ev.next()
	if all, err := ev.rest(); err == nil {
		c.Errorf("rest of an aborted HTTP/2 stream = %v and a clean end, want an error", all)
	}
}
