package chatkit_test

import (
	"context"
	"encoding/json"
	"errors"
	"iter"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	chatkit "github.com/gochatkit/chatkit/core"
	"github.com/gochatkit/chatkit/core/agent"
	"github.com/gochatkit/chatkit/core/run"
	"github.com/gochatkit/chatkit/core/transport"
)

// slowStore takes its time for answers, and for threads.
type slowStore struct {
	chatkit.Store
	items, threads time.Duration
}

func (s slowStore) PutItem(ctx context.Context, owner, thread string, it chatkit.Item) error {
	if _, answer := it.(*chatkit.AssistantMessageItem); answer {
		time.Sleep(s.items)
	}
	return s.Store.PutItem(ctx, owner, thread, it)
}

func (s slowStore) Thread(ctx context.Context, owner, id string) (*chatkit.Thread, error) {
	time.Sleep(s.threads)
	return s.Store.Thread(ctx, owner, id)
}

func sleeping(d time.Duration) chatkit.RespondFunc {
	return func(_ context.Context, t *chatkit.Turn) error {
		time.Sleep(d)
		return t.Text("done")
	}
}

// A thinker is a model that takes its time.
type thinker struct{ after time.Duration }

func (m thinker) Stream(context.Context, *agent.Request) iter.Seq2[agent.Event, error] {
	return func(yield func(agent.Event, error) bool) {
		time.Sleep(m.after)
		_ = yield(&agent.TextDelta{Text: "done"}, nil) && yield(&agent.Finish{Reason: agent.ReasonStop}, nil)
	}
}

// A caller is a model that calls a tool, and says what came of it.
type caller struct{ asked int }

func (m *caller) Stream(context.Context, *agent.Request) iter.Seq2[agent.Event, error] {
	m.asked++
	events := []agent.Event{&agent.TextDelta{Text: "done"}, &agent.Finish{Reason: agent.ReasonStop}}
	if m.asked == 1 {
		events = []agent.Event{&agent.ToolCall{CallID: "call_1", Name: "weather", Arguments: "{}"}, &agent.Finish{Reason: agent.ReasonStop}}
	}
	return func(yield func(agent.Event, error) bool) {
		for _, e := range events {
			if !yield(e, nil) {
				return
			}
		}
	}
}

