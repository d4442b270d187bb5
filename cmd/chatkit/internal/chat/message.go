package chat

import (
	"fmt"
	"strings"

	chatkit "github.com/gochatkit/chatkit/core"
)

// maxParts limits the parts of all messages in one answer: what is kept of each is more than the server has to send.
const maxParts = 10_000

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
	if on := r.shown[id][index]; on != nil {
		before = on.String()
	}
	if rest, ok := strings.CutPrefix(text, before); ok {
		return r.delta(id, index, rest)
	}
	r.aside("the text has changed:")
	r.shown[id][index].Reset()
	return r.delta(id, index, text)
}

// delta adds text to a part.
func (r *render) delta(id string, index int, text string) error {
	if text == "" {
		return nil
	}
	on := r.shown[id][index]
	if on == nil {
		if r.parts++; r.parts > maxParts {
			return fmt.Errorf("the answer has more than %d parts", maxParts)
		}
		if r.shown[id] == nil {
			r.shown[id] = map[int]*strings.Builder{}
		}
		on = new(strings.Builder)
		r.shown[id][index] = on
		if err := r.separate(); err != nil {
			return err
		}
	}
	r.began = true
	on.WriteString(text)
	return r.screen.Write(text)
}

// separate puts an empty line between what is on the screen and what begins.
func (r *render) separate() error {
	if !r.began {
		return nil
	}
	if err := r.screen.EndLine(); err != nil {
		return err
	}
	return r.screen.Write("\n")
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
