package chatkit_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	chatkit "github.com/gochatkit/chatkit/core"
	"github.com/gochatkit/chatkit/core/chatkittest"
	"github.com/gochatkit/chatkit/core/memstore"
	"github.com/gochatkit/chatkit/core/run"
)

// slow answers with words, one a second, and honours its context.
func slow(words int) chatkit.RespondFunc {
	return func(ctx context.Context, t *chatkit.Turn) error {
		m := t.Message()
		for i := range words {
			if _, err := fmt.Fprintf(m, "w%d ", i); err != nil {
				return err
			}
			select {
			case <-time.After(time.Second):
			case <-ctx.Done():
				return context.Cause(ctx)
			}
		}
		return m.Close()
	}
}

func withIDs(o *chatkit.Options) { o.Run.NoEventIDs = false }

// with processes a request with headers.
func (r *rig) with(headers map[string]string, body string) (*chatkit.Result, error) {
	return r.Process(r.t.Context(), &chatkit.Request{
		Body: []byte(body), Header: func(name string) string { return headers[name] },
	})
}

var resumes = map[string]string{"ChatKit-Resume": "1"}

// take reads a stream for d and returns the text of its deltas and the last event id.
func take(t *testing.T, res *chatkit.Result, d time.Duration) (text, id string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), d)
	defer cancel()
	var out []byte
	for {
		var err error
		if out, err = res.Next(ctx, out); err != nil {
			break
		}
	}
	return textOf(string(out)), lastID(string(out))
}

func textOf(stream string) string {
	var b strings.Builder
	for line := range strings.Lines(stream) {
		data, ok := strings.CutPrefix(line, "data: ")
		if !ok {
			continue
		}
		var e struct{ Update struct{ Delta string } }
		_ = json.Unmarshal([]byte(data), &e)
		b.WriteString(e.Update.Delta)
	}
	return b.String()
}

func lastID(stream string) string {
	all := regexp.MustCompile(`(?m)^id: (.*)$`).FindAllStringSubmatch(stream, -1)
	if len(all) == 0 {
		return ""
	}
	return all[len(all)-1][1]
}

func words(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "w%d ", i)
	}
	return b.String()
}

// items returns the ids of a thread's items, hidden ones included.
func (r *rig) items(thread string) string {
	r.t.Helper()
	page, err := r.store.Items(r.t.Context(), "", thread, chatkit.PageQuery{Limit: 1000, Order: chatkit.OrderAsc, Hidden: true})
	if err != nil {
		r.t.Fatal(err)
	}
	var ids []string
	for _, it := range page.Data {
		ids = append(ids, it.Meta().ID)
	}
	return strings.Join(ids, " ")
}

func TestARepeatedPostWithALastEventIDIsTheSameTurn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, slow(10), withIDs, func(o *chatkit.Options) { o.Disconnect = run.Grace(time.Minute) })
		id := r.thread()
		body := message(id, "Hi")
		res, err := r.with(nil, body)
		if err != nil {
			t.Fatal(err)
		}
		text, last := take(t, res, 3500*time.Millisecond)
		res.Close()
		time.Sleep(2 * time.Second)
		res, err = r.with(map[string]string{"Last-Event-ID": last}, body)
		if err != nil {
			t.Fatal(err)
		}
		rest, _ := take(t, res, time.Hour)
		res.Close()
		if got := text + rest; got != words(10) {
			t.Errorf("text = %q, want %q", got, words(10))
		}
		if got := r.history(id); got != "u:Hi a:"+words(10) {
			t.Errorf("history = %q", got)
		}
	})
}

func TestARepeatedPostAfterAWrongGuessAnswersTheMessageAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, slow(5), withIDs)
		id := r.thread()
		body := message(id, "Hi")
		res := r.begin(body)
		_, last := take(t, res, 2500*time.Millisecond)
		res.Close() // a plain client: its turn ends
		synctest.Wait()
		if got := r.history(id); got != "u:Hi a:w0 w1 w2  note" {
			t.Fatalf("history after the disconnect = %q", got)
		}
		res, err := r.with(map[string]string{"Last-Event-ID": last}, body)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Close()
		text, _ := take(t, res, time.Hour)
		if text != words(5) {
			t.Errorf("text = %q", text)
		}
		if got := r.history(id); got != "u:Hi a:"+words(5) {
			t.Errorf("history = %q", got)
		}
	})
}

