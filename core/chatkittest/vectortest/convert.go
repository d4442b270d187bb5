package vectortest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	chatkit "github.com/gochatkit/chatkit/core"
	"github.com/gochatkit/chatkit/core/agent"
)

type convertVector struct {
	Items  []json.RawMessage `json:"items"`
	Expect struct {
		Input  []json.RawMessage `json:"input"`
		Raised string            `json:"raised"`
	} `json:"expect"`
}

// Convert turns the items of the vectors in the folder dir/convert into model input.
func Convert(ctx context.Context, dir string) ([]*Outcome, error) {
	vectors, names, err := load[*convertVector](dir, "convert")
	if err != nil {
		return nil, err
	}
	var outcomes []*Outcome
	for _, name := range names {
		o := &Outcome{Kind: "convert", Name: name}
		if err := vectors[name].play(ctx, o); err != nil {
			o.problem("%v", err)
		}
		outcomes = append(outcomes, o)
	}
	return outcomes, nil
}

func (v *convertVector) play(ctx context.Context, o *Outcome) error {
	var items []chatkit.Item
	for _, raw := range v.Items {
		it, err := chatkit.UnmarshalItem(raw)
		if err != nil {
			return fmt.Errorf("item of the vector: %w", err)
		}
		items = append(items, it)
	}
	c := agent.Converter{Parity: true}
	input, err := c.Convert(ctx, items)
	switch v.Expect.Raised {
	case "":
		if err != nil {
			return err
		}
	case "not_implemented":
		if !errors.Is(err, agent.ErrNoHook) {
			o.problem("converted with the error %v, want one that says that a hook is missing", err)
		}
		return nil
	default:
		if err == nil {
			o.problem("converted without an error, want one (%s)", v.Expect.Raised)
		}
		return nil
	}
	got, err := parseAll(input)
	if err != nil {
		return err
	}
	want, err := parseAll(v.Expect.Input)
	if err != nil {
		return err
	}
	cmp := comparer{}
	cmp.compare("input", got, want)
	o.Problems = append(o.Problems, cmp.problems...)
	return nil
}
