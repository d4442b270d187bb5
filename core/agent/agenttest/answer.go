package agenttest

import (
	"encoding/json"
	"fmt"
	"strings"
	"unicode"

	"github.com/gochatkit/chatkit/core/agent"
)

// An Answer is what a fake model says, in no particular wire format.
type Answer struct {
	Thoughts []string         // summaries on Responses, chain of thought on Chat Completions
	Text     string           // streamed word by word
	Refusal  string           // instead of Text
	Image    string           // base64 of a generated image; Responses only
	Calls    []agent.ToolCall // function calls; ids are made up where they are empty
	Cite     []agent.Citation // url citations of Text; Responses only
	Cut      agent.Reason     // ReasonLength or ReasonContentFilter: the answer ends early
	Usage    agent.Usage
	ID       string // response id; made up if empty
}

// Words splits text after each run of spaces, as tokens come.
func Words(text string) []string {
	var out []string
	start, space := 0, false
	for i, r := range text {
		if space && !unicode.IsSpace(r) {
			out = append(out, text[start:i])
			start = i
		}
		space = unicode.IsSpace(r)
	}
	if start < len(text) {
		out = append(out, text[start:])
	}
	return out
}

type object = map[string]any

func encode(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(fmt.Sprintf("encode fake event: %v", err))
	}
	return string(b)
}

// Responses returns the answer as events of the Responses API. n makes its ids differ from those of other
// answers.
func (a Answer) Responses(n int) []string {
	id := a.ID
	if id == "" {
		id = fmt.Sprintf("resp_%d", n)
	}
	w := &responsesWriter{n: n}
	w.add(object{"type": "response.created", "response": object{"id": id, "status": "in_progress"}})
	if len(a.Thoughts) > 0 {
		w.thoughts(a.Thoughts)
	}
	if a.Image != "" {
		item := w.item("image_generation_call", "ig", object{"status": "in_progress", "result": nil})
		w.add(object{
			"type": "response.image_generation_call.partial_image", "item_id": item, "output_index": w.index,
			"partial_image_index": 0, "partial_image_b64": a.Image,
		})
		w.done(object{"status": "completed", "result": a.Image})
	}
	if a.Text != "" || a.Refusal != "" {
		w.message(a)
	}
	for i, c := range a.Calls {
		w.call(i, c)
	}
	end := object{"id": id, "model": "fake", "status": "completed", "usage": object{
		"input_tokens": a.Usage.InputTokens, "output_tokens": a.Usage.OutputTokens,
		"input_tokens_details":  object{"cached_tokens": a.Usage.CachedTokens},
		"output_tokens_details": object{"reasoning_tokens": a.Usage.ReasoningTokens},
	}}
	typ := "response.completed"
	if a.Cut != "" {
		typ = "response.incomplete"
		reason := "max_output_tokens"
		if a.Cut == agent.ReasonContentFilter {
			reason = "content_filter"
		}
		end["status"], end["incomplete_details"] = "incomplete", object{"reason": reason}
	}
	w.add(object{"type": typ, "response": end})
	return w.out
}

type responsesWriter struct {
	n, seq, index int
	open          object
	out           []string
}

func (w *responsesWriter) add(e object) {
	e["sequence_number"] = w.seq
	w.seq++
	w.out = append(w.out, encode(e))
}

func (w *responsesWriter) item(typ, prefix string, more object) string {
	id := fmt.Sprintf("%s_%d_%d", prefix, w.n, w.index)
	w.open = object{"type": typ, "id": id}
	for k, v := range more {
		w.open[k] = v
	}
	w.add(object{"type": "response.output_item.added", "output_index": w.index, "item": w.open})
	return id
}

func (w *responsesWriter) done(more object) {
	for k, v := range more {
		w.open[k] = v
	}
	w.add(object{"type": "response.output_item.done", "output_index": w.index, "item": w.open})
	w.index++
}

func (w *responsesWriter) thoughts(thoughts []string) {
	item := w.item("reasoning", "rs", object{"summary": []any{}})
	var summary []object
	for i, text := range thoughts {
		for _, word := range Words(text) {
			w.add(object{"type": "response.reasoning_summary_text.delta", "item_id": item, "output_index": w.index, "summary_index": i, "delta": word})
		}
		w.add(object{"type": "response.reasoning_summary_text.done", "item_id": item, "output_index": w.index, "summary_index": i, "text": text})
		summary = append(summary, object{"type": "summary_text", "text": text})
	}
	w.done(object{"summary": summary})
}

