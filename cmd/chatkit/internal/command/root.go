// Package command is the command line: flags, help and exit codes.
package command

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/gochatkit/chatkit/cmd/chatkit/internal/target"
	"github.com/gochatkit/chatkit/cmd/chatkit/internal/terminal"
)

// The exit codes of all commands.
const (
	exitOK          = 0
	exitBad         = 1   // what was looked at is not well: a verdict, a check, an answer
	exitUsage       = 2   // the command line is wrong
	exitUnreachable = 3   // there is no server at the address
	exitInterrupted = 130 // Ctrl-C
)

// An exitError ends the program with a code. Without an error there is nothing to say that was not said.
type exitError struct {
	code int
	err  error
}

func (e *exitError) Error() string {
	if e.err == nil {
		return ""
	}
	return e.err.Error()
}

func (e *exitError) Unwrap() error { return e.err }

// Main runs the command line and returns the exit code.
func Main(ctx context.Context, args []string, in io.Reader, out, errs io.Writer) int {
	root := newRoot()
	root.SetArgs(args)
	root.SetIn(in)
	root.SetOut(out)
	root.SetErr(errs)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return exitOK
	}
	var exit *exitError
	if !errors.As(err, &exit) {
		exit = &exitError{exitUsage, err} // cobra's own errors are about flags and arguments
	}
	if text := exit.Error(); text != "" {
		fmt.Fprintln(errs, "chatkit:", terminal.Line(text))
	}
	return exit.code
}

func newRoot() *cobra.Command {
	root := &cobra.Command{
		Use:   "chatkit",
		Short: "Talk to ChatKit servers: chat, measure, check, compare",
		Long: `chatkit talks to any server that speaks ChatKit's protocol, in whatever language it is written.

Exit codes: 0 all is well, 1 it is not, 2 the command line is wrong, 3 there is no server, 130 Ctrl-C.`,
		Example:       "  chatkit chat localhost:8000/chatkit \"Hello\"\n  chatkit probe localhost:8000/chatkit",
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	root.AddCommand(newChat(), newProbe(), newDoctor(), newVectors())
	return root
}

// interruptible returns a context that ends with Ctrl-C or SIGTERM; a second signal ends the program at once.
func interruptible(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop)
	return ctx, stop
}

// headerFlag adds -H to a command.
func headerFlag(cmd *cobra.Command) *[]string {
	return cmd.Flags().StringArrayP("header", "H", nil, `send a header "Name: value" with every request (repeatable)`)
}

// writeJSON writes a report as a JSON document that cannot steer a terminal.
func writeJSON(screen *terminal.Screen, report any) error {
	doc, err := json.MarshalIndent(report, "", "  ")
	if err != nil {
		return &exitError{exitBad, err}
	}
	if err := screen.Write(string(terminal.CleanJSON(doc)) + "\n"); err != nil {
		return &exitError{exitBad, err}
	}
	return nil
}

// parseTarget reads the address that a command got.
func parseTarget(address string, headers []string) (*target.Target, error) {
	t, err := target.Parse(address, headers)
	if err != nil {
		return nil, &exitError{exitUsage, err}
	}
	return t, nil
}
