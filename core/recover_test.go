package chatkit_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	chatkit "github.com/gochatkit/chatkit/core"
	"github.com/gochatkit/chatkit/core/run"
	"github.com/gochatkit/chatkit/core/run/memengine"
)

const listThreads = `{"type":"threads.list","params":{}}`

// lose begins a turn that shows "part", lets its server die, and returns the thread.
func (p *pair) lose(t *testing.T) (thread string) {
	t.Helper()
	thread = p.dying.thread()
	res, err := p.dying.with(resumes, message(thread, "one"))
	if err != nil {
		t.Fatal(err)
	}
	synctest.Wait()
	res.Close()
	p.die(t)
	return thread
}

// successor returns a server on a store and an engine.
func successor(t *testing.T, store chatkit.Store, e run.Engine, onCancel func(context.Context, *chatkit.Cancellation) error) *rig {
	r := newRig(t, writingPart)
	r.store = store
	r.Server = chatkit.NewServer(store, writingPart, &chatkit.Options{
		Logger: r.logger(), OnCancel: onCancel, Run: run.Config{Engine: e},
	})
	return r
}

func TestAHookThatFailsDoesNotKeepALostTurn(t *testing.T) {
	for name, onCancel := range map[string]func(context.Context, *chatkit.Cancellation) error{
		"an error": func(ctx context.Context, c *chatkit.Cancellation) error {
			return errors.Join(c.SavePartial(ctx), errors.New("audit is down"))
		},
		"a panic": func(ctx context.Context, c *chatkit.Cancellation) error {
			_ = c.SavePartial(ctx)
			panic("audit is down")
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p := newPair(t, writingPart)
				id := p.lose(t)
				next := successor(t, p.store.Store, p.engine.Engine, onCancel)
				if err := next.Recover(t.Context()); err != nil {
					t.Errorf("Recover = %v", err)
				}
				next.ask(message(id, "two"))
				if got := next.history(id); got != "u:one a:part note u:two a:answer" {
					t.Errorf("history = %q", got)
				}
				if log := next.log.String(); !strings.Contains(log, "audit is down") {
					t.Errorf("log = %s, want the hook's error", log)
				}
			})
		})
	}
}

// A pickyStore refuses assistant messages with a text.
type pickyStore struct {
	chatkit.Store
	text string
}

func (s *pickyStore) PutItem(ctx context.Context, owner, thread string, it chatkit.Item) error {
	if m, ok := it.(*chatkit.AssistantMessageItem); ok && m.Content[0].Text == s.text {
		return errCut
	}
	return s.Store.PutItem(ctx, owner, thread, it)
}

func TestALostTurnThatTheStoreRefusesIsGivenUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPair(t, writingPart)
		id := p.lose(t)
		store := &pickyStore{Store: p.store.Store, text: "part"}
		next := successor(t, store, p.engine.Engine, nil)
		other := next.thread()
		refused := 0
		for answered := false; !answered && refused < 10; {
			if _, err := next.process(listThreads); err != nil {
				t.Fatalf("a request that has nothing to do with it = %v", err)
			}
			next.ask(message(other, "hello"))
			if res, err := next.process(message(id, "two")); err == nil { // it may wait for so long that it has to be told by an event
				answered = !strings.Contains(read(t, res), run.ErrBusy.Error())
				res.Close()
			} else if !errors.Is(err, run.ErrBusy) {
				t.Fatalf("a request for the thread = %v, want busy", err)
			}
			if !answered {
				refused++
				time.Sleep(11 * time.Second) // the lease of the attempt
			}
		}
		if refused != 4 {
			t.Errorf("thread was refused %d times, want 4: the fifth attempt is the last", refused)
		}
		if got := next.history(id); got != "u:one note u:two a:answer" {
			t.Errorf("history = %q", got)
		}
		if log := next.log.String(); !strings.Contains(log, "ended without what could not be stored") {
			t.Errorf("log = %s, want that it was given up", log)
		}
	})
}

