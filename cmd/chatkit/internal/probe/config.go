package probe

import (
	"time"

	"github.com/gochatkit/chatkit/cmd/chatkit/internal/target"
)

// Config says what to measure.
type Config struct {
	// Target is the server.
	Target *target.Target
	// Via is another way to the same server, usually through a proxy, nil for none.
	Via *target.Target
	// Rounds is how many messages are sent on each way. Zero for ticks only.
	Rounds int
	// Message is what they say.
	Message string
	// Stall is how long to wait for the next event before the answer counts as stalled.
	Stall time.Duration
	// Timeout limits a round.
	Timeout time.Duration
	// CancelWait limits the wait for an answer to end that was stopped. Zero leaves that out.
	CancelWait time.Duration
	// Keep leaves the threads that were made.
	Keep bool
	// TickCount is how many of the server's debug.ticks to ask for.
	TickCount int
	// TickGap is the time between two of them.
	TickGap time.Duration
	// Limits are what must not be exceeded.
	Limits Limits
	// Progress is told what is done. It may be nil.
	Progress func(what string)
}

// Limits are the most that is allowed; zero is no limit.
type Limits struct {
	// FirstByte, FirstText, Gap and Cancel are times; of the first three, the median of the rounds counts.
	FirstByte, FirstText, Gap, Cancel time.Duration
	// EventsPerRead is the most events that one read may bring, in the median round.
	EventsPerRead int
}

// An Excess is a limit that was exceeded.
type Excess struct {
	// Limit is the limit's name, as the flag's.
	Limit string `json:"limit"`
	// Got and Want are what was measured and what is allowed: milliseconds, or a number of events.
	Got  float64 `json:"got"`
	Want float64 `json:"want"`
}

// excesses compares a way with the limits.
func (l *Limits) excesses(w *Way) []Excess {
	out := []Excess{}
	check := func(name string, got *float64, want float64) {
		if want > 0 && got != nil && *got > want {
			out = append(out, Excess{name, *got, want})
		}
	}
	check("max-first-byte", w.median(func(r *Round) *float64 { return r.FirstByte }), *ms(l.FirstByte))
	check("max-first-text", w.median(func(r *Round) *float64 { return r.FirstText }), *ms(l.FirstText))
	check("max-gap", w.median(func(r *Round) *float64 { return &r.GapMax }), *ms(l.Gap))
	check("max-events-per-read", w.median(func(r *Round) *float64 {
		most := float64(r.MostPerRead)
		return &most
	}), float64(l.EventsPerRead))
	if w.Cancel != nil && w.Cancel.Measured {
		check("max-cancel", &w.Cancel.Latency, *ms(l.Cancel))
	}
	return out
}
