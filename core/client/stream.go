package client

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"
	"sync"
	"time"

	chatkit "github.com/gochatkit/chatkit/core"
)

// An Event is one event of a stream, as sent and decoded.
type Event struct {
	// Event is the decoded event: a [*chatkit.ThreadItemDoneEvent] and so on, or a
	// [*chatkit.UnknownEvent].
	Event chatkit.Event
	// ID is the server-sent event's id: what to resume after. Empty where the
	// server sends none.
	ID string
	// Data is the event's JSON as received.
	Data []byte
	// Raw holds the lines as received, if [WithRaw] asked for them.
	Raw []byte
	// Arrived is when its last byte was read.
	Arrived time.Time
}

// A Stream is an answer that comes as events. Events and Next belong to one
// goroutine at a time; Close may be called from any.
type Stream struct {
	name    string
	res     *http.Response
	cancel  context.CancelFunc
	frames  *FrameReader
	onFrame func(*Frame)
	raw     bool
	status  string
	close   sync.Once
}

// Next returns the next event, or [io.EOF] behind the last one. A stream that
// was cut gives an error: [io.ErrUnexpectedEOF], or the context's. An event
// that cannot be decoded gives an error too, but the stream goes on. Events with
// a name of their own ("event:") are not ChatKit's and are left out.
func (s *Stream) Next() (*Event, error) {
	for {
		f, err := s.frames.Next()
		if errors.Is(err, io.EOF) {
			return nil, io.EOF
		}
		if err != nil {
			return nil, fmt.Errorf("%s: read the stream: %w", s.name, err)
		}
		if s.onFrame != nil {
			s.onFrame(f)
		}
		// Named events are not the protocol's: extensions speak to their own clients so.
		if f.Name == "chatkit.end" {
			s.end(f.Data)
		}
		if f.Comment || f.Name != "" && f.Name != "message" {
			continue
		}
		e := &Event{ID: f.ID, Data: f.Data, Arrived: f.Arrived}
		if s.raw {
			e.Raw = f.Raw
		}
		if e.Event, err = chatkit.UnmarshalEvent(f.Data); err != nil {
			return e, fmt.Errorf("%s: decode event: %w", s.name, err)
		}
		return e, nil
	}
}

// Events returns the events that are left, ending with an error if the stream
// does. It may be called once; leaving the loop closes the stream, which tells
// the server that nobody listens any more.
func (s *Stream) Events() iter.Seq2[*Event, error] {
	return func(yield func(*Event, error) bool) {
		defer func() { _ = s.Close() }() // what there was to read has been read
		for {
			e, err := s.Next()
			if errors.Is(err, io.EOF) {
				return
			}
			if !yield(e, err) || err != nil {
				return
			}
		}
	}
}

func (s *Stream) end(data []byte) {
	var end struct {
		Status string `json:"status"`
	}
	if json.Unmarshal(data, &end) == nil {
		s.status = end.Status
	}
}

// Status is how the turn ended, such as "completed", once the stream has said so.
// Servers say it to clients with [WithResume]; elsewhere it stays empty.
func (s *Stream) Status() string { return s.status }

// Header returns the answer's header.
func (s *Stream) Header() http.Header { return s.res.Header }

// LastID is the id of the last complete event of the stream: what
// [Client.Resume] takes.
func (s *Stream) LastID() string { return s.frames.LastID() }

// Retry is the reconnection time that the server asked for, zero if none.
func (s *Stream) Retry() time.Duration { return s.frames.Retry() }

// Close leaves the stream. On a stream that has not ended the server sees a
// disconnect. Calls after the first do nothing.
func (s *Stream) Close() error {
	var err error
	s.close.Do(func() {
		s.cancel()
		err = s.res.Body.Close()
	})
	return err
}
