package chatkit

import (
	"context"

	"github.com/gochatkit/chatkit/core/run"
)

// A TurnPolicy says how a turn stands to others on its thread, and to its clients.
type TurnPolicy struct {
	// Thread says what happens to a turn in progress on the thread. The server's choice is Supersede for
	// messages, structured input and retries, and Queue for actions and results of client tools.
	Thread run.Policy
	// Disconnect says what becomes of the turn when its last client has left. The server's choice is
	// Options.Disconnect.
	Disconnect run.Disconnect
	// TrimToSeen cuts a partial answer that is kept at what has reached a client, so that the history
	// holds nothing the user has not seen.
	TrimToSeen bool
}

// A TurnRequest is what is known of a streaming request before its turn begins.
type TurnRequest struct {
	Type     string // the protocol's name, such as "threads.add_user_message"
	Owner    string
	ThreadID string                   // of a thread that exists, or the new one's
	Resumes  bool                     // the client declared that it can resume
	Header   func(name string) string // of the HTTP request; "" if there is no such header
}

// policyOf returns the policy of a request's turn.
func (s *Server) policyOf(ctx context.Context, owner string, req *Request, r request, spec *turnSpec) TurnPolicy {
	p := TurnPolicy{Thread: spec.policy, Disconnect: s.opts.Disconnect, TrimToSeen: s.opts.TrimToSeen}
	if s.opts.TurnPolicy != nil {
		s.opts.TurnPolicy(ctx, TurnRequest{
			Type: r.requestType(), Owner: owner, ThreadID: spec.thread, Resumes: req.resumes(), Header: req.header,
		}, &p)
	}
	if spec.yields {
		p.Thread = run.Reject
	}
	return p
}
