// Package interruptions shows what an application does when an answer is cut off. The guide is
// docs/interruptions.md.
package interruptions

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"time"

	chatkit "github.com/gochatkit/chatkit/core"
	"github.com/gochatkit/chatkit/core/run"
	"github.com/gochatkit/chatkit/core/run/fileengine"
	"github.com/gochatkit/chatkit/examples/guides/model"
)

// Respond streams what the model says.
func Respond(ctx context.Context, t *chatkit.Turn) error {
	m := t.Message()
	for delta, err := range model.Stream(ctx, t.Input.Text()) { // pass ctx on: it aborts the call to the model
		if err != nil {
			return err
		}
		if _, err := m.WriteString(delta); err != nil {
			return err // the cause, once the turn is over
		}
	}
	return m.Close()
}

// A Hall has seats that can be held for a while.
type Hall struct {
	Hold    func(ctx context.Context) (seat string, err error)
	Release func(ctx context.Context, seat string) error
	Ask     func(ctx context.Context, question string) (string, error)
}

// Respond holds a seat as long as it answers.
func (h *Hall) Respond(ctx context.Context, t *chatkit.Turn) error {
	seat, err := h.Hold(ctx)
	if err != nil {
		return err
	}
	defer h.release(ctx, seat) // at every end: done, failed, stopped, panicked
	answer, err := h.Ask(ctx, t.Input.Text())
	if err != nil {
		return err
	}
	return t.Text(answer)
}

func (h *Hall) release(ctx context.Context, seat string) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 3*time.Second) // less than Run.StopTimeout, 5 s
	defer cancel()
	if err := h.Release(ctx, seat); err != nil {
		slog.ErrorContext(ctx, "release a seat", "seat", seat, "err", err)
	}
}

// Audited tells somebody of every cancellation.
func Audited(audit func(ctx context.Context, run string, cause error)) *chatkit.Options {
	return &chatkit.Options{
		OnCancel: func(ctx context.Context, c *chatkit.Cancellation) error {
			audit(ctx, c.RunID, c.Cause)
			return c.SavePartial(ctx) // the default: partial answer, then the note for the model
		},
	}
}

// Noted has a note of its own for the model.
func Noted() *chatkit.Options {
	return &chatkit.Options{
		OnCancel: func(ctx context.Context, c *chatkit.Cancellation) error {
			if errors.Is(c.Cause, chatkit.ErrStopped) || errors.Is(c.Cause, chatkit.ErrDisconnected) {
				c.Note = "The user stopped this answer. Do not go on with it unless asked to."
			}
			return c.SavePartial(ctx)
		},
	}
}

// Forgetful keeps nothing of an answer that was cut off.
func Forgetful() *chatkit.Options {
	return &chatkit.Options{
		OnCancel: func(context.Context, *chatkit.Cancellation) error {
			return nil // neither the partial answer nor a note
		},
	}
}

// Counted tells somebody of every end, a natural one included.
func Counted(observe func(took time.Duration, status run.Status, cause error)) *chatkit.Options {
	return &chatkit.Options{
		Run: run.Config{OnEnd: func(e run.End) { observe(e.Duration, e.Status, e.Cause) }},
	}
}

// OnlySeen keeps of a partial answer what has reached a client.
func OnlySeen() *chatkit.Options {
	return &chatkit.Options{TrimToSeen: true}
}

// Busy refuses a button while an answer is in progress.
func Busy() *chatkit.Options {
	return &chatkit.Options{
		TurnPolicy: func(ctx context.Context, r chatkit.TurnRequest, p *chatkit.TurnPolicy) {
			if r.Type == "threads.custom_action" {
				p.Thread = run.Reject
			}
		},
	}
}

// Recovering returns a server that ends the turns of its predecessor.
func Recovering(ctx context.Context, store chatkit.Store, folder string) (*chatkit.Server, error) {
	engine, err := fileengine.Open(folder, nil)
	if err != nil {
		return nil, err
	}
	srv := chatkit.NewServer(store, Respond, &chatkit.Options{Run: run.Config{Engine: engine}})
	err = srv.Recover(ctx) // or let the first request do it
	return srv, err
}

// ShutDown ends a program that serves a chat.
func ShutDown(srv *chatkit.Server, web *http.Server) error {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	err := srv.Shutdown(ctx)                   // refuses new turns with 503, lets the others finish, ends the rest
	return errors.Join(err, web.Shutdown(ctx)) // now nothing is open any more
}
