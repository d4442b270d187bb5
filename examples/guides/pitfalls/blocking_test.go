package pitfalls

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	chatkit "github.com/gochatkit/chatkit/core"
	"github.com/gochatkit/chatkit/core/chatkittest"
	"github.com/gochatkit/chatkit/core/memstore"
	"github.com/gochatkit/chatkit/core/run"
)

// journal is a log to look into.
type journal struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (j *journal) Write(p []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.buf.Write(p)
}

// says reports whether a line has text in it.
func (j *journal) says(text string) bool {
	j.mu.Lock()
	defer j.mu.Unlock()
	return strings.Contains(j.buf.String(), text)
}

func (j *journal) logger() *slog.Logger { return slog.New(slog.NewTextHandler(j, nil)) }

// server returns a server that tells the ends of its turns, and logs nothing unless opts say so.
func server(respond chatkit.RespondFunc, opts chatkit.Options) (*chatkit.Server, <-chan run.End) {
	ends := make(chan run.End, 10)
	if opts.Logger == nil {
		opts.Logger = slog.New(slog.DiscardHandler)
	}
	opts.Run.OnEnd = func(e run.End) { ends <- e }
	return chatkit.NewServer(memstore.New(), respond, &opts), ends
}

func TestAModelWithoutTheContextIsLeftBehind(t *testing.T) {
	for name, tt := range map[string]struct {
		respond func(b *bot) chatkit.RespondFunc
		leaked  int
		took    time.Duration
	}{
		"wrong":             {func(b *bot) chatkit.RespondFunc { return b.respondDeaf }, 1, 5 * time.Second},
		"right":             {func(b *bot) chatkit.RespondFunc { return b.respondListening }, 0, 0},
		"right, no context": {func(b *bot) chatkit.RespondFunc { return b.respondAnyway }, 0, 0},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				answered := make(chan struct{})
				b := &bot{
					ask: func(ctx context.Context, _ string) (string, error) {
						select {
						case <-answered:
							return "an answer that nobody waits for", nil
						case <-ctx.Done():
							return "", context.Cause(ctx)
						}
					},
					askOld: func(string) (string, error) {
						<-answered
						return "an answer that nobody waits for", nil
					},
				}
				var log journal
				srv, ends := server(tt.respond(b), chatkit.Options{Logger: log.logger()})
				live := chatkittest.NewChat(t, srv).Begin("Hi")
				synctest.Wait() // the model is being asked
				began := time.Now()
				live.Stop()
				if took := time.Since(began); took != tt.took {
					t.Errorf("the stop took %v, want %v", took, tt.took)
				}
				if end := <-ends; !errors.Is(end.Cause, chatkit.ErrStopped) || end.Abandoned != (tt.leaked > 0) {
					t.Errorf("end = %v, abandoned %v", end.Cause, end.Abandoned)
				}
				if got := srv.Runs().Leaked(); got != tt.leaked {
					t.Errorf("goroutines left behind = %d, want %d", got, tt.leaked)
				}
				if got := log.says("chatkit: turn ended early") && log.says("left_behind=true"); got != (tt.leaked > 0) {
					t.Errorf("the log tells of it: %v, want %v", got, tt.leaked > 0)
				}
				close(answered)
			})
		})
	}
}

func TestAPauseEndsWithTheTurn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		srv, _ := server(func(ctx context.Context, turn *chatkit.Turn) error {
			if err := pause(ctx, time.Second); err != nil {
				return err
			}
			if err := turn.Text("That was a second."); err != nil {
				return err
			}
			return pause(ctx, time.Hour)
		}, chatkit.Options{Run: run.Config{Stall: -1, MaxDuration: -1}})
		live := chatkittest.NewChat(t, srv).Begin("Hi")
		began := time.Now()
		live.Until("That was a second.")
		live.Stop()
		if took := time.Since(began); took != time.Second {
			t.Errorf("the turn took %v, want 1s", took)
		}
	})
}
