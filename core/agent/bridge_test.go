package agent_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	chatkit "github.com/gochatkit/chatkit/core"
	"github.com/gochatkit/chatkit/core/agent"
)

// started returns a bridge with readable ids.
func started(opts ...agent.Option) (*agent.Bridge, *target) {
	r := newTarget()
	return agent.NewBridge(r, "thr_1", nil, opts...), r
}

func widgetDone(id string) *chatkit.ThreadItemDoneEvent {
	return &chatkit.ThreadItemDoneEvent{Item: &chatkit.WidgetItem{
		ItemMeta: chatkit.ItemMeta{ID: id, ThreadID: "thr_1"}, Widget: json.RawMessage(`{"type":"Card","children":[]}`),
	}}
}

func TestBridge(t *testing.T) {
	type events = []agent.Event
	text := func(item int, s string) agent.Event { return &agent.TextDelta{Item: item, Text: s} }
	citation := agent.Citation{Kind: "url_citation", Title: "T", URL: "https://t.test", End: 3}
	tests := []struct {
		name   string
		opts   []agent.Option
		events events
		want   string
		check  func(*agent.Outcome) error
	}{
		{
			name:   "deltas alone make a whole message",
			events: events{text(0, "a"), text(0, "b")},
			want:   "added assistant_message message_1\npart message_1/0 \"\"\ndelta message_1/0 \"a\"\ndelta message_1/0 \"b\"\ndone assistant_message message_1 \"ab\"+0\n",
			check:  func(o *agent.Outcome) error { return wantReason(o, agent.ReasonStop) },
		},
		{
			name:   "a refusal streams like text",
			events: events{&agent.PartStart{}, &agent.TextDelta{Text: "No", Refusal: true}, &agent.PartDone{Text: "No.", Refusal: true}, &agent.Finish{Reason: agent.ReasonRefusal}},
			want:   "added assistant_message message_1\npart message_1/0 \"\"\ndelta message_1/0 \"No\"\npart done message_1/0 \"No.\" +0\ndone assistant_message message_1 \"No.\"+0\n",
			check:  func(o *agent.Outcome) error { return wantReason(o, agent.ReasonRefusal) },
		},
		{
			name:   "a refusal as plain text is text",
			events: events{text(0, "I cannot."), &agent.Finish{Reason: agent.ReasonStop}},
			want:   "added assistant_message message_1\npart message_1/0 \"\"\ndelta message_1/0 \"I cannot.\"\ndone assistant_message message_1 \"I cannot.\"+0\n",
			check:  func(o *agent.Outcome) error { return wantReason(o, agent.ReasonStop) },
		},
		{
			name:   "at the token limit the text stays and a notice says so",
			events: events{text(0, "a"), &agent.Finish{Reason: agent.ReasonLength}},
			want:   "added assistant_message message_1\npart message_1/0 \"\"\ndelta message_1/0 \"a\"\ndone assistant_message message_1 \"a\"+0\nnotice warning \"The answer was cut off because it became too long.\"\n",
		},
		{
			name:   "a content filter says so too",
			events: events{text(0, "a"), &agent.Finish{Reason: agent.ReasonContentFilter}},
			want:   "added assistant_message message_1\npart message_1/0 \"\"\ndelta message_1/0 \"a\"\ndone assistant_message message_1 \"a\"+0\nnotice warning \"The answer was stopped by a content filter.\"\n",
		},
		{
			name:   "the notice can be worded, or left out",
			opts:   []agent.Option{agent.Endings(func(r agent.Reason) string { return map[agent.Reason]string{agent.ReasonLength: "Zu lang."}[r] })},
			events: events{&agent.Finish{Reason: agent.ReasonContentFilter}, &agent.Finish{Reason: agent.ReasonLength}},
			want:   "notice warning \"Zu lang.\"\n",
		},
		{
			name:   "a message without text disappears",
			events: events{&agent.MessageStart{}, &agent.MessageDone{Content: []agent.Content{}}, &agent.Finish{Reason: agent.ReasonStop}},
			want:   "added assistant_message message_1\nremoved message_1\n",
			check:  func(o *agent.Outcome) error { return wantDropped(o, 1) },
		},
		{
			name:   "no output at all ends quietly",
			events: events{&agent.Finish{Reason: agent.ReasonStop}},
			check:  func(o *agent.Outcome) error { return wantReason(o, agent.ReasonStop) },
		},
		{
			name:   "a part that is done without deltas is shown",
			events: events{&agent.MessageStart{ID: "m"}, &agent.PartDone{Text: "a"}, &agent.MessageDone{Content: []agent.Content{{Text: "a"}}}},
			want:   "added assistant_message m\npart m/0 \"\"\npart done m/0 \"a\" +0\ndone assistant_message m \"a\"+0\n",
		},
		{
			name:   "a message that comes whole is shown",
			events: events{&agent.MessageDone{ID: "m", Content: []agent.Content{{Text: "a"}}}},
			want:   "done assistant_message m \"a\"+0\n",
		},
		{
			name:   "the finished text wins over the deltas",
			events: events{&agent.MessageStart{ID: "m"}, text(0, "a"), &agent.PartDone{Text: "b"}, &agent.MessageDone{Content: []agent.Content{{Text: "c"}}}},
			want:   "added assistant_message m\npart m/0 \"\"\ndelta m/0 \"a\"\npart done m/0 \"b\" +0\ndone assistant_message m \"c\"+0\n",
			check: func(o *agent.Outcome) error {
				if o.Text != "c" {
					return fmt.Errorf("text = %q, want c", o.Text)
				}
				return nil
			},
		},
		{
			name: "several messages are one item each, commentary too",
			events: events{
				&agent.MessageStart{Item: 0, ID: "m", Phase: "commentary"}, text(0, "a"), &agent.MessageDone{Item: 0},
				&agent.MessageStart{Item: 1, ID: "n", Phase: "final_answer"}, text(1, "b"), &agent.MessageDone{Item: 1},
			},
			want: "added assistant_message m\npart m/0 \"\"\ndelta m/0 \"a\"\ndone assistant_message m \"a\"+0\n" +
				"added assistant_message n\npart n/0 \"\"\ndelta n/0 \"b\"\ndone assistant_message n \"b\"+0\n",
		},
		{
			name: "commentary can be shown as thoughts",
			opts: []agent.Option{agent.CommentaryAsThoughts()},
			events: events{
				&agent.MessageStart{Item: 0, ID: "m", Phase: "commentary"}, text(0, "a"), &agent.PartDone{Text: "ab"}, &agent.MessageDone{Item: 0},
				&agent.MessageStart{Item: 1, ID: "n", Phase: "final_answer"}, text(1, "b"), &agent.MessageDone{Item: 1},
			},
			want: "added workflow workflow_1 reasoning\ntask workflow_1/0 \"a\"\ntask updated workflow_1/0 \"ab\"\ndone workflow workflow_1 reasoning [\"ab\"]\n" +
				"added assistant_message n\npart n/0 \"\"\ndelta n/0 \"b\"\ndone assistant_message n \"b\"+0\n",
		},
		{
			name: "responses of one run may number their items alike",
			events: events{
				text(0, "a"), &agent.Finish{Reason: agent.ReasonToolCalls, Usage: agent.Usage{InputTokens: 1, OutputTokens: 2}},
				text(0, "b"), &agent.Finish{Reason: agent.ReasonStop, ResponseID: "r", Usage: agent.Usage{InputTokens: 10, OutputTokens: 20}},
			},
			want: "added assistant_message message_1\npart message_1/0 \"\"\ndelta message_1/0 \"a\"\ndone assistant_message message_1 \"a\"+0\n" +
				"added assistant_message message_2\npart message_2/0 \"\"\ndelta message_2/0 \"b\"\ndone assistant_message message_2 \"b\"+0\n",
			check: func(o *agent.Outcome) error {
				if o.Usage.Total() != 33 || o.ResponseID != "r" {
					return fmt.Errorf("usage %v of %q, want 33 tokens of r", o.Usage, o.ResponseID)
				}
				return nil
			},
		},
		{
			name: "parallel calls are left to the application, answered ones are not",
			events: events{
				&agent.ToolCall{Item: 0, CallID: "a", Name: "f"}, &agent.ToolCall{Item: 1, CallID: "b", Name: "g"},
				&agent.ToolResult{CallID: "a", Output: "x"}, &agent.Finish{Reason: agent.ReasonToolCalls},
			},
			check: func(o *agent.Outcome) error {
				if len(o.Calls) != 1 || o.Calls[0].CallID != "b" {
					return fmt.Errorf("calls = %v, want b", o.Calls)
				}
				return nil
			},
		},
		{
			name: "unknown kinds are dropped and counted",
			events: events{
				&agent.Unknown{Type: "x"}, &agent.Unknown{Type: "x"}, &agent.MessageStart{ID: "m"}, text(0, "a"),
				&agent.AnnotationAdded{Citation: agent.Citation{Kind: "smell"}}, &agent.AnnotationAdded{Citation: citation}, &agent.MessageDone{},
			},
			want: "added assistant_message m\npart m/0 \"\"\ndelta m/0 \"a\"\nannotation m/0/0 T\ndone assistant_message m \"a\"+1\n",
			check: func(o *agent.Outcome) error {
				if o.Unknown["x"] != 2 {
					return fmt.Errorf("unknown = %v, want x twice", o.Unknown)
				}
				return wantDropped(o, 1)
			},
		},
		{
			name:   "a finished part keeps its citations",
			events: events{&agent.MessageStart{ID: "m"}, text(0, "a"), &agent.AnnotationAdded{Citation: citation}, &agent.PartDone{Text: "a"}, &agent.MessageDone{}},
			want:   "added assistant_message m\npart m/0 \"\"\ndelta m/0 \"a\"\nannotation m/0/0 T\npart done m/0 \"a\" +1\ndone assistant_message m \"a\"+1\n",
		},
		{
			name:   "an id that comes twice is replaced, a placeholder too",
			events: events{&agent.MessageStart{Item: 0, ID: "m"}, text(0, "a"), &agent.MessageDone{Item: 0}, &agent.MessageDone{Item: 1, ID: "m", Content: []agent.Content{{Text: "b"}}}, &agent.MessageDone{Item: 2, ID: "__fake_id__", Content: []agent.Content{{Text: "c"}}}},
			want:   "added assistant_message m\npart m/0 \"\"\ndelta m/0 \"a\"\ndone assistant_message m \"a\"+0\ndone assistant_message message_1 \"b\"+0\ndone assistant_message message_2 \"c\"+0\n",
		},
		{
			name: "hostile indices are refused",
			events: events{
				&agent.MessageStart{ID: "m"}, &agent.TextDelta{Part: -1, Text: "x"}, &agent.TextDelta{Part: 50_000_000, Text: "x"},
				&agent.PartStart{Part: -1}, &agent.PartDone{Part: 1 << 40}, &agent.AnnotationAdded{Part: -7, Citation: citation}, text(0, "a"), &agent.MessageDone{},
			},
			want:  "added assistant_message m\npart m/0 \"\"\ndelta m/0 \"a\"\ndone assistant_message m \"a\"+0\n",
			check: func(o *agent.Outcome) error { return wantDropped(o, 5) },
		},
		{
			name:   "what comes behind the end of an item is dropped",
			events: events{&agent.MessageStart{ID: "m"}, text(0, "a"), &agent.MessageDone{}, text(0, "b"), &agent.PartDone{Text: "c"}, &agent.MessageDone{}, &agent.MessageStart{ID: "m"}},
			want:   "added assistant_message m\npart m/0 \"\"\ndelta m/0 \"a\"\ndone assistant_message m \"a\"+0\n",
			check:  func(o *agent.Outcome) error { return wantDropped(o, 4) },
		},
		{
			name: "a stream resumed in the middle is shown",
			events: events{
				text(3, "b"), &agent.PartDone{Item: 3, Text: "ab"}, &agent.MessageDone{Item: 3, Content: []agent.Content{{Text: "ab"}}}, &agent.Finish{Reason: agent.ReasonStop},
			},
			want: "added assistant_message message_1\npart message_1/0 \"\"\ndelta message_1/0 \"b\"\npart done message_1/0 \"ab\" +0\ndone assistant_message message_1 \"ab\"+0\n",
		},
		{
			name:   "raw thoughts are hidden",
			events: events{&agent.ReasoningStart{}, &agent.ThoughtDelta{Text: "h", Raw: true}, &agent.ThoughtDone{Text: "h", Raw: true}, text(1, "a")},
			want:   "added workflow workflow_1 reasoning\ndone workflow workflow_1 reasoning\nadded assistant_message message_1\npart message_1/0 \"\"\ndelta message_1/0 \"a\"\ndone assistant_message message_1 \"a\"+0\n",
		},
		{
			name:   "raw thoughts can be shown",
			opts:   []agent.Option{agent.ShowRawThoughts()},
			events: events{&agent.ThoughtDelta{Text: "h", Raw: true}, &agent.ThoughtDone{Text: "ho", Raw: true}, text(1, "a")},
			want:   "added workflow workflow_1 reasoning\ntask workflow_1/0 \"h\"\ntask updated workflow_1/0 \"ho\"\ndone workflow workflow_1 reasoning [\"ho\"]\nadded assistant_message message_1\npart message_1/0 \"\"\ndelta message_1/0 \"a\"\ndone assistant_message message_1 \"a\"+0\n",
		},
		{
			name:   "reasoning in secret can leave no trace",
			opts:   []agent.Option{agent.DelayReasoning()},
			events: events{&agent.ReasoningStart{}, text(1, "a")},
			want:   "added assistant_message message_1\npart message_1/0 \"\"\ndelta message_1/0 \"a\"\ndone assistant_message message_1 \"a\"+0\n",
		},
		{
			name:   "thoughts that come late are not shown below the answer",
			events: events{&agent.ReasoningStart{}, &agent.ThoughtDone{Text: "h"}, text(1, "a"), &agent.ThoughtDelta{Text: "late"}, &agent.ThoughtDone{Text: "late"}},
			want:   "added workflow workflow_1 reasoning\ntask workflow_1/0 \"h\"\ndone workflow workflow_1 reasoning [\"h\"]\nadded assistant_message message_1\npart message_1/0 \"\"\ndelta message_1/0 \"a\"\ndone assistant_message message_1 \"a\"+0\n",
		},
		{
			name: "an image that never came is removed, and one that was cut off too",
			events: events{
				&agent.ImageStart{Item: 0}, &agent.ImageDone{Item: 0}, &agent.ImageStart{Item: 1}, &agent.ImagePartial{Item: 1, Base64: "QQ=="}, &agent.Finish{Reason: agent.ReasonStop},
			},
			want: "added generated_image message_1\nremoved message_1\nadded generated_image message_2\nimage message_2 data:image/png;base64,QQ== 0.00\nremoved message_2\n",
		},
		{
			name: "images carry their own type and progress",
			opts: []agent.Option{agent.PartialImages(2)},
			events: events{
				&agent.ImagePartial{ID: "ig", Index: 1, Base64: "QQ==", Format: "webp"}, &agent.ImagePartial{ID: "ig", Index: -3, Base64: "QQ==", Format: "evil"}, &agent.ImageDone{ID: "ig", Base64: "Qg==", Format: "jpeg"},
			},
			want: "added generated_image message_1\nimage message_1 data:image/webp;base64,QQ== 0.50\nimage message_1 data:image/png;base64,QQ== 0.00\ndone generated_image message_1 data:image/jpeg;base64,Qg==\n",
		},
		{
			name: "hosted tools are tasks, complete with their item",
			opts: []agent.Option{agent.ShowHostedTools()},
			events: events{
				&agent.ReasoningStart{Item: 0},
				&agent.HostedTool{Item: 1, Kind: "web_search_call", Status: "in_progress", Raw: json.RawMessage(`{}`)},
				&agent.HostedTool{Item: 1, Kind: "web_search_call", Status: "searching"},
				&agent.HostedTool{Item: 1, Kind: "web_search_call", Status: "completed", Raw: json.RawMessage(`{"action":{"type":"search","query":"q","sources":[{"url":"https://a.test"}]}}`)},
				&agent.HostedTool{Item: 2, Kind: "file_search_call", Status: "completed", Raw: json.RawMessage(`{"results":[{"filename":"d/a.pdf"},{"filename":"d/a.pdf"}]}`)},
				&agent.HostedTool{Item: 3, Kind: "code_interpreter_call", Status: "interpreting"},
				&agent.HostedTool{Item: 4, Kind: "shell_call_output", Status: "completed"},
				text(5, "a"),
			},
			want: "added workflow workflow_1 reasoning\ntask workflow_1/0 web [] 0 sources loading\ntask updated workflow_1/0 web [] 0 sources loading\ntask updated workflow_1/0 web [\"q\"] 1 sources complete\n" +
				"task workflow_1/1 files 1 complete\ntask workflow_1/2 Running code  loading\n" +
				"done workflow workflow_1 reasoning [web [\"q\"] 1 sources complete] [files 1 complete] [Running code  complete]\n" +
				"added assistant_message message_1\npart message_1/0 \"\"\ndelta message_1/0 \"a\"\ndone assistant_message message_1 \"a\"+0\n",
		},
		{
			name:   "hosted tools are hidden by default",
			events: events{&agent.HostedTool{Kind: "web_search_call", Status: "completed", Raw: json.RawMessage(`{}`)}},
		},
		{
			name:   "thread events of a source follow the rules too",
			events: events{&agent.ReasoningStart{}, &agent.Thread{Event: widgetDone("w")}},
			want:   "added workflow workflow_1 reasoning\ndone workflow workflow_1 reasoning\ndone widget w\n",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b, r := started(tt.opts...)
			handle(t, b, tt.events...)
			o, err := b.Close()
			if err != nil {
				t.Fatal(err)
			}
			if got := r.short(t); got != tt.want {
				t.Errorf("got:\n%s\nwant:\n%s", got, tt.want)
			}
			if tt.check != nil {
				if err := tt.check(o); err != nil {
					t.Error(err)
				}
			}
		})
	}
}

