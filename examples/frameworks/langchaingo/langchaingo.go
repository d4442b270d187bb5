// Package langchainchatkit feeds what a model of LangChainGo's generates into a chat:
//
//	agent.Stream(ctx, t, langchainchatkit.Events(ctx, model, messages))
package langchainchatkit

import (
	"context"
	"iter"
	"unicode/utf8"

	"github.com/tmc/langchaingo/llms"

	"github.com/gochatkit/chatkit/core/agent"
)

// Items of a response: its thoughts and its text.
const (
	thoughts = iota
	text
)

// Events asks a model and turns what it calls back with into a stream. Breaking off, and the end of ctx, end
// the request. Offer the model no tools: some providers send their calls as text.
func Events(ctx context.Context, model llms.Model, messages []llms.MessageContent, opts ...llms.CallOption) iter.Seq2[agent.Event, error] {
	return agent.Push(ctx, func(ctx context.Context, send func(agent.Event) error) error {
		var thought, answer joiner
		streamed := false
		opts := append(opts[:len(opts):len(opts)], llms.WithStreamingReasoningFunc(func(_ context.Context, reasoning, chunk []byte) error {
			if s := thought.add(reasoning); s != "" {
				if err := send(&agent.ThoughtDelta{Item: thoughts, Text: s, Raw: true}); err != nil {
					return err
				}
			}
			if s := answer.add(chunk); s != "" {
				streamed = true
				return send(&agent.TextDelta{Item: text, Text: s})
			}
			return nil
		}))
		response, err := model.GenerateContent(ctx, messages, opts...)
		if err != nil {
			return err
		}
		reason := agent.ReasonStop
		if len(response.Choices) > 0 {
			choice := response.Choices[0]
			if !streamed && choice.Content != "" { // not every model streams
				if err := send(&agent.TextDelta{Item: text, Text: choice.Content}); err != nil {
					return err
				}
			}
			switch choice.StopReason {
			case "length", "max_tokens":
				reason = agent.ReasonLength
			case "content_filter":
				reason = agent.ReasonContentFilter
			}
		}
		return send(&agent.Finish{Reason: reason})
	})
}

// joiner puts characters together that were cut in two.
type joiner struct{ tail []byte }

func (j *joiner) add(chunk []byte) string {
	all := append(j.tail, chunk...)
	end := len(all)
	for i := max(0, end-utf8.UTFMax+1); i < end; i++ {
		if utf8.RuneStart(all[i]) && !utf8.FullRune(all[i:]) {
			end = i
			break
		}
	}
	j.tail = append([]byte(nil), all[end:]...)
	return string(all[:end])
}
