//go:build unix

package main

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	chatkit "github.com/gochatkit/chatkit/core"
)

// What a tool's command has started ends with it, however that is.
func TestNothingThatAToolHasStartedStays(t *testing.T) {
	url := serve(t, func(_ context.Context, turn *chatkit.Turn) error {
		if turn.ToolCall != nil {
			return turn.Text("It says " + string(turn.ToolCall.Output))
		}
		return turn.CallClientTool("t", nil)
	}, chatkit.Options{}, nil)
	const failed = "It says {\"error\":\"the tool failed\"}\n"
	for _, c := range []struct {
		name, tool, timeout, out string
		interrupt                bool
		code                     int
	}{
		{"its time is up", `sleep 60 >"$PIPE"; echo {}`, "300ms", failed, false, 0},
		{"it leaves one behind that keeps its output", `(sleep 60; echo x) >"$PIPE" & echo {}`, "1m", failed, false, 0},
		{"Ctrl-C", `sleep 60 >"$PIPE"; echo {}`, "1m", "", true, 130},
	} {
		t.Run(c.name, func(t *testing.T) {
			pipe := filepath.Join(t.TempDir(), "pipe")
			if err := syscall.Mkfifo(pipe, 0o600); err != nil {
				t.Fatal(err)
			}
			cmd, out, errs := prepare(t, "", "chat", url, "Hi", "--tool", "t="+c.tool, "--tool-timeout", c.timeout)
			cmd.Env = append(os.Environ(), "PIPE="+pipe)
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			f, err := os.Open(pipe) // waits for the one that is to end, and ends when it does
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			if c.interrupt {
				if err := cmd.Process.Signal(os.Interrupt); err != nil {
					t.Fatal(err)
				}
			}
			ended := make(chan error, 1)
			go func() {
				_, err := io.Copy(io.Discard, f)
				ended <- err
			}()
			cmd.Wait()
			if got := cmd.ProcessState.ExitCode(); got != c.code || out.String() != c.out {
				t.Errorf("chat = %d %q %q, want %d %q", got, out, errs, c.code, c.out)
			}
			select {
			case err := <-ended:
				if err != nil {
					t.Error(err)
				}
			case <-time.After(20 * time.Second):
				t.Error("what the tool has started goes on")
			}
		})
	}
}
