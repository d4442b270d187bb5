package echochatkit_test

import (
	"context"
	"errors"
	"testing"

	"github.com/labstack/echo/v4"

	echochatkit "github.com/gochatkit/chatkit/adapters/echo"
	"github.com/gochatkit/chatkit/core/chatkittest/adaptertest"
)

func TestRefusals(t *testing.T) {
	adaptertest.RunRefusals(t, adaptertest.Refusals{
		Answers: true,
		Start: func(tb testing.TB, s adaptertest.Setup, propagate bool, seen func(int, string)) func(context.Context) error {
			e := echo.New()
			e.HTTPErrorHandler = func(err error, c echo.Context) {
				refused := new(echo.HTTPError)
				if !errors.As(err, &refused) || refused.Unwrap() == nil {
					tb.Errorf("the error handler was given %#v, want an HTTPError and what lies behind it", err)
					return
				}
				message, _ := refused.Message.(string)
				seen(refused.Code, message)
				if err := c.String(refused.Code, "custom: "+message); err != nil {
					tb.Errorf("answer: %v", err)
				}
			}
			opts := []echochatkit.Option{echochatkit.WithMaxBodyBytes(s.MaxBodyBytes)}
			if propagate {
				opts = append(opts, echochatkit.WithErrorPropagation())
			}
			echochatkit.Mount(e, adaptertest.Path, s.Handler, opts...)
			return adaptertest.ServeHTTP(tb, s, e)
		},
	})
}