func TestASilentTurnSaysWhatItWaitsFor(t *testing.T) {
	const long = 12 * time.Second
	tests := []struct {
		name    string
		respond chatkit.RespondFunc
		store   func(chatkit.Store) chatkit.Store
		input   bool // the input is what is slow
		phase   string
	}{
		{name: "the author's function", respond: sleeping(long), phase: "in Respond"},
		{
			name: "a phase of the author's", phase: `waiting for "the weather"`,
			respond: func(ctx context.Context, t *chatkit.Turn) error {
				defer t.Phase(`waiting for "the weather"`)()
				return sleeping(long)(ctx, t)
			},
		},
		{
			name: "phases that overlap", phase: "in tool a, in tool b",
			respond: func(ctx context.Context, t *chatkit.Turn) error {
				defer t.Phase("in tool a")()
				over := t.Phase("in tool x")
				defer t.Phase("in tool b")()
				over()
				over()
				return sleeping(long)(ctx, t)
			},
		},
		{
			name: "the model", phase: "waiting for the model",
			respond: func(ctx context.Context, t *chatkit.Turn) error {
				return agent.Stream(ctx, t, thinker{long}.Stream(ctx, nil))
			},
		},
		{
			name: "a tool", phase: "in tool weather",
			respond: func(ctx context.Context, t *chatkit.Turn) error {
				weather := agent.RawTool(agent.ToolSpec{Name: "weather", Schema: json.RawMessage(`{"type":"object"}`)}, func(context.Context, json.RawMessage) (string, error) {
					time.Sleep(long)
					return "sunny", nil
				})
				_, err := agent.Run(ctx, t, &agent.Agent{Model: &caller{}, Tools: []agent.Tool{weather}})
				return err
			},
		},
		{
			name: "the store", phase: "waiting for the store",
			respond: sleeping(0), store: func(s chatkit.Store) chatkit.Store { return slowStore{Store: s, items: long} },
		},
		{
			name: "the store, before Respond", phase: "before Respond: loading and storing the input",
			respond: sleeping(0), store: func(s chatkit.Store) chatkit.Store { return slowStore{Store: s, threads: long} },
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var told []run.Quiet
				r := newRig(t, tt.respond, func(o *chatkit.Options) {
					o.Run.Quiet = 5 * time.Second
					o.Run.FinalizeTimeout = time.Hour
					o.Run.OnQuiet = func(q run.Quiet) { told = append(told, q) }
				})
				id := r.thread()
				if tt.store != nil {
					// What the rig's own store holds, behind one that takes its time once the request is there.
					r.Server = chatkit.NewServer(tt.store(r.store), tt.respond, &chatkit.Options{
						Logger: r.logger(), Run: run.Config{
							Quiet: 5 * time.Second, FinalizeTimeout: time.Hour, OnQuiet: func(q run.Quiet) { told = append(told, q) },
						},
					})
				}
				r.ask(message(id, "Hi"))
				synctest.Wait()
				if len(told) < 2 {
					t.Fatalf("told %+v, want at least two reports; log:\n%s", told, r.log)
				}
				for _, q := range told[:2] {
					if q.Phase != tt.phase || q.Thread != id || q.Run == "" || q.Kind != "threads.add_user_message" || q.Readers != 1 || q.Over {
						t.Errorf("report %+v, want phase %q of thread %s", q, tt.phase, id)
					}
				}
				if first, second := told[0].For, told[1].For; first < 5*time.Second || first > 6*time.Second || second < 10*time.Second || second > 11*time.Second {
					t.Errorf("reports after %v and %v, want about 5 s and 10 s", first, second)
				}
			})
		})
	}
}

func TestTheLogSaysThatATurnIsSilentAndThatItGoesOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, func(_ context.Context, t *chatkit.Turn) error {
			for range 2 {
				if err := t.Progress("", "…"); err != nil {
					return err
				}
				time.Sleep(20 * time.Second)
			}
			return t.Text("done")
		})
		r.ask(message(r.thread(), "Hi"))
		synctest.Wait()
		want := "level=WARN msg=\"chatkit: turn has sent nothing for a while\""
		if got := strings.Count(r.log.String(), want); got != 2 || !strings.Contains(r.log.String(), `phase="in Respond" clients=1`) {
			t.Errorf("%d lines %q, want 2, in the log:\n%s", got, want, r.log)
		}
		if !strings.Contains(r.log.String(), `level=INFO msg="chatkit: turn goes on after a silence"`) || !strings.Contains(r.log.String(), "silent=20s") {
			t.Errorf("no line about the end of the silence of 20 s in the log:\n%s", r.log)
		}
	})
}

func TestATurnThatWaitsForItsThreadSaysSo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var told []run.Quiet
		r := newRig(t, sleeping(20*time.Second), func(o *chatkit.Options) {
			o.TurnPolicy = func(_ context.Context, _ chatkit.TurnRequest, p *chatkit.TurnPolicy) { p.Thread = run.Queue }
			o.Run.OnQuiet = func(q run.Quiet) { told = append(told, q) }
		})
		id := r.thread()
		first := r.begin(message(id, "one"))
		defer first.Close()
		r.ask(message(id, "two"))
		synctest.Wait()
		var phases []string
		for _, q := range told {
			if !q.Over {
				phases = append(phases, q.Phase)
			}
		}
		if got := strings.Join(phases, "; "); !strings.Contains(got, "before Respond: waiting for the thread") {
			t.Errorf("phases %q, want one that waits for the thread", got)
		}
	})
}

