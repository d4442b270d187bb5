package nginx

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	chatkit "github.com/gochatkit/chatkit/core"
)

// build makes a program of another module, as its users do.
func build(t *testing.T, dir, pkg string) string {
	t.Helper()
	program := filepath.Join(t.TempDir(), "program")
	cmd := exec.CommandContext(t.Context(), "go", "build", "-C", dir, "-o", program, pkg)
	cmd.Env = append(os.Environ(), "GOWORK=off")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("build %s in %s: %v\n%s", pkg, dir, err, out)
	}
	return program
}

// quickstart runs the quickstart until the end of the test and returns where it chats.
func quickstart(t *testing.T) string {
	t.Helper()
	cmd := exec.Command(build(t, "../../examples", "./quickstart"), "-addr", "127.0.0.1:0", "-pause", "10ms")
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir()} // no key: nothing but the built-in demo answers
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cmd.Process.Signal(os.Interrupt)
		cmd.Wait()
	})
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if at := regexp.MustCompile(`http://127\.0\.0\.1:\d+`).FindString(lines.Text()); at != "" {
			return at + "/chatkit"
		}
	}
	t.Fatalf("the quickstart does not say where it is: %v", lines.Err())
	return ""
}

// pieces answers with words: size of them at once, then a pause, and so on.
func pieces(count, size int, pause time.Duration) chatkit.RespondFunc {
	return func(ctx context.Context, turn *chatkit.Turn) error {
		m := turn.Message()
		for i := range count {
			if i%size == 0 {
				silent(ctx, pause)
			}
			if _, err := m.WriteString("word "); err != nil {
				return err
			}
		}
		return m.Close()
	}
}

// A model that begins to think and does not come back.
func stalling(ctx context.Context, turn *chatkit.Turn) error {
	m := turn.Message()
	if _, err := m.WriteString("Let me "); err != nil {
		return err
	}
	silent(ctx, time.Minute)
	return m.Close()
}

type report struct {
	Verdict  string `json:"verdict"`
	Sentence string `json:"sentence"`
	Debug    bool   `json:"debug"`
	Direct   struct {
		Rounds []struct {
			FirstByte *float64 `json:"first_byte_ms"`
			Error     string   `json:"error"`
		} `json:"rounds"`
		Cancel *struct {
			Ended bool `json:"ended"`
		} `json:"cancel"`
	} `json:"direct"`
}

// The same command, the real program, and a different true sentence for each of what can be wrong.
func TestProbeSaysWhatIsWrongAndWhere(t *testing.T) {
	program := build(t, "../../cmd/chatkit", ".")
	even, bursts := pieces(80, 1, 15*time.Millisecond), pieces(60, 15, 300*time.Millisecond)
	direct := func(addr string) []string { return []string{"http://" + addr + "/chatkit"} }
	through := func(t *testing.T, conf func(string) string, addr string) []string {
		return direct(start(t, conf(addr)))
	}
	for _, c := range []struct {
		name    string
		args    func(t *testing.T) []string
		verdict string
		words   string
		code    int
	}{
		{"the quickstart", func(t *testing.T) []string {
			return []string{quickstart(t), "--message", "Tell me something long.", "-n", "3"}
		}, "ok", "the text flows", 0},
		{"an even responder, with Debug", func(t *testing.T) []string {
			return append(direct(backend(t, even, chatkit.Options{Debug: true})), "-n", "3")
		}, "ok", "the text flows", 0},
		{"bursts, with Debug", func(t *testing.T) []string {
			return direct(backend(t, bursts, chatkit.Options{Debug: true}))
		}, "bursty", "the way to here is fine", 1},
		{"bursts, without", func(t *testing.T) []string {
			return direct(backend(t, bursts, chatkit.Options{}))
		}, "bursty", "most likely", 1},
		{"a stall", func(t *testing.T) []string {
			return append(direct(backend(t, stalling, beating(-1))), "--stall", "1s")
		}, "stalled", "after a piece of text, and no heartbeat", 1},
		{"a stall with heartbeats", func(t *testing.T) []string {
			return append(direct(backend(t, stalling, beating(200*time.Millisecond))), "--stall", "1s")
		}, "stalled", "only heartbeats", 1},
		{"nginx, with Debug", func(t *testing.T) []string {
			return through(t, location(ignoring), backend(t, even, chatkit.Options{Debug: true}))
		}, "buffered", "wrote its events one by one", 1},
		{"nginx and bursts, with Debug", func(t *testing.T) []string {
			return through(t, location(ignoring), backend(t, bursts, chatkit.Options{Debug: true}))
		}, "buffered", "wrote its events one by one", 1},
		{"nginx and its ticks", func(t *testing.T) []string {
			return append(through(t, location(ignoring), backend(t, even, chatkit.Options{Debug: true})), "--ticks")
		}, "buffered", "wrote its events one by one", 1},
		{"nginx compared with the server", func(t *testing.T) []string {
			addr := backend(t, even, chatkit.Options{})
			return append(direct(addr), "--via", through(t, location(ignoring), addr)[0])
		}, "buffered", "flow on the direct way", 1},
		{"nginx alone", func(t *testing.T) []string {
			return through(t, location(ignoring), backend(t, even, chatkit.Options{}))
		}, "cannot_tell", "nothing shows", 1},
		{"nginx as the recipe has it", func(t *testing.T) []string {
			return append(through(t, recipe(t, ""), backend(t, even, chatkit.Options{Debug: true})), "-n", "3")
		}, "ok", "the text flows", 0},
		{"nginx as the recipe has it, and bursts", func(t *testing.T) []string {
			addr := backend(t, bursts, chatkit.Options{})
			return append(direct(addr), "--via", through(t, recipe(t, ""), addr)[0])
		}, "bursty", "on the direct way", 1},
		{"nobody", func(t *testing.T) []string { return direct(freeAddress(t)) }, "error", "unreachable", 3},
	} {
		t.Run(c.name, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			var out, errs bytes.Buffer
			cmd := exec.CommandContext(ctx, program, append([]string{"probe", "--json", "-n", "1", "--no-cancel"}, c.args(t)...)...)
			cmd.Stdout, cmd.Stderr = &out, &errs
			err := cmd.Run()
			var exit *exec.ExitError
			if err != nil && !errors.As(err, &exit) {
				t.Fatal(err)
			}
			if got := cmd.ProcessState.ExitCode(); got != c.code {
				t.Errorf("exit code = %d, want %d", got, c.code)
			}
			var r report
			if err := json.Unmarshal(out.Bytes(), &r); err != nil {
				t.Fatalf("report: %v\n%s%s", err, out.Bytes(), errs.Bytes())
			}
			if r.Verdict != c.verdict || !strings.Contains(r.Sentence, c.words) {
				t.Errorf("verdict = %s, %q; want %s with %q\n%s", r.Verdict, r.Sentence, c.verdict, c.words, out.Bytes())
			}
			t.Log(r.Sentence)
		})
	}
}
