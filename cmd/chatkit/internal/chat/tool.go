package chat

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"time"

	"github.com/gochatkit/chatkit/cmd/chatkit/internal/terminal"
	chatkit "github.com/gochatkit/chatkit/core"
)

// maxOutput limits what a tool may say, in bytes.
const maxOutput = 1 << 20

// runTool runs the command of a client tool: its arguments are the command's input, its output the result. What
// the server sends is data to the command, never part of it.
func (s *Session) runTool(ctx context.Context, call *chatkit.ClientToolCallItem) (json.RawMessage, error) {
	command, ok := s.cfg.Tools[call.Name]
	if !ok {
		return nil, fmt.Errorf("the server asks for the client tool %q; give a command for it: --tool '%s=command'",
			terminal.Line(call.Name), terminal.Line(call.Name))
	}
	ctx, cancel := context.WithTimeout(ctx, s.cfg.ToolTimeout)
	defer cancel()
	interrupted := make(chan struct{})
	stopped := make(chan struct{})
	go func() {
		defer close(stopped)
		select {
		case <-s.cfg.Interrupts:
			close(interrupted)
			cancel()
		case <-ctx.Done():
		}
	}()
	out, err := s.runCommand(ctx, command, call)
	cancel()
	<-stopped
	select {
	case <-interrupted:
		return nil, ErrLeft
	default:
	}
	if err != nil {
		s.show.aside("tool %s: %v", call.Name, err)
		// The model has to hear of it, or the thread waits for ever. What went wrong here is for here.
		return json.RawMessage(`{"error":"the tool failed"}`), nil
	}
	return out, nil
}

func (s *Session) runCommand(ctx context.Context, command string, call *chatkit.ClientToolCallItem) (json.RawMessage, error) {
	cmd := shell(ctx, command)
	cmd.Cancel = func() error { return endAll(cmd) }
	args := call.Arguments
	if len(args) == 0 {
		args = json.RawMessage("{}")
	}
	var out, errs limited
	cmd.Stdin, cmd.Stdout, cmd.Stderr = bytes.NewReader(args), &out, &errs
	cmd.Env = append(os.Environ(), "CHATKIT_TOOL="+call.Name, "CHATKIT_THREAD="+s.thread)
	cmd.WaitDelay = time.Second // a grandchild must not keep the pipe, and us, for ever
	if err := cmd.Run(); err != nil {
		if errors.Is(err, exec.ErrWaitDelay) {
			_ = endAll(cmd) // the one that keeps it
		}
		if ctx.Err() != nil {
			err = fmt.Errorf("took longer than %v", s.cfg.ToolTimeout)
		}
		return nil, fmt.Errorf("%w %s", err, cut(errs.String(), 500))
	}
	if out.over {
		return nil, fmt.Errorf("said more than %d bytes", maxOutput)
	}
	result := bytes.TrimSpace(out.Bytes())
	if !json.Valid(result) {
		return nil, errors.New("did not answer with JSON")
	}
	return json.RawMessage(result), nil
}

// A limited buffer takes so much and forgets the rest.
type limited struct {
	bytes.Buffer
	over bool
}

func (l *limited) Write(p []byte) (int, error) {
	if room := maxOutput - l.Len(); len(p) > room {
		l.over = true
		l.Buffer.Write(p[:max(room, 0)])
		return len(p), nil
	}
	return l.Buffer.Write(p)
}
