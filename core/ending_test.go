package chatkit_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	chatkit "github.com/gochatkit/chatkit/core"
	"github.com/gochatkit/chatkit/core/chatkittest"
	"github.com/gochatkit/chatkit/core/memstore"
	"github.com/gochatkit/chatkit/core/run"
)

const (
	noteCancelled   = "The user cancelled the stream. Stop responding to the prior request."
	noteSuperseded  = "The user sent a new message before the response was complete"
	noteInterrupted = "The response was interrupted before it was complete"
	noteFailed      = "The response failed before it was complete"

	retryEvent   = `{"type":"error","code":"stream.error","allow_retry":true}`
	noRetryEvent = `{"type":"error","code":"stream.error","allow_retry":false}`
)

// Each way in which a turn can end: what is stored, what the model is told, what those see who are still
// attached, how it is logged, and what the hook and Respond's context say.
func TestEveryEndDoesTheRightThing(t *testing.T) {
	writing := func(ctx context.Context, t *chatkit.Turn) error {
		if _, err := t.Message().WriteString("zebra"); err != nil {
			return err
		}
		<-ctx.Done()
		return context.Cause(ctx)
	}
	returning := func(err error) chatkit.RespondFunc {
		return func(_ context.Context, t *chatkit.Turn) error {
			_, _ = t.Message().WriteString("zebra")
			return err
		}
	}
	runs := func(r *rig, id, rest string) {
		r.ask(`{"type":"runs.cancel","params":{"thread_id":"` + id + `"` + rest + `}}`)
	}
	tests := []struct {
		name    string
		respond chatkit.RespondFunc
		options func(*chatkit.Options)
		end     func(r *rig, id string, res *chatkit.Result)
		cause   error
		status  run.Status
		history string // without the user's message
		note    string
		last    string // last event for those attached
		level   string
	}{
		{
			name: "finished", respond: func(_ context.Context, t *chatkit.Turn) error { return t.Text("all") },
			status: run.Completed, history: "a:all", last: "thread.item.done", level: "INFO",
		},
		{
			name: "finished with an item left open", respond: returning(nil),
			status: run.Completed, history: "a:zebra", last: "thread.item.done", level: "WARN",
		},
		{
			name: "error", respond: returning(errors.New("boom")),
			cause: run.ErrRespond, status: run.Failed, history: "a:zebra note", note: noteFailed, last: retryEvent, level: "ERROR",
		},
		{
			name: "error, as the Python server does it", respond: returning(errors.New("boom")),
			options: func(o *chatkit.Options) { o.DropPartialOnError = true },
			cause:   run.ErrRespond, status: run.Failed, history: "", last: retryEvent, level: "ERROR",
		},
		{
			name: "error for the user", respond: returning(&chatkit.StreamError{Message: "quota"}),
			cause: run.ErrRespond, status: run.Failed, history: "a:zebra note", note: noteFailed,
			last: `{"type":"error","code":"custom","message":"quota","allow_retry":false}`, level: "ERROR",
		},
		{
			name: "panic", respond: func(_ context.Context, t *chatkit.Turn) error { _, _ = t.Message().WriteString("zebra"); panic("boom") },
			cause: run.ErrPanicked, status: run.Failed, history: "a:zebra note", note: noteFailed, last: retryEvent, level: "ERROR",
		},
		{
			name: "stopped", respond: writing,
			end:   func(r *rig, id string, _ *chatkit.Result) { runs(r, id, "") },
			cause: chatkit.ErrStopped, status: run.Cancelled, history: "a:zebra note", note: noteCancelled, last: "text_delta", level: "INFO",
		},
		{
			name: "disconnected", respond: writing,
			end:   func(_ *rig, _ string, res *chatkit.Result) { res.Close() },
			cause: chatkit.ErrDisconnected, status: run.Cancelled, history: "a:zebra note", note: noteCancelled, level: "INFO",
		},
		{
			name: "disconnected, and grace is over", respond: writing,
			options: func(o *chatkit.Options) { o.Disconnect = run.Grace(10 * time.Second) },
			end:     func(_ *rig, _ string, res *chatkit.Result) { res.Close(); time.Sleep(11 * time.Second) },
			cause:   chatkit.ErrDisconnected, status: run.Cancelled, history: "a:zebra note", note: noteCancelled, level: "INFO",
		},
		{
			name: "superseded", respond: func(ctx context.Context, t *chatkit.Turn) error {
				if t.Input.Content[0].(*chatkit.InputText).Text == "two" {
					return nil
				}
				return writing(ctx, t)
			},
			end:   func(r *rig, id string, _ *chatkit.Result) { r.ask(message(id, "two")) },
			cause: chatkit.ErrSuperseded, status: run.Cancelled, history: "a:zebra note u:two", note: noteSuperseded, last: "text_delta", level: "INFO",
		},
		{
			name: "retried", respond: writing,
			end: func(r *rig, id string, _ *chatkit.Result) {
				page, _ := r.store.Items(r.t.Context(), "", id, chatkit.PageQuery{Order: chatkit.OrderAsc})
				res := r.begin(`{"type":"threads.retry_after_item","params":{"thread_id":"` + id + `","item_id":"` + page.Data[0].Meta().ID + `"}}`)
				r.t.Cleanup(res.Close)
			},
			cause: chatkit.ErrRetried, status: run.Cancelled, history: "", last: "text_delta", level: "INFO",
		},
		{
			name: "deleted", respond: writing,
			end: func(r *rig, id string, _ *chatkit.Result) {
				r.ask(`{"type":"threads.delete","params":{"thread_id":"` + id + `"}}`)
			},
			cause: chatkit.ErrThreadDeleted, status: run.Cancelled, history: "gone", last: noRetryEvent, level: "INFO",
		},
		{
			name: "stalled", respond: writing, end: func(*rig, string, *chatkit.Result) { time.Sleep(3 * time.Minute) },
			cause: chatkit.ErrStalled, status: run.Interrupted, history: "a:zebra note", note: noteInterrupted, last: retryEvent, level: "WARN",
		},
		{
			name: "ran for too long", respond: func(ctx context.Context, t *chatkit.Turn) error {
				_, _ = t.Message().WriteString("zebra")
				for ctx.Err() == nil {
					time.Sleep(time.Second)
					t.Touch()
				}
				return context.Cause(ctx)
			},
			end:   func(*rig, string, *chatkit.Result) { time.Sleep(16 * time.Minute) },
			cause: chatkit.ErrDeadline, status: run.Interrupted, history: "a:zebra note", note: noteInterrupted, last: retryEvent, level: "WARN",
		},
		{
			name: "shut down", respond: writing,
			end:   func(r *rig, _ string, _ *chatkit.Result) { _ = r.Shutdown(r.t.Context()) },
			cause: chatkit.ErrShutdown, status: run.Interrupted, history: "a:zebra note", note: noteInterrupted, last: retryEvent, level: "INFO",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var ends []run.End
				options := []func(*chatkit.Options){func(o *chatkit.Options) {
					o.Run.OnEnd = func(e run.End) { ends = append(ends, e) }
				}}
				if tt.options != nil {
					options = append(options, tt.options)
				}
				var seen error
				r := newRig(t, func(ctx context.Context, t *chatkit.Turn) error {
					defer func() {
						if seen == nil {
							seen = context.Cause(ctx)
						}
					}()
					return tt.respond(ctx, t)
				}, options...)
				id := r.thread()
				res := r.begin(message(id, "one"))
				defer res.Close()
				synctest.Wait()
				if tt.end != nil {
					tt.end(r, id, res)
				}
				synctest.Wait()

				want := strings.TrimSpace("u:one " + tt.history)
				if tt.history == "gone" {
					want = ""
				}
				if got := r.history(id); got != want {
					t.Errorf("history = %q, want %q", got, want)
				}
				if got := r.note(id); !strings.HasPrefix(got, tt.note) || got != "" && tt.note == "" {
					t.Errorf("note = %q, want %q", got, tt.note)
				}
				if tt.last != "" {
					lines := strings.Split(strings.TrimSpace(read(t, res)), "\n")
					if got := lines[len(lines)-1]; !strings.Contains(got, tt.last) {
						t.Errorf("last event = %s, want %s", got, tt.last)
					}
				}
				if len(ends) == 0 || ends[0].Status != tt.status || !errors.Is(ends[0].Cause, tt.cause) {
					t.Errorf("ends = %+v, want first %s by %v", ends, tt.status, tt.cause)
				}
				if tt.status != run.Completed && tt.status != run.Failed && !errors.Is(seen, tt.cause) {
					t.Errorf("Respond's context ended with %v, want %v", seen, tt.cause)
				}
				if log := r.log.String(); strings.Contains(log, "zebra") {
					t.Errorf("log = %s, want no text of the conversation", log)
				} else if own := linesWith(log, "run="+res.RunID()); !strings.Contains(own, "level="+tt.level) {
					t.Errorf("log of the turn = %s, want a record at %s", own, tt.level)
				}
			})
		})
	}
}

