package vectortest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"

	"github.com/gochatkit/chatkit/core/client"
)

// A player plays one vector.
type player struct {
	vector *vector
	out    *Outcome
	stage  stage
	driver Driver
	names  *names // nil where ids are counted as in the recording
	// reference also takes answers as the reference server gives them.
	reference bool
	progress
}

// progress is what the exchanges so far have left behind.
type progress struct {
	// diverged is set once the server has refused what the reference answered, or the
	// other way round: what is stored at the end cannot be the same then.
	diverged bool
	once     bool            // attachments come once in a message
	open     map[string]bool // items that the server may have finished by itself
	gone     map[string]bool // attachments that went with their thread
	// undone are the threads that the reference left behind in requests that this server refuses.
	undone map[string]bool
}

func (g progress) clone() progress {
	g.open, g.gone, g.undone = maps.Clone(g.open), maps.Clone(g.gone), maps.Clone(g.undone)
	return g
}

func newPlayer(name string, v *vector) *player {
	return &player{
		vector: v, out: &Outcome{Kind: "server", Name: name},
		progress: progress{undone: map[string]bool{}, open: map[string]bool{}, gone: map[string]bool{}},
	}
}

func (p *player) play(ctx context.Context, d Driver, st stage) error {
	p.driver, p.stage = d, st
	for i, x := range p.vector.Exchanges {
		if err := p.exchange(ctx, i, x); err != nil {
			return fmt.Errorf("exchange %d: %w", i, err)
		}
	}
	if err := st.settle(ctx); err != nil {
		return err
	}
	return p.checkFinal(ctx)
}

func (p *player) exchange(ctx context.Context, i int, x *exchange) error {
	before, err := p.stage.read(ctx)
	if err != nil {
		return err
	}
	w, err := newWish(p.vector, x, before, Differences)
	if err != nil {
		return err
	}
	if err := p.stage.begin(ctx, x); err != nil {
		return err
	}
	a, err := p.driver.Post(ctx, p.names.send(x.body()))
	if err != nil {
		return err
	}
	r, err := p.receive(ctx, a, w)
	if err != nil {
		return err
	}
	at := fmt.Sprintf("exchange %d", i)
	start, out := p.clone(), *p.out
	if err := p.judge(ctx, at, r, w, before); err != nil {
		return err
	}
	if !p.reference || len(p.out.Problems) == len(out.Problems) {
		return nil
	}
	// Another server may answer as the reference does: both are right.
	strict, after := *p.out, p.progress
	*p.out, p.progress = out, start
	if w, err = newWish(p.vector, x, before, ofReference()); err != nil {
		return err
	}
	if err := p.judge(ctx, at, r, w, before); err != nil {
		return err
	}
	if len(p.out.Problems) > len(out.Problems) {
		*p.out, p.progress = strict, after
		return nil
	}
	p.out.Applied = append(p.out.Applied, asReference)
	return nil
}

// A received is an answer that was read.
type received struct {
	status int
	body   []byte
	stream bool
	frames []*client.Frame
	torn   error // why a stream could not be read to its end
}

// receive reads an answer: to its end, or to where the client leaves.
func (p *player) receive(ctx context.Context, a *Answer, w *wish) (*received, error) {
	r := &received{status: a.Status, body: a.Body, stream: a.Next != nil}
	if a.Next == nil {
		return r, nil
	}
	defer a.Leave()
	limit := -1
	switch {
	case w.refused && !w.mayAnswer && !p.reference:
		return r, nil // wrong, whatever it says
	case w.leaves && w.stream:
		limit = len(w.events)
	}
	r.frames, r.torn = readAll(a, limit)
	if limit < 0 || r.torn != nil {
		return r, ctx.Err()
	}
	// A turn whose client leaves before it has begun does not begin.
	if err := p.stage.waits(ctx); err != nil {
		return nil, fmt.Errorf("the script has not come to where the client leaves: %w", err)
	}
	a.Leave()
	if err := p.stage.left(ctx); err != nil {
		return nil, fmt.Errorf("the script has not seen the client leave: %w", err)
	}
	return r, nil
}

