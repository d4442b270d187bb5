package run

import (
	"slices"
	"strings"
	"time"
)

// What a run can be waiting for, as a [Quiet] says it. [Run.Phase] adds others.
const (
	PhaseThread  = "before Respond: waiting for the thread"
	PhaseInput   = "before Respond: loading and storing the input"
	PhaseRespond = "in Respond"
	PhaseModel   = "waiting for the model"
	PhaseStore   = "waiting for the store"
	PhaseClient  = "blocked by the client" // a write to it does not end
	PhaseEnd     = "after Respond: storing the end"
)

// A Quiet run is one whose clients have got nothing for a while.
type Quiet struct {
	Run, Owner, Thread, Kind string

	Phase   string        // what it is waiting for; several, separated by commas, if it does several things at once
	For     time.Duration // since the last event, or since the request came; since the write began for PhaseClient
	Readers int           // how many clients are waiting
	Over    bool          // it goes on, after that long; Phase is empty
}

// maxPhase bounds the text of a phase, in bytes, which may name what a model has made up.
const maxPhase = 200

// Phase says what the run is occupied with until end is called, for [Config.OnQuiet]. Several can overlap.
// End may be called more than once.
func (r *Run) Phase(what string) (end func()) {
	p := &what
	r.mu.Lock()
	defer r.mu.Unlock()
	r.doing = append(r.doing, p)
	return func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		if i := slices.Index(r.doing, p); i >= 0 {
			r.doing = slices.Delete(r.doing, i, i+1)
		}
	}
}

// Busy says what the run is occupied with, as a [Quiet] does.
func (r *Run) Busy() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.busy()
}

// busy is Busy with r.mu held.
func (r *Run) busy() string {
	switch {
	case r.phase == waiting:
		return PhaseThread
	case r.phase == preparing:
		return PhaseInput
	case r.phase >= finishing:
		return PhaseEnd
	case len(r.doing) == 0:
		return PhaseRespond
	}
	names := make([]string, len(r.doing))
	for i, p := range r.doing {
		names[i] = *p
	}
	text := strings.Join(names, ", ")
	if len(text) > maxPhase {
		text = strings.ToValidUTF8(text[:maxPhase], "") + "…"
	}
	return text
}

// silence is how long something has been quiet, and when to say so next.
type silence struct {
	since time.Duration // time since the manager's start
	next  time.Duration // how long it has to last before it is told
}

// due reports whether the silence is to be told now, and makes the next time twice as long.
func (s *silence) due(now, limit time.Duration) bool {
	if s.next == 0 {
		s.next = limit
	}
	if now-s.since < s.next {
		return false
	}
	for s.next <= now-s.since {
		s.next *= 2
	}
	return true
}

// listen returns what there is to tell about silence. r.mu is held.
func (r *Run) listen(now time.Duration) (told []Quiet) {
	limit := r.m.cfg.Quiet
	if limit <= 0 || r.m.cfg.OnQuiet == nil || r.phase == ended {
		return nil
	}
	about := Quiet{Run: r.spec.ID, Owner: r.spec.Owner, Thread: r.spec.Thread, Kind: r.spec.Kind, Readers: len(r.readers)}
	if last := r.log.Last(); last != r.heard {
		r.heard = last
		since := time.Duration(r.touched.Load())
		if r.quiet.next > limit {
			about.For, about.Over = since-r.quiet.since, true
			told = append(told, about)
		}
		r.quiet = silence{since: since}
	}
	if r.quiet.due(now, limit) {
		about.Phase, about.For, about.Over = r.busy(), now-r.quiet.since, false
		told = append(told, about)
	}
	for reader := range r.readers {
		since := time.Duration(reader.sending.Load())
		if since == 0 || since != reader.stuck.since {
			reader.stuck = silence{since: since}
		}
		if since != 0 && reader.stuck.due(now, r.m.cfg.Blocked) {
			about.Phase, about.For, about.Over = PhaseClient, now-since, false
			told = append(told, about)
		}
	}
	return told
}
