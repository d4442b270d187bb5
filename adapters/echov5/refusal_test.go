package echov5chatkit_test

import (
	"context"
	"errors"
	"testing"

	"github.com/labstack/echo/v5"

	echov5chatkit "github.com/gochatkit/chatkit/adapters/echov5"
	"github.com/gochatkit/chatkit/core/chatkittest/adaptertest"
)

func TestRefusals(t *testing.T) {
	adaptertest.RunRefusals(t, adaptertest.Refusals{
		Answers: true,
		Start: func(tb testing.TB, s adaptertest.Setup, propagate bool, seen func(int, string)) func(context.Context) error {
			e := echo.New()
			e.HTTPErrorHandler = func(c *echo.Context, err error) {
				refused := new(echo.HTTPError)
				if !errors.As(err, &refused) || refused.Unwrap() == nil {
					tb.Errorf("the error handler was given %#v, want an HTTPError and what lies behind it", err)
					return
				}
				seen(refused.Code, refused.Message)
				if err := c.String(refused.Code, "custom: "+refused.Message); err != nil {
					tb.Errorf("answer: %v", err)
				}
			}
			opts := []echov5chatkit.Option{echov5chatkit.WithMaxBodyBytes(s.MaxBodyBytes)}
			if propagate {
				opts = append(opts, echov5chatkit.WithErrorPropagation())
			}
			echov5chatkit.Mount(e, adaptertest.Path, s.Handler, opts...)
			return adaptertest.ServeHTTP(tb, s, e)
		},
	})
}
