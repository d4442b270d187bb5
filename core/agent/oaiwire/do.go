package oaiwire

import (
	"context"
	"errors"
	"iter"
	"net/http"
	"time"

	"github.com/gochatkit/chatkit/core/agent"
)

// Do reads the stream that a request of somebody else's answers with: an SDK's, say, which knows how to
// sign it. send is called once, when the iteration begins, with a context that ends when the stream is
// abandoned or the provider falls silent. The answer must have been checked for its status, not for
// being a stream. [KeepIDs] is on by itself for api.openai.com.
func Do(ctx context.Context, send func(ctx context.Context) (*http.Response, error), read Format, opts ...Option) iter.Seq2[agent.Event, error] {
	return do(ctx, func(ctx context.Context, _ *watchdog) (*http.Response, error) { return send(ctx) }, read, opts)
}

func do(ctx context.Context, send func(context.Context, *watchdog) (*http.Response, error), read Format, opts []Option) iter.Seq2[agent.Event, error] {
	return func(yield func(agent.Event, error) bool) {
		idle := newConfig(opts).idle
		if idle == 0 {
			idle = 2 * time.Minute
		}
		ctx, cancel := context.WithCancelCause(ctx)
		defer cancel(nil)
		watch := newWatchdog(idle, cancel)
		defer watch.stop()
		res, err := send(ctx, watch)
		if err != nil {
			yield(nil, cause(ctx, err))
			return
		}
		defer res.Body.Close()
		body, err := eventStream(res, watch)
		if err != nil {
			yield(nil, cause(ctx, err))
			return
		}
		genuine := res.Request != nil && res.Request.URL != nil && res.Request.URL.Hostname() == "api.openai.com"
		all := append([]Option{KeepIDs(genuine)}, opts...)
		for e, err := range read(body, append(all, onFinish(watch.finished))...) {
			if err != nil {
				err = cause(ctx, err)
			}
			if !yield(e, err) || err != nil {
				return
			}
		}
	}
}

// cause replaces what the transport makes of a context that ended by why it ended.
func cause(ctx context.Context, err error) error {
	if ctx.Err() != nil && (errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)) {
		return context.Cause(ctx)
	}
	return err
}
