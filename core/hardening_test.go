package chatkit_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	chatkit "github.com/gochatkit/chatkit/core"
	"github.com/gochatkit/chatkit/core/memstore"
	"github.com/gochatkit/chatkit/core/run"
)

// stubborn answers only after d, whatever its context says.
func stubborn(d time.Duration) chatkit.RespondFunc {
	return func(context.Context, *chatkit.Turn) error { time.Sleep(d); return nil }
}

func TestAttachingToATurnThatWaitsForItsThreadHarmsNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, stubborn(4*time.Second), withIDs)
		id := r.thread()
		first := r.begin(message(id, "one"))
		defer first.Close()
		synctest.Wait()
		second := r.begin(message(id, "two")) // waits; its stream begins after HeaderWait
		for _, after := range []string{"0", "7", "1099511627777"} {
			res, err := r.process(`{"type":"runs.attach","params":{"thread_id":"` + id + `","run_id":"` + second.RunID() + `","after":` + after + `}}`)
			if err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			_, _ = res.Next(ctx, nil)
			cancel()
			res.Close()
		}
		read(t, second)
		second.Close()
		if err := r.Shutdown(t.Context()); err != nil || r.Runs().Running() != 0 {
			t.Errorf("Shutdown = %v, %d turns still run", err, r.Runs().Running())
		}
		if got := r.history(id); got != "u:one u:two" {
			t.Errorf("history = %q", got)
		}
	})
}

func TestAKeyedRequestMayWaitForItsThread(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, stubborn(4*time.Second))
		id := r.thread()
		first := r.begin(message(id, "one"))
		defer first.Close()
		synctest.Wait()
		headers := map[string]string{"chatkit-frame-instance-id": "f"}
		second, err := r.with(headers, message(id, "two"))
		if err != nil {
			t.Fatal(err)
		}
		again, err := r.with(headers, message(id, "two"))
		if err != nil {
			t.Fatal(err)
		}
		read(t, second)
		read(t, again)
		second.Close()
		again.Close()
		if got := r.history(id); got != "u:one u:two" {
			t.Errorf("history = %q", got)
		}
	})
}

func TestAPanicInAHookDoesNotPoisonAKey(t *testing.T) {
	panics := true
	r := newRig(t, func(context.Context, *chatkit.Turn) error { return nil }, func(o *chatkit.Options) {
		o.TurnPolicy = func(context.Context, chatkit.TurnRequest, *chatkit.TurnPolicy) {
			if panics {
				panic("boom")
			}
		}
	})
	id := r.thread()
	headers := map[string]string{"Idempotency-Key": "k"}
	func() {
		defer func() { _ = recover() }()
		_, _ = r.with(headers, message(id, "Hi"))
	}()
	panics = false
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	res, err := r.Process(ctx, &chatkit.Request{Body: []byte(message(id, "Hi")), Header: func(name string) string { return headers[name] }})
	if err != nil {
		t.Fatal(err)
	}
	read(t, res)
	res.Close()
}

