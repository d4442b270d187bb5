package oaiwire

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"
	"time"

	"github.com/gochatkit/chatkit/core/agent"
)

// Option changes how a stream is read.
type Option func(*config)

type config struct {
	keepIDs  bool
	maxEvent int
	idle     time.Duration
	finished func()
}

// Format is a way to read a body: [ResponsesStream] or [ChatStream].
type Format func(body io.Reader, opts ...Option) iter.Seq2[agent.Event, error]

// KeepIDs says whether the upstream's ids of messages, images and calls may become ids of thread items.
// Say yes only if they are unique over all runs, as those of api.openai.com are: an id that comes twice
// overwrites a stored item. Defaults to false.
func KeepIDs(keep bool) Option { return func(c *config) { c.keepIDs = keep } }

// MaxEvent limits the bytes of one event. Defaults to [MaxEventBytes].
func MaxEvent(n int) Option { return func(c *config) { c.maxEvent = n } }

// Idle limits how long a provider may send nothing, for [Do] and [Client]. Then the request is aborted
// with [agent.ErrIdle]. Defaults to 2 minutes; negative means for ever.
func Idle(d time.Duration) Option { return func(c *config) { c.idle = d } }

// onFinish is called once the response has ended, while the body may still be open.
func onFinish(f func()) Option { return func(c *config) { c.finished = f } }

func newConfig(opts []Option) config {
	var c config
	for _, o := range opts {
		o(&c)
	}
	return c
}

// ResponsesStream reads the body of a streamed response of OpenAI's Responses API, or of anything that
// imitates it. A body that ends before its response does is [agent.ErrTruncated]. The caller closes
// the body.
func ResponsesStream(body io.Reader, opts ...Option) iter.Seq2[agent.Event, error] {
	return func(yield func(agent.Event, error) bool) {
		c := newConfig(opts)
		d := responsesDecoder{config: c}
		readBody(body, c, &d, yield)
	}
}

// ResponsesEvents decodes events that were framed by somebody else: messages of a WebSocket, the raw
// JSON of an SDK's typed events, lines of a log.
func ResponsesEvents(events iter.Seq2[json.RawMessage, error], opts ...Option) iter.Seq2[agent.Event, error] {
	return func(yield func(agent.Event, error) bool) {
		c := newConfig(opts)
		d := responsesDecoder{config: c}
		for raw, err := range events {
			if err != nil {
				yield(nil, err)
				return
			}
			if !decode(&d, nil, raw, yield) {
				return
			}
		}
		d.end(yield)
	}
}

// A decoder turns the data of one frame into events, which it leaves in out.
type decoder interface {
	feed(name, data []byte) error
	out() []agent.Event
	over() bool // everything was said
	end(yield func(agent.Event, error) bool)
}

func readBody(body io.Reader, c config, d decoder, yield func(agent.Event, error) bool) {
	r := NewReader(body, c.maxEvent)
	for {
		f, err := r.Next()
		if err != nil {
			if errors.Is(err, io.EOF) || d.over() {
				d.end(yield) // a body that breaks behind the end has lost nothing
			} else {
				yield(nil, fmt.Errorf("read model stream: %w", err))
			}
			return
		}
		// The standard drops an event that the body's end cut off. Whole JSON cannot have been cut.
		if !f.Whole && !json.Valid(f.Data) && !isDone(f.Data) {
			continue
		}
		if !decode(d, f.Name, f.Data, yield) {
			return
		}
	}
}

func decode(d decoder, name, data []byte, yield func(agent.Event, error) bool) bool {
	if err := d.feed(name, data); err != nil {
		yield(nil, err)
		return false
	}
	for _, e := range d.out() {
		if !yield(e, nil) {
			return false
		}
	}
	return true
}

func isDone(data []byte) bool { return strings.TrimSpace(string(data)) == "[DONE]" }
