package vectortest

import (
	"context"
	"encoding/json"
)

type convertVector struct {
	Items  []json.RawMessage `json:"items"`
	Expect struct {
		Input  []json.RawMessage `json:"input"`
		Raised string            `json:"raised"`
	} `json:"expect"`
}

// Convert turns the items of the vectors in the folder dir/convert into model input.
func Convert(_ context.Context, dir string) ([]*Outcome, error) {
	_, names, err := load[*convertVector](dir, "convert")
	if err != nil {
		return nil, err
	}
	var outcomes []*Outcome
	for _, name := range names {
		o := &Outcome{Kind: "convert", Name: name}
		o.problem("there is no converter yet")
		outcomes = append(outcomes, o)
	}
	return outcomes, nil
}
