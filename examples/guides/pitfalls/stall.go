package pitfalls

import (
	"context"
	"sync"
	"time"

	chatkit "github.com/gochatkit/chatkit/core"
)

// compile takes ten minutes.
func compile(ctx context.Context) error { return pause(ctx, 10*time.Minute) }

func respondSilently(ctx context.Context, t *chatkit.Turn) error {
	if err := compile(ctx); err != nil { // wrong: after two minutes the turn is taken for stalled
		return err
	}
	return t.Text("Compiled.")
}

func respondAlive(ctx context.Context, t *chatkit.Turn) error {
	defer alive(t)()
	if err := compile(ctx); err != nil {
		return err
	}
	return t.Text("Compiled.")
}

// alive keeps a turn from being taken for stalled until stop is called.
func alive(t *chatkit.Turn) (stop func()) {
	quit := make(chan struct{})
	var group sync.WaitGroup
	group.Go(func() {
		ticker := time.NewTicker(30 * time.Second)
		defer ticker.Stop()
		for {
			select {
			case <-ticker.C:
				t.Touch()
			case <-quit:
				return
			}
		}
	})
	return func() {
		close(quit)
		group.Wait()
	}
}