func TestAPanicInOnEndIsLogged(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, func(context.Context, *chatkit.Turn) error { return nil }, func(o *chatkit.Options) {
			o.Run.OnEnd = func(run.End) { panic("boom") }
		})
		r.ask(message(r.thread(), "Hi"))
		synctest.Wait()
		if r.Runs().Running() != 0 || !strings.Contains(r.log.String(), "OnEnd panicked") {
			t.Errorf("%d turns run, log = %s", r.Runs().Running(), r.log)
		}
		if err := r.Shutdown(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

func TestTurnsInProgressAreBounded(t *testing.T) {
	type userKey struct{}
	r := newRig(t, slow(1000), func(o *chatkit.Options) {
		o.Owner = func(ctx context.Context) (string, error) { return ctx.Value(userKey{}).(string), nil }
		o.Run.MaxOwnerRuns, o.Run.MaxRuns = 3, 5
		o.Run.Drain = -1
	})
	var refused []string
	for i := range 10 {
		user := []string{"ann", "bob"}[i%2]
		res, err := r.Process(context.WithValue(t.Context(), userKey{}, user), &chatkit.Request{Body: []byte(message("", "Hi"))})
		if errors.Is(err, run.ErrTooManyRuns) {
			if status, _ := chatkit.HTTPStatus(err); status != 429 {
				t.Errorf("status = %d, want 429", status)
			}
			refused = append(refused, user)
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		defer res.Close()
	}
	if len(refused) != 5 {
		t.Errorf("%d requests were refused, want 5", len(refused))
	}
	if err := r.Shutdown(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestManyKeysOfOneOwnerCostTheOthersNothing(t *testing.T) {
	r := newRig(t, func(context.Context, *chatkit.Turn) error { return nil }, func(o *chatkit.Options) { o.Run.Retain = -1 })
	id := r.thread()
	send := func(key string) string {
		res, err := r.with(map[string]string{"Idempotency-Key": key}, message(id, "Hi"))
		if err != nil {
			t.Fatal(err)
		}
		defer res.Close()
		read(t, res)
		return res.RunID()
	}
	send("first")
	for i := range 200 {
		send(fmt.Sprint(i))
	}
	if name := send("first"); name != "" {
		t.Errorf("a remembered key began turn %s again", name)
	}
}

func TestAPageIsBoundedBySize(t *testing.T) {
	r := newRig(t, func(context.Context, *chatkit.Turn) error { return nil })
	id := r.thread()
	big := strings.Repeat("x", 1<<20)
	for i := range 10 {
		it := &chatkit.AssistantMessageItem{
			ItemMeta: chatkit.ItemMeta{ID: fmt.Sprint("m", i), ThreadID: id, CreatedAt: time.Now()},
			Content:  []chatkit.AssistantMessageContent{{Text: big}},
		}
		if err := r.store.PutItem(t.Context(), "", id, it); err != nil {
			t.Fatal(err)
		}
	}
	seen, after := 0, ""
	for pages := 0; pages < 10; pages++ {
		body := r.ask(`{"type":"items.list","params":{"thread_id":"` + id + `","limit":100,"order":"asc","after":"` + after + `"}}`)
		if len(body) > 6<<20 {
			t.Fatalf("a page of %d bytes", len(body))
		}
		seen += strings.Count(body, `"assistant_message"`)
		i := strings.LastIndex(body, `"after":"`)
		if i < 0 {
			break
		}
		after = strings.TrimSuffix(body[i+len(`"after":"`):], `"}`)
	}
	if seen != 10 {
		t.Errorf("%d items on all pages, want 10", seen)
	}
}

// Four impatient messages over an answer that ignores its context: all words are kept, in order, with one note,
// and only the last is answered.
func TestABurstOfMessagesOverAStubbornAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, func(_ context.Context, t *chatkit.Turn) error {
			m := t.Message()
			_, _ = m.WriteString("re " + t.Input.Text())
			if t.Input.Text() == "1" {
				time.Sleep(3 * time.Second)
			}
			return m.Close()
		})
		id := r.thread()
		var clients sync.WaitGroup
		for _, text := range []string{"1", "2", "3", "4", "5"} {
			clients.Go(func() {
				res := r.begin(message(id, text))
				defer res.Close()
				read(t, res)
			})
			synctest.Wait() // so that they arrive in this order
		}
		clients.Wait()
		if got, want := r.history(id), "u:1 a:re 1 note u:2 u:3 u:4 u:5 a:re 5"; got != want {
			t.Errorf("history = %q, want %q", got, want)
		}
	})
}

// What is kept of a turn that has ended is its log, which is counted, and little more.
func TestAKeptTurnHoldsLittleMoreThanItsLog(t *testing.T) {
	heap := func() int {
		runtime.GC()
		runtime.GC()
		var s runtime.MemStats
		runtime.ReadMemStats(&s)
		return int(s.HeapAlloc)
	}
	store := memstore.New(memstore.WithMaxThreads(1))
	srv := chatkit.NewServer(store, func(_ context.Context, turn *chatkit.Turn) error {
		return turn.Text(strings.Repeat("x", 1<<20))
	}, &chatkit.Options{Logger: slog.New(slog.DiscardHandler)})
	before, logs := heap(), 0
	for range 20 {
		res, err := srv.Process(t.Context(), &chatkit.Request{Body: []byte(message("", "Hi"))})
		if err != nil {
			t.Fatal(err)
		}
		<-res.Run().Done()
		logs += res.Run().Log().Size()
		res.Close()
	}
	held := heap() - before
	runtime.KeepAlive(srv)
	if limit := logs + logs/4 + 2<<20; held > limit { // the store keeps one answer
		t.Errorf("%d bytes are held for logs of %d bytes, want %d at most", held, logs, limit)
	}
}
