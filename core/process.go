package chatkit

import (
	"bytes"
	"context"
	"fmt"

	"github.com/gochatkit/chatkit/core/run"
)

// A Request is what a client sent, without HTTP.
type Request struct {
	// Body is the request's body: one JSON object.
	Body []byte
	// Header returns a request header, or "". Nil means that there are none.
	Header func(name string) string
}

// header returns a request header, or "".
func (r *Request) header(name string) string {
	if r.Header == nil {
		return ""
	}
	return r.Header(name)
}

func (r *Request) resumes() bool { return r.header(headerResume) == "1" }

// Process answers one request. A streaming request has begun when Process returns: its input is stored
// and its turn runs, whether or not the Result is read; the Result must be closed. An error means that the
// request was refused and has left nothing behind; HTTPStatus tells what to answer.
//
// The values of ctx reach every hook and the store. Its end does not end the turn; closing the Result
// does.
func (s *Server) Process(ctx context.Context, req *Request) (*Result, error) {
	if int64(len(req.Body)) > s.MaxBodyBytes() {
		return nil, ErrTooLarge
	}
	ctx, owner, err := s.admit(ctx, req.header)
	if err != nil {
		return nil, err
	}
	return s.process(ctx, owner, req)
}

// admit makes a server ready for a request whose headers are known, and says whose it is.
func (s *Server) admit(ctx context.Context, header func(name string) string) (context.Context, string, error) {
	_ = s.recover(ctx, recoveryPause) // it has logged its error, which is not this request's
	ctx = WithLanguage(ctx, header("Accept-Language"))
	owner, err := s.owner(ctx)
	return ctx, owner, err
}

// process is Process for an owner who is known.
func (s *Server) process(ctx context.Context, owner string, req *Request) (*Result, error) {
	if int64(len(req.Body)) > s.opts.MaxBodyBytes && !bytes.Contains(req.Body, []byte(`"input.transcribe"`)) {
		return nil, ErrTooLarge // before it is parsed
	}
	r, err := decodeRequest(req.Body)
	if err != nil {
		return nil, err
	}
	limit := s.opts.MaxBodyBytes
	if _, ok := r.(*transcribeRequest); ok {
		limit = s.opts.MaxAudioBytes
	}
	if int64(len(req.Body)) > limit {
		return nil, ErrTooLarge
	}
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("%s: %w", r.requestType(), err)
	}
	s.opts.Logger.DebugContext(ctx, "chatkit: request", "type", r.requestType())
	if turn := s.turnOf(r); turn != nil {
		if req.header(headerLastEventID) != "" {
			return s.resume(ctx, owner, req, r)
		}
		return s.once(ctx, owner, req, r, func() (*Result, error) { return s.begin(ctx, owner, req, r, turn) })
	}
	switch r := r.(type) {
	case *attachRunRequest:
		return s.attachRun(ctx, owner, req, r)
	case *ticksRequest:
		return s.ticks(r)
	}
	body, err := s.query(ctx, owner, req, r)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", r.requestType(), err)
	}
	return &Result{body: body}, nil
}

// A turnSpec is what a streaming request does: take its thread, prepare the turn, respond.
type turnSpec struct {
	thread    string
	policy    run.Policy
	cause     error // of the end of a turn that stands in the way
	keepInput bool  // the input is stored even if a newer request comes first
	quiet     bool  // an answer without events is one, too
	yields    bool  // it begins only if no other turn is in progress, whatever Options.TurnPolicy says

	// check loads what the request names, and refuses what cannot be done. It writes nothing: it is called
	// before a turn in progress is ended, and again when the thread is taken.
	check func(ctx context.Context, t *Turn) error
	// prepare comes after check. It stores the input and puts the first events on the log.
	prepare func(ctx context.Context, t *Turn) error
	respond func(ctx context.Context, t *Turn) error
}

// begin starts the run of a streaming request.
func (s *Server) begin(ctx context.Context, owner string, req *Request, r request, spec *turnSpec) (*Result, error) {
	policy := s.policyOf(ctx, owner, req, r, spec)
	rec := &recorder{srv: s, owner: owner, thread: spec.thread, trim: policy.TrimToSeen, quiet: spec.quiet, pen: newPen()}
	t := &Turn{Metadata: r.metadata(), rec: rec}
	rec.ref = newTurnRef(spec.thread)
	_, reader, err := s.runs.Start(ctx, run.Spec{
		ID: newRunID(), Owner: owner, Thread: spec.thread, Kind: r.requestType(),
		Policy: policy.Thread, Cause: spec.cause, KeepInput: spec.keepInput,
		Disconnect: policy.Disconnect, Resumable: req.resumes(), Data: rec,
		Bind: func(r *run.Run) {
			rec.run, rec.ctx = r, r.Context()
			rec.ref.run, rec.ref.done = r.ID(), r.Done()
		},
		Check: func(ctx context.Context) error { return spec.check(ctx, t) },
		Prepare: func(ctx context.Context, _ *run.Run) error {
			if err := spec.check(ctx, t); err != nil {
				return err
			}
			if err := spec.prepare(ctx, t); err != nil {
				return err
			}
			if t.Input != nil {
				id := t.Input.ID // a pointer into the message would keep all of it
				rec.ref.input.Store(&id)
			}
			return nil
		},
		Produce: func(ctx context.Context) error { return t.produce(ctx, spec.respond) },
		Finish:  t.finish,
		Refused: func(err error) []byte {
			rec.ref.refused.Store(true)
			status, message := HTTPStatus(err)
			if status >= 500 {
				s.opts.Logger.Error("chatkit: turn refused after its stream began", "thread", spec.thread, "err", err)
			}
			frame, err := appendEvent(nil, &ErrorEvent{Code: ErrorCodeCustom, Message: message})
			if err != nil {
				return nil
			}
			return frame
		},
		Snapshot: rec.snapshot,
	})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", r.requestType(), err)
	}
	return resultOf(reader, req), nil
}
