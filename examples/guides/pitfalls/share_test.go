package pitfalls

import (
	"context"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	chatkit "github.com/gochatkit/chatkit/core"
	"github.com/gochatkit/chatkit/core/chatkittest"
)

func TestAGoroutineThatOutlivesItsTurnSaysNothing(t *testing.T) {
	for name, tt := range map[string]struct {
		respond func(d *desk) chatkit.RespondFunc
		want    []string
	}{
		"wrong": {func(d *desk) chatkit.RespondFunc { return d.respondLater }, []string{"I am looking it up."}},
		"right": {func(d *desk) chatkit.RespondFunc { return d.respondTogether }, []string{"I am looking it up.", "It is blue."}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				d := &desk{lookUp: func(ctx context.Context, _ string) (string, error) {
					return "It is blue.", pause(ctx, time.Second)
				}}
				var log journal
				srv, _ := server(tt.respond(d), chatkit.Options{Logger: log.logger()})
				chat := chatkittest.NewChat(t, srv)
				if got := texts(chat.Send("What colour is the sky?")); !slices.Equal(got, tt.want) {
					t.Errorf("the user reads %q, want %q", got, tt.want)
				}
				time.Sleep(time.Minute) // of the test's own clock: whatever was to come has come
				if got := log.says("chatkit: something was sent after the end of its turn"); got != (len(tt.want) == 1) {
					t.Errorf("the log tells of it: %v, want %v", got, len(tt.want) == 1)
				}
				if got := len(chat.Items()) - 1; got != len(tt.want) {
					t.Errorf("answers on record = %d, want %d", got, len(tt.want))
				}
			})
		})
	}
}

func TestATurnInAFieldMixesUsersUp(t *testing.T) {
	for name, tt := range map[string]struct {
		respond    func(d *desk) chatkit.RespondFunc
		alice, bob []string // what they get to read
	}{
		"wrong": {func(d *desk) chatkit.RespondFunc { return d.respondMixedUp }, nil, []string{"facts for alice", "facts for bob"}},
		"right": {func(d *desk) chatkit.RespondFunc { return d.respond }, []string{"facts for alice"}, []string{"facts for bob"}},
	} {
		t.Run(name, func(t *testing.T) {
			proceed := map[string]chan struct{}{"alice": make(chan struct{}), "bob": make(chan struct{})}
			entered := make(chan struct{})
			d := &desk{lookUp: func(_ context.Context, question string) (string, error) {
				entered <- struct{}{}
				<-proceed[question]
				return "facts for " + question, nil
			}}
			srv, ends := server(tt.respond(d), chatkit.Options{})
			alice, bob := chatkittest.NewChat(t, srv), chatkittest.NewChat(t, srv)
			ofAlice := alice.Begin("alice")
			<-entered
			ofBob := bob.Begin("bob")
			<-entered
			close(proceed["alice"])
			<-ends
			close(proceed["bob"])
			<-ends
			if got := texts(ofAlice.Finish()); !slices.Equal(got, tt.alice) {
				t.Errorf("alice reads %q, want %q", got, tt.alice)
			}
			if got := texts(ofBob.Finish()); !slices.Equal(got, tt.bob) {
				t.Errorf("bob reads %q, want %q", got, tt.bob)
			}
		})
	}
}

// texts are the messages of an answer.
func texts(tr *chatkittest.Transcript) (all []string) {
	for _, it := range tr.Items() {
		if m, ok := it.(*chatkit.AssistantMessageItem); ok {
			all = append(all, m.Text())
		}
	}
	return all
}
