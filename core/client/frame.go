package client

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"time"
)

// ErrLineTooLong is returned by [FrameReader.Next] for a line longer than
// [FrameOptions.MaxLineBytes].
var ErrLineTooLong = errors.New("line of the event stream is too long")

// ErrFrameTooLarge is returned by [FrameReader.Next] for an event whose data is
// larger than [FrameOptions.MaxFrameBytes].
var ErrFrameTooLarge = errors.New("event of the stream is too large")

// Default limits of a [FrameReader], in bytes.
const (
	DefaultMaxLineBytes  = 16 << 20
	DefaultMaxFrameBytes = 32 << 20
)

const maxEmptyReads = 100

// A Frame is one event, or one comment, of an event stream.
type Frame struct {
	// Comment is true for a comment line. Data is then the text behind the
	// colon, and the other fields but Raw and Arrived are empty. Servers send
	// comments as heartbeats. Comments come only if [FrameOptions.Comments] is
	// set, each when its line ends: possibly in front of the event in whose
	// middle it stands.
	Comment bool
	// ID is the last id the stream has set, on this event or an earlier one.
	ID string
	// Name is the event's "event" field, usually empty.
	Name string
	// Data is the event's data: its lines joined by newlines.
	Data []byte
	// Raw holds the lines the frame came as, comments left out, each ended by
	// one newline whatever the line end was, the closing empty line included.
	// It is nil unless [FrameOptions.Raw] is set.
	Raw []byte
	// Arrived is when the last byte of the frame was read.
	Arrived time.Time
}

// FrameOptions are the options of a [FrameReader]. The zero value works.
type FrameOptions struct {
	// Comments makes the reader return comment lines too. Defaults to false.
	Comments bool
	// Raw makes the reader keep the lines of each frame. Defaults to false.
	Raw bool
	// MaxLineBytes limits one line. Defaults to [DefaultMaxLineBytes].
	MaxLineBytes int
	// MaxFrameBytes limits the data of one event, and so the memory a stream
	// can take. Defaults to [DefaultMaxFrameBytes].
	MaxFrameBytes int
	// Now is the clock for [Frame.Arrived]. Defaults to time.Now.
	Now func() time.Time
}

// A FrameReader reads the frames of an event stream, by the parsing rules of
// the WHATWG standard: lines end in CR, LF or CRLF, a byte-order mark is
// skipped once, unknown fields are ignored, an event without data is not
// reported, and an event that the end of the stream cuts off is dropped. How
// the bytes are split over reads makes no difference, and a frame is returned
// as soon as its last byte is there.
//
// A FrameReader is not safe for concurrent use.
type FrameReader struct {
	r    io.Reader
	opts FrameOptions

	buf        []byte // unread input is buf[start:end]
	start, end int
	err        error // sticky, from r

	line    []byte // the line being assembled
	bom     int    // bytes of a byte-order mark matched so far; -1 = decided
	skipLF  bool   // the last line ended in CR: a LF now belongs to it
	arrived time.Time

	hasData bool
	data    []byte
	raw     []byte
	name    string
	idNext  string // id of the block being read, takes effect when it ends
	id      string
	retry   time.Duration
}

// NewFrameReader returns a reader of the event stream r. A nil opts means the
// defaults.
func NewFrameReader(r io.Reader, opts *FrameOptions) *FrameReader {
	f := &FrameReader{r: r, buf: make([]byte, 16<<10)}
	if opts != nil {
		f.opts = *opts
	}
	if f.opts.MaxLineBytes <= 0 {
		f.opts.MaxLineBytes = DefaultMaxLineBytes
	}
	if f.opts.MaxFrameBytes <= 0 {
		f.opts.MaxFrameBytes = DefaultMaxFrameBytes
	}
	if f.opts.Now == nil {
		f.opts.Now = time.Now
	}
	return f
}

// Retry is the reconnection time the stream asked for last, zero if it never did.
func (f *FrameReader) Retry() time.Duration { return f.retry }

// LastID is the id that the stream's last complete block left: what a client
// sends as Last-Event-ID to take the stream up again.
func (f *FrameReader) LastID() string { return f.id }

// Next returns the next frame. At the end of the stream it returns [io.EOF];
// a stream cut by the transport gives the transport's error, and a line or an
// event over its limit gives [ErrLineTooLong] or [ErrFrameTooLarge]. After an
// error the reader returns it again. The frame and its bytes belong to the
// caller.
func (f *FrameReader) Next() (*Frame, error) {
	for {
		complete, err := f.readLine()
		if err != nil {
			f.err, f.start, f.end = err, 0, 0
			return nil, err
		}
		if !complete {
			continue
		}
		frame, err := f.endLine()
		f.line = f.line[:0]
		if err != nil {
			f.err, f.start, f.end = err, 0, 0
			return nil, err
		}
		if frame != nil {
			return frame, nil
		}
	}
}

