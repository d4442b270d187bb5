//go:build unix

package chat

import (
	"context"
	"os/exec"
	"syscall"
)

// shell prepares a command in a process group of its own, so that all it starts can be ended with it.
func shell(ctx context.Context, command string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, "sh", "-c", command)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	return cmd
}

// endAll ends a command and what it has started.
func endAll(cmd *exec.Cmd) error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
