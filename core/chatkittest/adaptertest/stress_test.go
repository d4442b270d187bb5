package adaptertest

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/gochatkit/chatkit/core/transport"
)

func TestLatencyOfACorrectAdapter(t *testing.T) { RunLatency(t, factoryOf(correct)) }

func TestKillsOnACorrectAdapter(t *testing.T) { RunKills(t, factoryOf(correct)) }

// failuresOf is what f finds on a broken adapter.
func failuresOf(t *testing.T, a adapter, f func(*check)) []string {
	before := patienceNanos.Load()
	defer patienceNanos.Store(before)
	patienceNanos.Store(int64(time.Second)) // for what will not happen
	c := &check{TB: t, factory: factoryOf(a)}
	c.do(f)
	return c.result()
}

func TestBrokenAdaptersDoNotSurviveKills(t *testing.T) {
	for name, a := range map[string]adapter{
		"does not look for disconnects": broken["does not look for disconnects"].adapter,
		"closes connections":            broken["closes connections"].adapter,
		"mixes streams up": func(h transport.Handler, s Setup, w http.ResponseWriter, r *http.Request) {
			correct(wrapping{Handler: h, writer: func(w transport.StreamWriter) transport.StreamWriter {
				return mixing{w}
			}}, s, w, r)
		},
	} {
		t.Run(name, func(t *testing.T) {
			if failures := failuresOf(t, a, killMany); len(failures) == 0 {
				t.Error("the kills find nothing")
			}
		})
	}
}

// mixing stands for a transport that mixes streams up: it writes one stream's event into another.
type mixing struct{ transport.StreamWriter }

func (m mixing) Write(p []byte) (int, error) {
	if len(p) > 100 {
		m.StreamWriter.Write([]byte("data: stream 999 event 0\n\n"))
		return len(p), nil
	}
	return m.StreamWriter.Write(p)
}

func TestALateAdapterHasABadMedian(t *testing.T) {
	late := func(h transport.Handler, s Setup, w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithCancelCause(context.WithoutCancel(r.Context()))
		stop := context.AfterFunc(r.Context(), func() {
			time.Sleep(soon + time.Millisecond) // a transport that polls
			cancel(transport.ErrPeerGone)
		})
		defer stop()
		correct(h, s, w, r.WithContext(ctx))
	}
	failures := failuresOf(t, late, func(c *check) { c.judgeLatency(5) })
	if len(failures) != len(departures) {
		t.Errorf("failures = %q, want one for each of %d departures", failures, len(departures))
	}
}
