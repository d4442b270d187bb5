package chatkit

import (
	"context"
	"fmt"
	"time"

	"github.com/gochatkit/chatkit/core/run"
)

// A Server answers ChatKit requests. It is safe for concurrent use. Adapters mount it in a web framework:
//
//	srv := chatkit.NewServer(memstore.New(), respond, nil)
//	ginchatkit.Mount(r, "/chat", srv)
//
// Call Shutdown before the HTTP server's own.
type Server struct {
	store   Store
	respond RespondFunc
	opts    *Options
	runs    *run.Manager
	threads threadLocks

	duplicates duplicates
	recovery   recovery
	ownIDs     bool // Options.NewID is the application's
}

// NewServer returns a Server that keeps threads in store and answers with respond. Nil opts means
// defaults. It panics if store or respond is nil.
func NewServer(store Store, respond RespondFunc, opts *Options) *Server {
	if store == nil || respond == nil {
		panic("chatkit: NewServer needs a Store and a RespondFunc")
	}
	o := opts.withDefaults()
	return &Server{
		store: store, respond: respond, opts: o, ownIDs: opts != nil && opts.NewID != nil,
		recovery: recovery{turn: make(chan struct{}, 1)},
		runs:     run.NewManager(o.Run),
	}
}

// Shutdown refuses new requests with 503, lets turns in progress go on for Options.Run.Drain, ends the
// rest with ErrShutdown, and returns when all of them are stored and told to their clients. If ctx has a
// deadline, part of the time left is kept for that. It returns the context's cause if ctx ends first.
//
// Call it before http.Server.Shutdown, which waits for open streams.
func (s *Server) Shutdown(ctx context.Context) error {
	if err := s.runs.Shutdown(ctx); err != nil {
		return fmt.Errorf("shut down: %w", err)
	}
	return nil
}

// Runs returns the manager of the server's turns: who runs, how many were left behind, and the means to
// end one.
func (s *Server) Runs() *run.Manager { return s.runs }

// Store returns the store that the server was made with.
func (s *Server) Store() Store { return s.store }

// MaxBodyBytes is the largest request body that the server takes, in bytes, whatever the request.
func (s *Server) MaxBodyBytes() int64 { return max(s.opts.MaxBodyBytes, s.opts.MaxAudioBytes) }

func (s *Server) now() time.Time { return cutTime(s.opts.Now()) }

// owner computes whose data a request works on.
func (s *Server) owner(ctx context.Context) (string, error) {
	if s.opts.Owner == nil {
		return "", nil
	}
	owner, err := s.opts.Owner(ctx)
	if err != nil {
		return "", fmt.Errorf("find the owner of a request: %w", err)
	}
	if owner == "" {
		return "", fmt.Errorf("find the owner of a request: it is empty: %w", ErrUnauthorized)
	}
	return owner, nil
}

// threadResponse is what a client sees of a thread whose items it is not shown.
func threadResponse(th *Thread) *ThreadResponse { return &ThreadResponse{Thread: *th.Clone()} }