func TestAMessageThatWasAnsweredAgainIsNotAnsweredOnceMore(t *testing.T) {
	for _, header := range []string{"Last-Event-ID", "Idempotency-Key"} {
		t.Run(header, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				calls := 0
				var faults chatkittest.Faults
				store := faults.Wrap(memstore.New())
				respond := func(ctx context.Context, t *chatkit.Turn) error { calls++; return slow(5)(ctx, t) }
				r := &rig{Server: chatkit.NewServer(store, respond, &chatkit.Options{Logger: slog.New(slog.DiscardHandler)}), t: t, store: store}
				id := r.thread()
				body := message(id, "Hi")
				headers := map[string]string{"Idempotency-Key": "k"}
				repeat := func() *chatkit.Result {
					res, err := r.with(headers, body)
					if err != nil {
						t.Error(err)
						return &chatkit.Result{}
					}
					return res
				}
				res := repeat()
				_, last := take(t, res, 2500*time.Millisecond)
				res.Close()
				if header == "Last-Event-ID" {
					headers = map[string]string{header: last}
				}
				faults.Add(chatkittest.Fault{Call: "DeleteItems", Delay: time.Second})
				streams := make([]*chatkit.Result, 3)
				var requests sync.WaitGroup
				for i := range streams { // two at once, and one while the message is answered
					requests.Go(func() {
						time.Sleep(time.Duration(i/2) * 3 * time.Second)
						streams[i] = repeat()
					})
				}
				requests.Wait()
				for i, res := range streams {
					if text, _ := take(t, res, time.Hour); text != words(5) {
						t.Errorf("request %d got %q", i, text)
					}
					res.Close()
				}
				answer := r.items(id)
				for _, later := range []time.Duration{0, time.Hour} {
					time.Sleep(later)
					res := repeat()
					if events := read(t, res); !strings.Contains(events, words(5)) {
						t.Errorf("after %v a request got %s", later, events)
					}
					res.Close()
				}
				if got := r.items(id); calls != 2 || got != answer {
					t.Errorf("answered %d times, items = %s, want 2 times, %s", calls, got, answer)
				}
			})
		})
	}
}

func TestARepeatedPostLeavesWhatCameBehindItsAnswer(t *testing.T) {
	for _, kind := range []string{"threads.retry_after_item", "threads.custom_action"} {
		t.Run(kind, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := newRig(t, slow(5), withIDs, func(o *chatkit.Options) {
					o.Action = func(_ context.Context, t *chatkit.Turn, _ *chatkit.Action) error { return t.Text("done") }
				})
				id := r.thread()
				body := message(id, "Hi")
				res := r.begin(body)
				_, last := take(t, res, 2500*time.Millisecond)
				res.Close()
				synctest.Wait()
				input, _, _ := strings.Cut(r.items(id), " ")
				params := `"item_id":"` + input + `"`
				if kind == "threads.custom_action" {
					params = `"action":{"type":"a"}`
				}
				r.ask(`{"type":"` + kind + `","params":{"thread_id":"` + id + `",` + params + `}}`)
				want := r.items(id)
				res, err := r.with(map[string]string{"Last-Event-ID": last}, body)
				if err != nil {
					t.Fatal(err)
				}
				defer res.Close()
				read(t, res)
				if got := r.items(id); got != want {
					t.Errorf("items = %s, want %s", got, want)
				}
			})
		})
	}
}

