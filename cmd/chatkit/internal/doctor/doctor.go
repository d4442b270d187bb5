package doctor

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/gochatkit/chatkit/cmd/chatkit/internal/target"
	"github.com/gochatkit/chatkit/cmd/chatkit/internal/terminal"
)

// A Status is how a check came out.
type Status string

// The states.
const (
	OK   Status = "ok"
	Warn Status = "warn" // works today, and will hurt somebody
	Fail Status = "fail" // clients do not work, or the server is in danger
	Skip Status = "skip" // could not be checked
)

// A Result is the outcome of one check.
type Result struct {
	// Check names the behaviour. Names stay.
	Check string `json:"check"`
	// Status says how it came out.
	Status Status `json:"status"`
	// Saw is what was seen.
	Saw string `json:"saw"`
	// Do is what to do about it, empty if nothing.
	Do string `json:"do"`
}

// A Report is all results. Its JSON form is documented in docs/cli.md.
type Report struct {
	// URL is the server's address, without its query.
	URL string `json:"url"`
	// OK, Warnings, Failures and Skipped count the results.
	OK       int `json:"ok"`
	Warnings int `json:"warnings"`
	Failures int `json:"failures"`
	Skipped  int `json:"skipped"`
	// Results are in the order of the checks.
	Results []Result `json:"results"`
}

// Config says what to check.
type Config struct {
	// Target is the server.
	Target *target.Target
	// Origin is the origin of a page that is to use the server, empty if it is the server's own.
	Origin string
	// Message is sent once, for the checks of a stream. Empty leaves those out.
	Message string
	// BodyBytes is how large a body is that should be refused.
	BodyBytes int
	// Timeout limits a check. That of the stream may take four times as long.
	Timeout time.Duration
	// Keep leaves the thread that was made.
	Keep bool
}

// doctor carries what checks share.
type doctor struct {
	cfg      Config
	report   *Report
	threads  map[string]bool // that were made, by whatever request
	answered bool            // the message was taken
}

// Run makes all checks. It stops early if there is no server, with an error that [arrival.Unreachable] knows, or
// if ctx ends.
func Run(ctx context.Context, cfg Config) (*Report, error) {
	d := &doctor{cfg: cfg, report: &Report{URL: cfg.Target.String(), Results: []Result{}}, threads: map[string]bool{}}
	defer d.clean(ctx)
	for _, check := range []func(context.Context) error{
		d.unknownType, d.refusals, d.unknownThread, d.contentType, d.otherMethods, d.preflight, d.limits, d.largeBody, d.stream,
	} {
		if err := check(ctx); err != nil {
			return d.report, err
		}
		if ctx.Err() != nil {
			return d.report, context.Cause(ctx)
		}
	}
	return d.report, nil
}

// made notes the thread that an answer's header names, "thread/run".
func (d *doctor) made(h http.Header) {
	name := h.Get("ChatKit-Run")
	if i := strings.LastIndexByte(name, '/'); i > 0 {
		d.threads[name[:i]] = true
	}
}

// clean deletes the threads that were made, also after an interrupt.
func (d *doctor) clean(ctx context.Context) {
	if d.cfg.Keep {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	api := d.cfg.Target.Client()
	var errs []error
	for id := range d.threads {
		errs = append(errs, api.DeleteThread(ctx, id))
	}
	switch err := errors.Join(errs...); {
	case err != nil:
		d.add("delete a thread", Fail, err.Error(), "A thread that was made could not be deleted again.")
	case len(errs) > 0:
		d.add("delete a thread", OK, "the thread that was made is gone", "")
	case d.answered:
		d.add("delete a thread", Warn, "the answer does not say which thread was made; it stays", "Send thread.created first, in a form that clients can read.")
	}
}

func (d *doctor) add(check string, status Status, saw, do string) {
	r := d.report
	switch status {
	case OK:
		r.OK++
		do = ""
	case Warn:
		r.Warnings++
	case Fail:
		r.Failures++
	case Skip:
		r.Skipped++
	}
	saw = terminal.Line(saw)
	if runes := []rune(saw); len(runes) > maxSaw {
		saw = string(runes[:maxSaw]) + "…"
	}
	r.Results = append(r.Results, Result{Check: check, Status: status, Saw: saw, Do: do})
}

// maxSaw is how much of an answer is shown, in characters.
const maxSaw = 160

// Write writes the report for a person, a line for each result and one more for what to do.
func (r *Report) Write(w io.Writer) {
	for _, x := range r.Results {
		fmt.Fprintf(w, "%-5s %-22s %s\n", x.Status, x.Check, x.Saw)
		if x.Do != "" {
			fmt.Fprintf(w, "%28s → %s\n", "", x.Do)
		}
	}
	fmt.Fprintf(w, "checks: %d ok, %d warnings, %d failures, %d skipped\n", r.OK, r.Warnings, r.Failures, r.Skipped)
}