func wantReason(o *agent.Outcome, want agent.Reason) error {
	if o.Reason != want {
		return fmt.Errorf("reason = %q, want %q", o.Reason, want)
	}
	return nil
}

func wantDropped(o *agent.Outcome, want int) error {
	if o.Dropped != want {
		return fmt.Errorf("dropped = %d, want %d", o.Dropped, want)
	}
	return nil
}

func TestADoneItemKeepsTheTimeOfItsStart(t *testing.T) {
	b, r := started()
	handle(t, b, &agent.MessageStart{ID: "m"}, &agent.TextDelta{Text: "a"})
	r.advance(time.Second)
	handle(t, b, &agent.MessageDone{})
	first := r.events[0].(*chatkit.ThreadItemAddedEvent).Item.Meta().CreatedAt
	last := r.events[len(r.events)-1].(*chatkit.ThreadItemDoneEvent).Item.Meta().CreatedAt
	if !last.Equal(first) {
		t.Errorf("done at %v, added at %v, want the same", last, first)
	}
}

func TestIncompleteAsError(t *testing.T) {
	b, _ := started(agent.IncompleteAsError())
	o, err := b.Run(t.Context(), source(&agent.TextDelta{Text: "a"}, &agent.Finish{Reason: agent.ReasonContentFilter}))
	if err == nil || o.Reason != agent.ReasonContentFilter {
		t.Errorf("Run() = %v, %v, want an error", o.Reason, err)
	}
	if f := agent.Describe(err); f.Message != "The request was stopped by a content filter." || f.Retry {
		t.Errorf("Describe() = %+v", f)
	}
}

