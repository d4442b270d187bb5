package arrival

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/gochatkit/chatkit/cmd/chatkit/internal/target"
	"github.com/gochatkit/chatkit/core/client"
)

// ErrQuiet is returned by [Stream.Next] when its time is up.
var ErrQuiet = errors.New("nothing arrived in time")

// A Stream is an answer while it arrives. Its methods belong to one goroutine, except Close.
type Stream struct {
	// Header is the answer's header.
	Header http.Header
	// Connected is how long it took to connect.
	Connected time.Duration
	// FirstByte is when the first byte of the answer arrived, counted from when the request was sent.
	FirstByte time.Duration

	sent    time.Time
	conn    *conn
	frames  *client.FrameReader
	stop    func() bool
	written *float64 // the last time of writing that the server told
}

// Post sends a request on a connection of its own and waits for the header of the answer, at most for as
// long as ctx lasts and, if wait is positive, for that long. Its errors are ErrUnreachable,
// [*client.StatusError] for an answer that is none, ErrQuiet, and others.
func Post(ctx context.Context, t *target.Target, request any, wait time.Duration) (*Stream, error) {
	body, err := json.Marshal(request)
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, t.URL.String(), bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept", "text/event-stream")
	req.Header.Set("User-Agent", "chatkit-probe")
	for name, values := range t.Header {
		req.Header[name] = values
	}
	began := time.Now()
	c, err := dial(ctx, t.URL)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrUnreachable, err)
	}
	s := &Stream{conn: c, Connected: time.Since(began)}
	s.stop = context.AfterFunc(ctx, func() { c.Close() })
	if err := s.exchange(req, wait); err != nil {
		s.Close()
		if ctx.Err() != nil {
			err = context.Cause(ctx)
		}
		return nil, err
	}
	return s, nil
}

func (s *Stream) exchange(req *http.Request, wait time.Duration) error {
	s.sent = time.Now()
	if wait > 0 {
		s.conn.SetDeadline(s.sent.Add(wait))
	}
	if err := req.Write(s.conn); err != nil {
		return fmt.Errorf("send the request: %w", quiet(err))
	}
	in := bufio.NewReaderSize(s.conn, 64<<10)
	res, err := http.ReadResponse(in, req)
	for err == nil && res.StatusCode >= 100 && res.StatusCode < 200 && res.StatusCode != http.StatusSwitchingProtocols {
		res, err = http.ReadResponse(in, req)
	}
	if err != nil {
		return fmt.Errorf("read the answer: %w", quiet(err))
	}
	s.conn.limit = maxBody
	s.Header, s.FirstByte = res.Header, s.conn.first.Sub(s.sent)
	if res.StatusCode != http.StatusOK {
		return refusal(res)
	}
	if media, _, _ := mime.ParseMediaType(res.Header.Get("Content-Type")); media != "text/event-stream" {
		return fmt.Errorf("the answer is %q, want an event stream", res.Header.Get("Content-Type"))
	}
	if enc := res.Header.Get("Content-Encoding"); enc != "" && enc != "identity" {
		return fmt.Errorf("the answer is compressed (%s), although the request did not ask for that", enc)
	}
	s.frames = client.NewFrameReader(res.Body, &client.FrameOptions{
		Comments: true, MaxLineBytes: target.MaxLine, MaxFrameBytes: target.MaxFrame,
		// What is read now came with the connection's last read: nothing is held back in between.
		Now: func() time.Time { return s.conn.last },
	})
	return nil
}

func refusal(res *http.Response) error {
	const enough = 64 << 10
	body, err := io.ReadAll(io.LimitReader(res.Body, enough))
	if err != nil {
		return fmt.Errorf("read the answer of status %d: %w", res.StatusCode, quiet(err))
	}
	var doc struct {
		Message string `json:"message"`
	}
	if json.Unmarshal(body, &doc) != nil || doc.Message == "" {
		doc.Message = http.StatusText(res.StatusCode)
	}
	return &client.StatusError{Status: res.StatusCode, Message: doc.Message, Header: res.Header, Body: body}
}

// Next returns the next piece. It waits until the given time at most, then it returns ErrQuiet; the zero
// time is no limit. Behind the last piece it returns io.EOF.
func (s *Stream) Next(until time.Time) (*Piece, error) {
	for {
		s.conn.SetReadDeadline(until)
		f, err := s.frames.Next()
		if err != nil {
			return nil, quiet(err)
		}
		p := &Piece{At: f.Arrived.Sub(s.sent), Read: s.conn.reads, Comment: f.Comment, Bytes: len(f.Data)}
		if f.Comment {
			if ms, ok := writeTime(f.Data); ok {
				s.written = &ms
				continue
			}
			return p, nil
		}
		p.Written = s.written
		if f.Name != "" && f.Name != "message" {
			continue // not of the protocol
		}
		if err := p.read(f.Data); err != nil {
			return nil, err
		}
		return p, nil
	}
}

// Sent is when the request was sent.
func (s *Stream) Sent() time.Time { return s.sent }

// Close hangs up.
func (s *Stream) Close() {
	s.stop()
	s.conn.Close()
}

// quiet makes a deadline that has passed ErrQuiet.
func quiet(err error) error {
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return ErrQuiet
	}
	var timeout net.Error
	if errors.As(err, &timeout) && timeout.Timeout() {
		return ErrQuiet
	}
	return err
}
