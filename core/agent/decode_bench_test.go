package agent_test

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/gochatkit/chatkit/core/agent"
	"github.com/gochatkit/chatkit/core/agent/oaiwire"
)

// BenchmarkTextDelta measures what one token costs on the way from a provider's bytes to a thread's event:
// reading, decoding and bridging. The numbers are per token, not per loop.
func BenchmarkTextDelta(b *testing.B) {
	const tokens = 1000
	var responses, chat strings.Builder
	responses.WriteString(frame(`{"type":"response.created","sequence_number":0,"response":{"id":"resp_1","status":"in_progress"}}`))
	responses.WriteString(frame(`{"type":"response.output_item.added","sequence_number":1,"output_index":0,"item":{"type":"message","id":"msg_67ccd2bf17f0819081ff3bb2cf6508e6","role":"assistant","status":"in_progress","content":[]}}`))
	for i := range tokens {
		responses.WriteString(frame(fmt.Sprintf(`{"type":"response.output_text.delta","sequence_number":%d,"item_id":"msg_67ccd2bf17f0819081ff3bb2cf6508e6","output_index":0,"content_index":0,"delta":" token","logprobs":[],"obfuscation":"aBcDeFgHiJ"}`, i+2)))
		chat.WriteString(frame(`{"id":"chatcmpl-ABfw031mOJeYCSHe4yI2ZjOA6kMJL","object":"chat.completion.chunk","created":1727346168,"model":"gpt-4o-2024-08-06","system_fingerprint":"fp_5050236cbd","choices":[{"index":0,"delta":{"content":" token"},"logprobs":null,"finish_reason":null}]}`))
	}
	responses.WriteString(frame(`{"type":"response.completed","sequence_number":1002,"response":{"id":"resp_1","status":"completed"}}`))
	chat.WriteString(frame(`{"id":"chatcmpl-ABfw031mOJeYCSHe4yI2ZjOA6kMJL","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}`))
	chat.WriteString(frame(`[DONE]`))

	for _, api := range []struct {
		name, body string
		read       oaiwire.Format
	}{
		{"Responses", responses.String(), oaiwire.ResponsesStream},
		{"ChatCompletions", chat.String(), oaiwire.ChatStream},
	} {
		b.Run(api.name, func(b *testing.B) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			for b.Loop() {
				o, err := agent.NewBridge(discard{}, "thr_1", nil).Run(context.Background(), api.read(strings.NewReader(api.body)))
				if err != nil || len(o.Text) != tokens*len(" token") {
					b.Fatalf("%d bytes of text, error %v", len(o.Text), err)
				}
			}
			runtime.ReadMemStats(&after)
			n := float64(b.N * tokens)
			b.ReportMetric(float64(b.Elapsed())/float64(time.Nanosecond)/n, "ns/token")
			b.ReportMetric(float64(after.TotalAlloc-before.TotalAlloc)/n, "B/token")
			b.ReportMetric(float64(after.Mallocs-before.Mallocs)/n, "allocs/token")
			b.ReportMetric(0, "ns/op") // of a thousand tokens: nobody's number
		})
	}
}

func frame(data string) string { return "data: " + data + "\n\n" }