// source yields events.
func source(events ...agent.Event) func(func(agent.Event, error) bool) {
	return func(yield func(agent.Event, error) bool) {
		for _, e := range events {
			if !yield(e, nil) {
				return
			}
		}
	}
}

func TestAFailedResponseIsTold(t *testing.T) {
	tests := []struct {
		name string
		err  error
		want agent.Failure
	}{
		{"rate limit", &agent.Error{Code: "rate_limit_exceeded", Message: "org-secret"}, agent.Failure{Message: "The assistant is busy. Please try again in a moment.", Retry: true}},
		{"quota", &agent.Error{Code: "insufficient_quota"}, agent.Failure{Message: "The assistant is not available at the moment."}},
		{"invalid request", &agent.Error{Type: "invalid_request_error"}, agent.Failure{}},
		{"authentication", &agent.Error{Status: 401}, agent.Failure{}},
		{"server error", &agent.Error{Code: "server_error"}, agent.Failure{Retry: true}},
		{"status 500", &agent.Error{Status: 500}, agent.Failure{Retry: true}},
		{"too long", &agent.Error{Status: 400, Code: "context_length_exceeded"}, agent.Failure{Message: "This conversation has become too long. Please start a new one."}},
		{"no reason", nil, agent.Failure{Retry: true}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b, r := started()
			o, err := b.Run(t.Context(), source(&agent.MessageStart{ID: "m"}, &agent.TextDelta{Text: "so far"}, &agent.Finish{Reason: agent.ReasonFailed, Err: tt.err}))
			if err == nil || o.Reason != agent.ReasonFailed || o.Err == nil {
				t.Fatalf("Run() = %+v, %v, want a failure", o, err)
			}
			if got := agent.Describe(err); *got != tt.want {
				t.Errorf("Describe(%v) = %+v, want %+v", err, *got, tt.want)
			}
			// The text is not finished: whether it is kept is the server's choice.
			if got, want := r.short(t), "added assistant_message m\npart m/0 \"\"\ndelta m/0 \"so far\"\n"; got != want {
				t.Errorf("got:\n%s\nwant:\n%s", got, want)
			}
		})
	}
}

