package pitfalls

import (
	"errors"
	"testing"
	"testing/synctest"

	chatkit "github.com/gochatkit/chatkit/core"
	"github.com/gochatkit/chatkit/core/chatkittest"
)

func TestASilentTurnIsEndedUnlessItSaysThatItLives(t *testing.T) {
	for name, tt := range map[string]struct {
		respond chatkit.RespondFunc
		cause   error
	}{
		"wrong": {respondSilently, chatkit.ErrStalled},
		"right": {respondAlive, nil},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var log journal
				srv, ends := server(tt.respond, chatkit.Options{Logger: log.logger()})
				got := chatkittest.Ask(t, srv, "Compile it")
				if end := <-ends; !errors.Is(end.Cause, tt.cause) {
					t.Errorf("end = %v, want %v", end.Cause, tt.cause)
				}
				if got := log.says(`cause="stalled: no event for too long (in Respond)"`); got != (tt.cause != nil) {
					t.Errorf("the log tells of it: %v, want %v", got, tt.cause != nil)
				}
				if tt.cause == nil {
					got.AssertText(t, "Compiled.")
				} else {
					got.AssertFailure(t, "")
				}
			})
		})
	}
}