// judge compares an answer with what is wished for.
func (p *player) judge(ctx context.Context, at string, r *received, w *wish, before *shelf) error {
	p.out.Applied = append(slices.Clone(p.out.Applied), w.applied...)
	switch {
	case w.refused && w.mayAnswer && r.status == 200:
		p.out.Applied = append(p.out.Applied, w.optional...)
		p.diverged = true
		return nil
	case w.refused || r.status != 200 && w.mayRefuse:
		if !w.refused {
			p.out.Applied = append(p.out.Applied, w.optional...)
		}
		// What the reference refuses, too, or answers with nothing, leaves the same behind.
		p.diverged = p.diverged || w.x.Expect.EndedBy == "" && (w.body != nil || len(w.recorded) > 0)
		p.undo(w)
		return p.checkRefused(ctx, at, r, w, before)
	case r.status != 200:
		p.out.problem("%s: refused with %d %s, want %s", at, r.status, r.body, w.x.Expect.Kind)
		return nil
	}
	p.once = p.once || w.once
	p.diverged = p.diverged || w.prefix
	maps.Copy(p.gone, w.gone)
	for _, id := range w.open {
		p.open[id] = true
	}
	var err error
	if w.stream {
		err = p.checkStream(at, r, w)
	} else {
		err = p.checkDocument(at, r, w)
	}
	if err != nil {
		return err
	}
	return p.checkHooks(ctx, at, w)
}

func (p *player) checkStream(at string, r *received, w *wish) error {
	if !r.stream {
		p.out.problem("%s: a document %s, want a stream", at, r.body)
		return nil
	}
	if by := w.x.Expect.EndedBy; r.torn != nil && (by == "" || by == "cancelled") {
		return fmt.Errorf("read the stream: %w", r.torn)
	}
	got := []any{}
	for _, f := range r.frames {
		v, err := parse(f.Data)
		if err != nil {
			return fmt.Errorf("event %d %q: %w", len(got), f.Data, err)
		}
		got = append(got, v)
	}
	got = slices.DeleteFunc(got, w.ofHidden)
	got = slices.DeleteFunc(got, w.finishes)
	if w.prefix {
		got = got[:min(len(got), len(w.events))]
	}
	p.compare(at+" events", got, w.events)
	p.countBytes(at, wireBytes(r.frames), w)
	return nil
}

func (p *player) checkDocument(at string, r *received, w *wish) error {
	if r.stream {
		p.out.problem("%s: a stream, want a document", at)
		return nil
	}
	got, err := parse(r.body)
	if err != nil {
		return fmt.Errorf("document %q: %w", r.body, err)
	}
	p.compare(at+" body", got, w.body)
	p.countBytes(at, string(r.body), w)
	return nil
}

// checkRefused checks that the server refused with words for the user and changed nothing.
func (p *player) checkRefused(ctx context.Context, at string, r *received, w *wish, before *shelf) error {
	if r.status < 400 || r.status > 499 && r.status != w.alsoStatus {
		p.out.problem("%s: answered with %d %s, want a refusal with 4xx", at, r.status, r.body)
		return nil
	}
	if w.onlyStatus != 0 && r.status != w.onlyStatus {
		p.out.problem("%s: refused with %d %s, want %d", at, r.status, r.body, w.onlyStatus)
	}
	v, err := parse(r.body)
	if err != nil {
		return fmt.Errorf("refusal %q: %w", r.body, err)
	}
	if o, ok := v.(map[string]any); !ok || o["message"] == nil || o["message"] == "" {
		p.out.problem(`%s: refused with %s, want a JSON object with a "message"`, at, r.body)
	}
	after, err := p.stage.read(ctx)
	if err != nil {
		return err
	}
	p.compare(at+" store after the refusal", after.value(), before.value())
	return nil
}

func (p *player) checkHooks(ctx context.Context, at string, w *wish) error {
	seen, feedback, deleted, err := p.stage.hooks(ctx)
	if err != nil {
		return fmt.Errorf("play the script: %w", err)
	}
	if w.seen != nil {
		p.compare(at+" seen", seen, w.seen)
	}
	if w.deleted != nil {
		p.compare(at+" attachments_deleted", deleted, w.deleted)
	}
	if w.feedback != nil {
		// A single piece of feedback may have been recorded without a list.
		if _, ok := w.feedback.(map[string]any); ok {
			w.feedback = []any{w.feedback}
		}
		p.compare(at+" feedback", feedback, w.feedback)
	}
	return nil
}

// readAll reads a stream: at most limit events, all if limit is negative.
func readAll(a *Answer, limit int) (frames []*client.Frame, err error) {
	for limit < 0 || len(frames) < limit {
		f, err := a.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return frames, err
		}
		frames = append(frames, f)
	}
	return frames, nil
}
