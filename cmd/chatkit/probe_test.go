package main

import (
	"context"
	"encoding/json"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	chatkit "github.com/gochatkit/chatkit/core"
	"github.com/gochatkit/chatkit/core/run"
)

type probeReport struct {
	Verdict  string `json:"verdict"`
	Sentence string `json:"sentence"`
	Debug    bool   `json:"debug"`
	Exceeded []struct {
		Limit string `json:"limit"`
	} `json:"exceeded"`
	Direct struct {
		Ticks  *struct{ Events int } `json:"ticks"`
		Rounds []json.RawMessage     `json:"rounds"`
		Cancel *struct {
			Measured bool    `json:"measured"`
			Ended    bool    `json:"ended"`
			Latency  float64 `json:"latency_ms"`
		} `json:"cancel"`
	} `json:"direct"`
}

func probeOf(t *testing.T, args ...string) (probeReport, int) {
	t.Helper()
	r := runWith(t, "", append([]string{"probe", "--json"}, args...)...)
	var report probeReport
	if err := json.Unmarshal([]byte(r.out), &report); err != nil {
		t.Fatalf("report: %v\n%s%s", err, r.out, r.err)
	}
	return report, r.code
}

// flowing answers with words at an even pace.
func flowing(ctx context.Context, turn *chatkit.Turn) error {
	m := turn.Message()
	for range 60 {
		if _, err := m.WriteString("word "); err != nil {
			return err
		}
		select {
		case <-time.After(10 * time.Millisecond):
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
	return m.Close()
}

func TestProbeStopsAnAnswerAndSeesItEnd(t *testing.T) {
	// An answer of two seconds, so that its own end cannot be taken for the stop.
	lasting := func(ctx context.Context, turn *chatkit.Turn) error {
		m := turn.Message()
		for range 100 {
			if _, err := m.WriteString("word "); err != nil {
				return err
			}
			select {
			case <-time.After(20 * time.Millisecond):
			case <-ctx.Done():
				return context.Cause(ctx)
			}
		}
		return m.Close()
	}
	args := func(policy run.Disconnect) []string {
		return []string{serve(t, lasting, chatkit.Options{Disconnect: policy}, nil), "-n", "1", "--max-cancel", "1s"}
	}
	r, code := probeOf(t, args(run.Auto)...)
	if c := r.Direct.Cancel; code != 0 || c == nil || !c.Measured || !c.Ended || c.Latency > 1000 {
		t.Errorf("exit code = %d, cancel = %+v; want it to end soon", code, c)
	}
	r, code = probeOf(t, args(run.Keep(time.Minute))...)
	if c := r.Direct.Cancel; code != 1 || c == nil || !c.Measured || c.Latency < 1000 || len(r.Exceeded) != 1 || r.Exceeded[0].Limit != "max-cancel" {
		t.Errorf("exit code = %d, cancel = %+v, exceeded %v; want it to go on", code, c, r.Exceeded)
	}
}

func TestProbeLeavesNoThread(t *testing.T) {
	url := serve(t, flowing, chatkit.Options{}, nil)
	threads := func() int { return threadsOf(t, url) }
	if r, code := probeOf(t, url, "-n", "2"); code != 0 {
		t.Errorf("exit code = %d: %s", code, r.Sentence)
	}
	if n := threads(); n != 0 {
		t.Errorf("%d threads are left, want none", n)
	}
	if _, code := probeOf(t, url, "-n", "2", "--keep"); code != 0 {
		t.Errorf("exit code = %d, want 0", code)
	}
	if n := threads(); n != 3 {
		t.Errorf("%d threads were kept, want 3", n)
	}
	cmd, _, _ := prepare(t, "", "probe", url, "-n", "50")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(20 * time.Second); threads() < 4; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("the probe makes no thread")
		}
	}
	cmd.Process.Signal(os.Interrupt)
	cmd.Wait()
	if got := cmd.ProcessState.ExitCode(); got != 130 {
		t.Errorf("interrupted: exit code = %d, want 130", got)
	}
	if n := threads(); n != 3 {
		t.Errorf("%d threads after an interrupt, want 3", n)
	}
}

func TestProbeLimits(t *testing.T) {
	url := serve(t, flowing, chatkit.Options{}, nil)
	r, code := probeOf(t, url, "-n", "1", "--no-cancel", "--max-gap", "1ms", "--max-first-text", "1m")
	if code != 1 || r.Verdict != "ok" || len(r.Exceeded) != 1 || r.Exceeded[0].Limit != "max-gap" || r.Direct.Cancel != nil {
		t.Errorf("exit code = %d, report %+v; want the gap exceeded", code, r)
	}
	slow := func(ctx context.Context, turn *chatkit.Turn) error { return flowing(ctx, turn) }
	url = serve(t, slow, chatkit.Options{}, answers(func(_ http.ResponseWriter, _ *http.Request, body string) bool {
		if strings.Contains(body, "input_text") {
			time.Sleep(200 * time.Millisecond) // a login that takes its time
		}
		return false
	}))
	if r, code := probeOf(t, url, "-n", "1", "--no-cancel", "--max-first-byte", "100ms"); code != 1 || r.Verdict != "slow_first_byte" {
		t.Errorf("exit code = %d, verdict %s %q; want a slow first byte", code, r.Verdict, r.Sentence)
	}
}

func TestTicksNeedTheDebugOption(t *testing.T) {
	r, code := probeOf(t, serve(t, flowing, chatkit.Options{Debug: true}, nil), "--ticks")
	if code != 0 || r.Verdict != "ok" || !r.Debug || len(r.Direct.Rounds) != 0 || r.Direct.Ticks.Events != 20 {
		t.Errorf("exit code = %d, report %+v; want ticks only", code, r)
	}
	r, code = probeOf(t, serve(t, flowing, chatkit.Options{}, nil), "--ticks")
	if code != 1 || r.Verdict != "error" || r.Debug || !strings.Contains(r.Sentence, "Debug is off") {
		t.Errorf("exit code = %d, report %+v; want it to say that Debug is off", code, r)
	}
}
