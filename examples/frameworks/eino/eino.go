// Package einochatkit feeds what a model or a graph of Eino's streams into a chat:
//
//	stream, err := chatModel.Stream(ctx, messages)
//	if err != nil {
//		return err
//	}
//	return agent.Stream(ctx, t, einochatkit.Events(stream))
package einochatkit

import (
	"errors"
	"io"
	"iter"

	"github.com/cloudwego/eino/schema"

	"github.com/gochatkit/chatkit/core/agent"
)

// Items of a response: its thoughts and its text.
const (
	thoughts = iota
	text
)

// Events turns a stream of messages into ours, and closes it in the end. Messages of tools, which a graph
// sends too, are not shown.
func Events(stream *schema.StreamReader[*schema.Message]) iter.Seq2[agent.Event, error] {
	return func(yield func(agent.Event, error) bool) {
		defer stream.Close() // a reader that is left open holds up its producer
		reason := agent.ReasonStop
		for {
			m, err := stream.Recv()
			if errors.Is(err, io.EOF) {
				yield(&agent.Finish{Reason: reason}, nil)
				return
			}
			if err != nil {
				yield(nil, err)
				return
			}
			if m.Role == schema.Tool {
				continue
			}
			if m.ReasoningContent != "" && !yield(&agent.ThoughtDelta{Item: thoughts, Text: m.ReasoningContent, Raw: true}, nil) {
				return
			}
			if m.Content != "" && !yield(&agent.TextDelta{Item: text, Text: m.Content}, nil) {
				return
			}
			if m.ResponseMeta != nil {
				switch m.ResponseMeta.FinishReason {
				case "length", "max_tokens":
					reason = agent.ReasonLength
				case "content_filter":
					reason = agent.ReasonContentFilter
				}
			}
		}
	}
}
