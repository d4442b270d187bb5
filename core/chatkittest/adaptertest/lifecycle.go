package adaptertest

import (
	"context"
	"time"
)

var lifecycles = []behaviour{
	{47, "shutdown without drain", shutdownIdle},
}

func shutdownIdle(c *check) {
	c.within(1500*time.Millisecond, "Shutdown(1 s)", func() time.Duration {
		silent, ended := untilDone()
		srv := c.start(Setup{Handler: &scripted{stream: silent}})
		ev := c.dial(srv).open()
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		begin := time.Now()
		err := srv.shutdown(ctx)
		took := time.Since(begin)
		if c.factory.Family == FastHTTP && err != nil {
			c.Errorf("Shutdown = %v, want nil: the stream is told", err)
		}
		wait(c, ended, "end of the stream's context")
		if _, rest := ev.rest(); c.factory.Family == FastHTTP && rest != nil {
			c.Errorf("rest of the stream = %v, want a clean end", rest)
		}
		return took
	})
}
