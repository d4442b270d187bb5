package oaiwire

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/gochatkit/chatkit/core/agent"
	"github.com/gochatkit/chatkit/core/agent/agenttest"
)

// Over HTTP/2 an abort costs the stream, not the connection, and arrives in another way.
func TestHTTP2(t *testing.T) {
	answer := &agenttest.Answer{Text: "one two three"}
	silent := agenttest.Script{Answer: answer, Stop: agenttest.StopSilent, StopAfter: 4}
	why := errors.New("user left")
	tests := []struct {
		name   string
		script agenttest.Script
		want   error // nil expects the whole text
		leave  bool
	}{
		{"everything works", agenttest.Script{Answer: answer, Piece: 11}, nil, false},
		{"an early end", agenttest.Script{Answer: answer, Stop: agenttest.StopClean, StopAfter: 4}, agent.ErrTruncated, false},
		{"silence", silent, agent.ErrIdle, false},
		{"cancelled", silent, why, true},
	}
	for api, ask := range apis {
		for _, tt := range tests {
			t.Run(api+"/"+tt.name, func(t *testing.T) {
				srv := agenttest.NewUnstarted(tt.script)
				srv.EnableHTTP2 = true
				srv.StartTLS()
				defer srv.Close()
				c := &Client{BaseURL: srv.BaseURL(), HTTP: srv.Client(), Idle: 100 * time.Millisecond}
				ctx, cancel := context.WithCancelCause(t.Context())
				defer cancel(nil)
				if tt.leave {
					c.Idle = time.Hour
					timer := time.AfterFunc(30*time.Millisecond, func() { cancel(why) })
					defer timer.Stop()
				}
				text, _, err := sum(ask(c, ctx))
				if tt.want == nil && (err != nil || text != "one two three") || tt.want != nil && !errors.Is(err, tt.want) {
					t.Errorf("text = %q, error = %v, want %v", text, err, tt.want)
				}
				if tt.script.Stop == agenttest.StopSilent {
					<-srv.Gone()
				}
			})
		}
	}
}
