package doctor

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strings"
	"time"

	"github.com/gochatkit/chatkit/cmd/chatkit/internal/target"
	chatkit "github.com/gochatkit/chatkit/core"
	"github.com/gochatkit/chatkit/core/client"
)

// quietTime is a silence in which a heartbeat should have come: proxies cut connections off after a minute of
// nothing, some after half of that.
const quietTime = 20 * time.Second

// maxStream limits what is read of a stream, in bytes.
const maxStream = 32 << 20

// stream checks the answer to a message.
func (d *doctor) stream(ctx context.Context) error {
	if d.cfg.Message == "" {
		d.add("stream", Skip, "no message was sent", "Let one be sent: --message")
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, 4*d.cfg.Timeout)
	defer cancel()
	body, err := json.Marshal(client.Request{Type: "threads.create", Params: map[string]any{"input": client.Text(d.cfg.Message)}})
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, d.cfg.Target.URL.String(), bytes.NewReader(body))
	if err != nil {
		return err
	}
	for name, values := range d.cfg.Target.Header {
		req.Header[name] = values
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept", "text/event-stream")
	req.Header.Set("Accept-Encoding", "gzip, deflate, br") // what browsers send
	web := d.cfg.Target.HTTP()
	defer web.CloseIdleConnections()
	res, err := web.Do(req)
	if err != nil {
		d.add("stream", Fail, "a message: "+err.Error(), "Look into the server's log.")
		return nil
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		text, _ := io.ReadAll(io.LimitReader(res.Body, 4<<10)) // what there is of it helps
		status := Fail
		if res.StatusCode == http.StatusUnauthorized || res.StatusCode == http.StatusForbidden {
			status = Skip
		}
		d.add("stream", status, fmt.Sprintf("a message: %d %s", res.StatusCode, text), "Look into the server's log, or log in with -H.")
		return nil
	}
	// Whatever the answer looks like, the server has taken the message.
	d.answered = true
	d.made(res.Header)
	isStream := d.streamHeader(res.Header)
	text, readable := d.plain(res)
	if !readable {
		return nil
	}
	f := d.readFrames(text)
	if isStream {
		d.judgeFrames(f)
	}
	return nil
}

// plain returns the text of an answer. The second result is false if it is compressed in a way that is not known here.
func (d *doctor) plain(res *http.Response) (io.Reader, bool) {
	switch strings.ToLower(res.Header.Get("Content-Encoding")) {
	case "", "identity":
		return res.Body, true
	case "gzip":
		r, err := gzip.NewReader(res.Body)
		if err != nil {
			d.add("stream events", Fail, "no gzip although it says so: "+err.Error(), "Look for who compresses.")
			return nil, false
		}
		return r, true
	}
	d.add("stream events", Skip, "compressed, and not with gzip", "Leave event streams uncompressed.")
	return nil, false
}

// streamHeader checks the header of a stream and reports whether it says that it is one.
func (d *doctor) streamHeader(h http.Header) bool {
	kind, _, _ := mime.ParseMediaType(h.Get("Content-Type"))
	if kind != "text/event-stream" {
		d.add("stream type", Fail, "Content-Type: "+h.Get("Content-Type"), "Say text/event-stream: clients send the request again otherwise.")
		return false
	}
	d.add("stream type", OK, kind, "")
	if control := h.Get("Cache-Control"); strings.Contains(control, "no-cache") || strings.Contains(control, "no-store") {
		d.add("stream caching", OK, "Cache-Control: "+control, "")
	} else {
		d.add("stream caching", Warn, fmt.Sprintf("Cache-Control: %q", control), "Say no-cache, no-transform: proxies may keep or compress it otherwise.")
	}
	if accel := h.Get("X-Accel-Buffering"); accel == "no" {
		d.add("stream buffering", OK, "X-Accel-Buffering: no", "")
	} else {
		d.add("stream buffering", Warn, "no X-Accel-Buffering: no",
			"Send it: nginx holds events back otherwise. Behind nginx, which takes it away, chatkit probe tells whether they are held back.")
	}
	if length := h.Get("Content-Length"); length != "" {
		d.add("stream length", Fail, "Content-Length: "+length, "Something collects the whole answer: a middleware, or a proxy.")
	}
	if enc := h.Get("Content-Encoding"); enc != "" {
		d.add("stream compression", Warn, "Content-Encoding: "+enc, "Leave event streams uncompressed: most compressors collect before they send.")
	} else {
		d.add("stream compression", OK, "none, although browsers take gzip", "")
	}
	return true
}