// A turn that ends for something that then does not happen has been interrupted.
func TestARetryOrDeletionThatComesToNothingKeepsTheAnswer(t *testing.T) {
	tests := []struct{ name, fault, kind, next, want string }{
		{"a retry that fails", "DeleteItems", "threads.retry_after_item", "", "u:one a:w0 w1  note"},
		{"a deletion that fails", "DeleteThread", "threads.delete", "", "u:one a:w0 w1  note"},
		{"a retry that gives way to a message", "", "threads.retry_after_item", "two", "u:one a:w0 w1  note u:two a:" + words(3)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var faults chatkittest.Faults
				if tt.fault != "" {
					faults.Add(chatkittest.Fault{Call: tt.fault, Err: errors.New("busy")})
				}
				store := memstore.New()
				respond := func(ctx context.Context, t *chatkit.Turn) error {
					defer time.Sleep(time.Second) // it takes a while to stop
					return slow(3)(ctx, t)
				}
				srv := chatkit.NewServer(faults.Wrap(store), respond, &chatkit.Options{Logger: slog.New(slog.DiscardHandler)})
				r := &rig{Server: srv, t: t, store: store}
				id := r.thread()
				res := r.begin(message(id, "one"))
				defer res.Close()
				time.Sleep(1500 * time.Millisecond)
				go func() {
					_, err := r.process(`{"type":"` + tt.kind + `","params":{"thread_id":"` + id + `","item_id":"` + strings.Fields(r.items(id))[0] + `"}}`)
					if err == nil {
						t.Errorf("%s was not refused", tt.kind)
					}
				}()
				synctest.Wait()
				if tt.next != "" {
					r.ask(message(id, tt.next))
				}
				time.Sleep(time.Minute)
				if got := r.history(id); got != tt.want {
					t.Errorf("history = %q, want %q", got, tt.want)
				}
				if got := r.note(id); !strings.HasPrefix(got, noteInterrupted) {
					t.Errorf("note = %q, want %q", got, noteInterrupted)
				}
			})
		})
	}
}

