package chatkit_test

import (
	"context"
	"errors"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	chatkit "github.com/gochatkit/chatkit/core"
)

func debugging(o *chatkit.Options) { o.Debug = true }

func TestTicksComeAtEvenDistancesAndLeaveNothingBehind(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, sleeping(0), debugging)
		began := time.Now()
		got := r.ask(`{"type":"debug.ticks","params":{"count":3,"gap":250}}`)
		want := `{"type":"debug.tick","n":0,"of":3,"t":0}
{"type":"debug.tick","n":1,"of":3,"t":250}
{"type":"debug.tick","n":2,"of":3,"t":500}
`
		if took := time.Since(began); got != want || took != 500*time.Millisecond {
			t.Errorf("after %v: %s, want %s", took, got, want)
		}
		if page, err := r.store.Threads(t.Context(), "", chatkit.PageQuery{Limit: 1}); err != nil || len(page.Data) != 0 {
			t.Errorf("threads = %d, %v, want none", len(page.Data), err)
		}
		if got := strings.Count(r.ask(`{"type":"debug.ticks","params":{}}`), "debug.tick"); got != 20 {
			t.Errorf("ticks by default = %d, want 20", got)
		}
	})
}

func TestTicksEndWithTheirClient(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, sleeping(0), debugging)
		res := r.begin(`{"type":"debug.ticks","params":{"count":10,"gap":5000}}`)
		defer res.Close()
		gone := errors.New("gone")
		ctx, cancel := context.WithCancelCause(t.Context())
		time.AfterFunc(time.Second, func() { cancel(gone) })
		for {
			if _, err := res.Next(ctx, nil); err != nil {
				if !errors.Is(err, gone) {
					t.Errorf("Next = %v, want %v", err, gone)
				}
				return
			}
		}
	})
}

func TestTicksAreBounded(t *testing.T) {
	for _, tt := range []struct {
		params string
		debug  bool
		want   string
	}{
		{`{"count":20,"gap":100}`, false, "unknown type of request"},
		{`{"count":100,"gap":1000}`, true, "at most one minute"},
		{`{"count":99999999,"gap":99999999}`, true, "at most one minute"},
		{`{"count":"many"}`, true, "params.count"},
	} {
		r := newRig(t, sleeping(0), func(o *chatkit.Options) { o.Debug = tt.debug })
		_, err := r.process(`{"type":"debug.ticks","params":` + tt.params + `}`)
		if status, message := chatkit.HTTPStatus(err); status != 400 || !strings.Contains(message, tt.want) {
			t.Errorf("%s, debug %v: %d %q, want 400 and %q", tt.params, tt.debug, status, message, tt.want)
		}
	}
}

func TestDebuggedStreamsSayWhenTheyWereWritten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, slow(3), debugging)
		res := &heldResponse{ctx: t.Context(), release: make(chan struct{})}
		close(res.release)
		r.Serve(asked(t, message("", "Hi")), res)
		tick := regexp.MustCompile(`^: t=\d+(\.\d{1,3})?\n`)
		for i, w := range res.writes {
			if !tick.MatchString(w) || strings.Count(w, ": t=") != 1 {
				t.Errorf("write %d = %.60q, want one time before it", i, w)
			}
		}
		if len(res.writes) < 3 {
			t.Errorf("%d writes, want one for each word", len(res.writes))
		}
	})
}