func TestAClientThatDoesNotReadIsSaidToBlock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var told []run.Quiet
		r := newRig(t, func(ctx context.Context, t *chatkit.Turn) error {
			for range 40 { // the turn itself is not silent
				if err := t.Progress("", "…"); err != nil {
					return err
				}
				time.Sleep(time.Second)
			}
			return nil
		}, func(o *chatkit.Options) {
			o.Run.OnQuiet = func(q run.Quiet) { told = append(told, q) }
		})
		res := &heldResponse{ctx: t.Context(), release: make(chan struct{})}
		served := make(chan struct{})
		go func() {
			defer close(served)
			r.Serve(asked(t, message("", "Hi")), res)
		}()
		time.Sleep(14 * time.Second) // by default it is dropped after 15 s
		close(res.release)
		<-served
		synctest.Wait()
		if len(told) != 1 || told[0].Phase != "blocked by the client" || told[0].For < 7500*time.Millisecond || told[0].For > 9*time.Second {
			t.Errorf("told %+v, want that the client blocks, after half of what a write may take", told)
		}
	})
}

func TestAClientThatReadsIsNotSaidToBlock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var told []run.Quiet
		r := newRig(t, sleeping(20*time.Second), func(o *chatkit.Options) {
			o.Run.OnQuiet = func(q run.Quiet) { told = append(told, q) }
		})
		time.Sleep(time.Hour) // the server is older than the silence
		res := &heldResponse{ctx: t.Context(), release: make(chan struct{})}
		close(res.release)
		r.Serve(asked(t, message("", "Hi")), res)
		synctest.Wait()
		if len(told) != 1 || told[0].Phase != "in Respond" || told[0].For > 16*time.Second {
			t.Errorf("told %+v, want a silence of Respond of 15 s", told)
		}
	})
}

func TestTheTextOfAPhaseIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, func(ctx context.Context, turn *chatkit.Turn) error {
			defer turn.Phase(strings.Repeat("ä", 5000))()
			time.Sleep(20 * time.Second)
			return turn.Text("done")
		})
		r.ask(message(r.thread(), "Hi"))
		synctest.Wait()
		if line := linesWith(r.log.String(), "level=WARN"); len(line) > 600 || !strings.Contains(line, "ä…") {
			t.Errorf("a line of %d bytes, want a short one that is cut between letters:\n%.700s", len(line), line)
		}
	})
}

// asked is a request with the given body, as an adapter makes it.
func asked(t *testing.T, body string) *transport.Request {
	return &transport.Request{
		Context: t.Context(), Method: "POST",
		Header: func(name string) string { return map[string]string{"Content-Type": "application/json"}[name] },
		Body:   func() ([]byte, error) { return []byte(body), nil },
	}
}

func TestAStalledTurnIsEndedWithWhatItWaitedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, func(ctx context.Context, turn *chatkit.Turn) error {
			defer turn.Phase("in tool weather")()
			<-ctx.Done()
			return context.Cause(ctx)
		})
		r.ask(message(r.thread(), "Hi"))
		synctest.Wait()
		if want := `cause="stalled: no event for too long (in tool weather)"`; !strings.Contains(r.log.String(), want) {
			t.Errorf("no %s in the log:\n%s", want, r.log)
		}
	})
}

