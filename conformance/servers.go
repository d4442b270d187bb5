package main

import (
	"net"
	"net/http"
	"net/http/httptest"

	"github.com/gin-gonic/gin"
	fiberv2 "github.com/gofiber/fiber/v2"
	fiberv3 "github.com/gofiber/fiber/v3"
	echov4 "github.com/labstack/echo/v4"
	echov5 "github.com/labstack/echo/v5"

	echochatkit "github.com/gochatkit/chatkit/adapters/echo"
	echov5chatkit "github.com/gochatkit/chatkit/adapters/echov5"
	fiberchatkit "github.com/gochatkit/chatkit/adapters/fiber"
	fiberv3chatkit "github.com/gochatkit/chatkit/adapters/fiberv3"
	ginchatkit "github.com/gochatkit/chatkit/adapters/gin"
	nethttpchatkit "github.com/gochatkit/chatkit/adapters/nethttp"
	chatkit "github.com/gochatkit/chatkit/core"
	"github.com/gochatkit/chatkit/core/chatkittest/vectortest"
)

// A server is a way to reach a ChatKit server.
type server struct {
	name  string
	open  vectortest.Open
	start func(srv *chatkit.Server) (url string, stop func(), err error) // nil in process
}

// over is a server that something stands in front of.
func over(name string, start func(srv *chatkit.Server) (url string, stop func(), err error)) server {
	return server{name, vectortest.Over(start), start}
}

func servers() []server {
	gin.SetMode(gin.ReleaseMode)
	return []server{
		{name: "in process", open: vectortest.InProcess},
		over("net/http", func(srv *chatkit.Server) (string, func(), error) {
			return listen(nethttpchatkit.Handler(srv))
		}),
		over("gin", func(srv *chatkit.Server) (string, func(), error) {
			r := gin.New()
			r.POST("/", ginchatkit.Handler(srv))
			return listen(r)
		}),
		over("echo v4", func(srv *chatkit.Server) (string, func(), error) {
			e := echov4.New()
			e.POST("/", echochatkit.Handler(srv))
			return listen(e)
		}),
		over("echo v5", func(srv *chatkit.Server) (string, func(), error) {
			e := echov5.New()
			e.POST("/", echov5chatkit.Handler(srv))
			return listen(e)
		}),
		over("fiber v2", func(srv *chatkit.Server) (string, func(), error) {
			app := fiberv2.New(fiberv2.Config{DisableStartupMessage: true})
			app.Post("/", fiberchatkit.Handler(srv))
			return serve(app.Listener, app.Shutdown)
		}),
		over("fiber v3", func(srv *chatkit.Server) (string, func(), error) {
			app := fiberv3.New()
			app.Post("/", fiberv3chatkit.Handler(srv))
			return serve(func(ln net.Listener) error {
				return app.Listener(ln, fiberv3.ListenConfig{DisableStartupMessage: true})
			}, app.Shutdown)
		}),
	}
}

// listen serves h on a loopback port of its own.
func listen(h http.Handler) (url string, stop func(), err error) {
	s := httptest.NewServer(h)
	return s.URL, s.Close, nil
}

// serve runs a server that takes its listener on a loopback port of its own.
func serve(run func(net.Listener) error, shutdown func() error) (url string, stop func(), err error) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", nil, err
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = run(ln) // it ends with stop; a server that never ran fails every vector
	}()
	return "http://" + ln.Addr().String(), func() { _ = shutdown(); <-ended }, nil
}