func TestAMessageIsAnsweredAgainAfterThatWasRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var faults chatkittest.Faults
		store := memstore.New()
		srv := chatkit.NewServer(faults.Wrap(store), slow(5), &chatkit.Options{Logger: slog.New(slog.DiscardHandler)})
		r := &rig{Server: srv, t: t, store: store}
		id := r.thread()
		body := message(id, "Hi")
		res := r.begin(body)
		_, last := take(t, res, 2500*time.Millisecond)
		res.Close()
		synctest.Wait()
		faults.Add(chatkittest.Fault{Call: "DeleteItems", Nth: 1, Delay: 3 * time.Second, Err: errors.New("busy")})
		for _, want := range []string{"", words(5)} {
			res, err := r.with(map[string]string{"Last-Event-ID": last}, body)
			if err != nil {
				t.Fatal(err)
			}
			if text, _ := take(t, res, time.Hour); text != want {
				t.Errorf("text = %q, want %q", text, want)
			}
			res.Close()
		}
		if got, want := r.history(id), "u:Hi a:"+words(5); got != want {
			t.Errorf("history = %q, want %q", got, want)
		}
	})
}

func TestARepeatedPostNeverEndsANewerTurn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, slow(10), withIDs, func(o *chatkit.Options) {
			o.TurnPolicy = func(_ context.Context, _ chatkit.TurnRequest, p *chatkit.TurnPolicy) { p.Thread = run.Supersede }
		})
		id := r.thread()
		body := message(id, "one")
		res := r.begin(body)
		_, last := take(t, res, 2500*time.Millisecond)
		res.Close() // a tab that was hidden
		synctest.Wait()
		newer := r.begin(message(id, "two"))
		defer newer.Close()
		take(t, newer, 2500*time.Millisecond)
		for range 2 { // while the newer turn is in progress, and when it is over
			res, err := r.with(map[string]string{"Last-Event-ID": last}, body)
			if err != nil {
				t.Fatal(err)
			}
			if got := read(t, res); got != "" {
				t.Errorf("the hidden tab got %q, want the end of its turn", got)
			}
			res.Close()
			read(t, newer)
		}
		if got, want := r.history(id), "u:one a:w0 w1 w2  note u:two a:"+words(10); got != want {
			t.Errorf("history = %q, want %q", got, want)
		}
	})
}

func TestARepeatedPostOfATurnThatNobodyRemembersStoresNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, slow(2), withIDs)
		id := r.thread()
		r.ask(message(id, "Hi"))
		time.Sleep(time.Hour)
		for _, last := range []string{"abcdefgh-7", "x", strings.Repeat("9", 10_000), "abcdefgh-99999999999999999999"} {
			res, err := r.with(map[string]string{"Last-Event-ID": last}, message(id, "Hi"))
			if err != nil {
				t.Fatal(err)
			}
			events := read(t, res)
			res.Close()
			if got := types(t, events); got != "thread.item.done\nthread.item.done" {
				t.Errorf("%.20s: events = %s", last, got)
			}
		}
		if got := r.history(id); got != "u:Hi a:"+words(2) {
			t.Errorf("history = %q", got)
		}
	})
}

func TestAResumingClientsTurnGoesOnUntilItIsStopped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, slow(100), withIDs)
		id := r.thread()
		res, err := r.with(resumes, message(id, "Hi"))
		if err != nil {
			t.Fatal(err)
		}
		first, last := take(t, res, 4500*time.Millisecond)
		name := res.RunID()
		res.Close()
		time.Sleep(5 * time.Second)
		active := r.ask(`{"type":"runs.active","params":{"thread_id":"` + id + `"}}`)
		if want := `{"run_id":"` + name + `","status":"active"}`; active != want {
			t.Errorf("runs.active = %s, want %s", active, want)
		}
		_, number, _ := strings.Cut(last, "-")
		res, err = r.with(resumes, `{"type":"runs.attach","params":{"thread_id":"`+id+`","run_id":"`+name+`","after":`+number+`}}`)
		if err != nil {
			t.Fatal(err)
		}
		second, _ := take(t, res, 3*time.Second)
		if got := first + second; !strings.HasPrefix(words(100), got) || len(got) < len(words(12)) {
			t.Errorf("text = %q", got)
		}
		stopped := r.ask(`{"type":"runs.cancel","params":{"thread_id":"` + id + `","run_id":"` + name + `","wait":true}}`)
		if want := `{"run_id":"` + name + `","status":"cancelled"}`; stopped != want {
			t.Errorf("runs.cancel = %s, want %s", stopped, want)
		}
		var out []byte
		for err == nil {
			out, err = res.Next(t.Context(), out)
		}
		if !strings.HasSuffix(string(out), "event: chatkit.end\ndata: {\"status\":\"cancelled\",\"reason\":\"stopped\"}\n\n") {
			t.Errorf("end of the stream = %q", out)
		}
		res.Close()
		if got := r.history(id); !strings.HasSuffix(got, " note") {
			t.Errorf("history = %q", got)
		}
	})
}

