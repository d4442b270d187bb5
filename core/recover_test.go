package chatkit_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	chatkit "github.com/gochatkit/chatkit/core"
	"github.com/gochatkit/chatkit/core/run"
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
