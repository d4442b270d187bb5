package fasthttpchatkit_test

import (
	"context"
	"crypto/tls"
	"io"
	"log"
	"testing"

	"github.com/valyala/fasthttp"

	fasthttpchatkit "github.com/gochatkit/chatkit/adapters/fasthttp"
	"github.com/gochatkit/chatkit/core/chatkittest/adaptertest"
)

func TestConformance(t *testing.T) {
	adaptertest.Run(t, adaptertest.Factory{
		Family:     adaptertest.FastHTTP,
		Start:      start,
		Middleware: []adaptertest.Middleware{adaptertest.Compress},
		Buffering:  []string{"body reader"},
	})
}

func start(tb testing.TB, s adaptertest.Setup) func(context.Context) error {
	opts := []fasthttpchatkit.Option{
		fasthttpchatkit.WithMaxBodyBytes(s.MaxBodyBytes),
		fasthttpchatkit.WithUserTimeout(s.UserTimeout),
	}
	if s.Context != nil {
		opts = append(opts, fasthttpchatkit.WithContext(func(f *fasthttp.RequestCtx) context.Context {
			ctx := fasthttpchatkit.Values(requestContext(f), f)
			return s.Context(context.WithValue(ctx, adaptertest.UserKey{}, f.UserValue("user")))
		}))
	}
	handler := fasthttpchatkit.Handler(s.Handler, opts...)
	if s.Has(adaptertest.CancelOnReturn) {
		handler = fasthttpchatkit.Handler(s.Handler, append(opts, fasthttpchatkit.WithContext(requestContext))...)
	}
	app := func(f *fasthttp.RequestCtx) {
		if string(f.Path()) != adaptertest.Path {
			f.NotFound()
			return
		}
		handler(f)
	}
	if s.Buffering != "" {
		app = after(app, func(f *fasthttp.RequestCtx) { f.Response.Body() })
	}
	for i := len(s.Middleware) - 1; i >= 0; i-- {
		app = middleware(s.Middleware[i], app)
	}
	srv := &fasthttp.Server{
		Handler:      app,
		ReadTimeout:  s.ReadTimeout,
		WriteTimeout: s.WriteTimeout,
		IdleTimeout:  s.IdleTimeout,
		Logger:       log.New(io.Discard, "", 0), // behaviours break connections on purpose
	}
	ln := s.Listener
	if s.TLS != nil {
		ln = tls.NewListener(ln, s.TLS)
	}
	served := make(chan error, 1)
	go func() { served <- srv.Serve(ln) }()
	return func(ctx context.Context) error {
		err := srv.ShutdownWithContext(ctx)
		if serr := <-served; serr != nil {
			tb.Errorf("serve: %v", serr)
		}
		return err
	}
}

// requestContext is where these tests keep a context; fasthttp itself has none.
func requestContext(f *fasthttp.RequestCtx) context.Context {
	if ctx, ok := f.UserValue("context").(context.Context); ok {
		return ctx
	}
	return context.Background()
}

func after(next, then fasthttp.RequestHandler) fasthttp.RequestHandler {
	return func(f *fasthttp.RequestCtx) {
		next(f)
		then(f)
	}
}

func middleware(kind adaptertest.Middleware, next fasthttp.RequestHandler) fasthttp.RequestHandler {
	switch kind {
	case adaptertest.Compress:
		return fasthttp.CompressHandler(next)
	case adaptertest.Recover, adaptertest.ErrorHandler:
		return next // fasthttp has neither
	}
	return func(f *fasthttp.RequestCtx) {
		switch kind {
		case adaptertest.Headers:
			f.Response.Header.Set("X-Request-Id", "42")
		case adaptertest.CORS:
			f.Response.Header.Set("Access-Control-Allow-Origin", "*")
			if f.IsOptions() {
				f.Response.Header.SetBytesV("Access-Control-Allow-Headers", f.Request.Header.Peek("Access-Control-Request-Headers"))
				f.SetStatusCode(fasthttp.StatusNoContent)
				return
			}
		case adaptertest.Values:
			f.SetUserValue("user", "alice")
			f.SetUserValue(adaptertest.TenantKey{}, "acme")
		case adaptertest.CancelOnReturn:
			ctx, cancel := context.WithCancel(context.Background())
			defer cancel()
			f.SetUserValue("context", ctx)
		}
		next(f)
	}
}
