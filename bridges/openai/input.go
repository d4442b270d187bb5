package openaichatkit

import (
	"encoding/json"
	"fmt"

	"github.com/openai/openai-go/v3/packages/param"
	"github.com/openai/openai-go/v3/responses"
)

// Input makes the input of a request of what a converter of package agent returns, or of items that an earlier
// response ended with. Each item is sent word for word: reasoning, phases and members that the SDK does not
// know yet survive.
func Input(items []json.RawMessage) responses.ResponseNewParamsInputUnion {
	list := make(responses.ResponseInputParam, 0, len(items))
	for _, raw := range items {
		list = append(list, Item(raw))
	}
	return responses.ResponseNewParamsInputUnion{OfInputItemList: list}
}

// Item makes one input item of its JSON, word for word.
func Item(raw json.RawMessage) responses.ResponseInputItemUnionParam {
	return param.Override[responses.ResponseInputItemUnionParam](raw)
}

// Part makes the content part that a hook of a converter of package agent returns of the SDK's own type.
//
//	return openaichatkit.Part(responses.ResponseInputContentUnionParam{
//		OfInputFile: &responses.ResponseInputFileParam{FileID: param.NewOpt(id)},
//	})
func Part(p responses.ResponseInputContentUnionParam) (json.RawMessage, error) {
	return encode(p)
}

// Items makes the input items that a hook of a converter of package agent returns of the SDK's own type.
func Items(items ...responses.ResponseInputItemUnionParam) ([]json.RawMessage, error) {
	out := make([]json.RawMessage, 0, len(items))
	for _, it := range items {
		raw, err := encode(it)
		if err != nil {
			return nil, err
		}
		out = append(out, raw)
	}
	return out, nil
}

func encode(v any) (json.RawMessage, error) {
	raw, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("encode %T: %w", v, err)
	}
	return raw, nil
}
