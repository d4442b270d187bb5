package client

import (
	"context"
	"strings"
)

// The requests of this file are extensions of this project's server: other
// servers refuse them.

// WithResume declares that the client follows a turn by the ids of its events and
// stops it with [Client.Cancel]: a lost connection, and closing a stream, is then
// no stop. Streams end with a status, see [Stream.Status].
func WithResume() Option { return WithHeader("ChatKit-Resume", "1") }

// A Run is a turn as a client sees it from outside of its stream.
type Run struct {
	// ID names the turn.
	ID string `json:"run_id"`
	// Status says how it is, "active" while it goes on, then such as "completed" or "cancelled".
	Status string `json:"status"`
}

// RunID is the id of the turn that the stream follows, "" if the server does not say.
func (s *Stream) RunID() string {
	_, run := s.names()
	return run
}

// ThreadID is the id of the thread that the turn is on, known before the first event, "" if the server does
// not say.
func (s *Stream) ThreadID() string {
	thread, _ := s.names()
	return thread
}

// names reads the header that names the turn. It is "thread/run", and a thread's id may have a slash.
func (s *Stream) names() (thread, run string) {
	name := s.res.Header.Get("ChatKit-Run")
	i := strings.LastIndexByte(name, '/')
	if i < 0 {
		return "", name
	}
	return name[:i], name[i+1:]
}

// Attach follows a turn from outside: the one with the id runID, or, if that is
// empty, the one in progress on the thread. After is the number of the last event
// that the client has, 0 for none.
func (c *Client) Attach(ctx context.Context, threadID, runID string, after int64) (*Stream, error) {
	p := runParams(threadID, runID)
	p["after"] = after
	return c.Stream(ctx, Request{Type: "runs.attach", Params: p})
}

// Cancel ends a turn because the user said so: the one with the id runID, or, if
// that is empty, the one in progress on the thread. With wait it answers once the
// end is stored. The answer is nil if no turn was in progress.
func (c *Client) Cancel(ctx context.Context, threadID, runID string, wait bool) (*Run, error) {
	p := runParams(threadID, runID)
	p["wait"] = wait
	return run(decoded[Run](c.Do(ctx, Request{Type: "runs.cancel", Params: p})))
}

// Active returns the turn that is in progress on a thread, nil if none is.
func (c *Client) Active(ctx context.Context, threadID string) (*Run, error) {
	return run(decoded[Run](c.Do(ctx, Request{Type: "runs.active", Params: runParams(threadID, "")})))
}

func runParams(threadID, runID string) map[string]any {
	p := map[string]any{"thread_id": threadID}
	if runID != "" {
		p["run_id"] = runID
	}
	return p
}

func run(r Run, err error) (*Run, error) {
	if err != nil || r.ID == "" {
		return nil, err
	}
	return &r, nil
}
