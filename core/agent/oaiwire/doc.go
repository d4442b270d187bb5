// Package oaiwire reads the streams of OpenAI's Responses and Chat Completions APIs, and of everything that
// imitates them, into events of package agent. It needs nothing but the standard library.
//
// [Client] sends requests too:
//
//	ollama := &oaiwire.Client{BaseURL: "http://localhost:11434/v1"}
//	return agent.Stream(ctx, t, ollama.Chat(ctx, map[string]any{"model": "qwen3", "messages": messages}))
//
// A stream that was opened by somebody else is read with [ResponsesStream], [ChatStream] or
// [ResponsesEvents]; [Do] adds what a client of one's own usually lacks: the check that the answer is a
// stream, and the end of one that has fallen silent.
package oaiwire
