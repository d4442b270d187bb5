package chat

import (
	"context"
	"errors"
	"io"
	"sync"
	"time"

	"github.com/gochatkit/chatkit/core/client"
)

// A guard stops an answer when the user interrupts it: by the server's own request where it has one, and by
// hanging up, which means the same to every server.
type guard struct {
	session *Session
	cancel  context.CancelFunc
	over    chan struct{} // closed when the answer is over
	gone    chan struct{} // closed when the guard is

	mu     sync.Mutex
	stream *client.Stream
	count  int // of interrupts
}

func (s *Session) guard(ctx context.Context, cancel context.CancelFunc) *guard {
	g := &guard{session: s, cancel: cancel, over: make(chan struct{}), gone: make(chan struct{})}
	go func() {
		defer close(g.gone)
		for {
			select {
			case <-g.over:
				return
			case <-s.cfg.Interrupts:
				g.interrupt(ctx)
			}
		}
	}()
	return g
}

func (g *guard) watch(stream *client.Stream) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.stream = stream
	if g.count > 0 {
		hangUp(stream)
	}
}

// hangUp leaves a stream. There is nobody to tell that it had an error.
func hangUp(stream *client.Stream) { _ = stream.Close() }

func (g *guard) interrupt(ctx context.Context) {
	g.mu.Lock()
	g.count++
	count, stream := g.count, g.stream
	g.mu.Unlock()
	if stream == nil || count > 1 {
		g.cancel()
		return
	}
	if thread, run := stream.ThreadID(), stream.RunID(); thread != "" && run != "" {
		// A server that keeps answers for readers who come back would go on. The end of the stream comes with
		// it; a second interrupt does not wait for that.
		ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
		defer cancel()
		stopped := make(chan struct{})
		go func() {
			defer close(stopped)
			// If it fails, hanging up is what is left.
			_, _ = g.session.api.Cancel(ctx, thread, run, true)
		}()
		select {
		case <-stopped:
		case <-g.over:
			cancel()
			<-stopped
		case <-g.session.cfg.Interrupts:
			g.mu.Lock()
			g.count++
			g.mu.Unlock()
			cancel()
			<-stopped
			g.cancel()
		}
	}
	hangUp(stream)
}

// end waits for the guard.
func (g *guard) end() {
	close(g.over)
	<-g.gone
}

func (g *guard) stopped() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.count > 0
}

// reason says why an answer ended, if it was for the user.
func (g *guard) reason(err error) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	switch {
	case g.count > 1:
		return ErrLeft
	case g.count == 1:
		return ErrStopped
	}
	return err
}

// done reports whether a stream has come to its end.
func done(err error) bool { return errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) }
