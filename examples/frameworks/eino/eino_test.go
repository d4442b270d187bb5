package einochatkit

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/cloudwego/eino/schema"

	"github.com/gochatkit/chatkit/core/agent"
	"github.com/gochatkit/chatkit/core/agent/agenttest"
)

func TestEvents(t *testing.T) {
	broken := errors.New("broken")
	for _, tt := range []struct {
		name     string
		messages []*schema.Message
		text     string
		reason   agent.Reason
		err      error
	}{
		{"pieces", []*schema.Message{schema.AssistantMessage("Hel", nil), schema.AssistantMessage("lo", nil)}, "Hello", agent.ReasonStop, nil},
		{"a tool's result", []*schema.Message{schema.ToolMessage("secret", "call_1"), schema.AssistantMessage("Hello", nil)}, "Hello", agent.ReasonStop, nil},
		{"thoughts", []*schema.Message{{Role: schema.Assistant, ReasoningContent: "hm"}, schema.AssistantMessage("Hello", nil)}, "Hello", agent.ReasonStop, nil},
		{"a limit", []*schema.Message{{Role: schema.Assistant, Content: "Hel", ResponseMeta: &schema.ResponseMeta{FinishReason: "length"}}}, "Hel", agent.ReasonLength, nil},
		{"a failure", []*schema.Message{schema.AssistantMessage("Hel", nil)}, "Hel", "", broken},
	} {
		t.Run(tt.name, func(t *testing.T) {
			reader, writer := schema.Pipe[*schema.Message](len(tt.messages) + 1)
			for _, m := range tt.messages {
				writer.Send(m, nil)
			}
			if tt.err != nil {
				writer.Send(nil, tt.err)
			}
			writer.Close()
			rec := agenttest.NewRecorder(time.Now())
			o, err := agent.NewBridge(rec, "thr_1", nil).Run(context.Background(), Events(reader))
			if rec.Text() != tt.text || !errors.Is(err, tt.err) || tt.err == nil && o.Reason != tt.reason {
				t.Errorf("got %q %q %v, want %q %q %v", rec.Text(), o.Reason, err, tt.text, tt.reason, tt.err)
			}
		})
	}
}

func TestBreakingOffClosesTheReader(t *testing.T) {
	reader, writer := schema.Pipe[*schema.Message](0)
	left := make(chan struct{})
	go func() {
		defer close(left)
		for !writer.Send(schema.AssistantMessage("x", nil), nil) { // true once the reader is closed
		}
		writer.Close()
	}()
	for range Events(reader) {
		break
	}
	select {
	case <-left:
	case <-time.After(10 * time.Second):
		t.Fatal("the producer still sends")
	}
}
