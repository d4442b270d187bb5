package chatkit

import (
	"bytes"
	"context"
	"errors"
	"io"
	"iter"

	"github.com/gochatkit/chatkit/core/run"
)

// A Request is what a client sent, without HTTP.
type Request struct {
	// Body is the request's body: one JSON object.
	Body []byte
	// Header returns a request header, or "". Nil means that there are none.
	Header func(name string) string
}

// A Result is the answer to a request: a JSON document, or a stream of events that a turn is making. It
// is one client's view of the turn: closing it means that the client has left. Its methods belong to one
// goroutine, except Close.
type Result struct {
	body     []byte
	reader   *run.Reader // of a turn
	frames   []byte      // a stream without a turn; not nil, perhaps empty
	tellsEnd bool        // the client wants to tell an end from a broken connection
}

// Streaming reports whether the answer is a stream.
func (r *Result) Streaming() bool { return r.reader != nil || r.frames != nil }

// JSON returns the answer of a request that does not stream.
func (r *Result) JSON() []byte { return r.body }

// RunID names the turn of a stream; it is empty for other answers.
func (r *Result) RunID() string {
	if r.reader == nil {
		return ""
	}
	return r.reader.Run().ID()
}

// ThreadID names the thread of a stream; it is empty for other answers.
func (r *Result) ThreadID() string {
	if r.reader == nil {
		return ""
	}
	return r.reader.Run().Thread()
}

// Next waits for what comes next in a stream and returns dst with it appended: whole server-sent events,
// as many as there are, or a comment line as a heartbeat. It returns io.EOF after the last one, and the
// cause of ctx when that ends first.
func (r *Result) Next(ctx context.Context, dst []byte) ([]byte, error) {
	if r.reader == nil {
		if len(r.frames) == 0 {
			return dst, io.EOF
		}
		dst, r.frames = append(dst, r.frames...), r.frames[:0]
		return dst, nil
	}
	next, err := r.reader.Next(ctx, dst)
	if errors.Is(err, io.EOF) && r.tellsEnd {
		r.tellsEnd = false
		return appendEnd(next, r.reader.Run()), nil
	}
	return next, err
}

// rest returns dst with everything appended that can be sent without waiting. The error is io.EOF if nothing will
// follow.
func (r *Result) rest(dst []byte) ([]byte, error) {
	if r.reader == nil {
		dst, r.frames = append(dst, r.frames...), r.frames[:0]
		return dst, io.EOF
	}
	dst, err := r.reader.Rest(dst)
	if errors.Is(err, io.EOF) && r.tellsEnd {
		r.tellsEnd = false
		return appendEnd(dst, r.reader.Run()), nil
	}
	return dst, err // io.EOF is compared by the caller
}

// appendFrame appends an event's JSON as a server-sent event without an id.
func appendFrame(dst, event []byte) []byte {
	return append(append(append(dst, "data: "...), event...), "\n\n"...)
}

// appendEnd appends the event that tells a client which declared itself that the turn is over.
func appendEnd(dst []byte, of *run.Run) []byte {
	<-of.Done() // its readers are told a moment before the end is on record
	end := of.End()
	dst = append(dst, `event: chatkit.end`+"\n"+`data: {"status":"`...)
	dst = append(append(dst, end.Status...), `"`...)
	if reason := run.ReasonName(end.Cause); reason != "" {
		dst = append(append(append(dst, `,"reason":"`...), reason...), '"')
	}
	return append(dst, "}\n\n"...)
}

// Events walks a stream's events and closes the result at its end. It ends with an error if ctx ends
// first. It can be used once.
func (r *Result) Events(ctx context.Context) iter.Seq2[Event, error] {
	return func(yield func(Event, error) bool) {
		defer r.Close()
		var buf []byte
		for {
			frames, err := r.Next(ctx, buf[:0])
			if errors.Is(err, io.EOF) {
				return
			}
			if err != nil {
				yield(nil, err)
				return
			}
			buf = frames
			for event := range bytes.SplitSeq(frames, []byte("\n\n")) {
				data := eventData(event)
				if data == nil {
					continue
				}
				e, err := UnmarshalEvent(data)
				if !yield(e, err) || err != nil {
					return
				}
			}
		}
	}
}

// eventData returns the data of a server-sent event, nil if it is not one of the protocol's, which have no
// name.
func eventData(event []byte) (data []byte) {
	for line := range bytes.Lines(event) {
		if bytes.HasPrefix(line, []byte("event: ")) {
			return nil
		}
		if d, ok := bytes.CutPrefix(line, []byte("data: ")); ok {
			data = d
		}
	}
	return data
}

// seen notes that everything read so far has reached the client.
func (r *Result) seen() {
	if r.reader != nil {
		r.reader.Seen()
	}
}

// Close says that the client has left. The turn's policy decides what becomes of it: by default it ends
// at once, and what it has made so far is kept. Close does not wait for that. Closing twice, or after the
// end of the stream, does nothing. It is safe for concurrent use.
func (r *Result) Close() {
	if r.reader != nil {
		r.reader.Close()
	}
}