// A process that survives ends its turn once, unless the store has not taken all of it.
func TestAnEndThatCouldNotBeRecordedIsMadeUpFor(t *testing.T) {
	for _, stored := range []bool{true, false} {
		t.Run(fmt.Sprintf("stored %v", stored), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p := newPair(t, writingPart)
				cancelled := 0
				srv := successor(t, p.store, p.engine, func(ctx context.Context, c *chatkit.Cancellation) error {
					cancelled++
					return c.SavePartial(ctx)
				})
				id := srv.thread()
				res := srv.begin(message(id, "one"))
				synctest.Wait()
				p.engine.become(cut)
				if !stored {
					p.store.die()
				}
				read(t, res)
				res.Close()
				p.engine.become(nil)
				p.store.revive()
				time.Sleep(10 * time.Second)
				srv.ask(message(id, "two"))
				if got := srv.history(id); got != "u:one a:part note u:two a:answer" {
					t.Errorf("history = %q", got)
				}
				if want := map[bool]int{true: 1, false: 2}[stored]; cancelled != want {
					t.Errorf("OnCancel was called %d times, want %d", cancelled, want)
				}
			})
		})
	}
}

// The tries to store what is left of lost turns are a lease apart: no request waits for a store that refuses.
func TestManyLostTurnsThatTheStoreRefusesHoldUpNoRequest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPair(t, writingPart)
		for range 20 {
			res, err := p.dying.with(resumes, message(p.dying.thread(), "one"))
			if err != nil {
				t.Fatal(err)
			}
			defer res.Close()
		}
		synctest.Wait()
		p.die(t)
		next := successor(t, &moodyStore{p.store.Store, func(chatkit.Item) error { return errCut }}, p.engine.Engine, nil)
		for range 3 {
			began := time.Now()
			if _, err := next.process(listThreads); err != nil {
				t.Fatal(err)
			}
			if took := time.Since(began); took > time.Second {
				t.Errorf("the list of threads took %v", took)
			}
			time.Sleep(2 * time.Second)
		}
	})
}

// A slowEngine takes its time.
type slowEngine struct {
	run.Engine
	claim, take time.Duration
}

func (e *slowEngine) Claim(ctx context.Context, r run.ClaimRequest) (*run.Lease, error) {
	sent := time.Now()
	time.Sleep(e.claim)
	lease, err := e.Engine.Claim(ctx, r)
	if lease != nil {
		lease.Sent = sent
	}
	return lease, err
}

func (e *slowEngine) TakeOver(ctx context.Context, r run.RunInfo, node string) (*run.Lease, error) {
	time.Sleep(e.take)
	return e.Engine.TakeOver(ctx, r, node)
}

func TestASlowClaimIsNoLostEngine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, func(_ context.Context, t *chatkit.Turn) error {
			time.Sleep(time.Second)
			return t.Text("answer")
		}, on(&slowEngine{Engine: memengine.New(nil), claim: 6 * time.Second})) // of a lease of ten
		if got := r.ask(message("", "one")); !strings.Contains(got, `"text":"answer"`) {
			t.Errorf("the client gets %s, want the answer", got)
		}
	})
}

// What takes all the time that the end of a lost turn has does not keep the end from being recorded.
func TestAHookThatHangsHoldsAThreadForFiveLeasesAtMost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPair(t, writingPart)
		var calls atomic.Int32
		next := successor(t, p.store.Store, &slowEngine{Engine: p.engine.Engine, take: time.Millisecond}, func(ctx context.Context, c *chatkit.Cancellation) error {
			if !errors.Is(c.Cause, run.ErrLost) {
				return c.SavePartial(ctx)
			}
			calls.Add(1)
			<-ctx.Done()
			return ctx.Err()
		})
		if _, err := next.process(listThreads); err != nil { // it has recovered: there is nothing to do
			t.Fatal(err)
		}
		id := p.lose(t)
		for range 10 {
			if res, err := next.process(message(id, "two")); err == nil {
				read(t, res)
				res.Close()
			}
			time.Sleep(11 * time.Second)
		}
		if calls.Load() > 5 || !strings.Contains(next.history(id), "u:two a:answer") && !strings.Contains(next.history(id), "u:two a:part") {
			t.Errorf("OnCancel was called %d times, the history is %q, want 5 at most and an answer", calls.Load(), next.history(id))
		}
	})
}