func TestAMessageIsCutAtItsLimit(t *testing.T) {
	b, r := started(agent.MaxMessageBytes(5))
	left := false
	src := func(yield func(agent.Event, error) bool) {
		for range 100 {
			if !yield(&agent.TextDelta{Text: "aé"}, nil) {
				left = true
				return
			}
		}
	}
	o, err := b.Run(t.Context(), src)
	if err != nil || o.Reason != agent.ReasonLength {
		t.Errorf("Run() = %q, %v, want length", o.Reason, err)
	}
	if !left {
		t.Error("the source was not stopped")
	}
	if !strings.Contains(r.short(t), "done assistant_message message_1 \"aéa\"+0\nnotice warning") {
		t.Errorf("got:\n%s", r.short(t))
	}
}

func TestThoughtsAreThrottled(t *testing.T) {
	b, r := started()
	word := "word "
	n := 4000 // 20 kB
	for i := range n {
		handle(t, b, &agent.ThoughtDelta{Text: word})
		if i%5 == 0 {
			r.advance(50 * time.Millisecond)
		}
	}
	handle(t, b, &agent.ThoughtDone{Text: strings.Repeat(word, n)})
	wire := 0
	for _, line := range r.lines(t) {
		wire += len(line)
	}
	if wire > 300_000 {
		t.Errorf("a thought of 20 kB took %d bytes, want 300 kB at most", wire)
	}
	if wire < 60_000 {
		t.Errorf("a thought of 20 kB took only %d bytes: it does not stream", wire)
	}
}

