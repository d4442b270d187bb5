package chatkit

import (
	"bytes"
	"context"
	"errors"
	"io"
	"iter"

	"github.com/gochatkit/chatkit/core/run"
)

// A Result is the answer to a request: a JSON document, or a stream of events that a turn is making. It
// is one client's view of the turn: closing it means that the client has left. Its methods belong to one
// goroutine, except Close.
type Result struct {
	body     []byte
	source   source   // of a stream; nil for a document
	run      *run.Run // the turn that is streamed, if it is one
	tellsEnd bool     // the client wants to tell an end from a broken connection
}

// A source is where the events of a stream come from. A [run.Reader] is one.
type source interface {
	// Next waits until there is something to send and returns dst with it appended. It returns io.EOF after the
	// last event, and the cause of ctx when that ends first.
	Next(ctx context.Context, dst []byte) ([]byte, error)
	// Rest returns dst with everything appended that can be sent without waiting. The error is io.EOF if nothing will
	// follow.
	Rest(dst []byte) ([]byte, error)
	// Sending says that what was read is being written, Seen that it has been.
	Sending()
	Seen()
	Close()
}

// resultOf is the view of a turn that a new reader has.
func resultOf(reader *run.Reader, req *Request) *Result {
	return &Result{source: reader, run: reader.Run(), tellsEnd: req.resumes()}
}

// Streaming reports whether the answer is a stream.
func (r *Result) Streaming() bool { return r.source != nil }

// JSON returns the answer of a request that does not stream.
func (r *Result) JSON() []byte { return r.body }

// Run returns the turn of a stream, nil for other answers.
func (r *Result) Run() *run.Run { return r.run }

// turn returns what is remembered of the turn, nil for other answers.
func (r *Result) turn() *turnRef {
	if r == nil || r.run == nil {
		return nil
	}
	return r.run.Data().(*recorder).ref // only turns are streamed, and begin has set it
}

// RunID names the turn of a stream; it is empty for other answers.
func (r *Result) RunID() string {
	if r.run == nil {
		return ""
	}
	return r.run.ID()
}

// ThreadID names the thread of a stream; it is empty for other answers.
func (r *Result) ThreadID() string {
	if r.run == nil {
		return ""
	}
	return r.run.Thread()
}

// Next waits for what comes next in a stream and returns dst with it appended: whole server-sent events,
// as many as there are, or a comment line as a heartbeat. It returns io.EOF after the last one, and the
// cause of ctx when that ends first.
func (r *Result) Next(ctx context.Context, dst []byte) ([]byte, error) {
	if r.source == nil {
		return dst, io.EOF
	}
	next, err := r.source.Next(ctx, dst)
	if errors.Is(err, io.EOF) && r.tellsEnd {
		r.tellsEnd = false
		return appendEnd(next, r.run), nil
	}
	return next, err
}

// rest returns dst with everything appended that can be sent without waiting. The error is io.EOF if nothing will
// follow.
func (r *Result) rest(dst []byte) ([]byte, error) {
	dst, err := r.source.Rest(dst)
	if errors.Is(err, io.EOF) && r.tellsEnd {
		r.tellsEnd = false
		return appendEnd(dst, r.run), nil
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

// Close says that the client has left. The turn's policy decides what becomes of it: by default it ends
// at once, and what it has made so far is kept. Close does not wait for that. Closing twice, or after the
// end of the stream, does nothing. It is safe for concurrent use.
func (r *Result) Close() {
	if r.source != nil {
		r.source.Close()
	}
}

// recorded is a source of events that are all there.
type recorded []byte

func (f *recorded) Next(_ context.Context, dst []byte) ([]byte, error) {
	if len(*f) == 0 {
		return dst, io.EOF
	}
	dst, *f = append(dst, *f...), nil
	return dst, nil
}

func (f *recorded) Rest(dst []byte) ([]byte, error) {
	dst, *f = append(dst, *f...), nil
	return dst, io.EOF
}

func (*recorded) Sending() {}
func (*recorded) Seen()    {}
func (*recorded) Close()   {}
