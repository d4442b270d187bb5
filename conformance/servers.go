package main

import (
	"net/http"
	"net/http/httptest"

	"github.com/gin-gonic/gin"

	ginchatkit "github.com/gochatkit/chatkit/adapters/gin"
	nethttpchatkit "github.com/gochatkit/chatkit/adapters/nethttp"
	chatkit "github.com/gochatkit/chatkit/core"
	"github.com/gochatkit/chatkit/core/chatkittest/vectortest"
)

// A server is a way to reach a ChatKit server.
type server struct {
	name string
	open vectortest.Open
}

func servers() []server {
	return []server{
		{"in process", vectortest.InProcess},
		{"net/http", vectortest.Over(func(srv *chatkit.Server) (string, func(), error) {
			return listen(nethttpchatkit.Handler(srv))
		})},
		{"gin", vectortest.Over(func(srv *chatkit.Server) (string, func(), error) {
			gin.SetMode(gin.ReleaseMode)
			r := gin.New()
			r.POST("/", ginchatkit.Handler(srv))
			return listen(r)
		})},
	}
}

// listen serves h on a loopback port of its own.
func listen(h http.Handler) (url string, stop func(), err error) {
	s := httptest.NewServer(h)
	return s.URL, s.Close, nil
}
