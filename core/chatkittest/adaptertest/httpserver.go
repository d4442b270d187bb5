package adaptertest

import (
	"context"
	"errors"
	"io"
	"log"
	"net/http"
	"testing"
	"time"

	transporthttp "github.com/gochatkit/chatkit/core/transport/nethttp"
)

// Wrapper is a writer that stands between the server and the application.
type Wrapper string

// The wrappers that ServeHTTP knows.
const (
	// UnwrapOnly has an Unwrap method and cannot flush itself.
	UnwrapOnly Wrapper = "unwrap only"
	// Opaque can neither flush nor be unwrapped.
	Opaque Wrapper = "opaque"
	// Timeout is http.TimeoutHandler.
	Timeout Wrapper = "timeout handler"
)

// ServeHTTP starts an http.Server with app for a factory of the NetHTTP family, and returns what Factory.Start
// returns. It looks after the setup's listener, TLS, timeouts and wrapper.
func ServeHTTP(tb testing.TB, s Setup, app http.Handler) (shutdown func(context.Context) error) {
	srv := &http.Server{
		Handler:      wrap(s.Wrapper, app),
		ReadTimeout:  s.ReadTimeout,
		WriteTimeout: s.WriteTimeout,
		IdleTimeout:  s.IdleTimeout,
		ErrorLog:     log.New(io.Discard, "", 0), // behaviours break connections on purpose
	}
	if s.UserTimeout > 0 {
		srv.ConnContext = transporthttp.UserTimeout(s.UserTimeout)
	}
	served := make(chan error, 1)
	go func() {
		if s.TLS != nil {
			srv.TLSConfig = s.TLS
			served <- srv.ServeTLS(s.Listener, "", "")
			return
		}
		served <- srv.Serve(s.Listener)
	}()
	return func(ctx context.Context) error {
		err := srv.Shutdown(ctx)
		if err != nil {
			srv.Close()
		}
		if serr := <-served; !errors.Is(serr, http.ErrServerClosed) {
			tb.Errorf("serve: %v", serr)
		}
		return err
	}
}

func wrap(kind Wrapper, app http.Handler) http.Handler {
	switch kind {
	case UnwrapOnly:
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { app.ServeHTTP(&unwrapOnly{w}, r) })
	case Opaque:
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			app.ServeHTTP(struct{ http.ResponseWriter }{w}, r)
		})
	case Timeout:
		return http.TimeoutHandler(app, 5*time.Second, "too late")
	}
	return app
}

type unwrapOnly struct{ w http.ResponseWriter }

func (u *unwrapOnly) Header() http.Header         { return u.w.Header() }
func (u *unwrapOnly) Write(p []byte) (int, error) { return u.w.Write(p) }
func (u *unwrapOnly) WriteHeader(status int)      { u.w.WriteHeader(status) }
func (u *unwrapOnly) Unwrap() http.ResponseWriter { return u.w }