// readLine moves input to f.line and reports whether the line is complete.
func (f *FrameReader) readLine() (bool, error) {
	if f.start == f.end {
		if err := f.fill(); err != nil {
			return false, err
		}
	}
	if f.bom >= 0 {
		f.matchBOM()
		return false, nil
	}
	if f.skipLF {
		f.skipLF = false
		if f.buf[f.start] == '\n' {
			f.start++
			return false, nil
		}
	}
	chunk := f.buf[f.start:f.end]
	i := bytes.IndexAny(chunk, "\r\n")
	n := i
	if i < 0 {
		n = len(chunk)
	}
	if len(f.line)+n > f.opts.MaxLineBytes {
		return false, ErrLineTooLong
	}
	f.line = append(f.line, chunk[:n]...)
	if i < 0 {
		f.start = f.end
		return false, nil
	}
	f.skipLF = chunk[i] == '\r'
	f.start += i + 1
	return true, nil
}

const byteOrderMark = "\xef\xbb\xbf"

// matchBOM consumes one byte of a leading byte-order mark. The bytes of a mark
// that turns out to be none are the beginning of the first line.
func (f *FrameReader) matchBOM() {
	if f.buf[f.start] == byteOrderMark[f.bom] {
		f.start++
		if f.bom++; f.bom == len(byteOrderMark) {
			f.bom = -1
		}
		return
	}
	f.line = append(f.line, byteOrderMark[:f.bom]...)
	f.bom = -1
}

func (f *FrameReader) fill() error {
	if f.err != nil {
		return f.err
	}
	for range maxEmptyReads {
		n, err := f.r.Read(f.buf)
		f.err = err
		if n > 0 {
			f.start, f.end = 0, n
			f.arrived = f.opts.Now()
			return nil
		}
		if err != nil {
			return err
		}
	}
	return io.ErrNoProgress
}

// endLine interprets the line in f.line and returns a frame if it ended one.
func (f *FrameReader) endLine() (*Frame, error) {
	line := f.line
	if len(line) == 0 {
		return f.dispatch(), nil
	}
	if line[0] == ':' {
		if !f.opts.Comments {
			return nil, nil
		}
		c := &Frame{Comment: true, Data: bytes.Clone(bytes.TrimPrefix(line[1:], space)), Arrived: f.arrived}
		if f.opts.Raw {
			c.Raw = append(bytes.Clone(line), '\n')
		}
		return c, nil
	}
	if f.opts.Raw {
		// Ignored fields count too: a block of them alone must not grow for ever.
		if len(f.raw)+len(line)+1 > f.opts.MaxFrameBytes+f.opts.MaxLineBytes {
			return nil, fmt.Errorf("%w: more than %d bytes", ErrFrameTooLarge, f.opts.MaxFrameBytes)
		}
		f.raw = append(append(f.raw, line...), '\n')
	}
	name, value, _ := bytes.Cut(line, colon)
	value = bytes.TrimPrefix(value, space)
	switch string(name) {
	case "data":
		if len(f.data)+len(value)+1 > f.opts.MaxFrameBytes {
			return nil, fmt.Errorf("%w: more than %d bytes", ErrFrameTooLarge, f.opts.MaxFrameBytes)
		}
		if f.hasData {
			f.data = append(f.data, '\n')
		}
		f.data = append(f.data, value...)
		f.hasData = true
	case "event":
		f.name = string(value)
	case "id":
		if bytes.IndexByte(value, 0) < 0 {
			f.idNext = string(value)
		}
	case "retry":
		if d, ok := digits(value); ok {
			f.retry = d
		}
	}
	return nil, nil
}

var (
	colon = []byte{':'}
	space = []byte{' '}
)

// dispatch ends the block of lines and returns its event, nil if it has no data.
func (f *FrameReader) dispatch() *Frame {
	f.id = f.idNext
	var e *Frame
	if f.hasData {
		e = &Frame{ID: f.id, Name: f.name, Data: append([]byte{}, f.data...), Arrived: f.arrived}
		if f.opts.Raw {
			e.Raw = append(append([]byte{}, f.raw...), '\n')
		}
	}
	f.hasData, f.name = false, ""
	f.data, f.raw = f.data[:0], f.raw[:0]
	return e
}

// digits reads a retry value: ASCII digits only, in milliseconds.
func digits(b []byte) (time.Duration, bool) {
	if len(b) == 0 {
		return 0, false
	}
	for _, c := range b {
		if c < '0' || c > '9' {
			return 0, false
		}
	}
	ms, err := strconv.ParseInt(string(b), 10, 64)
	if err != nil || ms > int64(1<<63-1)/int64(time.Millisecond) {
		return 0, false
	}
	return time.Duration(ms) * time.Millisecond, true
}
