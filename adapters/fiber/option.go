package fiberchatkit

import (
	"context"
	"time"

	"github.com/gofiber/fiber/v2"

	fasthttpchatkit "github.com/gochatkit/chatkit/adapters/fasthttp"
)

// Option changes how [Handler] works.
type Option func(*config)

type config struct {
	context      func(*fiber.Ctx) context.Context
	maxBodyBytes int64
	userTimeout  time.Duration
	propagate    bool
}

func newConfig(opts []Option) *config {
	cfg := &config{context: userContext}
	for _, o := range opts {
		o(cfg)
	}
	return cfg
}

func userContext(c *fiber.Ctx) context.Context {
	return fasthttpchatkit.Values(c.UserContext(), c.Context())
}

// WithContext sets the context that the server, its hooks and its store see. Derive it from c.UserContext(), and
// copy what you need from c: fiber takes c back before the stream begins. Strings from c have to be
// cloned. Defaults to c.UserContext() with a copy of the locals, which are found under their own keys.
//
// Cancelling the result ends the stream, unless it is cancelled by the time the stream begins, as contexts are
// that a timeout middleware cancels when it returns.
func WithContext(f func(c *fiber.Ctx) context.Context) Option {
	return func(cfg *config) { cfg.context = f }
}

// WithMaxBodyBytes limits the body of a request, in bytes; a larger one is answered with 413. Defaults to
// the server's own limit, which zero and negative numbers mean as well. The BodyLimit of the application,
// 4 MiB by default, applies before.
func WithMaxBodyBytes(n int64) Option {
	return func(cfg *config) { cfg.maxBodyBytes = n }
}

// WithUserTimeout sets for how long what was sent may stay unacknowledged before the connection counts as
// dead, on Linux. It is what notices a client whose network is gone. Defaults to 30 seconds, which zero means as
// well; a negative duration leaves it to the kernel, which takes many minutes.
func WithUserTimeout(d time.Duration) Option {
	return func(cfg *config) { cfg.userTimeout = d }
}

// WithErrorPropagation returns refused requests to the application's ErrorHandler, as a *fiber.Error with the status and
// a message that is safe to show; what lies behind it is in the server's log. Nothing is set then but headers
// such as Allow and Retry-After. A stream runs after the handler has returned, so that its errors never get there. By default
// the server answers refused requests itself, as ChatKit's client expects it.
func WithErrorPropagation() Option {
	return func(cfg *config) { cfg.propagate = true }
}