// frames is what was seen of a stream.
type frames struct {
	events, unknown, comments int
	thread                    string
	userMessage, failed       bool
	blankComment              bool          // a comment that ends a block of its own
	longest                   time.Duration // silence
	longestComments           int           // comments in it
	err                       error
}

// readFrames reads a stream to its end.
func (d *doctor) readFrames(body io.Reader) *frames {
	f := &frames{}
	raw := &tail{r: io.LimitReader(body, maxStream)}
	in := client.NewFrameReader(raw, &client.FrameOptions{Comments: true, Raw: true, MaxLineBytes: target.MaxLine, MaxFrameBytes: target.MaxFrame})
	heard, beats := time.Now(), 0
	for {
		frame, err := in.Next()
		if errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
			f.blankComment = raw.blank
			return f
		}
		if err != nil {
			f.err = err
			return f
		}
		if frame.Comment {
			f.comments++
			beats++
			continue
		}
		if quiet := frame.Arrived.Sub(heard); quiet > f.longest {
			f.longest, f.longestComments = quiet, beats
		}
		heard, beats = frame.Arrived, 0
		f.events++
		e, err := chatkit.UnmarshalEvent(frame.Data)
		if err != nil {
			f.err = fmt.Errorf("event %d: %w", f.events, err)
			return f
		}
		switch e := e.(type) {
		case *chatkit.ThreadCreatedEvent:
			f.thread = e.Thread.ID
			d.threads[f.thread] = true
		case *chatkit.ThreadItemDoneEvent:
			if _, ok := e.Item.(*chatkit.UserMessageItem); ok {
				f.userMessage = true
			}
		case *chatkit.ErrorEvent:
			f.failed = true
		case *chatkit.UnknownEvent:
			f.unknown++
		default: // nothing to check
		}
	}
}

func (d *doctor) judgeFrames(f *frames) {
	switch {
	case f.err != nil:
		d.add("stream events", Fail, fmt.Sprintf("after %d events: %v", f.events, f.err), "Write events that clients can read, and end the stream cleanly.")
	case f.failed:
		d.add("stream events", Warn, fmt.Sprintf("%d events, and an error", f.events), "Look into the server's log.")
	case f.thread == "" || !f.userMessage:
		d.add("stream events", Fail, fmt.Sprintf("%d events without thread.created or the user's message", f.events), "Clients learn the thread's id and the message's from them.")
	case f.unknown > 0:
		d.add("stream events", Warn, fmt.Sprintf("%d events, %d of them of kinds that the protocol does not have", f.events, f.unknown), "Send those to clients that ask for them.")
	default:
		d.add("stream events", OK, fmt.Sprintf("%d events, and a clean end", f.events), "")
	}
	if f.blankComment {
		d.add("stream comments", Warn, "a comment is followed by an empty line", "End comments with one newline: the official client's parser makes an empty event of two.")
	} else if f.comments > 0 {
		d.add("stream comments", OK, fmt.Sprintf("%d, invisible to clients", f.comments), "")
	}
	switch {
	case f.longest < quietTime:
		d.add("heartbeat", Skip, fmt.Sprintf("the longest silence was %.1f s, too short to need one", f.longest.Seconds()),
			"Ask for an answer that takes its time: --message")
	case f.longestComments == 0:
		d.add("heartbeat", Warn, fmt.Sprintf("none in %.0f s of silence", f.longest.Seconds()), "Send a comment every 15 s: proxies cut off what is silent, and the server does not notice who left.")
	default:
		d.add("heartbeat", OK, fmt.Sprintf("%d in %.0f s of silence", f.longestComments, f.longest.Seconds()), "")
	}
}

// A tail looks at bytes that pass by for a comment that an empty line follows.
type tail struct {
	r       io.Reader
	line    int  // bytes of the line so far
	comment bool // the line is a comment
	after   bool // the line before was one, and began a block
	inBlock bool // the block has a field
	blank   bool
}

func (t *tail) Read(p []byte) (int, error) {
	n, err := t.r.Read(p)
	for _, c := range p[:n] {
		if c == '\r' {
			continue
		}
		if c != '\n' {
			if t.line == 0 {
				t.comment = c == ':'
			}
			t.line++
			continue
		}
		switch {
		case t.line == 0:
			t.blank = t.blank || t.after && !t.inBlock
			t.after, t.inBlock = false, false
		case t.comment:
			t.after = true
		default:
			t.inBlock = true
		}
		t.line, t.comment = 0, false
	}
	return n, err
}
