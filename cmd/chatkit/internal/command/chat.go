package command

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"github.com/gochatkit/chatkit/cmd/chatkit/internal/arrival"
	"github.com/gochatkit/chatkit/cmd/chatkit/internal/chat"
	"github.com/gochatkit/chatkit/cmd/chatkit/internal/terminal"
	"github.com/gochatkit/chatkit/core/client"
)

// maxMessage limits a message of the user, in bytes.
const maxMessage = 1 << 20

func newChat() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "chat URL [message]",
		Short: "Chat with a server in lines of text",
		Long: `chat sends a message and shows the answer as it comes. With a message on the command line, or on a standard
input that is no terminal, it ends after the answer; otherwise it asks for one line after the other.

Text goes to the standard output; progress, workflows, notices, sources and questions go to the standard
error, dimmed on a terminal. Control characters in what a server sends are removed.

Ctrl-C stops the answer, for the server too; the second one leaves. At the prompt, /new begins a new thread,
/retry has the last message answered again, /quit leaves.

A client tool is answered by the command that --tool names: it gets the arguments as JSON on its standard
input and says the result as JSON. The name of the tool and of the thread are in CHATKIT_TOOL and
CHATKIT_THREAD.

Exit codes: 0 all is well, 1 the answer failed, 2 the command line is wrong, 3 there is no server, 130 Ctrl-C.`,
		Example: `  chatkit chat localhost:8000/chatkit
  chatkit chat localhost:8000/chatkit "What is in this file?" --attach report.pdf
  git diff | chatkit chat https://chat.example.com/chatkit -H "Authorization: Bearer $TOKEN"
  chatkit chat localhost:8000/chatkit "What time is it?" --tool get_time='date +"{\"time\":\"%H:%M\"}"'`,
		Args: cobra.RangeArgs(1, 2),
	}
	f := cmd.Flags()
	headers := headerFlag(cmd)
	cfg := chat.Config{}
	tools := f.StringArray("tool", nil, "answer a client tool with a command, as name=command (repeatable)")
	lines := f.Bool("lines", false, "take every line of the standard input as a message, although it is no terminal")
	f.StringVar(&cfg.Thread, "thread", "", "go on with this thread")
	f.BoolVar(&cfg.JSON, "json", false, "write the events as they come, one JSON document a line")
	f.StringArrayVar(&cfg.Attach, "attach", nil, "send a file with the first message (repeatable)")
	f.StringVar(&cfg.UploadURL, "upload-url", "", "upload files in one step, to this address")
	f.StringVar(&cfg.Model, "model", "", "the model that the user chooses in the composer")
	f.StringVar(&cfg.Tool, "tool-choice", "", "the tool that the user chooses in the composer")
	f.DurationVar(&cfg.Timeout, "timeout", 30*time.Minute, "the longest an answer may take")
	f.DurationVar(&cfg.ToolTimeout, "tool-timeout", time.Minute, "the longest a command of --tool may take")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		var err error
		if cfg.Target, err = parseTarget(args[0], *headers); err != nil {
			return err
		}
		if cfg.Tools, err = toolCommands(*tools); err != nil {
			return &exitError{exitUsage, err}
		}
		if cfg.Timeout <= 0 || cfg.ToolTimeout <= 0 {
			return &exitError{exitUsage, errors.New("--timeout and --tool-timeout must be more than 0")}
		}
		cfg.Screen = terminal.New(cmd.OutOrStdout(), cmd.ErrOrStderr())
		interrupts, quiet := interrupts()
		defer quiet()
		cfg.Interrupts = interrupts

		in := cmd.InOrStdin()
		prompts := *lines || terminal.IsTerminal(in)
		var message string
		switch {
		case len(args) == 2:
			message = args[1]
		case !prompts:
			if message, err = readMessage(in); err != nil {
				return &exitError{exitUsage, err}
			}
		}
		if len(args) == 2 || prompts {
			// Not before a form asks: a program in the background must not touch its terminal's input.
			cfg.Lines = sync.OnceValue(func() <-chan string { return readLines(in) })
		}
		if len(args) == 2 || !prompts {
			if strings.TrimSpace(message) == "" && len(cfg.Attach) == 0 {
				return &exitError{exitUsage, errors.New("the message is empty")}
			}
			return exitOf(chat.New(cfg).Send(cmd.Context(), message))
		}
		return talk(cmd.Context(), chat.New(cfg), &cfg, terminal.IsTerminal(in) && terminal.IsTerminal(cmd.ErrOrStderr()))
	}
	return cmd
}

