package fiberchatkit_test

import (
	"context"
	"crypto/tls"
	"io"
	"testing"

	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/middleware/cache"
	"github.com/gofiber/fiber/v2/middleware/compress"
	"github.com/gofiber/fiber/v2/middleware/cors"
	"github.com/gofiber/fiber/v2/middleware/etag"
	"github.com/gofiber/fiber/v2/middleware/idempotency"
	"github.com/gofiber/fiber/v2/middleware/logger"
	"github.com/gofiber/fiber/v2/middleware/recover"

	fasthttpchatkit "github.com/gochatkit/chatkit/adapters/fasthttp"
	fiberchatkit "github.com/gochatkit/chatkit/adapters/fiber"
	"github.com/gochatkit/chatkit/core/chatkittest/adaptertest"
)

func TestConformance(t *testing.T) {
	adaptertest.Run(t, adaptertest.Factory{
		Family:     adaptertest.FastHTTP,
		Start:      start,
		Middleware: []adaptertest.Middleware{adaptertest.Compress},
		Buffering:  []string{"etag", "cache", "idempotency", "logger"},
	})
}

func start(tb testing.TB, s adaptertest.Setup) func(context.Context) error {
	cfg := fiber.Config{
		DisableStartupMessage: true,
		ReadTimeout:           s.ReadTimeout,
		WriteTimeout:          s.WriteTimeout,
		IdleTimeout:           s.IdleTimeout,
	}
	if s.Has(adaptertest.ErrorHandler) {
		cfg.ErrorHandler = func(c *fiber.Ctx, err error) error { return c.Status(500).JSON(fiber.Map{"error": err.Error()}) }
	}
	app := fiber.New(cfg)
	for _, kind := range s.Middleware {
		if h := middleware(kind); h != nil {
			app.Use(h)
		}
	}
	if s.Buffering != "" {
		app.Use(buffering(s.Buffering))
	}
	opts := []fiberchatkit.Option{
		fiberchatkit.WithMaxBodyBytes(s.MaxBodyBytes),
		fiberchatkit.WithUserTimeout(s.UserTimeout),
	}
	if s.Context != nil {
		opts = append(opts, fiberchatkit.WithContext(func(c *fiber.Ctx) context.Context {
			ctx := fasthttpchatkit.Values(c.UserContext(), c.Context())
			return s.Context(context.WithValue(ctx, adaptertest.UserKey{}, c.Locals("user")))
		}))
	}
	fiberchatkit.Mount(app, adaptertest.Path, s.Handler, opts...)

	ln := s.Listener
	if s.TLS != nil {
		ln = tls.NewListener(ln, s.TLS)
	}
	served := make(chan error, 1)
	go func() { served <- app.Listener(ln) }()
	return func(ctx context.Context) error {
		err := app.ShutdownWithContext(ctx)
		if serr := <-served; serr != nil {
			tb.Errorf("serve: %v", serr)
		}
		return err
	}
}

func buffering(kind string) fiber.Handler {
	switch kind {
	case "etag":
		return etag.New()
	case "cache":
		return cache.New(cache.Config{Methods: []string{fiber.MethodPost}})
	case "idempotency":
		return idempotency.New()
	case "logger":
		return logger.New(logger.Config{Format: "${resBody}\n", Output: io.Discard})
	}
	panic("unknown middleware " + kind)
}

func middleware(kind adaptertest.Middleware) fiber.Handler {
	switch kind {
	case adaptertest.Headers:
		return func(c *fiber.Ctx) error {
			c.Set("X-Request-Id", "42")
			return c.Next()
		}
	case adaptertest.CORS:
		return cors.New()
	case adaptertest.Recover:
		return recover.New()
	case adaptertest.Values:
		return func(c *fiber.Ctx) error {
			c.Locals("user", "alice")
			c.SetUserContext(context.WithValue(c.UserContext(), adaptertest.TenantKey{}, "acme"))
			return c.Next()
		}
	case adaptertest.CancelOnReturn:
		return func(c *fiber.Ctx) error {
			ctx, cancel := context.WithCancel(c.UserContext())
			defer cancel()
			c.SetUserContext(ctx)
			return c.Next()
		}
	case adaptertest.Compress:
		return compress.New()
	case adaptertest.ErrorHandler:
		return nil // part of the configuration
	}
	panic("unknown middleware " + kind)
}
