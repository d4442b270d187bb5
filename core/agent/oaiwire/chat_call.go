package oaiwire

import (
	"encoding/json"

	"github.com/gochatkit/chatkit/core/agent"
)

// chatCall is a function call whose pieces are being gathered.
type chatCall struct {
	index int
	id    string
	name  string
	args  []byte
}

// call gathers the pieces of function calls. Neither index nor id can be relied on: either may be
// missing, late, or the same for every call.
func (d *chatDecoder) call(raw []byte) {
	var c struct {
		Index    *int   `json:"index"`
		ID       string `json:"id"`
		Function struct {
			Name      string          `json:"name"`
			Arguments json.RawMessage `json:"arguments"`
		} `json:"function"`
	}
	if json.Unmarshal(raw, &c) != nil {
		d.emit(&agent.Unknown{Type: "malformed tool call"})
		return
	}
	d.endThought()
	args := []byte(c.Function.Arguments)
	if len(args) > 0 && args[0] == '"' {
		var s string
		_ = json.Unmarshal(args, &s)
		args = []byte(s)
	} else if !set(args) {
		args = nil
	}
	cur := d.current(c.Index, c.ID)
	if cur != nil && d.begins(cur, c.ID, c.Function.Name, args) {
		cur = nil
	}
	if cur == nil {
		index := len(d.calls)
		if c.Index != nil {
			index = *c.Index
		}
		d.calls = append(d.calls, chatCall{index: index})
		cur = &d.calls[len(d.calls)-1]
	}
	if cur.id == "" {
		cur.id = c.ID
	}
	if cur.name == "" {
		cur.name = c.Function.Name
	}
	cur.args = append(cur.args, args...)
}

// current returns the latest call that a piece may belong to.
func (d *chatDecoder) current(index *int, id string) *chatCall {
	for i := len(d.calls) - 1; i >= 0; i-- {
		c := &d.calls[i]
		switch {
		case id != "" && c.id == id:
			return c
		case index != nil && c.index == *index:
			return c
		case index == nil && id == "":
			return c
		}
	}
	return nil
}

// begins reports whether a piece starts a new call although its index says otherwise.
func (d *chatDecoder) begins(c *chatCall, id, name string, args []byte) bool {
	if id != "" && c.id != "" {
		return id != c.id
	}
	return name != "" && c.name != "" && len(c.args) > 0 && json.Valid(c.args) && len(args) > 0 && args[0] == '{'
}
