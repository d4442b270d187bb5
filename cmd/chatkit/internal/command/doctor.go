package command

import (
	"errors"
	"time"

	"github.com/spf13/cobra"

	"github.com/gochatkit/chatkit/cmd/chatkit/internal/arrival"
	"github.com/gochatkit/chatkit/cmd/chatkit/internal/doctor"
	"github.com/gochatkit/chatkit/cmd/chatkit/internal/terminal"
)

func newDoctor() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "doctor URL",
		Short: "Check how a server behaves towards clients",
		Long: `doctor sends requests, good ones and bad ones, and says what clients would make of the answers: refusals,
content types, methods, CORS, page limits, body limit, and the header, events, comments and heartbeats of a
stream. One message is sent, in a thread that is deleted afterwards; nothing else is stored.

Each check is ok, warn, fail or skip, with what to do.

Exit codes: 0 no check failed, 1 one did (with --strict also for warnings), 2 the command line is wrong,
3 there is no server, 130 Ctrl-C.`,
		Example: `  chatkit doctor localhost:8000/chatkit
  chatkit doctor https://chat.example.com/chatkit --origin https://shop.example.com -H "Authorization: Bearer $TOKEN"`,
		Args: cobra.ExactArgs(1),
	}
	f := cmd.Flags()
	headers := headerFlag(cmd)
	cfg := doctor.Config{}
	f.StringVar(&cfg.Origin, "origin", "", "the origin of a page that uses the server from elsewhere, to check CORS")
	f.StringVar(&cfg.Message, "message", "Hello", "the message to send; empty sends none")
	f.IntVar(&cfg.BodyBytes, "body-bytes", 12<<20, "the size of a body that should be too large, at most 64 MiB")
	f.DurationVar(&cfg.Timeout, "timeout", 30*time.Second, "the longest a check may take; that of the stream four times as long")
	f.BoolVar(&cfg.Keep, "keep", false, "do not delete the thread")
	strict := f.Bool("strict", false, "take a warning for a failure")
	asJSON := f.Bool("json", false, "write the report as JSON")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		var err error
		if cfg.Target, err = parseTarget(args[0], *headers); err != nil {
			return err
		}
		if cfg.Timeout <= 0 || cfg.BodyBytes < 1 || cfg.BodyBytes > 64<<20 {
			return &exitError{exitUsage, errors.New("--timeout must be more than 0, --body-bytes from 1 to 67108864")}
		}
		ctx, stop := interruptible(cmd.Context())
		defer stop()
		report, err := doctor.Run(ctx, cfg)
		if *asJSON {
			if werr := writeJSON(terminal.New(cmd.OutOrStdout(), cmd.ErrOrStderr()), report); werr != nil {
				return werr
			}
		} else {
			report.Write(cmd.OutOrStdout())
		}
		switch {
		case ctx.Err() != nil:
			return &exitError{exitInterrupted, errors.New("interrupted")}
		case arrival.Unreachable(err):
			return &exitError{exitUnreachable, err}
		case err != nil:
			return &exitError{exitBad, err}
		case report.Failures > 0 || *strict && report.Warnings > 0:
			return &exitError{exitBad, nil}
		}
		return nil
	}
	return cmd
}
