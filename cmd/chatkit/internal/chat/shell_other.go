//go:build !unix

package chat

import (
	"context"
	"errors"
	"os/exec"
	"strconv"
)

// shell prepares a command.
func shell(ctx context.Context, command string) *exec.Cmd {
	return exec.CommandContext(ctx, "cmd", "/c", command)
}

// endAll ends a command and what it has started. Windows finds those by their parents: what was started by a
// process that is gone goes on.
func endAll(cmd *exec.Cmd) error {
	tree := exec.Command("taskkill", "/T", "/F", "/PID", strconv.Itoa(cmd.Process.Pid))
	if err := tree.Run(); err != nil {
		return errors.Join(err, cmd.Process.Kill())
	}
	return nil
}
