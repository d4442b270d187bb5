package vectortest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	chatkit "github.com/gochatkit/chatkit/core"
	"github.com/gochatkit/chatkit/core/client"
)

// Open makes a server reachable. Close is called once the vector is over.
type Open func(srv *chatkit.Server) (d Driver, close func(), err error)

// A Driver carries requests to a server.
type Driver interface {
	// Post sends a request. A refusal is an answer, not an error.
	Post(ctx context.Context, body []byte) (*Answer, error)
}

// An Answer is what came back.
type Answer struct {
	// Status is the HTTP status, 200 for success.
	Status int
	// Body is the document, or the refusal's JSON. It is nil for a stream.
	Body []byte
	// Next returns the next event of a stream, io.EOF behind the last one. It is nil
	// for a document.
	Next func() (*client.Frame, error)
	// Leave leaves a stream, as a client does that hangs up.
	Leave func()
}

// InProcess calls the server directly.
func InProcess(srv *chatkit.Server) (Driver, func(), error) {
	return inProcess{srv}, func() {}, nil
}

type inProcess struct{ srv *chatkit.Server }

func (d inProcess) Post(ctx context.Context, body []byte) (*Answer, error) {
	res, err := d.srv.Process(ctx, &chatkit.Request{Body: body})
	if err != nil {
		status, message := chatkit.HTTPStatus(err)
		refusal, err := json.Marshal(map[string]string{"message": message})
		return &Answer{Status: status, Body: refusal}, err
	}
	if !res.Streaming() {
		return &Answer{Status: 200, Body: res.JSON()}, nil
	}
	frames := client.NewFrameReader(&resultReader{ctx: ctx, res: res}, &client.FrameOptions{Raw: true})
	return &Answer{Status: 200, Next: frames.Next, Leave: res.Close}, nil
}

// resultReader reads a result's stream as bytes.
type resultReader struct {
	ctx  context.Context
	res  *chatkit.Result
	buf  []byte
	rest []byte
}

func (r *resultReader) Read(p []byte) (int, error) {
	for len(r.rest) == 0 {
		var err error
		if r.buf, err = r.res.Next(r.ctx, r.buf[:0]); err != nil {
			return 0, err
		}
		r.rest = r.buf
	}
	n := copy(p, r.rest)
	r.rest = r.rest[n:]
	return n, nil
}

// Over reaches a server through what start puts in front of it: start returns the
// address at which requests are answered, and what takes it down again.
func Over(start func(srv *chatkit.Server) (url string, stop func(), err error)) Open {
	return func(srv *chatkit.Server) (Driver, func(), error) {
		url, stop, err := start(srv)
		if err != nil {
			return nil, nil, err
		}
		return overHTTP{client.New(url, client.WithRaw())}, stop, nil
	}
}

type overHTTP struct{ c *client.Client }

func (d overHTTP) Post(ctx context.Context, body []byte) (*Answer, error) {
	var refused *client.StatusError
	if streams(body) {
		s, err := d.c.Stream(ctx, body)
		if errors.As(err, &refused) {
			return refusal(refused)
		}
		if err != nil {
			return nil, err
		}
		next := func() (*client.Frame, error) {
			e, err := s.Next()
			if err != nil {
				return nil, err
			}
			return &client.Frame{ID: e.ID, Data: e.Data, Raw: e.Raw, Arrived: e.Arrived}, nil
		}
		return &Answer{Status: 200, Next: next, Leave: func() { s.Close() }}, nil
	}
	doc, err := d.c.Do(ctx, body)
	if errors.As(err, &refused) {
		return refusal(refused)
	}
	if err != nil {
		return nil, err
	}
	return &Answer{Status: 200, Body: doc}, nil
}

func refusal(e *client.StatusError) (*Answer, error) {
	if got := e.Header.Get("Content-Type"); got != "application/json" {
		return nil, fmt.Errorf("refused with %d as %q, want application/json", e.Status, got)
	}
	return &Answer{Status: e.Status, Body: e.Body}, nil
}

// streams reports whether a request is one of those that are answered by events.
func streams(body []byte) bool {
	var r struct {
		Type string `json:"type"`
	}
	_ = json.Unmarshal(body, &r) // what cannot be read is refused, whatever it asked for
	switch r.Type {
	case "threads.create", "threads.add_user_message", "threads.add_client_tool_output",
		"threads.add_structured_input", "threads.retry_after_item", "threads.custom_action":
		return true
	}
	return false
}
