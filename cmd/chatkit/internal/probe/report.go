package probe

import (
	"context"
	"fmt"
	"io"

	"github.com/gochatkit/chatkit/cmd/chatkit/internal/arrival"
	"github.com/gochatkit/chatkit/cmd/chatkit/internal/terminal"
)

// A Report is what was measured and what follows from it. Its JSON form is documented in docs/cli.md: names
// stay, new ones may come.
type Report struct {
	// Verdict, Sentence and Advice are about the way that users take: Via if there is one.
	Verdict  Verdict `json:"verdict"`
	Sentence string  `json:"sentence"`
	Advice   string  `json:"advice"`
	// Debug says whether the server's Debug option is on.
	Debug bool `json:"debug"`
	// Exceeded are the limits that were exceeded.
	Exceeded []Excess `json:"exceeded"`
	// Direct and Via are the two ways. Via is null unless there are two.
	Direct *Way `json:"direct"`
	Via    *Way `json:"via"`

	err error
}

// Run measures and judges. An error means that it was interrupted, or that threads could not be deleted.
func Run(ctx context.Context, cfg Config) (*Report, error) {
	if cfg.Progress == nil {
		cfg.Progress = func(string) {}
	}
	r := &Report{Direct: measure(ctx, cfg.Target, &cfg), Exceeded: []Excess{}}
	ways := []*Way{r.Direct}
	way, direct := r.Direct, (*Way)(nil)
	if cfg.Via != nil && ctx.Err() == nil {
		r.Via = measure(ctx, cfg.Via, &cfg)
		ways = append(ways, r.Via)
		way, direct = r.Via, r.Direct
	}
	var cleaning error
	if !cfg.Keep {
		for _, w := range ways {
			if err := w.clean(ctx); err != nil {
				cleaning = fmt.Errorf("delete the threads that were made: %w", err)
			}
		}
	}
	if ctx.Err() != nil {
		return r, context.Cause(ctx)
	}
	r.Debug = way.Ticks != nil && way.Ticks.err == nil
	if direct != nil && direct.err() != nil {
		way, direct = r.Direct, nil // there is nothing to compare with
	}
	r.Verdict, r.Sentence, r.Advice = judge(way, direct, &cfg)
	if r.Verdict == Failed {
		r.err = way.err()
	}
	r.Exceeded = append(r.Exceeded, cfg.Limits.excesses(way)...)
	return r, cleaning
}

// Unreachable reports whether there was no server.
func (r *Report) Unreachable() bool { return arrival.Unreachable(r.err) }

// Good reports whether there is nothing to complain of.
func (r *Report) Good() bool { return r.Verdict == OK && len(r.Exceeded) == 0 }

// Write writes the report for a person.
func (r *Report) Write(w io.Writer) {
	for _, way := range []*Way{r.Direct, r.Via} {
		if way != nil {
			way.write(w)
		}
	}
	for _, e := range r.Exceeded {
		if e.Limit == "max-events-per-read" {
			fmt.Fprintf(w, "EXCEEDED: --%s %.0f, measured %.0f\n", e.Limit, e.Want, e.Got)
		} else {
			fmt.Fprintf(w, "EXCEEDED: --%s %s, measured %s\n", e.Limit, human(e.Want), human(e.Got))
		}
		if e.Limit == "max-cancel" {
			fmt.Fprintln(w, "The responder goes on although its context has ended, or the policy keeps answers without a reader.")
		}
	}
	fmt.Fprintf(w, "VERDICT: %s\n", terminal.Line(r.Sentence))
	if r.Advice != "" {
		fmt.Fprintf(w, "%s\n", terminal.Line(r.Advice))
	}
}

func (w *Way) write(out io.Writer) {
	fmt.Fprintf(out, "%s\n%-9s %10s %11s %10s %9s %9s %9s %7s %9s %5s %10s\n", terminal.Line(w.URL),
		"", "first byte", "first event", "first text", "gap p50", "gap p95", "gap max", "events", "per read", "beats", "held back")
	if w.Ticks != nil {
		ticks := *w.Ticks
		ticks.FirstText = nil // they count as text where it flows, and are none
		ticks.write(out, "ticks")
	}
	for i, r := range w.Rounds {
		r.write(out, fmt.Sprintf("round %d", i+1))
	}
	switch c := w.Cancel; {
	case c == nil:
	case !c.Measured:
		fmt.Fprintf(out, "stop: not measured, %s\n", terminal.Line(c.Note))
	case !c.Ended:
		fmt.Fprintf(out, "stop: the answer was still being written %s after its reader had left\n", human(c.Latency))
	default:
		fmt.Fprintf(out, "stop: the answer ended %s after its reader had left\n", human(c.Latency))
	}
	fmt.Fprintln(out)
}

func (r *Round) write(out io.Writer, name string) {
	optional := func(v *float64) string {
		if v == nil {
			return "-"
		}
		return human(*v)
	}
	gap := func(v float64) string {
		if r.Events < 2 {
			return "-"
		}
		return human(v)
	}
	fmt.Fprintf(out, "%-9s %10s %11s %10s %9s %9s %9s %7d %4.1f /%3d %5d %10s\n", name,
		optional(r.FirstByte), optional(r.FirstEvent), optional(r.FirstText), gap(r.GapP50), gap(r.GapP95), gap(r.GapMax),
		r.Events, r.PerRead, r.MostPerRead, r.Heartbeats, optional(r.HeldMax))
	if r.Error != "" {
		fmt.Fprintf(out, "%-9s %s\n", "", terminal.Line(r.Error))
	}
}