func TestNothingIsStoredOfATurnWhoseThreadIsGone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, slow(5))
		id := r.thread()
		res := r.begin(message(id, "one"))
		defer res.Close()
		time.Sleep(1500 * time.Millisecond)
		if err := r.store.DeleteThread(t.Context(), "", id); err != nil {
			t.Fatal(err)
		}
		res.Run().Cancel(run.ErrThreadDeleted, "the application")
		<-res.Run().Done()
		if got := r.items(id); got != "" {
			t.Errorf("items = %s, want none", got)
		}
		if log := r.log.String(); strings.Contains(log, "level=ERROR") {
			t.Errorf("log = %s, want no error", log)
		}
	})
}

// linesWith returns the lines of text that contain part.
func linesWith(text, part string) string {
	var out strings.Builder
	for line := range strings.Lines(text) {
		if strings.Contains(line, part) {
			out.WriteString(line)
		}
	}
	return out.String()
}

// note returns the text of the thread's first note for the model, "" if there is none.
func (r *rig) note(thread string) string {
	r.t.Helper()
	page, err := r.store.Items(r.t.Context(), "", thread, chatkit.PageQuery{Limit: 1000, Order: chatkit.OrderAsc, Hidden: true})
	if err != nil {
		r.t.Fatal(err)
	}
	for _, it := range page.Data {
		if note, ok := it.(*chatkit.SDKHiddenContextItem); ok {
			return note.Content
		}
	}
	return ""
}

