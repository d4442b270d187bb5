package langchainchatkit

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/tmc/langchaingo/llms"

	"github.com/gochatkit/chatkit/core/agent"
	"github.com/gochatkit/chatkit/core/agent/agenttest"
)

// scripted is a model that calls back with its pieces.
type scripted struct {
	thought string
	pieces  []string
	whole   string
	stop    string
	err     error
}

func (s *scripted) GenerateContent(ctx context.Context, _ []llms.MessageContent, opts ...llms.CallOption) (*llms.ContentResponse, error) {
	var o llms.CallOptions
	for _, opt := range opts {
		opt(&o)
	}
	if s.thought != "" {
		if err := o.StreamingReasoningFunc(ctx, []byte(s.thought), nil); err != nil {
			return nil, err
		}
	}
	for _, piece := range s.pieces {
		if err := o.StreamingReasoningFunc(ctx, nil, []byte(piece)); err != nil {
			return nil, err
		}
	}
	return &llms.ContentResponse{Choices: []*llms.ContentChoice{{Content: s.whole, StopReason: s.stop}}}, s.err
}

func (s *scripted) Call(context.Context, string, ...llms.CallOption) (string, error) {
	return s.whole, s.err
}

func TestEvents(t *testing.T) {
	broken := errors.New("broken")
	for _, tt := range []struct {
		name   string
		model  scripted
		text   string
		reason agent.Reason
	}{
		{"pieces", scripted{pieces: []string{"Hel", "lo"}, whole: "Hello"}, "Hello", agent.ReasonStop},
		{"a model that does not stream", scripted{whole: "Hello"}, "Hello", agent.ReasonStop},
		{"a character in two pieces", scripted{pieces: []string{"gr\xc3", "\xbcn \xf0\x9f", "\x98\x80"}}, "grün 😀", agent.ReasonStop},
		{"thoughts", scripted{thought: "hm", pieces: []string{"Hello"}}, "Hello", agent.ReasonStop},
		{"a limit", scripted{pieces: []string{"Hel"}, stop: "length"}, "Hel", agent.ReasonLength},
		{"a failure", scripted{pieces: []string{"Hel"}, err: broken}, "Hel", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			rec := agenttest.NewRecorder(time.Now())
			o, err := agent.NewBridge(rec, "thr_1", nil).Run(context.Background(), Events(context.Background(), &tt.model, nil))
			if rec.Text() != tt.text || !errors.Is(err, tt.model.err) || err == nil && o.Reason != tt.reason {
				t.Errorf("got %q %q %v, want %q %q %v", rec.Text(), o.Reason, err, tt.text, tt.reason, tt.model.err)
			}
		})
	}
}

func TestBreakingOffEndsTheRequest(t *testing.T) {
	m := &scripted{pieces: []string{"a", "b", "c"}}
	n := 0
	for range Events(context.Background(), m, nil) {
		n++
		break
	}
	if n != 1 {
		t.Errorf("%d events, want 1", n)
	}
}