func TestRunsOfOthersDoNotExist(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		type userKey struct{}
		r := newRig(t, slow(5), withIDs, func(o *chatkit.Options) {
			o.Owner = func(ctx context.Context) (string, error) { return ctx.Value(userKey{}).(string), nil }
			o.Authorize = func(_ context.Context, a chatkit.Access) error {
				if a.ThreadID == "secret" {
					return errors.New("no")
				}
				return nil
			}
		})
		as := func(user, body string) (*chatkit.Result, error) {
			return r.Process(context.WithValue(t.Context(), userKey{}, user), &chatkit.Request{Body: []byte(body)})
		}
		for _, th := range []string{"open", "secret"} {
			if err := r.store.PutThread(t.Context(), "ann", &chatkit.Thread{ID: th, CreatedAt: time.Now()}); err != nil {
				t.Fatal(err)
			}
			res, err := as("ann", message(th, "Hi"))
			if err != nil {
				t.Fatal(err)
			}
			defer res.Close()
			for _, verb := range []string{"attach", "cancel"} {
				body := `{"type":"runs.` + verb + `","params":{"thread_id":"` + th + `","run_id":"` + res.RunID() + `"}}`
				for _, user := range []string{"bob", "ann"} {
					got, err := as(user, body)
					allowed := user == "ann" && th == "open"
					if status, _ := chatkit.HTTPStatus(err); allowed != (err == nil) || err != nil && status != 404 {
						t.Errorf("%s %ss %s: %v", user, verb, th, err)
					}
					if got != nil {
						got.Close()
					}
				}
			}
		}
	})
}

func TestDuplicateRequestsBeginOneTurn(t *testing.T) {
	tests := []struct {
		name    string
		headers map[string]string
		body    func(thread string) string
		later   time.Duration
		want    string
	}{
		{"by the client's frame", map[string]string{"chatkit-frame-instance-id": "f1"}, func(id string) string { return message(id, "Hi") }, 0, "u:Hi a:" + words(3)},
		{"by an idempotency key", map[string]string{"Idempotency-Key": "k"}, func(id string) string { return message(id, "Hi") }, 0, "u:Hi a:" + words(3)},
		{"by an idempotency key, hours later", map[string]string{"Idempotency-Key": "k"}, func(id string) string { return message(id, "Hi") }, 5 * time.Hour, "u:Hi a:" + words(3)},
		{"plain clients may repeat themselves", nil, func(id string) string { return message(id, "Hi") }, time.Minute, "u:Hi a:" + words(3) + " u:Hi a:" + words(3)},
		{"the same words later are another message", map[string]string{"chatkit-frame-instance-id": "f1"}, func(id string) string { return message(id, "Hi") }, time.Minute, "u:Hi a:" + words(3) + " u:Hi a:" + words(3)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := newRig(t, slow(3), withIDs, func(o *chatkit.Options) { o.Disconnect = run.Keep(0) })
				id := r.thread()
				body := tt.body(id)
				a, err := r.with(tt.headers, body)
				if err != nil {
					t.Fatal(err)
				}
				time.Sleep(tt.later)
				b, err := r.with(tt.headers, body)
				if err != nil {
					t.Fatal(err)
				}
				read(t, a)
				if events := read(t, b); !strings.Contains(events, "w2 ") {
					t.Errorf("the second request got %s", events)
				}
				a.Close()
				b.Close()
				if got := r.history(id); strings.TrimSpace(got) != strings.TrimSpace(tt.want) {
					t.Errorf("history = %q, want %q", got, tt.want)
				}
			})
		})
	}
}