// A stop at each event boundary of a script leaves what was complete, what was shown, and one note.
func TestStopAtEveryEventBoundary(t *testing.T) {
	script := func(step func(), t *chatkit.Turn) error {
		m := t.Message()
		for _, w := range []string{"a ", "b ", "c"} {
			if _, err := m.WriteString(w); err != nil {
				return err
			}
			step()
		}
		if err := m.Close(); err != nil {
			return err
		}
		step()
		w := t.Workflow(chatkit.WorkflowCustom)
		if _, err := w.Add(&chatkit.CustomTask{Title: "t"}); err != nil {
			return err
		}
		step()
		if err := w.Close(nil, false); err != nil {
			return err
		}
		step()
		if err := t.Progress("", "p"); err != nil {
			return err
		}
		step()
		return t.Text("end")
	}
	want := []string{
		"u:Hi note", "u:Hi a:a  note", "u:Hi a:a b  note", "u:Hi a:a b c note", "u:Hi a:a b c note",
		"u:Hi a:a b c note", "u:Hi a:a b c workflow note", "u:Hi a:a b c workflow note",
	}
	for stop := range want {
		synctest.Test(t, func(t *testing.T) {
			r := newRig(t, func(ctx context.Context, t *chatkit.Turn) error {
				n := 0
				step := func() {
					if n++; n > stop {
						<-ctx.Done()
					}
				}
				step()
				return script(step, t)
			})
			id := r.thread()
			res := r.begin(message(id, "Hi"))
			synctest.Wait()
			res.Close()
			synctest.Wait()
			if got := r.history(id); got != want[stop] {
				t.Errorf("stop after %d events: history = %q, want %q", stop, got, want[stop])
			}
		})
	}
}

func TestStopAndNaturalEndNeverLeaveBothAnAnswerAndANote(t *testing.T) {
	for range 10_000 {
		gate := make(chan struct{})
		r := newRig(t, func(_ context.Context, t *chatkit.Turn) error {
			m := t.Message()
			_, _ = m.WriteString("done")
			<-gate
			return m.Close()
		}, func(o *chatkit.Options) { o.Run.Retain = -1 })
		id := r.thread()
		res := r.begin(message(id, "Hi"))
		active := r.Runs().Active("", id)
		go close(gate)
		res.Close()
		<-active.Done()
		got := r.history(id)
		complete := active.End().Status == run.Completed
		if want := map[bool]string{true: "u:Hi a:done", false: "u:Hi a:done note"}[complete]; got != want && (complete || got != "u:Hi note") {
			t.Fatalf("history = %q, status %s", got, active.End().Status)
		}
	}
}

func TestASlowReaderIsDroppedAndOthersAreNot(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, slow(5))
		id := r.thread()
		res := r.begin(message(id, "Hi"))
		other, err := r.with(nil, `{"type":"runs.attach","params":{"thread_id":"`+id+`"}}`)
		if err != nil {
			t.Fatal(err)
		}
		res.Close() // what the transport does when a write misses its deadline
		if text := textOf(strings.ReplaceAll("data: "+read(t, other), "\n", "\ndata: ")); text != words(5) {
			t.Errorf("the other reader got %q", text)
		}
		other.Close()
		if got := r.history(id); got != "u:Hi a:"+words(5) {
			t.Errorf("history = %q", got)
		}
	})
}

// A deafStore does not put items while it is blocked, whatever their context says.
type deafStore struct {
	chatkit.Store
	blocked chan (chan struct{}) // 1 slot: the next put waits until it is closed
}

func (s deafStore) PutItem(ctx context.Context, owner, thread string, it chatkit.Item) error {
	select {
	case block := <-s.blocked:
		<-block
	default:
	}
	return s.Store.PutItem(ctx, owner, thread, it)
}

