package probe

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/gochatkit/chatkit/cmd/chatkit/internal/arrival"
	"github.com/gochatkit/chatkit/cmd/chatkit/internal/target"
	chatkit "github.com/gochatkit/chatkit/core"
	"github.com/gochatkit/chatkit/core/client"
)

// A Round is one stream, measured.
type Round struct {
	// Connect is how long it took to connect, in milliseconds.
	Connect float64 `json:"connect_ms"`
	// FirstByte is when the answer's first byte arrived, in milliseconds since the request was sent, nil if
	// none did.
	FirstByte *float64 `json:"first_byte_ms"`
	Shape
	// Total is how long the answer took, in milliseconds.
	Total float64 `json:"total_ms"`
	// Stalled says that no event arrived for as long as was to be waited; the round was given up then.
	Stalled bool `json:"stalled"`
	// StalledAlive says that heartbeats arrived meanwhile.
	StalledAlive bool `json:"stalled_with_heartbeats"`
	// StalledAfter says what the last event before was.
	StalledAfter string `json:"stalled_after"`
	// Error says why the stream could not be read to its end, empty if it could.
	Error string `json:"error"`

	err    error
	thread string
}

// maxPieces limits what is kept of a stream: a comment of two bytes takes a hundred.
const maxPieces = 200_000

// runRound measures the stream that answers a request.
func runRound(ctx context.Context, t *target.Target, request any, cfg *Config) *Round {
	ctx, cancel := context.WithTimeoutCause(ctx, cfg.Timeout, errTimeout)
	defer cancel()
	r := &Round{}
	var pieces []*arrival.Piece
	s, err := arrival.Post(ctx, t, request, cfg.Stall)
	if err != nil {
		if errors.Is(err, arrival.ErrQuiet) {
			r.Stalled, r.StalledAfter = true, "the request, without so much as a header"
			return r
		}
		r.err, r.Error = err, err.Error()
		return r
	}
	defer s.Close()
	r.Connect, r.FirstByte = *ms(s.Connected), ms(s.FirstByte)
	heard := s.Sent() // of the last event
	r.StalledAfter = "the header of the answer"
	for {
		p, err := s.Next(heard.Add(cfg.Stall))
		if errors.Is(err, arrival.ErrQuiet) {
			r.Stalled = true
			break
		}
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			if ctx.Err() != nil {
				err = context.Cause(ctx)
			}
			r.err, r.Error = err, err.Error()
			break
		}
		if len(pieces) == maxPieces {
			r.err = fmt.Errorf("the answer has more than %d events and comments", maxPieces)
			r.Error = r.err.Error()
			break
		}
		pieces = append(pieces, p)
		if p.Comment {
			r.StalledAlive = len(pieces) > 1 // the first comment comes with the header
			continue
		}
		heard, r.StalledAlive, r.StalledAfter = s.Sent().Add(p.At), false, p.Describe()
		switch e := p.Event.(type) {
		case *chatkit.ThreadCreatedEvent:
			r.thread = e.Thread.ID
		case *chatkit.ErrorEvent:
			r.err = &answerError{e}
			r.Error = r.err.Error()
		default: // the others only count
		}
		p.Event = nil // how it came is all that is kept
	}
	r.Total = *ms(time.Since(s.Sent()))
	r.Shape = shapeOf(pieces)
	if !r.Stalled {
		r.StalledAlive, r.StalledAfter = false, ""
	}
	return r
}

var errTimeout = errors.New("the answer took too long")

// An answerError is an error event: the server works, the responder does not.
type answerError struct{ event *chatkit.ErrorEvent }

func (e *answerError) Error() string {
	if e.event.Message != "" {
		return "the responder failed: " + e.event.Message
	}
	return "the responder failed (" + string(e.event.Code) + "); the server's log says why"
}

// ask is the request that a round sends.
func ask(message string) client.Request {
	return client.Request{Type: "threads.create", Params: map[string]any{"input": client.Text(message)}}
}

// tick is the request for ticks.
func tick(count int, gap time.Duration) client.Request {
	return client.Request{Type: "debug.ticks", Params: map[string]any{"count": count, "gap": gap.Milliseconds()}}
}
