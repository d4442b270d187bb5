package command

import (
	"errors"
	"time"

	"github.com/spf13/cobra"

	"github.com/gochatkit/chatkit/cmd/chatkit/internal/probe"
	"github.com/gochatkit/chatkit/cmd/chatkit/internal/terminal"
)

func newProbe() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "probe URL",
		Short: "Measure how answers arrive, and say what is wrong and where",
		Long: `probe sends messages, each in a thread of its own that is deleted afterwards, and measures on the raw
connection how the answers arrive: first byte, first event, first text, gaps, events per network read,
heartbeats, and how soon an answer ends that nobody reads any more. It closes with a verdict:

  ok               text flows
  bursty           the responder writes in bursts
  buffered         something on the way, such as a proxy, holds events back
  stalled          the answer stops; with heartbeats, or in silence
  slow first byte  the answer begins late, then flows
  cannot tell      bursts, and nothing says where they come from; what to do is said
  error            there was no answer to measure

To tell bursts of the responder from buffering, it uses the server's option Debug if that is on, or compares
with a second address (--via), or looks at small pieces that came by themselves.

Exit codes: 0 the verdict is ok and no limit is exceeded, 1 otherwise, 2 the command line is wrong, 3 there
is no server, 130 Ctrl-C.`,
		Example: `  chatkit probe localhost:8000/chatkit -n 5 --message "Tell me something long."
  chatkit probe localhost:8000/chatkit --via https://chat.example.com/chatkit
  chatkit probe https://chat.example.com/chatkit --ticks --json --max-gap 500ms`,
		Args: cobra.ExactArgs(1),
	}
	f := cmd.Flags()
	headers := headerFlag(cmd)
	rounds := f.IntP("rounds", "n", 3, "messages to send, 1 to 100")
	message := f.String("message", "Tell me something long.", "what they say; the longer the answer, the better")
	ticks := f.Bool("ticks", false, "send no message, only measure the way with the server's debug.ticks")
	via := f.String("via", "", "another address of the same server, usually through a proxy; the verdict is about this one")
	stall := f.Duration("stall", 20*time.Second, "an answer without an event for so long has stalled")
	timeout := f.Duration("timeout", 2*time.Minute, "the longest an answer may take")
	asJSON := f.Bool("json", false, "write the report as JSON")
	keep := f.Bool("keep", false, "do not delete the threads")
	noCancel := f.Bool("no-cancel", false, "do not measure how soon an answer can be stopped")
	limits := probe.Limits{}
	f.DurationVar(&limits.FirstByte, "max-first-byte", 3*time.Second, "limit of the first byte; 0 for none")
	f.DurationVar(&limits.FirstText, "max-first-text", 0, "limit of the first text; 0 for none")
	f.DurationVar(&limits.Gap, "max-gap", 0, "limit of the longest gap between events; 0 for none")
	f.IntVar(&limits.EventsPerRead, "max-events-per-read", 0, "limit of pieces of text in one network read; 0 for none")
	f.DurationVar(&limits.Cancel, "max-cancel", 2*time.Second, "limit of the time an answer goes on without a reader; 0 for none")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		t, err := parseTarget(args[0], *headers)
		if err != nil {
			return err
		}
		cfg := probe.Config{
			Target: t, Rounds: *rounds, Message: *message, Stall: *stall, Timeout: *timeout, Keep: *keep, Limits: limits,
			TickCount: 20, TickGap: 50 * time.Millisecond, CancelWait: max(2*limits.Cancel, 8*time.Second),
		}
		if *via != "" {
			if cfg.Via, err = parseTarget(*via, *headers); err != nil {
				return err
			}
		}
		if *rounds < 1 || *rounds > 100 || *stall <= 0 || *timeout <= 0 {
			return &exitError{exitUsage, errors.New("--rounds must be 1 to 100, --stall and --timeout more than 0")}
		}
		if *ticks {
			cfg.Rounds = 0
		}
		if *noCancel {
			cfg.CancelWait = 0
		}
		ctx, stop := interruptible(cmd.Context())
		defer stop()
		screen := terminal.New(cmd.OutOrStdout(), cmd.ErrOrStderr())
		if terminal.IsTerminal(cmd.ErrOrStderr()) {
			cfg.Progress = func(what string) { screen.Say(terminal.Dim, "%s…", what) }
		}
		report, err := probe.Run(ctx, cfg)
		if ctx.Err() != nil {
			return &exitError{exitInterrupted, errors.New("interrupted")}
		}
		if *asJSON {
			if werr := writeJSON(screen, report); werr != nil {
				return werr
			}
		} else {
			report.Write(cmd.OutOrStdout())
		}
		switch {
		case report.Unreachable():
			return &exitError{exitUnreachable, nil}
		case !report.Good():
			return &exitError{exitBad, nil}
		case err != nil:
			return &exitError{exitBad, err}
		}
		return nil
	}
	return cmd
}