// Whatever the application's code waits for, a turn ends in time, its thread is free, and the server can be shut down.
func TestATurnEndsWhateverItsCodeWaitsFor(t *testing.T) {
	tests := []struct {
		name    string
		wait    func(t *chatkit.Turn, block chan struct{}) error // after "shown" was written
		cancel  func(block chan struct{})                        // in OnCancel
		store   bool                                             // the next put of an item blocks
		history string
	}{
		{
			name: "in UpdateThread", wait: func(t *chatkit.Turn, block chan struct{}) error {
				return t.UpdateThread(func(th *chatkit.Thread) { <-block; th.Title = new(string) })
			},
			history: "u:Hi a:shown note",
		},
		{
			name: "in Exclusive", wait: func(t *chatkit.Turn, block chan struct{}) error {
				return t.Exclusive(func(emit func(chatkit.Event) error) error {
					<-block
					return emit(&chatkit.ThreadItemDoneEvent{Item: &chatkit.WorkflowItem{ItemMeta: t.NewItemMeta(chatkit.IDWorkflow)}})
				})
			},
			history: "u:Hi a:shown note",
		},
		{
			name: "in Intercept", wait: func(t *chatkit.Turn, block chan struct{}) error {
				t.Intercept(func(e chatkit.Event, emit func(chatkit.Event) error) error { <-block; return emit(e) })
				return t.Text("late")
			},
			history: "u:Hi a:shown note",
		},
		{
			name: "for the store", wait: func(t *chatkit.Turn, _ chan struct{}) error { return t.Text("late") }, store: true,
			history: "u:Hi a:shown note",
		},
		{name: "in OnCancel", cancel: func(block chan struct{}) { <-block }, history: "u:Hi"},
		{name: "for the store at the end", store: true, history: "u:Hi"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				block, log := make(chan struct{}), &bytes.Buffer{}
				store := deafStore{memstore.New(), make(chan (chan struct{}), 1)}
				respond := func(ctx context.Context, turn *chatkit.Turn) error {
					if turn.Input.Text() != "Hi" {
						return turn.Text("answer")
					}
					m := turn.Message()
					_, _ = m.WriteString("shown")
					if tt.store {
						store.blocked <- block
					}
					if tt.wait == nil {
						<-ctx.Done()
						return context.Cause(ctx)
					}
					err := tt.wait(turn, block)
					_, _ = m.WriteString(" too late")
					return err
				}
				r := &rig{t: t, store: store, log: log, Server: chatkit.NewServer(store, respond, &chatkit.Options{
					Logger: slog.New(slog.NewTextHandler(log, nil)), Run: run.Config{NoEventIDs: true},
					OnCancel: func(ctx context.Context, c *chatkit.Cancellation) error {
						if tt.cancel != nil {
							tt.cancel(block)
						}
						return c.SavePartial(ctx)
					},
				})}
				id := r.thread()
				res := r.begin(message(id, "Hi"))
				defer res.Close()
				synctest.Wait()
				shown := r.ask(`{"type":"threads.get_by_id","params":{"thread_id":"` + id + `"}}`)
				if !strings.Contains(shown, `"shown"`) {
					t.Errorf("thread = %s, want the answer in progress", shown)
				}
				began := time.Now()
				res.Run().Cancel(run.ErrStopped, "")
				<-res.Run().Done()
				if took, limit := time.Since(began), 15*time.Second; took > limit { // StopTimeout and FinalizeTimeout
					t.Errorf("the turn ended after %v, want %v at most", took, limit)
				}
				if got := r.history(id); got != tt.history {
					t.Errorf("history = %q, want %q", got, tt.history)
				}
				events := res.Run().End().Events
				if got := read(t, res); strings.Contains(got, "late") {
					t.Errorf("stream = %s, want nothing that came after the end", got)
				}
				if got := r.ask(message(id, "next")); !strings.Contains(got, "answer") {
					t.Errorf("the next message got %s, want an answer", got)
				}
				if err := r.Shutdown(t.Context()); err != nil {
					t.Error(err)
				}
				close(block)
				synctest.Wait()
				if got := res.Run().Log().Last(); got != events {
					t.Errorf("the log holds %d events, want the %d of the turn's end", got, events)
				}
			})
		})
	}
}

// What changes a thread may take its time, and write to the turn meanwhile.
func TestUpdateThreadMayWriteToItsTurn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, func(_ context.Context, turn *chatkit.Turn) error {
			return turn.UpdateThread(func(th *chatkit.Thread) {
				title := "weather"
				th.Title = &title
				_ = turn.Text("looking for a title")
			})
		})
		got := types(t, r.ask(message("", "Hi")))
		want := "thread.created\nthread.item.done\nstream_options\nthread.item.done\nthread.updated"
		if got != want {
			t.Errorf("events =\n%s\nwant\n%s", got, want)
		}
	})
}

