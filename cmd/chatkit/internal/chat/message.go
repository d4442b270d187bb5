package chat

import (
	"strings"

	chatkit "github.com/gochatkit/chatkit/core"
)

// maxParts limits the parts of a message; their numbers come from the server.
const maxParts = 1000

// message shows what is new in a message.
func (r *render) message(id string, content []chatkit.AssistantMessageContent) error {
	for i, c := range content {
		if err := r.part(id, i, c.Text); err != nil {
			return err
		}
	}
	return nil
}

// part shows what a part says beyond what is on the screen.
func (r *render) part(id string, index int, text string) error {
	var before string
	if parts := r.shown[id]; index >= 0 && index < len(parts) {
		before = parts[index].text.String()
	}
	if rest, ok := strings.CutPrefix(text, before); ok {
		return r.delta(id, index, rest)
	}
	r.aside("the text has changed:")
	r.shown[id][index].text.Reset()
	return r.delta(id, index, text)
}

// delta adds text to a part.
func (r *render) delta(id string, index int, text string) error {
	if index < 0 || index >= maxParts || text == "" {
		return nil
	}
	parts, known := r.shown[id]
	separate := r.began && (!known || index >= len(parts))
	for len(parts) <= index {
		parts = append(parts, part{})
	}
	r.shown[id] = parts
	if separate {
		if err := r.screen.EndLine(); err != nil {
			return err
		}
		if err := r.screen.Write("\n"); err != nil {
			return err
		}
	}
	r.began = true
	parts[index].text.WriteString(text)
	return r.screen.Write(text)
}

// sources lists what a message cites, each once.
func (r *render) sources(content []chatkit.AssistantMessageContent) {
	seen := map[string]bool{}
	for _, c := range content {
		for _, a := range c.Annotations {
			line := sourceLine(a.Source)
			if line == "" || seen[line] {
				continue
			}
			seen[line] = true
			r.aside("[%d] %s", len(seen), cut(line, 300))
		}
	}
}

func sourceLine(s chatkit.Source) string {
	switch s := s.(type) {
	case *chatkit.URLSource:
		return strings.TrimSpace(s.Title + " " + s.URL)
	case *chatkit.FileSource:
		return strings.TrimSpace(s.Title + " " + s.Filename)
	case *chatkit.EntitySource:
		return s.Title
	default:
		return ""
	}
}
