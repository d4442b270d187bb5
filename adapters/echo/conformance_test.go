package echochatkit_test

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"

	echochatkit "github.com/gochatkit/chatkit/adapters/echo"
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
	e.Logger.SetOutput(io.Discard)
	if s.Has(adaptertest.ErrorHandler) {
		e.HTTPErrorHandler = func(err error, c echo.Context) {
			c.JSON(http.StatusInternalServerError, map[string]string{"error": err.Error()})
		}
	}
	for _, kind := range s.Middleware {
		if m := middlewareOf(kind); m != nil {
			e.Use(m)
		}
	}
	opts := []echochatkit.Option{echochatkit.WithMaxBodyBytes(s.MaxBodyBytes)}
	if s.Context != nil {
		opts = append(opts, echochatkit.WithContext(func(c echo.Context) context.Context {
			return s.Context(context.WithValue(c.Request().Context(), adaptertest.UserKey{}, c.Get("user")))
		}))
	}
	echochatkit.Mount(e, adaptertest.Path, s.Handler, opts...)
	return adaptertest.ServeHTTP(tb, s, e)
}

func middlewareOf(kind adaptertest.Middleware) echo.MiddlewareFunc {
	switch kind {
	case adaptertest.CORS:
		return middleware.CORS()
	case adaptertest.Recover:
		return middleware.Recover()
	case adaptertest.Compress:
		return middleware.Gzip()
	case adaptertest.ErrorHandler:
		return nil // part of the application
	}
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
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
				c.Response().Writer = &bodyLogger{ResponseWriter: c.Response().Writer}
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
