package chat

import (
	"strconv"
	"strings"

	"github.com/gochatkit/chatkit/cmd/chatkit/internal/terminal"
	chatkit "github.com/gochatkit/chatkit/core"
	"github.com/gochatkit/chatkit/core/client"
)

// maxTries limits how often a question is asked again.
const maxTries = 3

// askForm asks the questions of a structured input, one after the other. Where nobody types, all of it is
// skipped.
func (s *Session) askForm(it *chatkit.StructuredInputItem) (client.Answers, error) {
	answers := client.Answers{Values: map[string][]string{}}
	given := 0
	for _, q := range it.Inputs {
		values, err := s.ask(q)
		if err != nil {
			return answers, err
		}
		if len(values) > 0 {
			given++
		}
		answers.Values[q.Meta().ID] = values
	}
	if given == 0 {
		s.show.aside("the questions are skipped")
		return client.Answers{Skipped: true}, nil
	}
	return answers, nil
}

// ask asks one question and returns the values, none if it was skipped.
func (s *Session) ask(q chatkit.StructuredInput) ([]string, error) {
	screen := s.cfg.Screen
	screen.Say(terminal.Bold, "%s", q.Meta().Question)
	var options []chatkit.StructuredInputOption
	multiple := false
	switch q := q.(type) {
	case *chatkit.MultipleChoiceInput:
		options, multiple = q.Options, q.Multiple
		for i, o := range options {
			screen.Say(terminal.Plain, "  %d) %s", i+1, o.Value)
		}
		hint := "a number"
		if multiple {
			hint = "numbers, with commas between them"
		}
		screen.Say(terminal.Dim, "%s; nothing skips", hint)
	case *chatkit.FreeformInput:
		if q.Description != nil {
			screen.Say(terminal.Plain, "  %s", *q.Description)
		}
		screen.Say(terminal.Dim, "a line of text; nothing skips")
	default:
		screen.Say(terminal.Dim, "a question of a kind that is not known: skipped")
		return nil, nil
	}
	for range maxTries {
		line, ok, err := s.line()
		if err != nil {
			return nil, err
		}
		if !ok || strings.TrimSpace(line) == "" {
			return nil, nil
		}
		if options == nil {
			return []string{line}, nil
		}
		if values := choose(line, options, multiple); values != nil {
			return values, nil
		}
		screen.Say(terminal.Plain, "that is not one of them")
	}
	return nil, nil
}

// line waits for a line of the user. It reports whether there was one.
func (s *Session) line() (string, bool, error) {
	if s.cfg.Lines == nil {
		return "", false, nil
	}
	select {
	case line, ok := <-s.cfg.Lines():
		return line, ok, nil
	case <-s.cfg.Interrupts:
		return "", false, ErrLeft
	}
}

// choose reads numbers of options, or an option's own text. It returns nil for anything else.
func choose(line string, options []chatkit.StructuredInputOption, multiple bool) []string {
	var values []string
	for field := range strings.SplitSeq(line, ",") {
		field = strings.TrimSpace(field)
		value := ""
		if n, err := strconv.Atoi(field); err == nil && n >= 1 && n <= len(options) {
			value = options[n-1].Value
		}
		for _, o := range options {
			if strings.EqualFold(o.Value, field) {
				value = o.Value
			}
		}
		if value == "" {
			return nil
		}
		values = append(values, value)
	}
	if len(values) > 1 && !multiple {
		return nil
	}
	return values
}