func TestAnIdempotencyKeyNamesOneRequest(t *testing.T) {
	r := newRig(t, func(context.Context, *chatkit.Turn) error { return nil })
	id := r.thread()
	headers := map[string]string{"Idempotency-Key": "k"}
	res, err := r.with(headers, message(id, "one"))
	if err != nil {
		t.Fatal(err)
	}
	res.Close()
	_, err = r.with(headers, message(id, "two"))
	if status, _ := chatkit.HTTPStatus(err); status != 409 {
		t.Errorf("another body under one key: %v, want 409", err)
	}
	headers["Idempotency-Key"] = strings.Repeat("k", 256)
	_, err = r.with(headers, message(id, "two"))
	if status, _ := chatkit.HTTPStatus(err); status != 400 {
		t.Errorf("a long key: %v, want 400", err)
	}
}

func TestAnIdempotencyKeyOfARefusedRequestIsFree(t *testing.T) {
	tests := []struct {
		name  string
		fault chatkittest.Fault // of the store
		ahead time.Duration     // for how long the turn ahead ignores its end
	}{
		{"the store fails at once", chatkittest.Fault{Call: "PutItem", Nth: 1, Err: errors.New("busy")}, 0},
		{"the store fails after the answer has begun", chatkittest.Fault{Call: "PutItem", Nth: 1, Delay: 3 * time.Second, Err: errors.New("busy")}, 0},
		{"the turn ahead does not end in time", chatkittest.Fault{}, 4 * time.Second},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var faults chatkittest.Faults
				store := memstore.New()
				respond := func(_ context.Context, t *chatkit.Turn) error {
					if t.Input.Text() == "ahead" {
						time.Sleep(tt.ahead)
					}
					return t.Text("yes")
				}
				srv := chatkit.NewServer(faults.Wrap(store), respond, &chatkit.Options{
					Logger: slog.New(slog.DiscardHandler), Run: run.Config{Handoff: 3 * time.Second},
				})
				r := &rig{Server: srv, t: t, store: store}
				id := r.thread()
				if tt.ahead > 0 {
					ahead := r.begin(message(id, "ahead"))
					defer ahead.Close()
					synctest.Wait()
				} else {
					faults.Add(tt.fault)
				}
				repeat := func() (events string) {
					res, err := r.with(map[string]string{"Idempotency-Key": "k"}, message(id, "Hi"))
					if err != nil {
						return "refused"
					}
					defer res.Close()
					return read(t, res)
				}
				if got := repeat(); got != "refused" && !strings.Contains(got, `"type":"error"`) {
					t.Fatalf("the first request got %s, want an error", got)
				}
				time.Sleep(2 * time.Second)
				for range 2 {
					if got := repeat(); !strings.Contains(got, "yes") {
						t.Errorf("a later request got %s", got)
					}
				}
				if got := r.history(id); !strings.HasSuffix(got, "u:Hi a:yes") || strings.Count(got, "u:Hi") != 1 {
					t.Errorf("history = %q", got)
				}
			})
		})
	}
}

func TestAnIdempotencyKeyDoesNotKeepTheMessage(t *testing.T) {
	freed := make(chan struct{})
	r := newRig(t, func(_ context.Context, t *chatkit.Turn) error {
		runtime.AddCleanup(t.Input, func(freed chan struct{}) { close(freed) }, freed)
		return t.Text("yes")
	}, func(o *chatkit.Options) { o.Run.Retain = -1 })
	res, err := r.with(map[string]string{"Idempotency-Key": "k"}, message(r.thread(), "Hi"))
	if err != nil {
		t.Fatal(err)
	}
	<-res.Run().Done()
	res.Close()
	for range 1000 {
		runtime.GC()
		select {
		case <-freed:
			runtime.KeepAlive(r)
			return
		case <-time.After(time.Millisecond):
		}
	}
	t.Error("the message is still in memory")
}

