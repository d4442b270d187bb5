package fiberv3chatkit_test

import (
	"context"
	"crypto/tls"
	"io"
	"testing"

	"github.com/gofiber/fiber/v3"
	"github.com/gofiber/fiber/v3/middleware/cache"
	"github.com/gofiber/fiber/v3/middleware/compress"
	"github.com/gofiber/fiber/v3/middleware/cors"
	"github.com/gofiber/fiber/v3/middleware/etag"
	"github.com/gofiber/fiber/v3/middleware/idempotency"
	"github.com/gofiber/fiber/v3/middleware/logger"
	"github.com/gofiber/fiber/v3/middleware/recover"

	fasthttpchatkit "github.com/gochatkit/chatkit/adapters/fasthttp"
	fiberv3chatkit "github.com/gochatkit/chatkit/adapters/fiberv3"
	"github.com/gochatkit/chatkit/core/chatkittest/adaptertest"
)

func TestConformance(t *testing.T) {
	adaptertest.Run(t, adaptertest.Factory{
		Family:     adaptertest.FastHTTP,
		Start:      start,
		Middleware: []adaptertest.Middleware{adaptertest.Compress},
		Buffering:  []string{"etag", "cache", "idempotency", "logger", "compress"},
	})
}

func start(tb testing.TB, s adaptertest.Setup) func(context.Context) error {
	cfg := fiber.Config{
		ReadTimeout:  s.ReadTimeout,
		WriteTimeout: s.WriteTimeout,
		IdleTimeout:  s.IdleTimeout,
	}
	if s.Has(adaptertest.ErrorHandler) {
		cfg.ErrorHandler = func(c fiber.Ctx, err error) error { return c.Status(500).JSON(fiber.Map{"error": err.Error()}) }
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
	opts := []fiberv3chatkit.Option{
		fiberv3chatkit.WithMaxBodyBytes(s.MaxBodyBytes),
		fiberv3chatkit.WithUserTimeout(s.UserTimeout),
	}
	if s.Context != nil {
		opts = append(opts, fiberv3chatkit.WithContext(func(c fiber.Ctx) context.Context {
			ctx := fasthttpchatkit.Values(c.Context(), c.RequestCtx())
			return s.Context(context.WithValue(ctx, adaptertest.UserKey{}, c.Locals("user")))
		}))
	}
	fiberv3chatkit.Mount(app, adaptertest.Path, s.Handler, opts...)

	ln := s.Listener
	if s.TLS != nil {
		ln = tls.NewListener(ln, s.TLS)
	}
	served := make(chan error, 1)
	go func() { served <- app.Listener(ln, fiber.ListenConfig{DisableStartupMessage: true}) }()
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
		return cache.New(cache.Config{})
	case "idempotency":
		return idempotency.New()
	case "compress":
		return compress.New()
	case "logger":
		return logger.New(logger.Config{Format: "${resBody}\n", Stream: io.Discard})
	}
	panic("unknown middleware " + kind)
}

func middleware(kind adaptertest.Middleware) fiber.Handler {
	switch kind {
	case adaptertest.Headers:
		return func(c fiber.Ctx) error {
			c.Set("X-Request-Id", "42")
			return c.Next()
		}
	case adaptertest.CORS:
		return cors.New()
	case adaptertest.Recover:
		return recover.New()
	case adaptertest.Values:
		return func(c fiber.Ctx) error {
			c.Locals("user", "alice")
			c.SetContext(context.WithValue(c.Context(), adaptertest.TenantKey{}, "acme"))
			return c.Next()
		}
	case adaptertest.CancelOnReturn:
		return func(c fiber.Ctx) error {
			ctx, cancel := context.WithCancel(c.Context())
			defer cancel()
			c.SetContext(ctx)
			return c.Next()
		}
	case adaptertest.Compress:
		return compress.New()
	case adaptertest.ErrorHandler:
		return nil // part of the configuration
	}
	panic("unknown middleware " + kind)
}
