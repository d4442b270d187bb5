package openaichatkit_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/openai/openai-go/v3/packages/ssestream"
	"github.com/openai/openai-go/v3/responses"

	openaichatkit "github.com/gochatkit/chatkit/bridges/openai"
	chatkit "github.com/gochatkit/chatkit/core"
	"github.com/gochatkit/chatkit/core/agent"
	"github.com/gochatkit/chatkit/core/agent/oaiwire"
)

// BenchmarkTextDelta compares the ways from a provider's bytes to a thread's events, per token: ours, the
// SDK's reader with our bridge behind it, and the SDK's reader alone, which makes no event of a thread.
func BenchmarkTextDelta(b *testing.B) {
	const tokens = 1000
	var body strings.Builder
	frame := func(data string) { body.WriteString("data: " + data + "\n\n") }
	frame(`{"type":"response.created","sequence_number":0,"response":{"id":"resp_1","status":"in_progress"}}`)
	frame(`{"type":"response.output_item.added","sequence_number":1,"output_index":0,"item":{"type":"message","id":"msg_67ccd2bf17f0819081ff3bb2cf6508e6","role":"assistant","status":"in_progress","content":[]}}`)
	for i := range tokens {
		frame(fmt.Sprintf(`{"type":"response.output_text.delta","sequence_number":%d,"item_id":"msg_67ccd2bf17f0819081ff3bb2cf6508e6","output_index":0,"content_index":0,"delta":" token","logprobs":[],"obfuscation":"aBcDeFgHiJ"}`, i+2))
	}
	frame(`{"type":"response.completed","sequence_number":1002,"response":{"id":"resp_1","status":"completed"}}`)
	sdk := func() *ssestream.Stream[responses.ResponseStreamEventUnion] {
		return ssestream.NewStream[responses.ResponseStreamEventUnion](ssestream.NewDecoder(&http.Response{
			Header: http.Header{"Content-Type": {"text/event-stream"}}, Body: io.NopCloser(strings.NewReader(body.String())),
		}), nil)
	}

	for _, way := range []struct {
		name string
		text func() (int, error) // reads the stream and returns the length of its text
	}{
		{"decode and bridge", func() (int, error) {
			o, err := agent.NewBridge(nowhere{}, "thr_1", nil).Run(context.Background(), oaiwire.ResponsesStream(strings.NewReader(body.String())))
			return len(o.Text), err
		}},
		{"SDK's decode and bridge", func() (int, error) {
			o, err := agent.NewBridge(nowhere{}, "thr_1", nil).Run(context.Background(), openaichatkit.Events(sdk()))
			return len(o.Text), err
		}},
		{"SDK's decode alone", func() (int, error) {
			stream, n := sdk(), 0
			for stream.Next() {
				n += len(stream.Current().Delta)
			}
			return n, stream.Err()
		}},
	} {
		b.Run(way.name, func(b *testing.B) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			for b.Loop() {
				if n, err := way.text(); err != nil || n != tokens*len(" token") {
					b.Fatalf("%d bytes of text, error %v", n, err)
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

// nowhere is a target that shows and stores nothing.
type nowhere struct{}

func (nowhere) Emit(chatkit.Event) error         { return nil }
func (nowhere) Keep(chatkit.Item) error          { return nil }
func (nowhere) NewID(kind chatkit.IDKind) string { return string(kind) }
func (nowhere) Now() time.Time                   { return time.Time{} }