func TestTrimToSeen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, slow(100), func(o *chatkit.Options) { o.TrimToSeen = true; o.Disconnect = run.Grace(10 * time.Second) })
		id := r.thread()
		res := r.begin(message(id, "Hi"))
		seen, _ := take(t, res, 3500*time.Millisecond)
		chatkit.MarkSeen(res)
		res.Close()
		time.Sleep(11 * time.Second)
		synctest.Wait()
		if got := r.history(id); got != "u:Hi a:"+seen+" note" {
			t.Errorf("history = %q, seen %q", got, seen)
		}
	})
}

func TestAThreadThatIsLoadedShowsTheUnfinishedAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, slow(100), withIDs, func(o *chatkit.Options) { o.Disconnect = run.Keep(0) })
		id := r.thread()
		res := r.begin(message(id, "Hi"))
		res.Close()
		time.Sleep(2500 * time.Millisecond)
		for _, body := range []string{
			`{"type":"threads.get_by_id","params":{"thread_id":"` + id + `"}}`,
			`{"type":"items.list","params":{"thread_id":"` + id + `","order":"desc","limit":1}}`,
		} {
			if got := r.ask(body); !strings.Contains(got, `"w0 w1 w2 "`) {
				t.Errorf("a plain client got %s", got)
			}
			got, err := r.with(resumes, body)
			if err != nil || strings.Contains(string(got.JSON()), `"w0 `) {
				t.Errorf("a resuming client got %s, %v", got.JSON(), err)
			}
		}
		if err := r.Shutdown(contextWithTimeout(t, time.Second)); err != nil {
			t.Error(err)
		}
	})
}

func contextWithTimeout(t *testing.T, d time.Duration) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), d)
	t.Cleanup(cancel)
	return ctx
}

func TestEventsOfAResumingClientAreTheProtocolsOnly(t *testing.T) {
	r := newRig(t, func(_ context.Context, t *chatkit.Turn) error { return t.Text("hi") }, withIDs)
	res, err := r.with(resumes, message(r.thread(), "Hi"))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for e, err := range res.Events(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, e.EventType())
	}
	if want := "thread.item.done stream_options thread.item.done"; strings.Join(got, " ") != want {
		t.Errorf("events = %v, want %s", got, want)
	}
}

// A message may begin with a text: it was seen when the event that added it was.
func TestTrimToSeenKeepsTheTextAMessageWasAddedWith(t *testing.T) {
	for _, seen := range []bool{true, false} {
		synctest.Test(t, func(t *testing.T) {
			r := newRig(t, func(ctx context.Context, turn *chatkit.Turn) error {
				time.Sleep(time.Second)
				m := &chatkit.AssistantMessageItem{
					ItemMeta: turn.NewItemMeta(chatkit.IDMessage), Content: []chatkit.AssistantMessageContent{{Text: "first"}, {Text: "second"}},
				}
				_ = turn.Emit(&chatkit.ThreadItemAddedEvent{Item: m})
				time.Sleep(2 * time.Second)
				update := &chatkit.AssistantMessageContentPartTextDelta{ContentIndex: 0, Delta: " and more"}
				_ = turn.Emit(&chatkit.ThreadItemUpdatedEvent{ItemID: m.ID, Update: update})
				<-ctx.Done()
				return context.Cause(ctx)
			}, func(o *chatkit.Options) { o.TrimToSeen = true; o.Disconnect = run.Grace(10 * time.Second) })
			id := r.thread()
			res := r.begin(message(id, "Hi"))
			if seen {
				take(t, res, 2*time.Second)
			} else {
				take(t, res, time.Second/2)
			}
			chatkit.MarkSeen(res)
			res.Close()
			time.Sleep(11 * time.Second)
			synctest.Wait()
			if got, want := r.history(id), map[bool]string{true: "u:Hi a:first note", false: "u:Hi note"}[seen]; got != want {
				t.Errorf("seen %t: history = %q, want %q", seen, got, want)
			}
		})
	}
}
