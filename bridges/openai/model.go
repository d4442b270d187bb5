package openaichatkit

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"

	"github.com/openai/openai-go/v3/packages/param"
	"github.com/openai/openai-go/v3/responses"

	"github.com/gochatkit/chatkit/core/agent"
	"github.com/gochatkit/chatkit/core/agent/oaiwire"
)

// Model is the model of an agent of package agent. The provider keeps nothing: the whole conversation is
// sent in every turn, with encrypted reasoning. name is used if the agent's settings name no model.
func (s Source) Model(name string) agent.Model {
	return agent.ModelFunc(func(ctx context.Context, r *agent.Request) iter.Seq2[agent.Event, error] {
		params, err := Params(r, name)
		if err != nil {
			return func(yield func(agent.Event, error) bool) { yield(nil, err) }
		}
		return s.Stream(ctx, params)
	})
}

// Params makes the parameters of a request of an agent's. Change what you like before you send them; members
// may be read only from the JSON they encode to.
func Params(r *agent.Request, model string) (responses.ResponseNewParams, error) {
	raw, err := json.Marshal(oaiwire.ResponsesRequest(r, model, true))
	if err != nil {
		return responses.ResponseNewParams{}, fmt.Errorf("encode request: %w", err)
	}
	return param.Override[responses.ResponseNewParams](json.RawMessage(raw)), nil
}
