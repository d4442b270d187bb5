// Package genkitchatkit feeds what Genkit generates into a chat:
//
//	agent.Stream(ctx, t, genkitchatkit.Events(genkit.GenerateStream(ctx, g, ai.WithMessages(history...))))
package genkitchatkit

import (
	"iter"
	"strings"

	"github.com/firebase/genkit/go/ai"

	"github.com/gochatkit/chatkit/core/agent"
)

// reasons are Genkit's names of what ended a response. Any other is a failure, and Genkit says so itself.
var reasons = map[ai.FinishReason]agent.Reason{
	ai.FinishReasonLength: agent.ReasonLength, ai.FinishReasonBlocked: agent.ReasonContentFilter,
}

// Events turns a stream of Genkit's into one of ours. Tools have been run by Genkit; of them nothing is
// shown. Breaking off ends the generation.
func Events(stream iter.Seq2[*ai.ModelStreamValue, error]) iter.Seq2[agent.Event, error] {
	return func(yield func(agent.Event, error) bool) {
		texts, thoughts := map[int]string{}, map[int]string{} // so far, by message
		for v, err := range stream {
			if err != nil {
				yield(nil, err)
				return
			}
			if v.Done {
				reason := agent.ReasonStop
				if v.Response != nil && reasons[v.Response.FinishReason] != "" {
					reason = reasons[v.Response.FinishReason]
				}
				yield(&agent.Finish{Reason: reason}, nil)
				return
			}
			c := v.Chunk
			if c.Role == ai.RoleTool {
				continue
			}
			// Each message has two items: its thoughts and its text.
			if text := fresh(thoughts, c, c.Reasoning()); text != "" && !yield(&agent.ThoughtDelta{Item: 2 * c.Index, Text: text, Raw: true}, nil) {
				return
			}
			if text := fresh(texts, c, said(c)); text != "" && !yield(&agent.TextDelta{Item: 2*c.Index + 1, Text: text}, nil) {
				return
			}
		}
	}
}

// said returns the text of a chunk. The chunk's own Text takes a lonely thought for one.
func said(c *ai.ModelResponseChunk) string {
	var text strings.Builder
	for _, p := range c.Content {
		if p.IsText() {
			text.WriteString(p.Text)
		}
	}
	return text.String()
}

// fresh returns what is new in a chunk, which may repeat everything before it.
func fresh(sofar map[int]string, c *ai.ModelResponseChunk, text string) string {
	if c.Aggregated {
		text = strings.TrimPrefix(text, sofar[c.Index])
	}
	sofar[c.Index] += text
	return text
}