// A thread that is being changed for long is in nobody's way but its own changes'.
func TestAThreadThatIsBeingChangedHoldsUpNoOther(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		block := make(chan struct{})
		defer close(block)
		r := newRig(t, func(_ context.Context, turn *chatkit.Turn) error {
			return turn.UpdateThread(func(*chatkit.Thread) { <-block })
		})
		id := r.thread()
		res := r.begin(message(id, "Hi"))
		defer res.Close()
		synctest.Wait()
		rename := func(ctx context.Context, id string) error {
			_, err := r.Process(ctx, &chatkit.Request{Body: []byte(`{"type":"threads.update","params":{"thread_id":"` + id + `","title":"x"}}`)})
			return err
		}
		for range 200 {
			if err := rename(t.Context(), r.thread()); err != nil {
				t.Fatal(err)
			}
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if err := rename(ctx, id); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("a rename of the thread itself got %v, want the end of its context", err)
		}
		began := time.Now()
		if _, err := r.process(`{"type":"threads.delete","params":{"thread_id":"` + id + `"}}`); err == nil {
			t.Error("the thread was deleted while it was being changed")
		}
		if took := time.Since(began); took > 30*time.Second {
			t.Errorf("the deletion gave up after %v", took)
		}
		if err := r.Shutdown(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

// A moodyStore asks mood before it puts an item.
type moodyStore struct {
	chatkit.Store
	mood func(it chatkit.Item) error
}

func (s *moodyStore) PutItem(ctx context.Context, owner, thread string, it chatkit.Item) error {
	if err := s.mood(it); err != nil {
		return err
	}
	return s.Store.PutItem(ctx, owner, thread, it)
}

// What a user has read is not lost because a store fails for a moment, and the end says so if it fails for long.
func TestAStoreThatFailsAtTheEndIsAskedAgain(t *testing.T) {
	busy := errors.New("busy")
	failing := func(times int, err error) func(chatkit.Item) error {
		return func(it chatkit.Item) error {
			if _, ok := it.(*chatkit.UserMessageItem); ok || times == 0 {
				return nil
			}
			times--
			return err
		}
	}
	tests := []struct {
		name    string
		mood    func(it chatkit.Item) error
		open    bool // Respond returns nil and leaves its messages open
		gone    bool // the thread, so that nothing can be stored
		history string
		status  run.Status
		last    string // event
		took    time.Duration
	}{
		{name: "stopped", mood: failing(5, busy), history: "u:Hi a:one a:two note", status: run.Cancelled, last: "text_delta", took: time.Second},
		{
			name: "stopped, and one item is never stored", history: "u:Hi a:one note", status: run.Cancelled, last: "text_delta", took: 10 * time.Second,
			mood: func(it chatkit.Item) error {
				if m, ok := it.(*chatkit.AssistantMessageItem); ok && m.Content[0].Text == "two" {
					return busy
				}
				return nil
			},
		},
		{
			name: "stopped, and the thread is gone, which is no error", mood: failing(3, chatkit.ErrNotFound), gone: true,
			history: "u:Hi", status: run.Cancelled, last: "text_delta",
		},
		{
			name: "left open", open: true, mood: failing(5, busy),
			history: "u:Hi a:one a:two", status: run.Completed, last: "thread.item.done", took: time.Second,
		},
		{
			name: "left open, and one item is never stored", open: true, history: "u:Hi a:two note", status: run.Failed, last: retryEvent, took: 10 * time.Second,
			mood: func(it chatkit.Item) error {
				if m, ok := it.(*chatkit.AssistantMessageItem); ok && m.Content[0].Text == "one" {
					return busy
				}
				return nil
			},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var end run.End
				log, store := &bytes.Buffer{}, &moodyStore{memstore.New(), tt.mood}
				respond := func(ctx context.Context, turn *chatkit.Turn) error {
					_, _ = turn.Message().WriteString("one")
					time.Sleep(time.Second)
					_, _ = turn.Message().WriteString("two")
					if tt.open {
						return nil
					}
					<-ctx.Done()
					return context.Cause(ctx)
				}
				r := &rig{t: t, store: store, log: log, Server: chatkit.NewServer(store, respond, &chatkit.Options{
					Logger: slog.New(slog.NewTextHandler(log, nil)),
					Run:    run.Config{NoEventIDs: true, OnEnd: func(e run.End) { end = e }},
				})}
				id := r.thread()
				res := r.begin(message(id, "Hi"))
				defer res.Close()
				time.Sleep(time.Second)
				synctest.Wait()
				began := time.Now()
				res.Run().Cancel(run.ErrStopped, "")
				<-res.Run().Done()
				took := time.Since(began)
				synctest.Wait()
				if took > tt.took {
					t.Errorf("the end took %v, want %v at most", took, tt.took)
				}
				if got := r.history(id); got != tt.history {
					t.Errorf("history = %q, want %q", got, tt.history)
				}
				lines := strings.Split(strings.TrimSpace(read(t, res)), "\n")
				if got := lines[len(lines)-1]; !strings.Contains(got, tt.last) || end.Status != tt.status {
					t.Errorf("the turn is %s and its last event %s, want %s and %s", end.Status, got, tt.status, tt.last)
				}
				if failed := !tt.gone && (!strings.Contains(tt.history, "one") || !strings.Contains(tt.history, "two")); failed != strings.Contains(log.String(), "level=ERROR") {
					t.Errorf("log = %s, want an error: %t", log, failed)
				}
			})
		})
	}
}