// talk sends what the user types until there is no more.
func talk(ctx context.Context, s *chat.Session, cfg *chat.Config, prompt bool) error {
	var last error
	for {
		if prompt {
			fmt.Fprint(cfg.Screen.Err, "> ")
		}
		var line string
		var ok bool
		select {
		case line, ok = <-cfg.Lines():
		case <-cfg.Interrupts:
			return exitOf(chat.ErrLeft)
		}
		if !ok {
			return exitOf(last)
		}
		var err error
		switch line = strings.TrimSpace(line); line {
		case "":
			continue
		case "/quit":
			return nil
		case "/new":
			s.Forget()
			continue
		case "/retry":
			err = s.Retry(ctx)
		default:
			err = s.Send(ctx, line)
		}
		if errors.Is(err, chat.ErrLeft) {
			return exitOf(err)
		}
		if err != nil && !errors.Is(err, chat.ErrStopped) {
			cfg.Screen.Say(terminal.Red, "error: %s", err)
			var exit *exitError
			if errors.As(exitOf(err), &exit) && exit.code == exitUnreachable {
				return exitOf(err)
			}
			last = &exitError{exitBad, nil} // it was said
			continue
		}
		if errors.Is(err, chat.ErrStopped) {
			cfg.Screen.Say(terminal.Dim, "stopped")
		}
		last = nil
	}
}

// exitOf gives an error of a chat its exit code.
func exitOf(err error) error {
	var exit *exitError
	var status *client.StatusError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &exit):
		return exit
	case errors.Is(err, chat.ErrLeft), errors.Is(err, chat.ErrStopped):
		return &exitError{exitInterrupted, err}
	case errors.As(err, &status):
	case arrival.Unreachable(err):
		return &exitError{exitUnreachable, err}
	}
	return &exitError{exitBad, err}
}

// toolCommands reads name=command.
func toolCommands(flags []string) (map[string]string, error) {
	tools := map[string]string{}
	for _, flag := range flags {
		name, command, found := strings.Cut(flag, "=")
		if !found || name == "" || command == "" {
			return nil, fmt.Errorf("--tool %q is not of the form name=command", flag)
		}
		tools[name] = command
	}
	return tools, nil
}

// interrupts returns what tells of Ctrl-C, and what ends that.
func interrupts() (<-chan struct{}, func()) {
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	if !signal.Ignored(syscall.SIGHUP) { // which is what nohup asks for
		signal.Notify(signals, syscall.SIGHUP) // a terminal that closes does not tell the commands of tools
	}
	out, ended, quit := make(chan struct{}, 2), make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		for {
			select {
			case <-signals:
				select {
				case out <- struct{}{}:
				default: // nobody listens: two are waiting already
					os.Exit(exitInterrupted)
				}
			case <-quit:
				return
			}
		}
	}()
	return out, func() {
		signal.Stop(signals)
		close(quit)
		<-ended
	}
}

// readLines reads lines as they come. Reading cannot be interrupted, so its goroutine lives until the input or
// the program ends.
func readLines(in io.Reader) <-chan string {
	lines := make(chan string)
	go func() {
		defer close(lines)
		scan := bufio.NewScanner(in)
		scan.Buffer(make([]byte, 4<<10), maxMessage)
		for scan.Scan() {
			lines <- scan.Text()
		}
	}()
	return lines
}

// readMessage reads a message from a standard input that is no terminal.
func readMessage(in io.Reader) (string, error) {
	text, err := io.ReadAll(io.LimitReader(in, maxMessage+1))
	if err == nil && len(text) > maxMessage {
		err = fmt.Errorf("the message is longer than %d bytes", maxMessage)
	}
	return strings.TrimRight(string(text), "\n"), err
}