func TestTextIsCoalesced(t *testing.T) {
	b, r := started(agent.Coalesce(time.Hour))
	for _, s := range strings.Split(strings.Repeat("x", 1500), "") {
		handle(t, b, &agent.TextDelta{Text: s})
	}
	handle(t, b, &agent.TextDelta{Part: 1, Text: "y"}, &agent.TextDelta{Text: "z"})
	if err := b.Emit(&chatkit.ProgressUpdateEvent{Text: "p"}); err != nil {
		t.Fatal(err)
	}
	handle(t, b, &agent.TextDelta{Text: "!"}, &agent.MessageDone{})
	long := strings.Repeat("x", 1500)
	want := fmt.Sprintf("added assistant_message message_1\npart message_1/0 \"\"\ndelta message_1/0 %q\npart message_1/1 \"\"\ndelta message_1/0 %q\ndelta message_1/1 \"y\"\ndelta message_1/0 \"z\"\nprogress \"p\"\ndelta message_1/0 \"!\"\ndone assistant_message message_1 %q+0 \"y\"+0\n",
		long[:1024], long[1024:], long+"z!")
	if got := r.short(t); got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}

func TestCancellingFlushesWhatIsHeldBack(t *testing.T) {
	why := errors.New("user left")
	ctx, cancel := context.WithCancelCause(t.Context())
	b, r := started(agent.Coalesce(time.Hour))
	src := func(yield func(agent.Event, error) bool) {
		_ = yield(&agent.ThoughtDelta{Text: "a"}, nil) && yield(&agent.ThoughtDelta{Text: "b"}, nil)
		_ = yield(&agent.ImageStart{Item: 7}, nil)
		cancel(why)
		yield(nil, context.Canceled)
	}
	o, err := b.Run(ctx, src)
	if !errors.Is(err, why) {
		t.Errorf("error = %v, want the cause", err)
	}
	if o.Reason == agent.ReasonStop {
		t.Errorf("reason = %q", o.Reason)
	}
	want := "added workflow workflow_1 reasoning\ntask workflow_1/0 \"a\"\nadded generated_image message_1\ntask updated workflow_1/0 \"ab\"\nremoved message_1\ndone workflow workflow_1 reasoning [\"ab\"]\n"
	if got := r.short(t); got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}

