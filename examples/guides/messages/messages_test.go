package messages

import (
	"testing"

	chatkit "github.com/gochatkit/chatkit/core"
	"github.com/gochatkit/chatkit/core/chatkittest"
	"github.com/gochatkit/chatkit/core/memstore"
	"github.com/gochatkit/chatkit/examples/guides/streaming"
)

func TestWhatTheUserReads(t *testing.T) {
	for _, tt := range []struct {
		name     string
		respond  chatkit.RespondFunc
		question string
		want     string
		deltas   int
	}{
		{"one", Greet, "Hi", "Hello from **Go**.", 0},
		{"several", Several, "Hi", "First, plug it in.\n\nThen switch it on.", 0},
		{"a source", Sourced, "Hi", "Trains leave every hour.", 0},
		{"a correction", Correct, "Hi", "It is 12:04.", 0},
		{"nothing", Withdraw, "Hi", "", 0},
		{"a known answer", Short(streaming.Streaming), "When are you open?", "From nine to five.", 0},
		{"another answer", Short(streaming.Streaming), "Why?", "You asked: Why? ", 3},
	} {
		t.Run(tt.name, func(t *testing.T) {
			chat := chatkittest.NewChat(t, chatkit.NewServer(memstore.New(), tt.respond, nil))
			got := chat.Send(tt.question)
			got.AssertText(t, tt.want)
			if len(got.Deltas()) != tt.deltas {
				t.Errorf("pieces = %q, want %d", got.Deltas(), tt.deltas)
			}
			// What is on the screen is what is on record.
			read := &chatkittest.Transcript{}
			for _, it := range chat.Items() {
				read.Events = append(read.Events, &chatkit.ThreadItemDoneEvent{Item: it})
			}
			read.AssertText(t, tt.want)
		})
	}
}

func TestTheSourceIsBeforeTheFullStop(t *testing.T) {
	got := chatkittest.Ask(t, chatkit.NewServer(memstore.New(), Sourced, nil), "Hi")
	content := chatkittest.LastItem[*chatkit.AssistantMessageItem](t, got).Content[0]
	if a := content.Annotations; len(a) != 1 || content.Text[*a[0].Index:] != "." {
		t.Errorf("annotations = %v, want one before the full stop", a)
	}
}
