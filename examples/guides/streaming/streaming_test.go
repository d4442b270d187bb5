package streaming

import (
	"fmt"
	"log/slog"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	chatkit "github.com/gochatkit/chatkit/core"
	"github.com/gochatkit/chatkit/core/chatkittest"
	"github.com/gochatkit/chatkit/core/memstore"
	"github.com/gochatkit/chatkit/examples/guides/model"
)

const (
	question = "Why?"            // three words in the answer
	answer   = "You asked: Why?" // what they are
)

func chat(t *testing.T, respond chatkit.RespondFunc) *chatkittest.Chat {
	return chatkittest.NewChat(t, chatkit.NewServer(memstore.New(), respond, &chatkit.Options{
		Logger: slog.New(slog.DiscardHandler),
	}))
}

// What a user sees of each form, and when. The clock is the test's own.
func TestWhenTheUserSeesSomething(t *testing.T) {
	for _, tt := range []struct {
		name    string
		respond chatkit.RespondFunc
		first   string        // the first event behind the user's message
		after   time.Duration // when it comes
		words   []string      // pieces of text
		text    string
	}{
		{"streaming", Streaming, "thread.item.added", model.Pause, []string{"You ", "asked: ", "Why? "}, answer + " "},
		{"blocking", Blocking, "thread.item.done", 3 * model.Pause, nil, answer},
		{"announced", Announced, "progress_update", 0, nil, answer},
		{"checked", Checked, "thread.item.done", 3 * model.Pause, nil, answer},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := chat(t, tt.respond)
				began := time.Now()
				live := c.Begin(question)
				live.UntilEvent("stream_options")
				live.UntilEvent(tt.first)
				if after := time.Since(began); after != tt.after {
					t.Errorf("the user sees something after %v, want %v", after, tt.after)
				}
				got := live.Finish()
				got.AssertText(t, tt.text)
				if !slices.Equal(got.Deltas(), tt.words) {
					t.Errorf("pieces = %q, want %q", got.Deltas(), tt.words)
				}
				if took := time.Since(began); took != 3*model.Pause {
					t.Errorf("the answer took %v, want %v", took, 3*model.Pause)
				}
			})
		})
	}
}

// A Stop finds what was streamed; of an answer that was not shown yet there is nothing to keep.
func TestWhatAStopLeaves(t *testing.T) {
	for _, tt := range []struct {
		name    string
		respond chatkit.RespondFunc
		after   time.Duration
		want    string
	}{
		{"streaming", Streaming, 2*model.Pause + 1, "[user_message assistant_message sdk_hidden_context]"},
		{"blocking", Blocking, 2*model.Pause + 1, "[user_message sdk_hidden_context]"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := chat(t, tt.respond)
				live := c.Begin(question)
				time.Sleep(tt.after)
				live.Stop()
				var kinds []string
				for _, it := range c.Stored() {
					kinds = append(kinds, it.ItemType())
				}
				if got := fmt.Sprint(kinds); got != tt.want {
					t.Errorf("stored = %s, want %s", got, tt.want)
				}
			})
		})
	}
}

func TestAnAnswerThatMayNotBeShownIsNotShown(t *testing.T) {
	long := "How is it that a question can be so long that its answer becomes too long to be shown?"
	got := chat(t, Checked).Send(long)
	got.AssertText(t, "I had better not answer that.")
}
