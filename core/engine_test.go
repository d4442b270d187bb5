package chatkit_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	chatkit "github.com/gochatkit/chatkit/core"
	"github.com/gochatkit/chatkit/core/run"
	"github.com/gochatkit/chatkit/core/run/memengine"
)

// A cutEngine is an engine to which the connection can be lost.
type cutEngine struct {
	*memengine.Engine
	mu   sync.Mutex
	fail func(ctx context.Context) error
}

func (e *cutEngine) become(fail func(ctx context.Context) error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.fail = fail
}

func (e *cutEngine) try(ctx context.Context) error {
	e.mu.Lock()
	fail := e.fail
	e.mu.Unlock()
	if fail == nil {
		return nil
	}
	return fail(ctx)
}

func (e *cutEngine) Append(ctx context.Context, l *run.Lease, b run.Batch) (run.Feedback, error) {
	if err := e.try(ctx); err != nil {
		return run.Feedback{}, err
	}
	return e.Engine.Append(ctx, l, b)
}

func (e *cutEngine) Renew(ctx context.Context, l *run.Lease) (run.Feedback, error) {
	return e.Append(ctx, l, run.Batch{})
}

func (e *cutEngine) Finish(ctx context.Context, l *run.Lease, b run.Batch, o run.Outcome) error {
	if err := e.try(ctx); err != nil {
		return err
	}
	return e.Engine.Finish(ctx, l, b, o)
}

var errCut = errors.New("connection lost")

func cut(context.Context) error { return errCut }

func hung(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }

func taken(context.Context) error { return run.ErrFenced }

func on(e run.Engine) func(*chatkit.Options) {
	return func(o *chatkit.Options) { o.Run.Engine = e }
}

func writingPart(ctx context.Context, t *chatkit.Turn) error {
	if t.Input.Content[0].(*chatkit.InputText).Text != "one" {
		return t.Text("answer")
	}
	if _, err := t.Message().WriteString("part"); err != nil {
		return err
	}
	<-ctx.Done()
	return context.Cause(ctx)
}

// The two ends of a turn that its engine brings about, and what the thread is like afterwards.
func TestATurnWhoseEngineFails(t *testing.T) {
	tests := []struct {
		name    string
		fail    func(ctx context.Context) error
		cause   error
		history string
		note    string
		next    string // history after the next message
	}{
		{"engine lost", cut, run.ErrEngineLost, "u:one a:part note", noteInterrupted, "u:one a:part note u:two a:answer"},
		{"engine hangs", hung, run.ErrEngineLost, "u:one a:part note", noteInterrupted, "u:one a:part note u:two a:answer"},
		// Somebody else ends the turn, and stores what there is; here that is this server too, once the lease is over.
		{"fenced", taken, run.ErrFenced, "u:one", "", "u:one a:part note u:two a:answer"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				e := &cutEngine{Engine: memengine.New(nil)}
				var ends []run.End
				var seen error
				r := newRig(t, func(ctx context.Context, t *chatkit.Turn) error {
					err := writingPart(ctx, t)
					if seen == nil {
						seen = context.Cause(ctx)
					}
					return err
				}, on(e), func(o *chatkit.Options) {
					o.Run.OnEnd = func(e run.End) { ends = append(ends, e) }
				})
				id := r.thread()
				res := r.begin(message(id, "one"))
				defer res.Close()
				time.Sleep(time.Minute)
				synctest.Wait()
				e.become(tt.fail)
				began := time.Now()
				lines := strings.Split(strings.TrimSpace(read(t, res)), "\n")
				if got := lines[len(lines)-1]; got != retryEvent {
					t.Errorf("last event = %s, want %s", got, retryEvent)
				}
				if took := time.Since(began); took > 20*time.Second {
					t.Errorf("the stream ended after %v", took)
				}
				synctest.Wait()
				if got := r.history(id); got != tt.history {
					t.Errorf("history = %q, want %q", got, tt.history)
				}
				if got := r.note(id); !strings.HasPrefix(got, tt.note) || got != "" && tt.note == "" {
					t.Errorf("note = %q, want %q", got, tt.note)
				}
				if len(ends) != 1 || ends[0].Status != run.Interrupted || !errors.Is(ends[0].Cause, tt.cause) || !errors.Is(seen, tt.cause) {
					t.Errorf("ends = %+v, Respond's context ended with %v, want %v", ends, seen, tt.cause)
				}
				if log := r.log.String(); !strings.Contains(log, "level=ERROR") {
					t.Errorf("log = %s, want an error", log)
				}
				e.become(nil)
				time.Sleep(10 * time.Second) // the lease
				r.ask(message(id, "two"))
				if got := r.history(id); got != tt.next {
					t.Errorf("history after the next message = %q, want %q", got, tt.next)
				}
			})
		})
	}
}

// A cutStore stops to store at some moment, as that of a process that dies.
type cutStore struct {
	chatkit.Store
	mu   sync.Mutex
	dead bool
}

func (s *cutStore) die() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.dead = true
}

func (s *cutStore) revive() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.dead = false
}

