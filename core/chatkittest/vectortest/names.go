package vectortest

import (
	"bytes"
	"encoding/json"
	"regexp"
	"strings"
)

// names translates between the ids that the recording made and those that a server makes. It learns them from
// the places where they stand. A nil names translates nothing.
type names struct {
	recorded map[string]string // by the server's
	made     map[string]string // by the recording's
}

func newNames() *names {
	return &names{recorded: map[string]string{}, made: map[string]string{}}
}

// counted matches the ids that the recording made.
var counted = regexp.MustCompile(`^[a-z]+_gen[0-9]{4}$`)

var countedItem = regexp.MustCompile(`"(?:msg|tc|wf|tsk|shcx)_gen[0-9]{4}"`)

// match learns what stands in got where an id is wanted, and returns got with the recording's ids.
func (n *names) match(got, want any) any {
	if n == nil {
		return got
	}
	n.learn(got, want)
	return n.rename(got)
}

func (n *names) learn(got, want any) {
	switch want := want.(type) {
	case map[string]any:
		g, ok := got.(map[string]any)
		if !ok {
			return
		}
		for key, v := range want {
			m, there := g[key]
			if made, known := n.made[key]; known && !there {
				m = g[made]
			}
			n.learn(m, v)
		}
	case []any:
		g, ok := got.([]any)
		if !ok {
			return
		}
		for i := range min(len(g), len(want)) {
			n.learn(g[i], want[i])
		}
	case string:
		g, ok := got.(string)
		if !ok || g == "" || !counted.MatchString(want) {
			return
		}
		_, known := n.recorded[g]
		_, given := n.made[want]
		if !known && !given {
			n.recorded[g], n.made[want] = want, g
		}
	}
}

// unknown reports whether a document names an item of the recording for which the server's own id is not known
// yet. A thread's id in a script is data that passes through.
func (n *names) unknown(doc []byte) bool {
	for _, id := range countedItem.FindAll(doc, -1) {
		if _, known := n.made[strings.Trim(string(id), `"`)]; !known {
			return true
		}
	}
	return false
}

// same reports whether the server makes the ids that the recording made.
func (n *names) same() bool {
	for recorded, made := range n.made {
		if recorded != made {
			return false
		}
	}
	return true
}

// rename returns v with the recording's ids in place of the server's.
func (n *names) rename(v any) any {
	if n == nil {
		return v
	}
	switch v := v.(type) {
	case map[string]any:
		c := make(map[string]any, len(v))
		for key, m := range v {
			if recorded, ok := n.recorded[key]; ok {
				key = recorded
			}
			c[key] = n.rename(m)
		}
		return c
	case []any:
		c := make([]any, len(v))
		for i, m := range v {
			c[i] = n.rename(m)
		}
		return c
	case string:
		if recorded, ok := n.recorded[v]; ok {
			return recorded
		}
	}
	return v
}

// send returns a document with the server's ids in place of the recording's. The document may be no JSON.
func (n *names) send(doc []byte) []byte {
	if n == nil || len(n.made) == 0 || !bytes.Contains(doc, []byte("_gen")) {
		return doc
	}
	var pairs []string
	for recorded, made := range n.made {
		quoted, err := json.Marshal(made)
		if err != nil {
			continue // a string always has a form in JSON
		}
		pairs = append(pairs, `"`+recorded+`"`, string(quoted))
	}
	return []byte(strings.NewReplacer(pairs...).Replace(string(doc)))
}