func TestMistakesOfRespondAreLoggedOnce(t *testing.T) {
	tests := []struct {
		name    string
		respond chatkit.RespondFunc
		warning string
		item    bool // the warning names it
	}{
		{
			name: "nothing sent", warning: "chatkit: Respond returned without sending anything",
			respond: func(context.Context, *chatkit.Turn) error { return nil },
		},
		{
			name: "an item that was never done", warning: "chatkit: Respond returned with an item that was never done; it was finished",
			respond: func(_ context.Context, t *chatkit.Turn) error { _, err := t.Message().WriteString("Hel"); return err }, item: true,
		},
		{
			name: "events after the end", warning: "chatkit: something was sent after the end of its turn; it was dropped",
			respond: func(_ context.Context, t *chatkit.Turn) error {
				m := t.Message()
				_, err := m.WriteString("Hello.")
				time.AfterFunc(time.Second, func() {
					for range 3 {
						_, _ = m.WriteString("late")
					}
				})
				return errors.Join(err, m.Close())
			}, item: true,
		},
		{
			name: "an item after the end", warning: "chatkit: something was sent after the end of its turn; it was dropped",
			respond: func(_ context.Context, t *chatkit.Turn) error {
				time.AfterFunc(time.Second, func() { _ = t.Text("late") })
				return t.Text("Hello.")
			}, item: true,
		},
		{
			name: "errors that are not heeded", warning: "chatkit: Respond goes on although its turn is over; it has to return the errors that it gets",
			respond: func(_ context.Context, t *chatkit.Turn) error {
				m := t.Message()
				for range 100 {
					_, _ = m.WriteString("word ")
					time.Sleep(50 * time.Millisecond)
				}
				return m.Close()
			}, item: true,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := newRig(t, tt.respond)
				id := r.thread()
				res := r.begin(message(id, "Hi"))
				time.Sleep(time.Second + time.Millisecond)
				res.Close()
				time.Sleep(10 * time.Second)
				synctest.Wait()
				lines := linesWith(r.log.String(), "level=WARN")
				if strings.Count(lines, "\n") > 1 || !strings.Contains(lines, tt.warning) || !strings.Contains(lines, "thread="+id) ||
					!strings.Contains(lines, "run=run_") || strings.Contains(lines, "item=msg_") != tt.item {
					t.Errorf("warnings:\n%s\nwant one line %q that names the thread and the run, and the item: %v", lines, tt.warning, tt.item)
				}
			})
		})
	}
}

func TestATurnThatHeedsItsErrorsIsNotWarnedOf(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		refused := 0
		r := newRig(t, func(_ context.Context, turn *chatkit.Turn) error {
			m := turn.Message()
			for {
				if _, err := m.WriteString("word "); err != nil {
					refused++
					return err
				}
				time.Sleep(50 * time.Millisecond)
			}
		})
		res := r.begin(message(r.thread(), "Hi"))
		time.Sleep(120 * time.Millisecond)
		res.Close()
		time.Sleep(10 * time.Second)
		synctest.Wait()
		if lines := linesWith(r.log.String(), "level=WARN"); lines != "" || refused != 1 {
			t.Errorf("%d refused writes, warnings:\n%s\nwant one, and none", refused, lines)
		}
	})
}

func TestAnActionMayAnswerNothing(t *testing.T) {
	r := newRig(t, sleeping(0), func(o *chatkit.Options) {
		o.Action = func(context.Context, *chatkit.Turn, *chatkit.Action) error { return nil }
	})
	r.ask(`{"type":"threads.custom_action","params":{"thread_id":"` + r.thread() + `","action":{"type":"ping","payload":{}}}}`)
	if lines := linesWith(r.log.String(), "level=WARN"); lines != "" {
		t.Errorf("warnings:\n%s", lines)
	}
}

// A panic is in the log once, with its stack, whatever the turn is ended by.
func TestAPanicIsLoggedWhateverEndsTheTurn(t *testing.T) {
	tests := []struct {
		name string
		wait time.Duration // from the end of the context to the panic
		stop bool
	}{
		{"panic", 0, false},
		{"stopped", 0, true},
		{"stopped, and Respond was left behind", time.Minute, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := newRig(t, func(ctx context.Context, turn *chatkit.Turn) error {
					_, _ = turn.Message().WriteString("shown")
					if tt.stop {
						<-ctx.Done()
						time.Sleep(tt.wait)
					}
					panic("no such seat")
				})
				res := r.begin(message(r.thread(), "Hi"))
				defer res.Close()
				synctest.Wait()
				res.Run().Cancel(run.ErrStopped, "")
				<-res.Run().Done()
				time.Sleep(2 * time.Minute)
				synctest.Wait()
				lines := linesWith(r.log.String(), "level=ERROR")
				if strings.Count(lines, "\n") != 1 || !strings.Contains(lines, "no such seat") || !strings.Contains(lines, "TestAPanicIsLogged") {
					t.Errorf("errors:\n%s\nwant one line with the panic and its stack", lines)
				}
				if ended := linesWith(r.log.String(), "turn ended early"); strings.Count(ended, "\n") != 1 {
					t.Errorf("log:\n%s\nwant one line on the end of the turn", r.log)
				}
			})
		})
	}
}
