package oaiwire

import (
	"bytes"
	"errors"
	"fmt"
	"io"
)

// MaxEventBytes is how much one event of a stream may hold, unless told otherwise. Partial images are
// the largest events known, a few megabytes each.
const MaxEventBytes = 32 << 20

// ErrEventTooLong says that one event of a stream passed its limit.
var ErrEventTooLong = errors.New("event too long")

// A Frame is one event of a stream of server-sent events. Its slices are valid until the next call.
type Frame struct {
	Name  []byte // the "event" field, empty if there was none
	Data  []byte // the "data" lines, joined by line feeds
	Whole bool   // false for the rest of a body that ended without the blank line
}

// Reader reads server-sent events: LF, CRLF and CR, comments, several data lines, a byte order mark,
// in pieces of any size. It is not safe for concurrent use.
type Reader struct {
	src        io.Reader
	buf        []byte
	start, end int  // the unread part of buf
	scanned    int  // how much of the unread part is known to hold no line end
	skipLF     bool // the line before ended in CR: an LF now belongs to it
	begun      bool // a byte order mark can only be the first thing
	eof        error
	max        int
	name, data []byte
}

// NewReader returns a Reader over src. Events of more than maxBytes are [ErrEventTooLong]; 0 means
// [MaxEventBytes].
func NewReader(src io.Reader, maxBytes int) *Reader {
	if maxBytes <= 0 {
		maxBytes = MaxEventBytes
	}
	return &Reader{src: src, max: maxBytes, buf: make([]byte, 4096)}
}

// Next returns the next event that has data. At the end of the body it returns what is left of an
// unfinished event, if anything, and then io.EOF.
func (r *Reader) Next() (Frame, error) {
	r.name, r.data = r.name[:0], r.data[:0]
	lines := 0
	for {
		line, err := r.line()
		if err != nil {
			if errors.Is(err, io.EOF) && lines > 0 {
				return Frame{Name: r.name, Data: r.data}, nil
			}
			return Frame{}, err
		}
		if len(line) == 0 {
			if lines > 0 {
				return Frame{Name: r.name, Data: r.data, Whole: true}, nil
			}
			r.name = r.name[:0]
			continue
		}
		if line[0] == ':' {
			continue
		}
		field, value, _ := bytes.Cut(line, colon)
		if len(value) > 0 && value[0] == ' ' {
			value = value[1:]
		}
		switch string(field) {
		case "data":
			if len(r.data)+len(value) >= r.max {
				return Frame{}, fmt.Errorf("%w: more than %d bytes", ErrEventTooLong, r.max)
			}
			if lines > 0 {
				r.data = append(r.data, '\n')
			}
			lines++
			r.data = append(r.data, value...)
		case "event":
			r.name = append(r.name[:0], value...)
		}
	}
}

var (
	colon = []byte(":")
	bom   = []byte("\xef\xbb\xbf")
)

// line returns the next line without its end. The slice is valid until the next call.
func (r *Reader) line() ([]byte, error) {
	for {
		unread := r.buf[r.start:r.end]
		if r.skipLF && len(unread) > 0 {
			r.skipLF = false
			if unread[0] == '\n' {
				r.start++
				continue
			}
		}
		if !r.begun && (len(unread) >= 3 || r.eof != nil) {
			r.begun = true
			if bytes.HasPrefix(unread, bom) {
				r.start += 3
				continue
			}
		}
		// Until it is known whether the body starts with a byte order mark, no line is given out.
		if r.begun || len(unread) > 0 && unread[0] != bom[0] {
			if i := lineEnd(unread[r.scanned:]); i >= 0 {
				i += r.scanned
				r.skipLF = unread[i] == '\r'
				r.start += i + 1
				r.scanned = 0
				r.begun = true
				return unread[:i], nil
			}
			r.scanned = len(unread)
		}
		if r.eof != nil {
			if len(unread) > 0 && errors.Is(r.eof, io.EOF) {
				r.start, r.scanned = r.end, 0
				return unread, nil
			}
			return nil, r.eof
		}
		if err := r.fill(); err != nil {
			return nil, err
		}
	}
}

// lineEnd returns the position of the first CR or LF, or -1.
func lineEnd(b []byte) int {
	n := bytes.IndexByte(b, '\n')
	if n < 0 {
		return bytes.IndexByte(b, '\r')
	}
	if c := bytes.IndexByte(b[:n], '\r'); c >= 0 {
		return c
	}
	return n
}

func (r *Reader) fill() error {
	if r.start > 0 {
		copy(r.buf, r.buf[r.start:r.end])
		r.end -= r.start
		r.start = 0
	}
	if r.end == len(r.buf) {
		if len(r.buf) >= r.max {
			return fmt.Errorf("%w: more than %d bytes", ErrEventTooLong, r.max)
		}
		r.buf = append(r.buf, make([]byte, min(len(r.buf), 1<<20))...)
	}
	for range 100 {
		n, err := r.src.Read(r.buf[r.end:])
		r.end += n
		if err != nil {
			r.eof = err
			return nil
		}
		if n > 0 {
			return nil
		}
	}
	return io.ErrNoProgress
}
