package echov5chatkit_test

import (
	"context"
	"net/http"
	"testing"

	"github.com/labstack/echo/v5"

	"github.com/gochatkit/chatkit/core/chatkittest/adaptertest"
	"github.com/gochatkit/chatkit/core/transport/nethttp"
)

func TestLatency(t *testing.T) {
	adaptertest.RunLatency(t, adaptertest.Factory{Family: adaptertest.NetHTTP, Start: start})
}

// The documents promise that an http.Handler, wrapped by the framework, notices departures as soon.
func TestLatencyOfAWrappedHandler(t *testing.T) {
	adaptertest.RunLatency(t, adaptertest.Factory{Family: adaptertest.NetHTTP, Start: startWrapped})
}

func startWrapped(tb testing.TB, s adaptertest.Setup) func(context.Context) error {
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		nethttp.Serve(s.Handler, w, r, nethttp.Options{})
	})
	e := echo.New()
	e.Any(adaptertest.Path, echo.WrapHandler(handler))
	return adaptertest.ServeHTTP(tb, s, e)
}
