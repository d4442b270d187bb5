package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	nethttpchatkit "github.com/gochatkit/chatkit/adapters/nethttp"
	chatkit "github.com/gochatkit/chatkit/core"
	"github.com/gochatkit/chatkit/core/memstore"
)

// program builds the command, once for all tests.
var program = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "chatkit")
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "chatkit")
	if out, err := exec.Command("go", "build", "-o", path, ".").CombinedOutput(); err != nil {
		return "", fmt.Errorf("build: %w\n%s", err, out)
	}
	return path, nil
})

func TestMain(m *testing.M) {
	code := m.Run()
	if path, err := program(); err == nil {
		os.RemoveAll(filepath.Dir(path))
	}
	os.Exit(code)
}

// A result is what a run of the command left.
type result struct {
	code     int
	out, err string
}

// prepare prepares a run of the program.
func prepare(t *testing.T, in string, args ...string) (*exec.Cmd, *bytes.Buffer, *bytes.Buffer) {
	t.Helper()
	path, err := program()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	t.Cleanup(cancel)
	cmd := exec.CommandContext(ctx, path, args...)
	cmd.Stdin = strings.NewReader(in)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	return cmd, &out, &errs
}

func runWith(t *testing.T, in string, args ...string) result {
	t.Helper()
	cmd, out, errs := prepare(t, in, args...)
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return result{cmd.ProcessState.ExitCode(), out.String(), errs.String()}
}

// serve starts a server until the end of the test and returns its address.
func serve(t *testing.T, respond chatkit.RespondFunc, opts chatkit.Options, wrap func(http.Handler) http.Handler) string {
	t.Helper()
	opts.Logger = slog.New(slog.DiscardHandler)
	srv := chatkit.NewServer(memstore.New(), respond, &opts)
	h := nethttpchatkit.Handler(srv)
	if wrap != nil {
		h = wrap(h)
	}
	mux := http.NewServeMux()
	mux.Handle("/chatkit", h)
	web := httptest.NewServer(mux)
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		if err := srv.Shutdown(ctx); err != nil {
			t.Errorf("shutdown = %v", err)
		}
		web.Close()
	})
	return web.URL + "/chatkit"
}

// say answers with a text.
func say(text string) chatkit.RespondFunc {
	return func(_ context.Context, t *chatkit.Turn) error { return t.Text(text) }
}

func TestExitCodes(t *testing.T) {
	url := serve(t, say("Hello."), chatkit.Options{}, nil)
	for _, c := range []struct {
		name string
		args []string
		code int
	}{
		{"help", []string{"--help"}, 0},
		{"help of a command", []string{"probe", "--help"}, 0},
		{"completion", []string{"completion", "bash"}, 0},
		{"an unknown command", []string{"sing"}, 2},
		{"an unknown flag", []string{"chat", url, "Hi", "--loud"}, 2},
		{"no address", []string{"probe"}, 2},
		{"an address that is none", []string{"doctor", "http://"}, 2},
		{"a header that is none", []string{"chat", url, "Hi", "-H", "no colon"}, 2},
		{"a number that is none", []string{"probe", url, "-n", "0"}, 2},
		{"a pattern that is none", []string{"vectors", url, "--run", "("}, 2},
		{"nobody to chat with", []string{"chat", "http://127.0.0.1:1/chatkit", "Hi"}, 3},
		{"nobody to probe", []string{"probe", "http://127.0.0.1:1/chatkit"}, 3},
		{"nobody to check", []string{"doctor", "http://127.0.0.1:1/chatkit"}, 3},
		{"nobody to play with", []string{"vectors", "http://127.0.0.1:1/chatkit"}, 3},
		{"no ChatKit", []string{"chat", strings.TrimSuffix(url, "/chatkit"), "Hi"}, 1},
		{"no scripts", []string{"vectors", url}, 1},
		{"a chat", []string{"chat", url, "Hi"}, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := runWith(t, "", c.args...)
			if r.code != c.code {
				t.Errorf("exit code = %d, want %d\n%s%s", r.code, c.code, r.out, r.err)
			}
			if r.code > 0 && r.out+r.err == "" {
				t.Error("it says nothing, want a reason")
			}
		})
	}
}

// Every command shows how it is used.
func TestEveryCommandHasAnExample(t *testing.T) {
	for _, name := range []string{"chat", "probe", "doctor", "vectors"} {
		if r := runWith(t, "", name, "--help"); !strings.Contains(r.out, "Examples:\n") || !strings.Contains(r.out, "Exit codes:") {
			t.Errorf("%s --help has no example, or no exit codes:\n%s", name, r.out)
		}
	}
}

func TestVectorsOverTheCommand(t *testing.T) {
	path := filepath.Join(t.TempDir(), "responder")
	if out, err := exec.Command("go", "build", "-o", path, "./responder").CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	cmd := exec.Command(path, "-addr", "127.0.0.1:0")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() {
		cmd.Process.Signal(os.Interrupt)
		cmd.Wait()
	}()
	line := make([]byte, 100)
	n, err := out.Read(line)
	if err != nil && !errors.Is(err, io.EOF) {
		t.Fatal(err)
	}
	url := strings.TrimSpace(string(line[:n]))
	if r := runWith(t, "", "vectors", url); r.code != 0 || !strings.HasSuffix(r.out, "75 passed, 0 failed\n") {
		t.Errorf("vectors = %d %s%s, want 75 passed", r.code, r.out, r.err)
	}
	r := runWith(t, "", "vectors", url, "--dir", "../../conformance/testdata/few")
	if r.code != 1 || !strings.HasSuffix(r.out, "1 passed, 1 failed\n") || !strings.Contains(r.out, "Something else") {
		t.Errorf("vectors = %d %s%s, want one failed", r.code, r.out, r.err)
	}
	if r := runWith(t, "", "vectors", url, "--run", "^cancel", "--json"); r.code != 0 || !strings.Contains(r.out, `"failed": 0`) {
		t.Errorf("vectors = %d %s%s, want none failed", r.code, r.out, r.err)
	}
}