func (s *cutStore) PutItem(ctx context.Context, owner, thread string, it chatkit.Item) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.dead {
		return errCut
	}
	return s.Store.PutItem(ctx, owner, thread, it)
}

// A pair is a server that dies and the one that comes after it.
type pair struct {
	engine *cutEngine
	store  *cutStore
	dying  *rig
}

func newPair(t *testing.T, respond chatkit.RespondFunc) *pair {
	p := &pair{engine: &cutEngine{Engine: memengine.New(nil)}}
	p.dying = newRig(t, respond, on(p.engine), withIDs)
	p.store = &cutStore{Store: p.dying.store}
	p.dying.Server = chatkit.NewServer(p.store, respond, &chatkit.Options{Run: run.Config{Engine: p.engine}})
	return p
}

// die cuts the first server off and returns the second.
func (p *pair) die(t *testing.T) *rig {
	p.store.die()
	p.engine.become(cut)
	time.Sleep(time.Minute)
	synctest.Wait()
	next := newRig(t, writingPart, on(p.engine.Engine), withIDs)
	next.store = p.store.Store
	next.Server = chatkit.NewServer(next.store, writingPart, &chatkit.Options{Run: run.Config{Engine: p.engine.Engine}})
	return next
}

func TestATurnWhoseServerDiesIsEndedByTheNext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPair(t, func(ctx context.Context, t *chatkit.Turn) error {
			if err := t.Text("first"); err != nil {
				return err
			}
			m := t.Message()
			_, _ = m.WriteString("second ")
			time.Sleep(2 * time.Second)
			_, _ = m.WriteString("lost")
			<-ctx.Done()
			return context.Cause(ctx)
		})
		id := p.dying.thread()
		body := message(id, "one")
		res, err := p.dying.with(resumes, body)
		if err != nil {
			t.Fatal(err)
		}
		text, last := take(t, res, time.Second)
		if text != "second " {
			t.Fatalf("the client saw %q", text)
		}
		p.engine.become(cut)
		more, ahead := take(t, res, 3*time.Second) // what the log never got
		res.Close()
		if more != "lost" || ahead == last {
			t.Fatalf("the client saw %q up to %s", more, ahead)
		}
		next := p.die(t)
		if got := next.history(id); got != "u:one a:first" {
			t.Fatalf("history before the recovery = %q", got)
		}
		for range 2 {
			if err := next.Recover(t.Context()); err != nil {
				t.Fatalf("Recover: %v", err)
			}
			if got := next.history(id); got != "u:one a:first a:second  note" {
				t.Errorf("history = %q", got)
			}
		}
		if got := next.note(id); !strings.HasPrefix(got, noteInterrupted) {
			t.Errorf("note = %q", got)
		}
		// Whoever comes back gets the whole turn as it is now, and is told that it has failed.
		for _, cursor := range []string{last, ahead} {
			res, err := next.with(map[string]string{"Last-Event-ID": cursor, "ChatKit-Resume": "1"}, body)
			if err != nil {
				t.Fatal(err)
			}
			got := wire(t, res)
			for _, want := range []string{`"type":"thread.item.replaced"`, `"text":"first"`, `"text":"second "`, retryEvent, `{"status":"interrupted","reason":"lost"}`} {
				if !strings.Contains(got, want) {
					t.Errorf("after %s the client gets\n%s\nwithout %s", cursor, got, want)
				}
			}
			if strings.Contains(got, "interrupted before it was") || strings.Index(got, retryEvent) < strings.LastIndex(got, "thread.item.replaced") {
				t.Errorf("after %s the client gets\n%s\nwith the note, or not the error last", cursor, got)
			}
			res.Close()
		}
		if got := next.history(id); got != "u:one a:first a:second  note" {
			t.Errorf("history after the client came back = %q", got)
		}
		next.ask(message(id, "two"))
		if got := next.history(id); got != "u:one a:first a:second  note u:two a:answer" {
			t.Errorf("history after the next message = %q", got)
		}
	})
}

// wire returns a stream to its end, as it is sent.
func wire(t *testing.T, res *chatkit.Result) string {
	t.Helper()
	var out []byte
	for {
		var err error
		if out, err = res.Next(t.Context(), out); err != nil {
			return string(out)
		}
	}
}

