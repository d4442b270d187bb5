package oaiwire

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"

	"github.com/gochatkit/chatkit/core/agent"
)

// ChatStream reads the body of a streamed response of the Chat Completions API, which Ollama, vLLM,
// llama.cpp, Groq, DeepSeek, Mistral, xAI, OpenRouter, Azure and many more speak. Thoughts are marked
// as raw. A body that ends before its response does is [agent.ErrTruncated]. The caller closes the
// body.
//
// The ids of this API name the response, not a message, and some providers always send the same one;
// they never become ids of thread items.
func ChatStream(body io.Reader, opts ...Option) iter.Seq2[agent.Event, error] {
	return func(yield func(agent.Event, error) bool) {
		c := newConfig(opts)
		d := chatDecoder{config: c}
		readBody(body, c, &d, yield)
	}
}

// The items of a chat response, in the numbering of agent.Event.
const (
	chatThought = 0
	chatMessage = 1
	chatCalls   = 2 // and up
)

// chatDecoder knows the Chat Completions wire format. Only the first choice is read.
type chatDecoder struct {
	config
	events  []agent.Event
	calls   []chatCall
	id      string
	model   string
	usage   agent.Usage
	reason  string // the finish_reason, once seen
	halves  [3]rune
	thought []byte // the thought being streamed
	phase   int    // 0 nothing, 1 thinking, 2 answering
	parts   [2]int // part number of text and refusal, plus one
	nparts  int
	done    bool
}

func (d *chatDecoder) out() []agent.Event { return d.events }

func (d *chatDecoder) over() bool { return d.done || d.reason != "" }

func (d *chatDecoder) emit(e agent.Event) { d.events = append(d.events, e) }

func (d *chatDecoder) feed(name, data []byte) error {
	d.events = d.events[:0]
	if isDone(data) {
		if d.reason == "" {
			d.reason = "stop"
		}
		d.close()
		return nil
	}
	var choices, usage, fail []byte
	ok := eachField(data, func(key, val []byte) bool {
		switch string(key) {
		case "choices":
			choices = val
		case "usage":
			usage = val
		case "error":
			fail = val
		case "id":
			if d.id == "" {
				d.id, _, _ = unquote(val, 0)
			}
		case "model":
			if d.model == "" {
				d.model, _, _ = unquote(val, 0)
			}
		}
		return true
	})
	if !ok {
		if !json.Valid(data) {
			return fmt.Errorf("decode model event: %w", errNotJSON)
		}
		d.emit(&agent.Unknown{Type: "malformed chunk"})
		return nil
	}
	if string(name) == "error" && fail == nil {
		fail = data
	}
	if set(choices) {
		eachElement(choices, func(val []byte) bool { return !d.choice(val) })
	}
	if set(usage) {
		var u wireUsage
		if json.Unmarshal(usage, &u) == nil {
			d.usage = u.usage()
		}
	}
	if set(fail) {
		if err := parseError(fail); err != nil {
			d.fail(err)
		}
	}
	return nil
}

var errNotJSON = errors.New("not JSON")

func set(raw []byte) bool { return len(raw) > 0 && string(raw) != "null" }

// choice handles one choice and reports whether it was the one that counts.
func (d *chatDecoder) choice(raw []byte) bool {
	var index int
	var delta, reason []byte
	eachField(raw, func(key, val []byte) bool {
		switch string(key) {
		case "index":
			index, _ = smallInt(val)
		case "delta":
			delta = val
		case "finish_reason":
			reason = val
		}
		return true
	})
	if index != 0 {
		return false
	}
	if set(delta) {
		d.delta(delta)
	}
	if set(reason) {
		d.reason, _, _ = unquote(reason, 0)
		if d.reason == "error" {
			d.reason = "stop" // the error itself comes beside it
		}
		if d.finished != nil {
			d.finished()
		}
	}
	return true
}

