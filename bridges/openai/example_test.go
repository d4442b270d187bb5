package openaichatkit_test

import (
	"context"
	"fmt"
	"time"

	"github.com/openai/openai-go/v3/option"
	"github.com/openai/openai-go/v3/packages/param"
	"github.com/openai/openai-go/v3/responses"

	openaichatkit "github.com/gochatkit/chatkit/bridges/openai"
	"github.com/gochatkit/chatkit/core/agent"
	"github.com/gochatkit/chatkit/core/agent/agenttest"
)

// In a handler, the source goes into a turn: agent.Stream(ctx, t, openaichatkit.Stream(…)). Here it goes to a
// recorder, and the provider is a fake.
func ExampleStream() {
	srv := agenttest.NewServer(agenttest.Say("Hello!"))
	defer srv.Close()
	service := responses.NewResponseService(option.WithBaseURL(srv.BaseURL()), option.WithAPIKey("any"))

	ctx := context.Background()
	rec := agenttest.NewRecorder(time.Now())
	_, err := agent.NewBridge(rec, "thr_1", nil).Run(ctx, openaichatkit.Stream(ctx, service, responses.ResponseNewParams{
		Model: "gpt-5",
		Input: responses.ResponseNewParamsInputUnion{OfString: param.NewOpt("Hi")},
	}))
	fmt.Println(rec.Text(), err)
	// Output: Hello! <nil>
}