func TestCancellingFlushesAnOpenPart(t *testing.T) {
	why := errors.New("user left")
	b, r := started(agent.Coalesce(time.Hour))
	handle(t, b, &agent.TextDelta{Text: "a"})
	o := b.Fail(why)
	if o.Err != why {
		t.Errorf("outcome error = %v", o.Err)
	}
	// The message stays open; the server saves what it has seen of it.
	if got, want := r.short(t), "added assistant_message message_1\npart message_1/0 \"\"\ndelta message_1/0 \"a\"\n"; got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}

func TestNothingIsEmittedBehindTheEnd(t *testing.T) {
	why := errors.New("user left")
	ends := map[string]func(*agent.Bridge){
		"closed":    func(b *agent.Bridge) { _, _ = b.Close() },
		"failed":    func(b *agent.Bridge) { b.Fail(why) },
		"retracted": func(b *agent.Bridge) { _ = b.Retract(why) },
	}
	for name, end := range ends {
		t.Run(name, func(t *testing.T) {
			b, r := started()
			task, err := b.AddTask(&chatkit.CustomTask{Title: "t"})
			if err != nil {
				t.Fatal(err)
			}
			end(b)
			before := len(r.events)
			_, addErr := b.AddTask(&chatkit.CustomTask{})
			for what, err := range map[string]error{
				"Handle": b.Handle(t.Context(), &agent.TextDelta{Text: "x"}), "Emit": b.Emit(widgetDone("w")), "AddTask": addErr,
				"UpdateTask": b.UpdateTask(0, &chatkit.CustomTask{}), "Task.Update": task.Update(&chatkit.CustomTask{}), "Task.Done": task.Done(),
				"StartWorkflow": b.StartWorkflow(chatkit.Workflow{}), "EndWorkflow": b.EndWorkflow(nil, false),
				"CallClientTool": b.CallClientTool("c", nil), "Retract": b.Retract(why),
			} {
				if !errors.Is(err, agent.ErrRunOver) || name != "closed" && !errors.Is(err, why) {
					t.Errorf("%s = %v, want that the run is over, and why", what, err)
				}
			}
			if len(r.events) != before {
				t.Errorf("events = %d, want %d: nothing behind the end", len(r.events), before)
			}
		})
	}
}

func TestAFailingTargetEndsTheRun(t *testing.T) {
	gone := errors.New("client gone")
	b, r := started()
	r.fail = gone
	o, err := b.Run(t.Context(), source(&agent.TextDelta{Text: "a"}, &agent.TextDelta{Text: "b"}))
	if !errors.Is(err, gone) || o == nil {
		t.Errorf("Run() = %v, %v, want the target's error", o, err)
	}
}

func TestAWidgetOfOneToolEndsTheTasksOfAnother(t *testing.T) {
	b, r := started()
	slow, err := b.AddTask(&chatkit.CustomTask{Title: "slow", StatusIndicator: chatkit.StatusLoading})
	if err != nil {
		t.Fatal(err)
	}
	if err := b.Emit(widgetDone("w")); err != nil {
		t.Fatal(err)
	}
	for _, err := range []error{slow.Update(&chatkit.CustomTask{Title: "slow", StatusIndicator: chatkit.StatusLoading}), slow.Done()} {
		if err != nil {
			t.Errorf("updating a task of an ended workflow = %v, want nothing", err)
		}
	}
	want := "added workflow workflow_1 custom [slow  loading]\ndone workflow workflow_1 custom [slow  complete]\ndone widget w\n"
	if got := r.short(t); got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}

