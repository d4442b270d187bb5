package oaiwire

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/gochatkit/chatkit/core/agent"
)

// responsesDecoder knows the Responses wire format.
type responsesDecoder struct {
	config
	items   items
	events  []agent.Event
	halves  map[half]rune
	calls   bool // the current response has function calls
	refused bool
	finish  bool         // the last response has ended
	told    *agent.Error // the last error event
}

// half names a text that may end in half a character.
type half struct {
	kind       string
	item, part int
}

func (d *responsesDecoder) out() []agent.Event { return d.events }

func (d *responsesDecoder) over() bool { return d.finish }

func (d *responsesDecoder) emit(e agent.Event) { d.events = append(d.events, e) }

func (d *responsesDecoder) end(yield func(agent.Event, error) bool) {
	if !d.finish {
		yield(nil, agent.ErrTruncated)
	}
}

func (d *responsesDecoder) feed(name, data []byte) error {
	d.events = d.events[:0]
	var s struct{ typ, id, delta []byte }
	var output, content, summary int
	indexed, plain := false, true
	ok := eachField(data, func(key, val []byte) bool {
		var good bool
		switch string(key) {
		case "type":
			s.typ = val
		case "item_id":
			s.id = val
		case "delta":
			s.delta = val
		case "output_index":
			output, good = smallInt(val)
			indexed = true
			plain = plain && good
		case "content_index":
			content, good = smallInt(val)
			plain = plain && good
		case "summary_index":
			summary, good = smallInt(val)
			plain = plain && good
		}
		return true
	})
	if !ok || !plain || s.delta == nil || s.typ == nil {
		return d.slow(name, data)
	}
	var index *int
	if indexed {
		index = &output
	}
	switch string(s.typ) {
	case `"response.output_text.delta"`:
		return d.text("message", s.id, index, content, s.delta, false, name, data)
	case `"response.refusal.delta"`:
		return d.text("message", s.id, index, content, s.delta, true, name, data)
	case `"response.reasoning_summary_text.delta"`:
		return d.text("reasoning", s.id, index, summary, s.delta, false, name, data)
	case `"response.reasoning_text.delta"`:
		return d.text("reasoning", s.id, index, content, s.delta, true, name, data)
	}
	return d.slow(name, data)
}

// text handles the four kinds of text deltas. flag is Refusal for a message, Raw for a thought.
func (d *responsesDecoder) text(kind string, id []byte, index *int, part int, val []byte, flag bool, name, data []byte) error {
	var n int
	if len(id) > 2 && id[0] == '"' {
		if known, ok := d.items.byID[string(id[1:len(id)-1])]; ok && d.items.kinds[known] == kind {
			n = known
		} else {
			s, _, ok := unquote(id, 0)
			if !ok {
				return d.slow(name, data)
			}
			n = d.items.find(kind, s, copyOf(index))
		}
	} else {
		n = d.items.find(kind, "", copyOf(index))
	}
	var first rune
	key := half{kind, n, part}
	if flag {
		key.kind += "!"
	}
	if len(d.halves) > 0 {
		if first = d.halves[key]; first != 0 {
			delete(d.halves, key)
		}
	}
	text, rest, ok := unquote(val, first)
	if !ok {
		return d.slow(name, data)
	}
	if rest != 0 {
		if d.halves == nil {
			d.halves = map[half]rune{}
		}
		d.halves[key] = rest
	}
	if text == "" && rest != 0 {
		return nil
	}
	if kind == "message" {
		d.refused = d.refused || flag
		d.emit(&agent.TextDelta{Item: n, Part: part, Text: text, Refusal: flag})
	} else {
		d.emit(&agent.ThoughtDelta{Item: n, Index: part, Text: text, Raw: flag})
	}
	return nil
}

// copyOf keeps the caller's index off the heap on the path where nobody stores it.
func copyOf(p *int) *int {
	if p == nil {
		return nil
	}
	n := *p
	return &n
}

