package agent_test

import (
	"context"
	"testing"
	"time"

	chatkit "github.com/gochatkit/chatkit/core"
	"github.com/gochatkit/chatkit/core/agent"
)

// counting counts the events of a turn that is thrown away.
type counting struct {
	discard
	events *int
}

func (c counting) Emit(chatkit.Event) error { *c.events++; return nil }

// BenchmarkCoalesce measures a provider that sends single characters at full speed, each as an event of its own
// and put together for 16 ms.
func BenchmarkCoalesce(b *testing.B) {
	const characters = 10_000
	src := func(yield func(agent.Event, error) bool) {
		for range characters {
			if !yield(&agent.TextDelta{Text: "x"}, nil) {
				return
			}
		}
		yield(&agent.MessageDone{}, nil)
	}
	for _, tt := range []struct {
		name string
		opts []agent.Option
	}{{"each", nil}, {"coalesced", []agent.Option{agent.Coalesce(16 * time.Millisecond)}}} {
		b.Run(tt.name, func(b *testing.B) {
			events := 0
			for b.Loop() {
				o, err := agent.NewBridge(counting{events: &events}, "thr_1", nil, tt.opts...).Run(context.Background(), src)
				if err != nil || len(o.Text) != characters {
					b.Fatalf("%d bytes of text, error %v", len(o.Text), err)
				}
			}
			b.ReportMetric(float64(events)/float64(b.N), "events")
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*characters), "ns/char")
		})
	}
}
