package vectortest

import (
	"context"

	chatkit "github.com/gochatkit/chatkit/core"
)

// A stage is the server's other side: the author's code, and what is stored.
type stage interface {
	// begin makes x the exchange under way: the author's code does what it says.
	begin(ctx context.Context, x *exchange) error
	// waits returns when the script waits for the client to leave, left when it has seen it leave.
	waits(ctx context.Context) error
	left(ctx context.Context) error
	// read returns what is stored.
	read(ctx context.Context) (*shelf, error)
	// hooks returns what the author's code was given in the exchange.
	hooks(ctx context.Context) (seen, feedback, deleted any, err error)
	// settle returns when the last turn is stored.
	settle(ctx context.Context) error
}

// A localStage is a server in this process.
type localStage struct {
	srv         *chatkit.Server
	store       chatkit.Store
	author      *author
	attachments []string // that there may be

	waiting, gone <-chan struct{}
}

func (s *localStage) begin(_ context.Context, x *exchange) error {
	s.waiting, s.gone = s.author.begin(x)
	return nil
}

func (s *localStage) waits(ctx context.Context) error { return await(ctx, s.waiting) }

func (s *localStage) left(ctx context.Context) error { return await(ctx, s.gone) }

func (s *localStage) read(ctx context.Context) (*shelf, error) {
	return read(ctx, s.store, s.attachments)
}

func (s *localStage) hooks(context.Context) (seen, feedback, deleted any, err error) {
	return s.author.snapshot()
}

func (s *localStage) settle(ctx context.Context) error { return s.srv.Shutdown(ctx) }

func await(ctx context.Context, c <-chan struct{}) error {
	select {
	case <-c:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