func (d *chatDecoder) delta(raw []byte) {
	var content, refusal, calls, function, annotations []byte
	var thought [2][]byte
	eachField(raw, func(key, val []byte) bool {
		switch string(key) {
		case "content":
			content = val
		case "refusal":
			refusal = val
		case "reasoning_content":
			thought[0] = val
		case "reasoning":
			thought[1] = val
		case "tool_calls":
			calls = val
		case "function_call":
			function = val
		case "annotations":
			annotations = val
		}
		return true
	})
	// Some send the same thought under both names.
	for _, val := range thought {
		if len(val) > 2 && val[0] == '"' {
			d.think(d.unquote(val, 0))
			break
		}
	}
	switch {
	case len(content) > 2 && content[0] == '"':
		d.say(d.unquote(content, 1), false)
	case len(content) > 2 && content[0] == '[':
		eachElement(content, func(val []byte) bool { d.typed(val); return true })
	}
	if len(refusal) > 2 && refusal[0] == '"' {
		d.say(d.unquote(refusal, 2), true)
	}
	if set(annotations) {
		var list []wireAnnotation
		if json.Unmarshal(annotations, &list) == nil {
			for i := range list {
				d.emit(&agent.AnnotationAdded{Item: chatMessage, Part: d.part(false), Citation: list[i].citation()})
			}
		}
	}
	if set(calls) {
		eachElement(calls, func(val []byte) bool { d.call(val); return true })
	}
	if set(function) {
		d.call([]byte(`{"function":` + string(function) + `}`))
	}
}

func (d *chatDecoder) unquote(val []byte, slot int) string {
	s, rest, ok := unquote(val, d.halves[slot])
	if !ok {
		d.emit(&agent.Unknown{Type: "malformed text"})
		return ""
	}
	d.halves[slot] = rest
	return s
}

// typed handles content that is a list of parts, as Mistral sends it.
func (d *chatDecoder) typed(raw []byte) {
	var p struct {
		Type     string `json:"type"`
		Text     string `json:"text"`
		Thinking []struct {
			Text string `json:"text"`
		} `json:"thinking"`
	}
	if json.Unmarshal(raw, &p) != nil {
		d.emit(&agent.Unknown{Type: "malformed part"})
		return
	}
	switch p.Type {
	case "thinking":
		for _, t := range p.Thinking {
			d.think(t.Text)
		}
	case "text", "output_text":
		d.say(p.Text, false)
	default:
		d.emit(&agent.Unknown{Type: "part " + p.Type})
	}
}

func (d *chatDecoder) think(text string) {
	if text == "" {
		return
	}
	if d.phase == 0 {
		d.phase = 1
		d.emit(&agent.ReasoningStart{Item: chatThought})
	}
	if d.phase == 1 {
		d.thought = append(d.thought, text...)
	}
	d.emit(&agent.ThoughtDelta{Item: chatThought, Text: text, Raw: true})
}

func (d *chatDecoder) say(text string, refusal bool) {
	if text == "" {
		return
	}
	d.endThought()
	d.phase = 2
	d.emit(&agent.TextDelta{Item: chatMessage, Part: d.part(refusal), Text: text, Refusal: refusal})
}

func (d *chatDecoder) part(refusal bool) int {
	slot := 0
	if refusal {
		slot = 1
	}
	if d.parts[slot] == 0 {
		d.nparts++
		d.parts[slot] = d.nparts
	}
	return d.parts[slot] - 1
}

func (d *chatDecoder) endThought() {
	if d.phase == 1 {
		d.phase = 0
		d.emit(&agent.ThoughtDone{Item: chatThought, Text: string(d.thought), Raw: true})
		d.thought = nil
	}
}

func (d *chatDecoder) close() {
	if d.done {
		return
	}
	d.done = true
	d.endThought()
	if d.phase == 2 {
		d.emit(&agent.MessageDone{Item: chatMessage})
	}
	for i, c := range d.calls {
		if c.id == "" {
			c.id = "call_" + rand.Text()
		}
		d.emit(&agent.ToolCall{Item: chatCalls + i, CallID: c.id, Name: c.name, Arguments: argumentText(string(c.args))})
	}
	f := &agent.Finish{ResponseID: d.id, Model: d.model, Usage: d.usage, Reason: agent.ReasonStop}
	switch {
	case d.reason == "length":
		f.Reason = agent.ReasonLength
	case d.reason == "content_filter":
		f.Reason = agent.ReasonContentFilter
	case len(d.calls) > 0:
		f.Reason = agent.ReasonToolCalls // some say "stop"
	case d.parts[1] > 0:
		f.Reason = agent.ReasonRefusal
	}
	d.emit(f)
}

func (d *chatDecoder) fail(err *agent.Error) {
	if d.done {
		return
	}
	d.done = true
	d.endThought()
	d.emit(&agent.Finish{Reason: agent.ReasonFailed, ResponseID: d.id, Model: d.model, Usage: d.usage, Err: err})
	if d.finished != nil {
		d.finished()
	}
}

func (d *chatDecoder) end(yield func(agent.Event, error) bool) {
	if d.done {
		return
	}
	if d.reason == "" {
		yield(nil, agent.ErrTruncated)
		return
	}
	d.events = d.events[:0]
	d.close()
	for _, e := range d.events {
		if !yield(e, nil) {
			return
		}
	}
}
