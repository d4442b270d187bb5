// Plain shows that a source of text can be anything that yields strings: go run ./examples/plain
package main

import (
	"context"
	"iter"
	"strings"
	"time"

	chatkit "github.com/gochatkit/chatkit/core"
	"github.com/gochatkit/chatkit/core/agent"
	"github.com/gochatkit/chatkit/examples/host"
)

func main() {
	host.Serve("no model at all, it only counts", func(ctx context.Context, t *chatkit.Turn) error {
		return agent.Stream(ctx, t, agent.Text(tokens(ctx, t.Input.Text())))
	})
}

// tokens stands for a model of your own, a queue, a process: whatever gives an answer piece by piece. An error
// ends the answer; what was said until then stays.
func tokens(ctx context.Context, question string) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		counts := map[string]int{}
		for i, word := range strings.Fields(question) {
			counts[word]++
			piece := word
			if i > 0 {
				piece = " " + word
			}
			if n := counts[word]; n > 1 {
				piece += strings.Repeat("!", n-1)
			}
			if !yield(piece, nil) {
				return // nobody listens any more
			}
			select {
			case <-time.After(20 * time.Millisecond):
			case <-ctx.Done():
				yield("", context.Cause(ctx))
				return
			}
		}
	}
}
