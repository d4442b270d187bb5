package vectortest

import (
	"encoding/json"

	"github.com/gochatkit/chatkit/core/widget"
)

type widgetVector struct {
	Before json.RawMessage `json:"before"`
	After  json.RawMessage `json:"after"`
	Expect struct {
		Updates []json.RawMessage `json:"updates"`
		Raised  string            `json:"raised"`
	} `json:"expect"`
}

// WidgetDiff compares the widgets of the vectors in the folder dir/widget_diff.
func WidgetDiff(dir string) ([]*Outcome, error) {
	vectors, names, err := load[*widgetVector](dir, "widget_diff")
	if err != nil {
		return nil, err
	}
	var outcomes []*Outcome
	for _, name := range names {
		o := &Outcome{Kind: "widget_diff", Name: name}
		if err := vectors[name].play(o); err != nil {
			o.problem("%v", err)
		}
		outcomes = append(outcomes, o)
	}
	return outcomes, nil
}

func (v *widgetVector) play(o *Outcome) error {
	updates, err := widget.Diff(v.Before, v.After)
	want, parseErr := parseAll(v.Expect.Updates)
	if parseErr != nil {
		return parseErr
	}
	if v.Expect.Raised != "" {
		// The reference cannot compare components that gained or lost a member. Sending
		// the whole widget is right for every change; refusing what is no widget is too.
		if err != nil {
			return nil
		}
		o.Applied = append(o.Applied, "a change that the reference cannot express sends the whole widget")
		after, err := parse(v.After)
		if err != nil {
			return err
		}
		want = []any{map[string]any{"type": "widget.root.updated", "widget": withoutNulls(after)}}
	} else if err != nil {
		return err
	}
	got := []any{}
	for _, u := range updates {
		w, err := updateValue(u)
		if err != nil {
			return err
		}
		got = append(got, w)
	}
	c := comparer{}
	c.compare("updates", got, want)
	o.Problems = append(o.Problems, c.problems...)
	return nil
}

// updateValue is an update as it goes over the wire.
func updateValue(u widget.Update) (any, error) {
	switch u := u.(type) {
	case *widget.TextDelta:
		return map[string]any{
			"type": "widget.streaming_text.value_delta", "component_id": u.ComponentID, "delta": u.Delta, "done": u.Done,
		}, nil
	case *widget.RootUpdated:
		root, err := parse(widget.StripNulls(nil, u.Widget))
		return map[string]any{"type": "widget.root.updated", "widget": root}, err
	}
	return nil, nil
}
