// Package agent carries a model's answer into a thread, from any source, in one line:
//
//	return agent.Stream(ctx, t, client.Responses(ctx, request)) // oaiwire.Client: OpenAI, Azure, vLLM, LM Studio …
//	return agent.Stream(ctx, t, client.Chat(ctx, request))      // the same for Chat Completions: Ollama, Groq, DeepSeek …
//	return agent.Stream(ctx, t, openaichatkit.Stream(ctx, sdk.Responses, params))
//	return agent.Stream(ctx, t, agent.Text(tokens))             // anything that yields strings
//
// A source is an iterator over [Event], a small set of structs that belong to no vendor. A [Bridge] turns
// them into thread events and keeps the rules of a thread: one workflow at a time, which ends when
// something is shown below it; thoughts that stream without flooding the wire; images, citations,
// refusals; what was shown is taken back when a guard refuses; a call for the browser comes last. It does
// what the reference SDK does, and better where that loses something; [Parity] turns the differences off.
//
// A [Converter] goes the other way: from the items of a thread to the model's input.
//
// [Run] lets an [Agent] work: it calls tools, several at a time, and asks the model again until there is an
// answer.
//
//	weather := agent.Func("get_weather", "Current weather of a city.",
//		func(ctx context.Context, in struct {
//			City string `json:"city" jsonschema:"name of the city"`
//		}) (Weather, error) {
//			defer agent.Task(ctx, "Looking at the sky").Done()
//			return lookup(ctx, in.City)
//		})
//
//	_, err := agent.Run(ctx, t, &agent.Agent{
//		Instructions: agent.Say("Be brief."), Model: client.ResponsesModel("gpt-5"), Tools: []agent.Tool{weather},
//	})
//
// Tools may use the methods of the turn, from [chatkit.TurnFrom], to show widgets, progress or workflows of
// their own: while a run lasts, everything that is written to its turn goes through the bridge, so that
// the rules hold for it too.
//
// [chatkit.TurnFrom]: https://pkg.go.dev/github.com/gochatkit/chatkit/core#TurnFrom
package agent
