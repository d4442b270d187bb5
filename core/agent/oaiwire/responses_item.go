package oaiwire

import (
	"encoding/json"

	"github.com/gochatkit/chatkit/core/agent"
)

func (d *responsesDecoder) item(e *wireEvent) (wireItem, bool) {
	var it wireItem
	if err := json.Unmarshal(e.Item, &it); err != nil || it.Type == "" {
		d.emit(&agent.Unknown{Type: "malformed item " + it.Type})
		return it, false
	}
	return it, true
}

func (d *responsesDecoder) added(e *wireEvent) error {
	it, ok := d.item(e)
	if !ok {
		return nil
	}
	n := d.items.add(it.Type, it.ID, e.OutputIndex)
	switch it.Type {
	case "message":
		d.emit(&agent.MessageStart{Item: n, ID: d.id(it.ID), Phase: it.Phase, Content: d.contents(it.Content)})
	case "reasoning":
		d.emit(&agent.ReasoningStart{Item: n, ID: d.id(it.ID)})
	case "image_generation_call":
		d.emit(&agent.ImageStart{Item: n, ID: d.id(it.ID)})
	case "function_call", "custom_tool_call", "compaction":
	default:
		d.tool(n, &it, e.Item, "in_progress")
	}
	return nil
}

func (d *responsesDecoder) done(e *wireEvent) error {
	it, ok := d.item(e)
	if !ok {
		return nil
	}
	n := d.items.find(it.Type, it.ID, e.OutputIndex)
	d.items.done[n] = true
	switch it.Type {
	case "message":
		d.emit(&agent.MessageDone{Item: n, ID: d.id(it.ID), Phase: it.Phase, Content: d.contents(it.Content)})
	case "reasoning", "compaction":
	case "image_generation_call":
		d.emit(&agent.ImageDone{Item: n, ID: d.id(it.ID), Base64: it.Result, Format: it.Format})
	case "function_call":
		d.calls = true
		d.emit(&agent.ToolCall{Item: n, ID: d.id(it.ID), CallID: it.CallID, Name: it.Name, Arguments: argumentText(it.Arguments)})
	case "custom_tool_call":
		d.calls = true
		d.emit(&agent.ToolCall{Item: n, ID: d.id(it.ID), CallID: it.CallID, Name: it.Name, Arguments: it.Input, Custom: true})
	default:
		d.tool(n, &it, e.Item, "completed")
	}
	d.emit(&agent.OutputItem{Item: n, Raw: append(json.RawMessage(nil), e.Item...)})
	return nil
}

func (d *responsesDecoder) tool(n int, it *wireItem, raw json.RawMessage, status string) {
	if !hosted[it.Type] {
		d.emit(&agent.Unknown{Type: "item " + it.Type})
		return
	}
	if it.Status != "" {
		status = it.Status
	}
	d.emit(&agent.HostedTool{Item: n, ID: d.id(it.ID), Kind: it.Type, Status: status, Raw: append(json.RawMessage(nil), raw...)})
}

// contents never returns nil: an empty message is still the upstream's word.
func (d *responsesDecoder) contents(parts []wirePart) []agent.Content {
	out := make([]agent.Content, 0, len(parts))
	for i := range parts {
		c, ok := content(&parts[i])
		if !ok {
			d.emit(&agent.Unknown{Type: "part " + parts[i].Type})
			continue
		}
		d.refused = d.refused || c.Refusal
		out = append(out, c)
	}
	return out
}

func content(p *wirePart) (agent.Content, bool) {
	switch p.Type {
	case "output_text", "text":
		c := agent.Content{Text: p.Text}
		for i := range p.Annotations {
			c.Citations = append(c.Citations, p.Annotations[i].citation())
		}
		return c, true
	case "refusal":
		return agent.Content{Text: p.Refusal, Refusal: true}, true
	}
	return agent.Content{}, false
}

func (d *responsesDecoder) reason() agent.Reason {
	switch {
	case d.calls:
		return agent.ReasonToolCalls
	case d.refused:
		return agent.ReasonRefusal
	}
	return agent.ReasonStop
}

func (d *responsesDecoder) ended(e *wireEvent) {
	r := e.Response
	if r == nil {
		r = &wireResponse{}
	}
	f := &agent.Finish{Reason: d.reason(), ResponseID: r.ID, Model: r.Model, Usage: r.Usage.usage()}
	switch e.Type {
	case "response.incomplete":
		f.Reason = agent.ReasonLength
		if r.Incomplete != nil && r.Incomplete.Reason == "content_filter" {
			f.Reason = agent.ReasonContentFilter
		}
	case "response.cancelled":
		f.Reason = agent.ReasonCancelled
	case "response.failed":
		f.Reason = agent.ReasonFailed
		err := parseError(r.Error)
		if err == nil {
			err = &agent.Error{Message: "response failed"}
		}
		if d.told != nil && err.Type == "" && err.Code == d.told.Code {
			err = d.told // the error event before it says more
		}
		f.Err = err
	}
	d.finished(f)
}

func (d *responsesDecoder) fail(err *agent.Error, id string) {
	if err == nil {
		err = &agent.Error{Message: "error without a text"}
	}
	d.told = err
	d.finished(&agent.Finish{Reason: agent.ReasonFailed, ResponseID: id, Err: err})
}

func (d *responsesDecoder) finished(f *agent.Finish) {
	d.finish = true
	d.emit(f)
	if d.config.finished != nil {
		d.config.finished()
	}
}