func (d *responsesDecoder) slow(name, data []byte) error {
	if isDone(data) {
		// Not part of this API, but imitations send it. It ends a response that nothing else ended.
		if !d.finish {
			d.finished(&agent.Finish{Reason: d.reason()})
		}
		return nil
	}
	var e wireEvent
	if err := json.Unmarshal(data, &e); err != nil {
		var typ *json.UnmarshalTypeError
		if errors.As(err, &typ) {
			d.emit(&agent.Unknown{Type: "malformed " + e.Type})
			return nil
		}
		return fmt.Errorf("decode model event: %w", err)
	}
	if e.Type == "" {
		e.Type = string(name)
	}
	switch e.Type {
	case "response.created":
		if d.finish {
			d.items.reset()
		}
		d.finish, d.calls, d.refused, d.told = false, false, false, nil
	case "response.in_progress", "response.queued":
	case "response.output_item.added":
		return d.added(&e)
	case "response.output_item.done":
		return d.done(&e)
	case "response.content_part.added":
		if e.Part == nil || e.Part.Type == "reasoning_text" || e.Part.Type == "summary_text" {
			return nil
		}
		c, ok := content(e.Part)
		if !ok {
			d.emit(&agent.Unknown{Type: "part " + e.Part.Type})
			return nil
		}
		d.emit(&agent.PartStart{Item: d.message(&e), Part: e.ContentIndex, Content: c})
	case "response.output_text.delta":
		d.emit(&agent.TextDelta{Item: d.message(&e), Part: e.ContentIndex, Text: e.Delta})
	case "response.output_text.done":
		d.emit(&agent.PartDone{Item: d.message(&e), Part: e.ContentIndex, Text: e.Text})
	case "response.refusal.delta":
		d.refused = true
		d.emit(&agent.TextDelta{Item: d.message(&e), Part: e.ContentIndex, Text: e.Delta, Refusal: true})
	case "response.refusal.done":
		d.refused = true
		d.emit(&agent.PartDone{Item: d.message(&e), Part: e.ContentIndex, Text: e.Refusal, Refusal: true})
	case "response.output_text.annotation.added":
		if e.Annotation != nil {
			d.emit(&agent.AnnotationAdded{Item: d.message(&e), Part: e.ContentIndex, Citation: e.Annotation.citation()})
		}
	case "response.reasoning_summary_text.delta":
		d.emit(&agent.ThoughtDelta{Item: d.items.find("reasoning", e.ItemID, e.OutputIndex), Index: e.SummaryIndex, Text: e.Delta})
	case "response.reasoning_summary_text.done":
		d.emit(&agent.ThoughtDone{Item: d.items.find("reasoning", e.ItemID, e.OutputIndex), Index: e.SummaryIndex, Text: e.Text})
	case "response.reasoning_text.delta":
		d.emit(&agent.ThoughtDelta{Item: d.items.find("reasoning", e.ItemID, e.OutputIndex), Index: e.ContentIndex, Text: e.Delta, Raw: true})
	case "response.reasoning_text.done":
		d.emit(&agent.ThoughtDone{Item: d.items.find("reasoning", e.ItemID, e.OutputIndex), Index: e.ContentIndex, Text: e.Text, Raw: true})
	case "response.image_generation_call.partial_image":
		n := d.items.find("image_generation_call", e.ItemID, e.OutputIndex)
		d.emit(&agent.ImagePartial{Item: n, ID: d.id(e.ItemID), Index: e.ImageIndex, Base64: e.ImageB64, Format: e.Format})
	case "response.completed", "response.incomplete", "response.failed", "response.cancelled":
		d.ended(&e)
	case "error":
		d.fail(parseError(data), "")
	default:
		return d.rest(&e, data)
	}
	return nil
}

// rest handles what has no name of its own: the progress of hosted tools, and the unknown.
func (d *responsesDecoder) rest(e *wireEvent, data []byte) error {
	kind, status, _ := strings.Cut(strings.TrimPrefix(e.Type, "response."), ".")
	switch {
	case e.Type == "":
		if err := parseError(data); err != nil {
			d.fail(err, "")
			return nil
		}
	case kind == "content_part", kind == "reasoning_summary_part", kind == "function_call_arguments",
		kind == "custom_tool_call_input", kind == "image_generation_call", kind == "audio", kind == "compaction",
		strings.HasPrefix(kind, "code_interpreter_call_"), strings.HasPrefix(kind, "mcp_call_"),
		strings.HasPrefix(kind, "shell_call_"), strings.HasPrefix(kind, "audio"):
		return nil // the finished item says it again, in one piece
	case hosted[kind]:
		n := d.items.find(kind, e.ItemID, e.OutputIndex)
		d.emit(&agent.HostedTool{Item: n, ID: d.id(e.ItemID), Kind: kind, Status: status})
		return nil
	}
	d.emit(&agent.Unknown{Type: e.Type})
	return nil
}

// hosted are the item types of tools that the provider runs.
var hosted = map[string]bool{
	"web_search_call": true, "file_search_call": true, "code_interpreter_call": true, "computer_call": true,
	"computer_call_output": true, "mcp_call": true, "mcp_list_tools": true, "mcp_approval_request": true,
	"local_shell_call": true, "local_shell_call_output": true, "shell_call": true, "shell_call_output": true,
	"apply_patch_call": true, "apply_patch_call_output": true, "program": true, "program_output": true,
	"tool_search_call": true, "tool_search_output": true,
}

func (d *responsesDecoder) message(e *wireEvent) int {
	return d.items.find("message", e.ItemID, e.OutputIndex)
}

func (d *responsesDecoder) id(id string) string {
	if d.keepIDs {
		return id
	}
	return ""
}
