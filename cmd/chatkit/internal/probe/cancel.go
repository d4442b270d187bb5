package probe

import (
	"context"
	"errors"
	"time"

	"github.com/gochatkit/chatkit/cmd/chatkit/internal/arrival"
	"github.com/gochatkit/chatkit/cmd/chatkit/internal/target"
	chatkit "github.com/gochatkit/chatkit/core"
	"github.com/gochatkit/chatkit/core/client"
)

// A Cancel is what became of an answer whose reader hung up in its middle, as a plain client's Stop does.
type Cancel struct {
	// Measured says whether it could be measured; Note says why not.
	Measured bool   `json:"measured"`
	Note     string `json:"note"`
	// Ended says whether the answer ended within the time there was.
	Ended bool `json:"ended"`
	// Latency is how long it went on behind the hang-up, in milliseconds.
	Latency float64 `json:"latency_ms"`

	thread string
}

// betweenLooks is how long to wait before asking again whether a run is active.
const betweenLooks = 2 * time.Millisecond

// runCancel hangs up in the middle of an answer and asks until the server has no run of it any more.
func runCancel(ctx context.Context, t *target.Target, cfg *Config) *Cancel {
	ctx, cancel := context.WithTimeoutCause(ctx, cfg.Timeout+cfg.CancelWait, errTimeout)
	defer cancel()
	c := &Cancel{}
	s, err := arrival.Post(ctx, t, ask(cfg.Message), cfg.Stall)
	if err != nil {
		c.Note = "no answer to stop: " + err.Error()
		return c
	}
	defer s.Close()
	// The second text is in the middle, whatever comes.
	heard := s.Sent()
	for texts := 0; texts < 2; {
		p, err := s.Next(heard.Add(cfg.Stall))
		if errors.Is(err, arrival.ErrQuiet) && c.thread != "" {
			break // an answer that stalls can be stopped, too
		}
		if err != nil {
			c.Note = "the answer ended before it could be stopped; a longer one is needed, see --message"
			return c
		}
		if p.Comment {
			continue
		}
		heard = s.Sent().Add(p.At)
		if e, ok := p.Event.(*chatkit.ThreadCreatedEvent); ok {
			c.thread = e.Thread.ID
		}
		if p.Text {
			texts++
		}
	}
	api := t.Client()
	// Only a run that is known to be active can be seen to end.
	run, err := api.Active(ctx, c.thread)
	switch {
	case refused(err):
		c.Note = "the server does not tell which answers are being written (runs.active)"
		return c
	case err != nil:
		c.Note = "ask for the run: " + err.Error()
		return c
	case run == nil:
		c.Note = "the answer was complete before it could be stopped; a longer one is needed, see --message"
		return c
	}
	s.Close()
	left := time.Now()
	for time.Since(left) < cfg.CancelWait {
		run, err := api.Active(ctx, c.thread)
		if err != nil {
			c.Note = "ask for the run: " + err.Error()
			return c
		}
		if run == nil {
			c.Measured, c.Ended, c.Latency = true, true, *ms(time.Since(left))
			return c
		}
		select {
		case <-time.After(betweenLooks):
		case <-ctx.Done():
			c.Note = context.Cause(ctx).Error()
			return c
		}
	}
	c.Measured, c.Latency = true, *ms(time.Since(left))
	return c
}

// refused reports whether a server has answered that it does not do what it was asked.
func refused(err error) bool {
	var status *client.StatusError
	return errors.As(err, &status) && status.Status >= 400 && status.Status < 500
}
