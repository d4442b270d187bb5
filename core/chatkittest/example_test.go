package chatkittest_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"testing"

	chatkit "github.com/gochatkit/chatkit/core"
	"github.com/gochatkit/chatkit/core/chatkittest"
	"github.com/gochatkit/chatkit/core/memstore"
)

var silent = slog.New(slog.DiscardHandler)

// respond is the code under test in these examples.
func respond(_ context.Context, t *chatkit.Turn) error {
	if err := t.Progress("", "Thinking"); err != nil {
		return err
	}
	return t.Text("Hello yourself.")
}

func ExampleAsk() {
	test := func(t testing.TB) {
		srv := chatkit.NewServer(memstore.New(), respond, nil)
		got := chatkittest.Ask(t, srv, "Hello")
		got.AssertText(t, "Hello yourself.")
		got.AssertProgress(t, "Thinking")
		got.AssertItems(t, "assistant_message")
		fmt.Println(got.Types())
	}
	example(test)
	// Output: [thread.created thread.item.done stream_options progress_update thread.item.done]
}

func ExampleFaults() {
	test := func(t testing.TB) {
		var faults chatkittest.Faults
		srv := chatkit.NewServer(faults.Wrap(memstore.New()), respond, &chatkit.Options{Logger: silent})
		faults.Add(chatkittest.Fault{Call: "PutItem", Nth: 2, Err: errors.New("disk is full")})
		got := chatkittest.Ask(t, srv, "Hello")
		fmt.Println(got.Failure().Code, got.Failure().AllowRetry)
	}
	example(test)
	// Output: stream.error true
}

func ExampleChat() {
	test := func(t testing.TB) {
		chat := chatkittest.NewChat(t, chatkit.NewServer(memstore.New(), story, &chatkit.Options{Logger: silent}))
		live := chat.Begin("A story, please")
		live.Until("Once upon") // it is on the screen
		live.Stop()
		for _, it := range chat.Stored() {
			fmt.Println(it.ItemType())
		}
	}
	example(test)
	// Output:
	// user_message
	// assistant_message
	// sdk_hidden_context
}

// example runs a test function in an example, where there is no testing.T.
func example(test func(testing.TB)) {
	t := &printer{}
	test(t)
	for _, f := range slices.Backward(t.cleanups) {
		f()
	}
}

// printer prints what a test reports.
type printer struct {
	testing.TB
	cleanups []func()
}

func (*printer) Helper()                           {}
func (*printer) Context() context.Context          { return context.Background() }
func (p *printer) Cleanup(f func())                { p.cleanups = append(p.cleanups, f) }
func (*printer) Errorf(format string, args ...any) { fmt.Printf(format+"\n", args...) }
func (*printer) Fatalf(format string, args ...any) { panic(fmt.Sprintf(format, args...)) }
