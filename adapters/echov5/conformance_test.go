package echov5chatkit_test

import (
	"context"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/labstack/echo/v5"
	"github.com/labstack/echo/v5/middleware"

	echov5chatkit "github.com/gochatkit/chatkit/adapters/echov5"
	"github.com/gochatkit/chatkit/core/chatkittest/adaptertest"
)

func TestConformance(t *testing.T) {
	adaptertest.Run(t, adaptertest.Factory{
		Family:     adaptertest.NetHTTP,
		Start:      start,
		Middleware: []adaptertest.Middleware{adaptertest.Compress, adaptertest.BodyLogger},
	})
}

func start(tb testing.TB, s adaptertest.Setup) func(context.Context) error {
	e := echo.New()
	e.Logger = slog.New(slog.DiscardHandler)
	if s.Has(adaptertest.ErrorHandler) {
		e.HTTPErrorHandler = func(c *echo.Context, err error) {
			c.JSON(http.StatusInternalServerError, map[string]string{"error": err.Error()})
		}
	}
	for _, kind := range s.Middleware {
		if m := middlewareOf(kind); m != nil {
			e.Use(m)
		}
	}
	opts := []echov5chatkit.Option{echov5chatkit.WithMaxBodyBytes(s.MaxBodyBytes)}
	if s.Context != nil {
		opts = append(opts, echov5chatkit.WithContext(func(c *echo.Context) context.Context {
			return s.Context(context.WithValue(c.Request().Context(), adaptertest.UserKey{}, c.Get("user")))
		}))
	}
	echov5chatkit.Mount(e, adaptertest.Path, s.Handler, opts...)
	return adaptertest.ServeHTTP(tb, s, e)
}

func middlewareOf(kind adaptertest.Middleware) echo.MiddlewareFunc {
	switch kind {
	case adaptertest.CORS:
		return middleware.CORS("*")
	case adaptertest.Recover:
		return middleware.Recover()
	case adaptertest.Compress:
		return middleware.Gzip()
	case adaptertest.ErrorHandler:
		return nil // part of the application
	}
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c *echo.Context) error {
			switch kind {
			case adaptertest.Headers:
				c.Response().Header().Set("X-Request-Id", "42")
			case adaptertest.Values:
				c.Set("user", "alice")
				c.SetRequest(c.Request().WithContext(context.WithValue(c.Request().Context(), adaptertest.TenantKey{}, "acme")))
			case adaptertest.CancelOnReturn:
				ctx, cancel := context.WithCancel(c.Request().Context())
				defer cancel()
				c.SetRequest(c.Request().WithContext(ctx))
			case adaptertest.BodyLogger:
				c.SetResponse(&bodyLogger{ResponseWriter: c.Response()})
			}
			return next(c)
		}
	}
}

// bodyLogger keeps a copy of what is written. It can flush and hides deadlines.
type bodyLogger struct {
	http.ResponseWriter
	log strings.Builder
}

func (b *bodyLogger) Write(p []byte) (int, error) {
	b.log.Write(p)
	return b.ResponseWriter.Write(p)
}

func (b *bodyLogger) Flush() { b.ResponseWriter.(http.Flusher).Flush() }
