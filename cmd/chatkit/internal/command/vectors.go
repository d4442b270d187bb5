package command

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"regexp"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/gochatkit/chatkit/cmd/chatkit/internal/arrival"
	"github.com/gochatkit/chatkit/cmd/chatkit/internal/terminal"
	"github.com/gochatkit/chatkit/core/chatkittest/vectortest"
	"github.com/gochatkit/chatkit/core/testdata/vectors"
)

func newVectors() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "vectors URL",
		Short: "Play recorded conversations against a server, in whatever language it is written",
		Long: `vectors plays the golden vectors, conversations recorded from the reference server, against a test server and
compares its answers. The server's author has to write that test server: its responder follows scripts that
arrive at URL/script. docs/responder-contract.md says how; it takes about a hundred lines.

Ids and times may be the server's own. Where the Go server differs from the reference on purpose, both
answers are right; -v says which one it was.

The last line of the output says how many vectors passed and failed.

Exit codes: 0 all passed, 1 some failed, 2 the command line is wrong, 3 there is no server, 130 Ctrl-C.`,
		Example: `  go run ./cmd/chatkit/responder &
  chatkit vectors http://127.0.0.1:8099/chatkit
  chatkit vectors http://127.0.0.1:8099/chatkit --run '^cancel' -v`,
		Args: cobra.ExactArgs(1),
	}
	f := cmd.Flags()
	headers := headerFlag(cmd)
	script := f.String("script", "", "the address that takes scripts (default: URL/script)")
	dir := f.String("dir", "", "a folder with other vectors, in its folder \"server\" (default: those in the program)")
	run := f.String("run", "", "play only the vectors whose names match a regular expression")
	timeout := f.Duration("timeout", 10*time.Second, "the longest a vector may take")
	verbose := f.BoolP("verbose", "v", false, "name the differences that were taken into account")
	asJSON := f.Bool("json", false, "write the outcomes as JSON")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		t, err := parseTarget(args[0], *headers)
		if err != nil {
			return err
		}
		beside := *t.URL
		beside.Path = strings.TrimSuffix(beside.Path, "/") + "/script"
		if *script != "" {
			other, err := parseTarget(*script, nil)
			if err != nil {
				return err
			}
			beside = *other.URL
		}
		pattern, err := regexp.Compile(*run)
		if err != nil {
			return &exitError{exitUsage, fmt.Errorf("--run: %w", err)}
		}
		if *timeout <= 0 {
			return &exitError{exitUsage, errors.New("--timeout must be more than 0")}
		}
		var folder fs.FS = vectors.Server
		if *dir != "" {
			folder = os.DirFS(*dir)
		}
		ctx, stop := interruptible(cmd.Context())
		defer stop()
		outcomes, err := vectortest.Remote(ctx, folder, vectortest.RemoteOptions{
			Client: t.Client(), Script: beside.String(), HTTP: t.HTTP(), Header: t.Beside(&beside).Header,
			Timeout: *timeout, Match: pattern.MatchString,
		})
		switch {
		case ctx.Err() != nil:
			return &exitError{exitInterrupted, errors.New("interrupted")}
		case arrival.Unreachable(err):
			return &exitError{exitUnreachable, err}
		case err != nil:
			return &exitError{exitBad, err}
		case len(outcomes) == 0:
			return &exitError{exitUsage, errors.New("there are no such vectors")}
		}
		return writeOutcomes(terminal.New(cmd.OutOrStdout(), cmd.ErrOrStderr()), outcomes, *verbose, *asJSON)
	}
	return cmd
}

// A vectorReport is the JSON form of all outcomes, documented in docs/cli.md.
type vectorReport struct {
	Passed   int             `json:"passed"`
	Failed   int             `json:"failed"`
	Skipped  int             `json:"skipped"`
	Outcomes []vectorOutcome `json:"outcomes"`
}

// A vectorOutcome is the JSON form of an outcome, documented in docs/cli.md.
type vectorOutcome struct {
	Name        string   `json:"name"`
	Status      string   `json:"status"` // "passed", "failed", "skipped"
	Problems    []string `json:"problems"`
	Differences []string `json:"differences"`
}

func writeOutcomes(screen *terminal.Screen, outcomes []*vectortest.Outcome, verbose, asJSON bool) error {
	var text strings.Builder
	report := vectorReport{Outcomes: []vectorOutcome{}}
	for _, o := range outcomes {
		v := vectorOutcome{o.Name, "passed", append([]string{}, o.Problems...), append([]string{}, o.Applied...)}
		switch {
		case o.Skipped != "":
			report.Skipped++
			v.Status, v.Problems = "skipped", []string{o.Skipped}
		case o.Passed():
			report.Passed++
		default:
			report.Failed++
			v.Status = "failed"
		}
		report.Outcomes = append(report.Outcomes, v)
		if verbose || v.Status != "passed" {
			fmt.Fprintf(&text, "%-7s %s\n", v.Status, v.Name)
			for _, p := range v.Problems {
				fmt.Fprintf(&text, "        %s\n", terminal.Line(p))
			}
		}
		if verbose {
			for _, d := range v.Differences {
				fmt.Fprintf(&text, "        difference: %s\n", d)
			}
		}
	}
	fmt.Fprintf(&text, "%d passed, %d failed", report.Passed, report.Failed)
	if report.Skipped > 0 {
		fmt.Fprintf(&text, ", %d skipped", report.Skipped)
	}
	text.WriteByte('\n')
	if asJSON {
		if err := writeJSON(screen, report); err != nil {
			return err
		}
	} else if err := screen.Write(text.String()); err != nil {
		return &exitError{exitBad, err}
	}
	if report.Failed > 0 {
		return &exitError{exitBad, nil}
	}
	return nil
}
