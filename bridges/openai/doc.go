// Package openaichatkit streams answers of OpenAI's Go SDK into ChatKit threads.
//
//	client := openai.NewClient() // or responses.NewResponseService(option.WithAPIKey(key))
//
//	func respond(ctx context.Context, t *chatkit.Turn) error {
//		return agent.Stream(ctx, t, openaichatkit.Stream(ctx, client.Responses, responses.ResponseNewParams{
//			Model: "gpt-5", Input: …,
//		}))
//	}
//
// The SDK builds, signs, sends and retries the request; the answer's body is read by
// [github.com/gochatkit/chatkit/core/agent/oaiwire]. It is an order of magnitude cheaper per token, and it
// notices what the SDK's own reader does not: a body that ends too early, JSON instead of a stream, a
// provider that falls silent.
//
// This package needs only the SDK's packages responses, option and ssestream. It never imports the
// SDK's root package, which makes a program 20 MB larger; pass the service, not the client.
package openaichatkit