func TestToolsAndModelShareOneStream(t *testing.T) {
	b, r := started()
	var wg sync.WaitGroup
	for n := range 8 {
		wg.Go(func() {
			for i := range 200 {
				if err := b.Emit(&chatkit.ProgressUpdateEvent{Text: fmt.Sprintf("%d/%d", n, i)}); err != nil {
					t.Error(err)
					return
				}
			}
			if err := b.Emit(widgetDone(fmt.Sprintf("w%d", n))); err != nil {
				t.Error(err)
			}
		})
	}
	var want strings.Builder
	for i := range 1000 {
		s := fmt.Sprint(i, " ")
		want.WriteString(s)
		handle(t, b, &agent.TextDelta{Text: s})
	}
	wg.Wait()
	if _, err := b.Close(); err != nil {
		t.Fatal(err)
	}
	next := map[string]int{}
	var streamed strings.Builder
	for _, e := range r.events {
		switch e := e.(type) {
		case *chatkit.ProgressUpdateEvent:
			n, i, _ := strings.Cut(e.Text, "/")
			if i != fmt.Sprint(next[n]) {
				t.Fatalf("tool %s: event %s comes out of order, want %d", n, i, next[n])
			}
			next[n]++
		case *chatkit.ThreadItemUpdatedEvent:
			if u, ok := e.Update.(*chatkit.AssistantMessageContentPartTextDelta); ok {
				streamed.WriteString(u.Delta)
			}
		}
	}
	for what, got := range map[string]string{"finished": b.Outcome().Text, "streamed": streamed.String()} {
		if got != want.String() {
			t.Errorf("%s text = %.40q…, want %.40q…", what, got, want.String())
		}
	}
}

func TestStartingAWorkflowEndsTheOneBefore(t *testing.T) {
	b, r := started()
	for range 2 {
		if err := b.StartWorkflow(chatkit.Workflow{Type: chatkit.WorkflowReasoning}); err != nil {
			t.Fatal(err)
		}
	}
	// One that was never shown leaves no trace.
	if err := b.StartWorkflow(chatkit.Workflow{Type: chatkit.WorkflowCustom}); err != nil {
		t.Fatal(err)
	}
	o, err := b.Close()
	if err != nil || o.Workflow != nil || len(r.kept) != 0 {
		t.Errorf("Close() = %+v, %v, kept %v", o, err, r.kept)
	}
	want := "added workflow workflow_1 reasoning\ndone workflow workflow_1 reasoning\nadded workflow workflow_2 reasoning\ndone workflow workflow_2 reasoning\n"
	if got := r.short(t); got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}

func TestAClientCallTakesTheIDsOfTheCallThatAskedForIt(t *testing.T) {
	b, r := started()
	handle(t, b, &agent.ToolCall{Item: 0, ID: "fc_1", CallID: "call_1", Name: "theme"}, &agent.ToolCall{Item: 1, ID: "fc_2", CallID: "call_2", Name: "other"}, &agent.HostedTool{Kind: "web_search_call"})
	if err := b.CallClientTool("theme", map[string]bool{"dark": true}); err != nil {
		t.Fatal(err)
	}
	if err := b.CallClientTool("other", nil); !errors.Is(err, agent.ErrOneClientTool) {
		t.Errorf("second client tool = %v, want ErrOneClientTool", err)
	}
	o, err := b.Close()
	if err != nil {
		t.Fatal(err)
	}
	if got, want := r.short(t), "done client_tool_call fc_1 call_1 theme {\"dark\":true}\n"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if o.ClientCall == nil || len(o.Calls) != 1 || o.Calls[0].CallID != "call_2" {
		t.Errorf("outcome = %+v, want the other call unanswered", o)
	}
}

func TestAnOpenWorkflowContinuesBehindAClientTool(t *testing.T) {
	open := &chatkit.WorkflowItem{ItemMeta: chatkit.ItemMeta{ID: "wf_old"}, Workflow: chatkit.Workflow{Type: chatkit.WorkflowCustom, Tasks: []chatkit.Task{&chatkit.CustomTask{Title: "old"}}}}
	for name, tail := range map[string][]chatkit.Item{
		"last":                       {open},
		"behind a client tool":       {&chatkit.ClientToolCallItem{}, open},
		"not behind a user message":  {&chatkit.UserMessageItem{}, open},
		"not further back than that": {&chatkit.ClientToolCallItem{}, &chatkit.ClientToolCallItem{}, open},
	} {
		t.Run(name, func(t *testing.T) {
			r := newTarget()
			b := agent.NewBridge(r, "thr_1", tail)
			if _, err := b.AddTask(&chatkit.CustomTask{Title: "new"}); err != nil {
				t.Fatal(err)
			}
			want := "task wf_old/1 new\n"
			if strings.HasPrefix(name, "not") {
				want = "added workflow workflow_1 custom [new]\n"
			}
			if got := r.short(t); got != want {
				t.Errorf("got %q, want %q", got, want)
			}
			if len(open.Workflow.Tasks) != 1 {
				t.Error("the caller's item was changed")
			}
		})
	}
}