// The first request after a death may be anybody's: nothing of it reaches what ends the turn.
func TestALostTurnIsEndedForItsOwner(t *testing.T) {
	type userKey struct{}
	synctest.Test(t, func(t *testing.T) {
		owner := func(ctx context.Context) (string, error) { return ctx.Value(userKey{}).(string), nil }
		as := func(user string) context.Context { return context.WithValue(t.Context(), userKey{}, user) }
		p := newPair(t, writingPart)
		dying := chatkit.NewServer(p.store, writingPart, &chatkit.Options{Run: run.Config{Engine: p.engine}, Owner: owner})
		body := `{"type":"threads.create","params":{"input":{"content":[{"type":"input_text","text":"one"}],"attachments":[],"inference_options":{}}}}`
		res, err := dying.Process(as("alice"), &chatkit.Request{Body: []byte(body), Header: func(name string) string { return resumes[name] }})
		if err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		res.Close()
		p.die(t)
		var seen []string
		next := chatkit.NewServer(p.store.Store, writingPart, &chatkit.Options{
			Run: run.Config{Engine: p.engine.Engine}, Owner: owner,
			OnCancel: func(ctx context.Context, c *chatkit.Cancellation) error {
				seen = append(seen, fmt.Sprint(c.Owner, " ", ctx.Value(userKey{})))
				return c.SavePartial(ctx)
			},
		})
		if _, err := next.Process(as("bob"), &chatkit.Request{Body: []byte(`{"type":"threads.list","params":{}}`)}); err != nil {
			t.Fatal(err)
		}
		if want := []string{"alice <nil>"}; !slices.Equal(seen, want) {
			t.Errorf("OnCancel was called for %q, want %q", seen, want)
		}
	})
}

// An item is stored before its last event is logged. What a server that died in between has stored is not
// replaced by the shorter text that the log has.
func TestWhatADeadServerHasStoredIsNotCutShort(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPair(t, func(ctx context.Context, t *chatkit.Turn) error {
			m := t.Message()
			_, _ = m.WriteString("half ")
			time.Sleep(2 * time.Second)
			_, _ = m.WriteString("and half")
			_ = m.Close()
			<-ctx.Done()
			return context.Cause(ctx)
		})
		id := p.dying.thread()
		res, err := p.dying.with(resumes, message(id, "one"))
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Second)
		p.engine.become(cut)
		_, last := take(t, res, 2*time.Second)
		res.Close()
		next := p.die(t)
		if err := next.Recover(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := next.history(id); got != "u:one a:half and half note" {
			t.Errorf("history = %q", got)
		}
		res, err = next.with(map[string]string{"Last-Event-ID": last}, message(id, "one"))
		if err != nil {
			t.Fatal(err)
		}
		if got := wire(t, res); !strings.Contains(got, "half and half") {
			t.Errorf("the client gets %s", got)
		}
	})
}

func TestTurnsOfADeletedThreadAreEndedToo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPair(t, writingPart)
		id := p.dying.thread()
		res, err := p.dying.with(resumes, message(id, "one"))
		if err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		res.Close()
		next := p.die(t)
		if err := next.store.DeleteThread(t.Context(), "", id); err != nil {
			t.Fatal(err)
		}
		if err := next.Recover(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := next.history(id); got != "" {
			t.Errorf("history = %q, want none", got)
		}
		if orphans, err := p.engine.Orphans(t.Context(), 10); err != nil || len(orphans) != 0 {
			t.Errorf("orphans = %+v, %v, want none", orphans, err)
		}
	})
}

// A store that fails while turns are recovered costs the requests for their threads, and no other.
func TestARecoveryThatFailedIsTriedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPair(t, writingPart)
		id := p.dying.thread()
		res, err := p.dying.with(resumes, message(id, "one"))
		if err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		res.Close()
		p.die(t)
		store := &cutStore{Store: p.store.Store, dead: true}
		next := newRig(t, writingPart)
		next.store = store
		next.Server = chatkit.NewServer(store, writingPart, &chatkit.Options{Run: run.Config{Engine: p.engine.Engine}})
		if _, err := next.process(message(id, "two")); !errors.Is(err, run.ErrBusy) {
			t.Errorf("request for the thread = %v, want busy", err)
		}
		if _, err := next.process(`{"type":"threads.list","params":{}}`); err != nil {
			t.Errorf("another request = %v", err)
		}
		if err := next.Recover(t.Context()); err != nil {
			t.Errorf("Recover while the lease of the first attempt holds = %v", err)
		}
		store.revive()
		time.Sleep(11 * time.Second) // the lease of the first attempt
		next.ask(message(id, "two"))
		if got := next.history(id); got != "u:one a:part note u:two a:answer" {
			t.Errorf("history = %q", got)
		}
	})
}

// The events in the engine's log are those that clients get.
func TestTheEngineHasTheEventsThatClientsGet(t *testing.T) {
	e := memengine.New(nil)
	r := newRig(t, func(_ context.Context, t *chatkit.Turn) error { return t.Text("Hi <b> \"there\" \u2028") }, on(e))
	id := r.thread()
	res := r.begin(message(id, "one"))
	defer res.Close()
	run1 := res.RunID()
	want := read(t, res)
	r.Runs().Settle(t.Context(), "", id, time.Second)
	p, err := e.Read(t.Context(), run.Key{Thread: id, Run: run1}, 0, 1000)
	if err != nil {
		t.Fatal(err)
	}
	var got strings.Builder
	for _, b := range p.Batches {
		got.Write(b.Data)
	}
	if got.String() != want {
		t.Errorf("log =\n%s\nwant\n%s", got.String(), want)
	}
	for line := range strings.Lines(want) {
		if !json.Valid([]byte(line)) {
			t.Errorf("event %q is no JSON", line)
		}
	}
}
