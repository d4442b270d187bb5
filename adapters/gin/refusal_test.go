package ginchatkit_test

import (
	"context"
	"errors"
	"testing"

	"github.com/gin-gonic/gin"

	ginchatkit "github.com/gochatkit/chatkit/adapters/gin"
	"github.com/gochatkit/chatkit/core/chatkittest/adaptertest"
	"github.com/gochatkit/chatkit/core/transport"
)

func TestRefusals(t *testing.T) {
	adaptertest.RunRefusals(t, adaptertest.Refusals{
		Start: func(tb testing.TB, s adaptertest.Setup, propagate bool, seen func(int, string)) func(context.Context) error {
			engine := gin.New()
			engine.Use(func(c *gin.Context) {
				c.Next()
				for _, err := range c.Errors {
					refusal := new(transport.Refusal)
					if !errors.As(err, &refusal) || !c.Writer.Written() {
						tb.Errorf("c.Errors holds %v, written: %v", err, c.Writer.Written())
					}
					seen(refusal.Status, refusal.Message)
				}
			})
			opts := []ginchatkit.Option{ginchatkit.WithMaxBodyBytes(s.MaxBodyBytes)}
			if propagate {
				opts = append(opts, ginchatkit.WithErrorPropagation())
			}
			ginchatkit.Mount(engine, adaptertest.Path, s.Handler, opts...)
			return adaptertest.ServeHTTP(tb, s, engine)
		},
	})
}
