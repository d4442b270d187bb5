package chatkittest_test

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"sync"
	"testing"
	"time"

	chatkit "github.com/gochatkit/chatkit/core"
	"github.com/gochatkit/chatkit/core/chatkittest"
	"github.com/gochatkit/chatkit/core/memstore"
)

// server makes a server whose answers can be repeated.
func server(respond chatkit.RespondFunc) *chatkit.Server {
	return chatkit.NewServer(memstore.New(), respond, &chatkit.Options{
		NewID: chatkittest.IDs(), Now: chatkittest.Clock(time.Time{}), Logger: silent,
	})
}

func TestAskReturnsWhatAClientWouldSee(t *testing.T) {
	widget := &chatkit.WidgetItem{
		ItemMeta: chatkit.ItemMeta{ID: "wid_1", ThreadID: "thr_gen0001", CreatedAt: chatkittest.Time},
		Widget:   json.RawMessage(`{"type":"Card","children":[]}`),
	}
	srv := server(chatkittest.Script(
		chatkittest.Emit(&chatkit.ProgressUpdateEvent{Text: "Thinking"}),
		chatkittest.Change(func(th *chatkit.Thread) { title := "Hello"; th.Title = &title }),
		func(_ context.Context, t *chatkit.Turn) error {
			m := t.Message()
			for _, word := range []string{"Hello ", "you"} {
				if _, err := m.WriteString(word); err != nil {
					return err
				}
			}
			return m.Close()
		},
		chatkittest.Emit(&chatkit.ThreadItemDoneEvent{Item: widget}, &chatkit.ThreadItemRemovedEvent{ItemID: "wid_1"}),
		chatkittest.Say("Bye."),
	))
	got := chatkittest.Ask(t, srv, "Hi")
	got.AssertOK(t)
	got.AssertText(t, "Hello you\n\nBye.")
	got.AssertProgress(t, "Thinking")
	got.AssertItems(t, "assistant_message", "assistant_message")
	if want := []string{"Hello ", "you"}; !reflect.DeepEqual(got.Deltas(), want) {
		t.Errorf("deltas = %q, want %q", got.Deltas(), want)
	}
	if got.ThreadID() != "thr_gen0001" || got.UserMessage().ID != "msg_gen0001" {
		t.Errorf("thread and message = %s, %s, want counted ids", got.ThreadID(), got.UserMessage().ID)
	}
	if types := got.Types(); types[0] != "thread.created" || !slices.Contains(types, "thread.updated") {
		t.Errorf("types = %q, want the thread created first, and updated", types)
	}

	again := chatkittest.AskIn(t, srv, got.ThreadID(), "And again")
	again.AssertText(t, "Hello you\n\nBye.")
	if again.ThreadID() != "" {
		t.Errorf("second turn created the thread %s, want none", again.ThreadID())
	}
	var thread struct {
		Title string `json:"title"`
		Items struct {
			Data []json.RawMessage `json:"data"`
		} `json:"items"`
	}
	chatkittest.Fetch(t.Context(), t, srv, map[string]any{
		"type": "threads.get_by_id", "params": map[string]any{"thread_id": got.ThreadID()},
	}, &thread)
	if thread.Title != "Hello" || len(thread.Items.Data) != 6 {
		t.Errorf("thread = %q with %d items, want Hello with 6", thread.Title, len(thread.Items.Data))
	}
}

func TestAFailedAnswerIsSeen(t *testing.T) {
	srv := server(chatkittest.Script(chatkittest.Fail(&chatkit.StreamError{Message: "Out of credits"})))
	got := chatkittest.Ask(t, srv, "Hi")
	if e := got.Failure(); e == nil || e.Message != "Out of credits" {
		t.Errorf("failure = %v, want Out of credits", e)
	}
	var fake recorder
	fake.TB = t
	got.AssertOK(&fake)
	got.AssertText(&fake, "x")
	got.AssertProgress(&fake, "x")
	got.AssertItems(&fake, "x")
	if fake.errors != 5 { // AssertText looks for an error too
		t.Errorf("assertions on a failed answer made %d errors, want 5", fake.errors)
	}
}

// recorder counts the errors of assertions that have to fail.
type recorder struct {
	testing.TB
	errors int
}

func (r *recorder) Helper()               {}
func (r *recorder) Errorf(string, ...any) { r.errors++ }

func TestScriptsWaitAndTell(t *testing.T) {
	there, goOn := make(chan struct{}), make(chan struct{})
	srv := server(chatkittest.Script(chatkittest.Tell(there), chatkittest.Await(goOn), chatkittest.Say("Done.")))
	var got *chatkittest.Transcript
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		got = chatkittest.Ask(t, srv, "Hi")
	}()
	<-there
	close(goOn)
	wg.Wait()
	got.AssertText(t, "Done.")
}

func TestAScriptThatNeverEndsIsEndedFromOutside(t *testing.T) {
	causes, there := make(chan error, 1), make(chan struct{})
	srv := server(chatkittest.Script(chatkittest.Tell(there), func(ctx context.Context, turn *chatkit.Turn) error {
		err := chatkittest.AwaitEnd()(ctx, turn)
		causes <- err
		return err
	}))
	res, err := srv.Process(t.Context(), &chatkit.Request{Body: []byte(
		`{"type":"threads.create","params":{"input":{"content":[],"attachments":[],"inference_options":{}}}}`)})
	if err != nil {
		t.Fatal(err)
	}
	<-there // a turn whose client leaves before it has begun does not begin
	res.Close()
	if err := <-causes; err == nil {
		t.Error("AwaitEnd() = nil, want the cause")
	}
	if err := srv.Shutdown(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestIDsAreCountedPerKind(t *testing.T) {
	ids := chatkittest.IDs()
	var got []string
	for _, kind := range []chatkit.IDKind{
		chatkit.IDThread, chatkit.IDMessage, chatkit.IDMessage, chatkit.IDToolCall, chatkit.IDTask, chatkit.IDWorkflow,
		chatkit.IDAttachment, chatkit.IDHiddenContext, "other",
	} {
		got = append(got, ids(kind))
	}
	want := "[thr_gen0001 msg_gen0001 msg_gen0002 tc_gen0001 tsk_gen0001 wf_gen0001 atc_gen0001 shcx_gen0001 msg_gen0003]"
	if fmt.Sprint(got) != want {
		t.Errorf("ids = %v, want %s", got, want)
	}
	at := time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)
	if now := chatkittest.Clock(at)(); !now.Equal(at) {
		t.Errorf("Clock() = %v, want %v", now, at)
	}
}
