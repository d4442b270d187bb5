package pitfalls

import (
	"iter"
	"testing"

	chatkit "github.com/gochatkit/chatkit/core"
	"github.com/gochatkit/chatkit/core/chatkittest"
)

func TestAnErrorThatIsDroppedLetsTheLoopGoOn(t *testing.T) {
	const all = 1000
	for name, tt := range map[string]struct {
		respond func(w *writer) chatkit.RespondFunc
		want    int // words that were paid for
	}{
		"wrong": {func(w *writer) chatkit.RespondFunc { return w.respondOnAndOn }, all},
		"right": {func(w *writer) chatkit.RespondFunc { return w.respondUntilTheEnd }, 4},
	} {
		t.Run(name, func(t *testing.T) {
			gone := make(chan struct{}) // the user has left
			paid := 0
			w := &writer{words: func() iter.Seq[string] {
				return func(yield func(string) bool) {
					for range all {
						if paid == 3 {
							<-gone
						}
						paid++
						if !yield("word ") {
							return
						}
					}
				}
			}}
			var log journal
			srv, ends := server(tt.respond(w), chatkit.Options{Logger: log.logger()})
			chat := chatkittest.NewChat(t, srv)
			live := chat.Begin("Hi")
			live.Until("word word word")
			live.Close()
			close(gone)
			<-ends
			if got := log.says("chatkit: Respond goes on although its turn is over"); got != (tt.want == all) {
				t.Errorf("the log tells of it: %v, want %v", got, tt.want == all)
			}
			if paid != tt.want {
				t.Errorf("words paid for = %d, want %d", paid, tt.want)
			}
		})
	}
}