func TestATripwireTakesEverythingBack(t *testing.T) {
	b, r := started()
	handle(t, b, &agent.ReasoningStart{}, &agent.MessageStart{Item: 1, ID: "m"}, &agent.TextDelta{Item: 1, Text: "bad"}, &agent.ImageStart{Item: 2}, &agent.ImageDone{Item: 2})
	if err := b.Emit(widgetDone("w")); err != nil {
		t.Fatal(err)
	}
	before := len(r.events)
	if err := b.Retract(errors.New("tripwire")); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range r.events[before:] {
		got = append(got, short(e))
	}
	if want := "removed workflow_1,removed m,removed w"; strings.Join(got, ",") != want {
		t.Errorf("got %v, want %s: in order, without what was removed already", got, want)
	}
}

func TestImageHook(t *testing.T) {
	failed := errors.New("bucket full")
	var got []agent.Image
	b, r := started(agent.ImageURL(func(_ context.Context, img agent.Image) (string, error) {
		got = append(got, img)
		if img.Base64 == "bad" {
			return "", failed
		}
		return "https://cdn.test/" + img.Base64, nil
	}))
	handle(t, b, &agent.ImageStart{ID: "ig"}, &agent.ImagePartial{ID: "ig", Index: 1, Base64: "p"}, &agent.ImageDone{ID: "ig", Base64: "i", Format: "png"})
	if want := "added generated_image message_1\nimage message_1 https://cdn.test/p 0.00\ndone generated_image message_1 https://cdn.test/i\n"; r.short(t) != want {
		t.Errorf("got:\n%s\nwant:\n%s", r.short(t), want)
	}
	if len(got) != 2 || got[0].Preview != 1 || got[1].Preview != -1 || got[1].Format != "png" {
		t.Errorf("hook got %+v", got)
	}
	if err := b.Handle(t.Context(), &agent.ImageDone{Item: 9, Base64: "bad"}); !errors.Is(err, failed) {
		t.Errorf("Handle() = %v, want the hook's error", err)
	}
}

func TestText(t *testing.T) {
	broken := errors.New("broken")
	tests := []struct {
		name   string
		tokens []string
		err    error
		want   string
	}{
		{"tokens", []string{"a", "", "b"}, nil, "ab"},
		{"a character over two tokens", []string{"a\xf0\x9f", "\x98\x80b"}, nil, "a😀b"},
		{"a character over four tokens", []string{"\xf0", "\x9f", "\x98", "\x80"}, nil, "😀"},
		{"a character that never comes whole", []string{"a\xf0\x9f"}, nil, "a\ufffd"},
		{"an error", []string{"a"}, broken, "a"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tokens := func(yield func(string, error) bool) {
				for _, s := range tt.tokens {
					if !yield(s, nil) {
						return
					}
				}
				if tt.err != nil {
					yield("", tt.err)
				}
			}
			got := ""
			var failed error
			for e, err := range agent.Text(tokens) {
				failed = err
				if d, ok := e.(*agent.TextDelta); ok {
					if d.Text == "" {
						t.Error("empty delta")
					}
					got += d.Text
				}
			}
			if got != tt.want || failed != tt.err {
				t.Errorf("got %q, %v, want %q, %v", got, failed, tt.want, tt.err)
			}
		})
	}
}

func TestPush(t *testing.T) {
	broken := errors.New("broken")
	n := 0
	src := agent.Push(t.Context(), func(ctx context.Context, send func(agent.Event) error) error {
		for {
			n++
			if err := send(&agent.TextDelta{Text: "x"}); err != nil {
				if ctx.Err() == nil {
					t.Error("the producer's context goes on although nobody listens")
				}
				return err
			}
			if n == 100 {
				return broken
			}
		}
	})
	for range src {
		if n == 3 {
			break
		}
	}
	if n != 3 {
		t.Errorf("the producer sent %d, want it stopped at 3", n)
	}
	var failed error
	for _, err := range src {
		failed = err
	}
	if failed != broken {
		t.Errorf("error = %v, want the producer's", failed)
	}
}

func BenchmarkBridgeTextDelta(b *testing.B) {
	br := agent.NewBridge(discard{}, "thr_1", nil, agent.MaxMessageBytes(1<<40))
	ctx := context.Background()
	b.ReportAllocs()
	for b.Loop() {
		if err := br.Handle(ctx, &agent.TextDelta{Text: " token"}); err != nil {
			b.Fatal(err)
		}
	}
}

type discard struct{}

func (discard) Emit(chatkit.Event) error         { return nil }
func (discard) Keep(chatkit.Item) error          { return nil }
func (discard) NewID(kind chatkit.IDKind) string { return string(kind) }
func (discard) Now() time.Time                   { return time.Time{} }