func (w *responsesWriter) message(a Answer) {
	item := w.item("message", "msg", object{"role": "assistant", "status": "in_progress", "content": []any{}})
	kind, member, text := "output_text", "text", a.Text
	if a.Refusal != "" {
		kind, member, text = "refusal", "refusal", a.Refusal
	}
	part := func(text string) object {
		p := object{"type": kind, member: text}
		if kind == "output_text" {
			p["annotations"] = []any{}
		}
		return p
	}
	at := object{"item_id": item, "output_index": w.index, "content_index": 0}
	event := func(typ string, more object) {
		e := object{"type": typ}
		for _, m := range []object{at, more} {
			for k, v := range m {
				e[k] = v
			}
		}
		w.add(e)
	}
	event("response.content_part.added", object{"part": part("")})
	for _, word := range Words(text) {
		event("response."+kind+".delta", object{"delta": word})
	}
	cites := []object{}
	for i, c := range a.Cite {
		cites = append(cites, object{"type": "url_citation", "url": c.URL, "title": c.Title, "start_index": c.Start, "end_index": c.End})
		event("response.output_text.annotation.added", object{"annotation_index": i, "annotation": cites[i]})
	}
	event("response."+kind+".done", object{member: text})
	full := part(text)
	if kind == "output_text" {
		full["annotations"] = cites
	}
	event("response.content_part.done", object{"part": full})
	w.done(object{"status": "completed", "content": []object{full}})
}

func (w *responsesWriter) call(i int, c agent.ToolCall) {
	if c.CallID == "" {
		c.CallID = fmt.Sprintf("call_%d_%d", w.n, i)
	}
	item := w.item("function_call", "fc", object{"call_id": c.CallID, "name": c.Name, "arguments": "", "status": "in_progress"})
	w.add(object{"type": "response.function_call_arguments.delta", "item_id": item, "output_index": w.index, "delta": c.Arguments})
	w.add(object{"type": "response.function_call_arguments.done", "item_id": item, "output_index": w.index, "arguments": c.Arguments})
	w.done(object{"arguments": c.Arguments, "status": "completed"})
}

// Chat returns the answer as chunks of Chat Completions, without the final [DONE].
func (a Answer) Chat(n int) []string {
	id := a.ID
	if id == "" {
		id = fmt.Sprintf("chatcmpl-%d", n)
	}
	var out []string
	chunk := func(delta object, reason any) {
		out = append(out, encode(object{
			"id": id, "object": "chat.completion.chunk", "model": "fake",
			"choices": []object{{"index": 0, "delta": delta, "finish_reason": reason}},
		}))
	}
	chunk(object{"role": "assistant", "content": ""}, nil)
	for _, word := range Words(strings.Join(a.Thoughts, "\n\n")) {
		chunk(object{"reasoning_content": word}, nil)
	}
	for _, word := range Words(a.Text) {
		chunk(object{"content": word}, nil)
	}
	for _, word := range Words(a.Refusal) {
		chunk(object{"refusal": word}, nil)
	}
	reason := "stop"
	for i, c := range a.Calls {
		if c.CallID == "" {
			c.CallID = fmt.Sprintf("call_%d_%d", n, i)
		}
		chunk(object{"tool_calls": []object{{"index": i, "id": c.CallID, "type": "function", "function": object{"name": c.Name, "arguments": ""}}}}, nil)
		chunk(object{"tool_calls": []object{{"index": i, "function": object{"arguments": c.Arguments}}}}, nil)
		reason = "tool_calls"
	}
	if a.Cut != "" {
		reason = string(a.Cut)
	}
	chunk(object{}, reason)
	out = append(out, encode(object{"id": id, "object": "chat.completion.chunk", "model": "fake", "choices": []any{}, "usage": object{
		"prompt_tokens": a.Usage.InputTokens, "completion_tokens": a.Usage.OutputTokens,
		"prompt_tokens_details":     object{"cached_tokens": a.Usage.CachedTokens},
		"completion_tokens_details": object{"reasoning_tokens": a.Usage.ReasoningTokens},
	}}))
	return out
}
