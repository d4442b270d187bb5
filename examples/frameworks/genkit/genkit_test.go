package genkitchatkit

import (
	"context"
	"errors"
	"iter"
	"testing"
	"time"

	"github.com/firebase/genkit/go/ai"

	"github.com/gochatkit/chatkit/core/agent"
	"github.com/gochatkit/chatkit/core/agent/agenttest"
)

func stream(failed error, values ...*ai.ModelStreamValue) iter.Seq2[*ai.ModelStreamValue, error] {
	return func(yield func(*ai.ModelStreamValue, error) bool) {
		for _, v := range values {
			if !yield(v, nil) {
				return
			}
		}
		if failed != nil {
			yield(nil, failed)
		}
	}
}

func chunk(role ai.Role, aggregated bool, parts ...*ai.Part) *ai.ModelStreamValue {
	return &ai.ModelStreamValue{Chunk: &ai.ModelResponseChunk{Role: role, Aggregated: aggregated, Content: parts}}
}

func TestEvents(t *testing.T) {
	broken := errors.New("broken")
	done := func(reason ai.FinishReason) *ai.ModelStreamValue {
		return &ai.ModelStreamValue{Done: true, Response: &ai.ModelResponse{FinishReason: reason}}
	}
	for _, tt := range []struct {
		name   string
		src    iter.Seq2[*ai.ModelStreamValue, error]
		text   string
		reason agent.Reason
		err    error
	}{
		{"pieces", stream(nil, chunk(ai.RoleModel, false, ai.NewTextPart("Hel")), chunk(ai.RoleModel, false, ai.NewTextPart("lo")), done(ai.FinishReasonStop)), "Hello", agent.ReasonStop, nil},
		{"everything again", stream(nil, chunk(ai.RoleModel, true, ai.NewTextPart("Hel")), chunk(ai.RoleModel, true, ai.NewTextPart("Hello")), done(ai.FinishReasonStop)), "Hello", agent.ReasonStop, nil},
		{"a tool's result", stream(nil, chunk(ai.RoleTool, false, ai.NewTextPart("secret")), chunk(ai.RoleModel, false, ai.NewTextPart("Hello")), done(ai.FinishReasonStop)), "Hello", agent.ReasonStop, nil},
		{"a limit", stream(nil, chunk(ai.RoleModel, false, ai.NewTextPart("Hel")), done(ai.FinishReasonLength)), "Hel", agent.ReasonLength, nil},
		{"thoughts", stream(nil, chunk(ai.RoleModel, false, ai.NewReasoningPart("hm", nil)), chunk(ai.RoleModel, false, ai.NewTextPart("Hello")), done(ai.FinishReasonStop)), "Hello", agent.ReasonStop, nil},
		{"a failure", stream(broken, chunk(ai.RoleModel, false, ai.NewTextPart("Hel"))), "Hel", "", broken},
	} {
		t.Run(tt.name, func(t *testing.T) {
			rec := agenttest.NewRecorder(time.Now())
			o, err := agent.NewBridge(rec, "thr_1", nil).Run(context.Background(), Events(tt.src))
			if rec.Text() != tt.text || !errors.Is(err, tt.err) || tt.err == nil && o.Reason != tt.reason {
				t.Errorf("got %q %q %v, want %q %q %v", rec.Text(), o.Reason, err, tt.text, tt.reason, tt.err)
			}
		})
	}
}
