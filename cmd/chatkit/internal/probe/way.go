package probe

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/gochatkit/chatkit/cmd/chatkit/internal/target"
)

// A Way is one address of the server, measured.
type Way struct {
	// URL is the address, without its query.
	URL string `json:"url"`
	// Rounds are the answers to messages.
	Rounds []*Round `json:"rounds"`
	// Ticks is the answer to debug.ticks, null if the server's Debug option is off.
	Ticks *Round `json:"ticks"`
	// Cancel is what became of an answer that was stopped, null if that was not tried.
	Cancel *Cancel `json:"cancel"`

	target  *target.Target
	threads []string
}

// measure does all there is to do on one way.
func measure(ctx context.Context, t *target.Target, cfg *Config) *Way {
	w := &Way{URL: t.String(), Rounds: []*Round{}, target: t}
	cfg.Progress("ticks of " + w.URL)
	patient := *cfg // a proxy may hold all of them, which is no stall
	patient.Stall = max(cfg.Stall, time.Duration(cfg.TickCount)*cfg.TickGap+5*time.Second)
	ticks := runRound(ctx, t, tick(cfg.TickCount, cfg.TickGap), &patient)
	if !refused(ticks.err) {
		w.Ticks = ticks
	} else if cfg.Rounds == 0 {
		ticks.err = errors.New("the server does not answer debug.ticks; its option Debug is off")
		ticks.Error = ticks.err.Error()
		w.Ticks = ticks
	}
	for i := range cfg.Rounds {
		if ctx.Err() != nil || w.lost() {
			return w
		}
		cfg.Progress(fmt.Sprintf("message %d of %d to %s", i+1, cfg.Rounds, w.URL))
		r := runRound(ctx, t, ask(cfg.Message), cfg)
		w.Rounds, w.threads = append(w.Rounds, r), append(w.threads, r.thread)
	}
	if cfg.CancelWait > 0 && cfg.Rounds > 0 && ctx.Err() == nil && !w.lost() {
		cfg.Progress("stopping an answer of " + w.URL)
		w.Cancel = runCancel(ctx, t, cfg)
		w.threads = append(w.threads, w.Cancel.thread)
	}
	return w
}

// lost reports whether the way's last round failed, so that another would be in vain.
func (w *Way) lost() bool {
	last := w.Ticks
	if n := len(w.Rounds); n > 0 {
		last = w.Rounds[n-1]
	}
	var answer *answerError
	return last != nil && last.err != nil && !errors.As(last.err, &answer)
}

// clean deletes the threads that were made.
func (w *Way) clean(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	api := w.target.Client()
	var errs []error
	for _, id := range w.threads {
		if id != "" {
			errs = append(errs, api.DeleteThread(ctx, id))
		}
	}
	return errors.Join(errs...)
}

// all are the way's streams, the ticks first.
func (w *Way) all() []*Round {
	if w.Ticks == nil {
		return w.Rounds
	}
	return append([]*Round{w.Ticks}, w.Rounds...)
}

// counts are the rounds in which users would be: the messages, or, without any, the ticks.
func (w *Way) counts() []*Round {
	if len(w.Rounds) == 0 {
		return w.all()
	}
	return w.Rounds
}

// err is the first error.
func (w *Way) err() error {
	for _, r := range w.all() {
		if r.err != nil {
			return r.err
		}
	}
	return nil
}

// median is the middle of what the rounds say, nil if none says anything.
func (w *Way) median(of func(*Round) *float64) *float64 {
	var values []float64
	for _, r := range w.counts() {
		if v := of(r); v != nil {
			values = append(values, *v)
		}
	}
	if len(values) == 0 {
		return nil
	}
	m := percentile(values, 50)
	return &m
}

// most reports whether a property holds in more than half of the rounds.
func (w *Way) most(of func(*Round) bool) bool {
	n := 0
	for _, r := range w.counts() {
		if of(r) {
			n++
		}
	}
	return 2*n > len(w.counts())
}

// holds reports whether pieces are held back on this way, and whether that is known. Ticks tell; so do the
// times of writing in answers.
func (w *Way) holds() (held, known bool) {
	votes := 0
	for _, r := range w.all() {
		h, k := r.held()
		if !k {
			continue
		}
		known = true
		if h {
			votes++
		} else {
			votes--
		}
	}
	if w.Ticks != nil {
		if h, k := w.Ticks.held(); k && h {
			return true, true
		}
	}
	return votes > 0, known
}

// stalled returns the first round that stalled, nil if none did.
func (w *Way) stalled() *Round {
	for _, r := range w.all() {
		if r.Stalled {
			return r
		}
	}
	return nil
}
