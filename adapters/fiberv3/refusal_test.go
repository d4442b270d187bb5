package fiberv3chatkit_test

import (
	"context"
	"errors"
	"testing"

	"github.com/gofiber/fiber/v3"

	fiberv3chatkit "github.com/gochatkit/chatkit/adapters/fiberv3"
	"github.com/gochatkit/chatkit/core/chatkittest/adaptertest"
)

func TestRefusals(t *testing.T) {
	adaptertest.RunRefusals(t, adaptertest.Refusals{
		Answers: true,
		Start: func(tb testing.TB, s adaptertest.Setup, propagate bool, seen func(int, string)) func(context.Context) error {
			app := fiber.New(fiber.Config{ErrorHandler: func(c fiber.Ctx, err error) error {
				refused := new(fiber.Error)
				if !errors.As(err, &refused) {
					tb.Errorf("the error handler was given %#v", err)
					return err
				}
				seen(refused.Code, refused.Message)
				return c.Status(refused.Code).SendString("custom: " + refused.Message)
			}})
			opts := []fiberv3chatkit.Option{fiberv3chatkit.WithMaxBodyBytes(s.MaxBodyBytes)}
			if propagate {
				opts = append(opts, fiberv3chatkit.WithErrorPropagation())
			}
			fiberv3chatkit.Mount(app, adaptertest.Path, s.Handler, opts...)
			served := make(chan error, 1)
			go func() { served <- app.Listener(s.Listener, fiber.ListenConfig{DisableStartupMessage: true}) }()
			return func(ctx context.Context) error {
				err := app.ShutdownWithContext(ctx)
				if serr := <-served; serr != nil {
					tb.Errorf("serve: %v", serr)
				}
				return err
			}
		},
	})
}
